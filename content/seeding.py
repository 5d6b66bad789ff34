"""Putting on file what is known of the town, and sample data that can be removed again.

Seeding twice changes nothing. A row that a person has changed since is left as it is; one
that nobody has touched follows the file.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

import yaml
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content.articles.models import Article
from content.beaches.models import Beach
from content.contacts.models import Contact
from content.events.models import Event
from content.places.models import Place
from content.prices.models import Price
from content.publishing import Publishable, State, reindex, revisions
from content.search import forget
from content.store import SEED, Edited
from content.vocabularies.models import Quarter, Term, Ward

FOLDER = Path(__file__).parent / "seed"

Row = TypeVar("Row", bound=Edited)

KINDS: dict[str, type[Publishable]] = {
    "beaches": Beach,
    "prices": Price,
    "places": Place,
    "articles": Article,
    "contacts": Contact,
    "events": Event,
}


def seed(session: Session, now: datetime) -> int:
    """Put every verified fact on file. Answers how many rows it added or changed."""
    return seed_vocabularies(session, now) + sum(
        _seed_content(session, _read(name), now)
        for name in ("beaches", "places", "guides", "safety", "contacts", "events")
    )


def seed_samples(session: Session, now: datetime) -> int:
    """Put sample data on file, each row marked as such. Answers how many it added or changed."""
    return _seed_content(session, _read("sample"), now, is_sample=True)


def remove_samples(session: Session) -> int:
    """Remove all sample data, also what people have changed in it. Answers how many rows."""
    removed = 0
    for kind in KINDS.values():
        for item_id in session.scalars(select(kind.id).where(kind.is_sample)).all():
            forget(session, kind.search_type, item_id)
            revisions.forget(session, kind.search_type, item_id)
            session.execute(delete(kind).where(kind.id == item_id))
            removed += 1
    return removed


def seed_vocabularies(session: Session, now: datetime) -> int:
    """Put wards, quarters and terms on file. Answers how many rows it added or changed."""
    known = _read("vocabularies")
    touched = 0
    with session.no_autoflush:  # one insert for all of a kind
        for ward in known["wards"]:
            identity = {"code": ward["code"], "valid_until": ward.pop("valid_until", None)}
            touched += _put(session, Ward, identity, ward, now)[1]
        for position, quarter in enumerate(known["quarters"]):
            identity = {"code": quarter["code"]}
            touched += _put(session, Quarter, identity, quarter | {"position": position}, now)[1]
        for vocabulary, entries in known["terms"].items():
            for position, entry in enumerate(_flattened(entries)):
                identity = {"vocabulary": vocabulary, "code": entry["code"]}
                touched += _put(session, Term, identity, entry | {"position": position}, now)[1]
    session.flush()
    return touched


def _flattened(
    entries: Iterable[dict[str, Any]], parent: str | None = None
) -> Iterable[dict[str, Any]]:
    for entry in entries:
        children = entry.pop("children", ())
        yield entry | {"parent": parent}
        yield from _flattened(children, entry["code"])


def _seed_content(
    session: Session,
    known: Mapping[str, list[dict[str, Any]]],
    now: datetime,
    *,
    is_sample: bool = False,
) -> int:
    touched = 0
    for kind, entries in known.items():
        for entry in entries:
            identity = {"slug": entry.pop("slug")}
            if place := entry.pop("place", None):
                entry["place_id"] = session.scalar(select(Place.id).where(Place.slug == place))
            item, changed = _put(session, KINDS[kind], identity, entry, now)
            if not changed:
                continue
            if not item.published_at:
                item.state, item.published_at, item.is_sample = State.PUBLISHED, now, is_sample
            session.flush()
            reindex(session, item)
            touched += 1
    session.flush()
    return touched


def _put(
    session: Session,
    kind: type[Row],
    identity: Mapping[str, Any],
    values: Mapping[str, Any],
    now: datetime,
) -> tuple[Row, bool]:
    """The row with *identity*, made or brought up to *values*; and whether that changed it."""
    row = session.scalar(select(kind).filter_by(**identity))
    if row is None:
        row = kind(**{**values, **identity, **_stamps(kind, now), "created_at": now})
        session.add(row)
        return row, True
    different = {name: value for name, value in values.items() if getattr(row, name) != value}
    if row.changed_by != SEED or not different:
        return row, False
    for name, value in different.items():
        setattr(row, name, value)
    for name, moment in _stamps(kind, now).items():
        setattr(row, name, moment)
    return row, True


def _stamps(kind: type[Row], now: datetime) -> dict[str, datetime]:
    names = ("updated_at", "edited_at") if issubclass(kind, Publishable) else ("updated_at",)
    return dict.fromkeys(names, now)


def _read(name: str) -> Any:
    text = (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
    return yaml.load(text, yaml.CSafeLoader)  # as safe as SafeLoader, ten times as fast
