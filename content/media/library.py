"""What editors do to the library."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterable, Mapping
from pathlib import PurePath
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from content import audit
from content.errors import N_, Conflict, NotFound
from content.media.models import Media
from content.media.usage import touch, uses
from content.publishing import Edit
from content.store import Localized, insert_into
from content.text import fold, words

MOST_NAMED = 5
LONGEST_NAME = 200


def media(*, q: str | None = None, kind: str | None = None) -> Select[Media]:
    """Select what the library has: of a *kind*, with all the words of *q*, marks or none."""
    statement = select(Media)
    if kind is not None:
        statement = statement.where(Media.kind == kind)
    for word in words(q or ""):
        statement = statement.where(Media.searchable.contains(word, autoescape=True))
    return statement


def find(session: Session, media_id: uuid.UUID) -> Media:
    """One picture or document. Raises NotFound."""
    found = session.get(Media, media_id)
    if found is None:
        raise NotFound(N_("There is no such picture or document in the library."))
    return found


def of_digest(session: Session, sha256: str) -> Media | None:
    """What the library made of a file with this digest."""
    return session.scalar(select(Media).where(Media.sha256 == sha256))


def add(session: Session, values: Mapping[str, Any], edit: Edit) -> tuple[Media, bool]:
    """Put a file on record; the record, and whether the library has got it only now.

    *values* are columns of Media. A file with the digest of another is that other one, also
    where somebody else adds it at the same moment.
    """
    insert = insert_into(session, Media).values(
        id=uuid.uuid4(),
        **values,
        searchable=_searchable(**values),
        created_at=edit.now,
        updated_at=edit.now,
        changed_by=edit.by,
    )
    added = session.scalar(
        insert.on_conflict_do_nothing(index_elements=["sha256"]).returning(Media.id)
    )
    item = session.scalars(select(Media).where(Media.sha256 == values["sha256"])).one()
    if added:
        _record(session, "create", item, edit, after=item.described())
    return item, bool(added)


def describe(session: Session, item: Media, changes: Mapping[str, Any], edit: Edit) -> None:
    """Change what is said of *item*: its name, alt, licence, credit, source.

    All content that shows it says so at once.
    """
    before = item.described()
    for column, value in changes.items():
        setattr(item, column, value)
    item.name = file_name(item.name, item.files[0]["ext"])
    item.searchable = _searchable(item.name, item.alt, item.licence, item.credit, item.source)
    item.updated_at, item.changed_by = edit.now, edit.by
    session.flush()
    touch(session, item.id, edit)
    _record(session, "change", item, edit, before=before, after=item.described())


def remove(session: Session, item: Media, edit: Edit) -> list[str]:
    """Take *item* out of the library; the names of its files, which nothing refers to any more.

    Raises Conflict that says where *item* is used, be it in a draft.
    """
    if used := uses(session, item.id):
        titles = [use.title for use in used[:MOST_NAMED]] + ["…"] * (len(used) > MOST_NAMED)
        raise Conflict(N_("It is still used in: %(titles)s."), titles="; ".join(titles))
    session.delete(item)
    _record(session, "remove", item, edit, before=item.described())
    return [file["name"] for file in item.files]


def file_name(name: str, ext: str) -> str:
    """*name* without folders and what no file should be called, ending in *ext*."""
    stem = PurePath(name.replace("\\", "/")).stem
    stem = re.sub(r"[\x00-\x1f\x7f\"<>:|?*]", "", stem).strip(" .")
    return f"{stem[:LONGEST_NAME] or 'file'}.{ext}"


def _record(session: Session, act: str, item: Media, edit: Edit, **values: Any) -> None:
    subject = ("media", str(item.id))
    audit.record(session, edit, act=act, subject=subject, **values)


def _searchable(
    name: str, alt: Localized, licence: str, credit: str, source: str = "", **_: Any
) -> str:
    texts: Iterable[str] = (name, *alt.values(), licence, credit, source)
    return fold("\n".join(texts))
