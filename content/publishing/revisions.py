"""Revisions: what the fields held after each change, their differences, the working copy."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import Column, Select, delete, func, inspect, select
from sqlalchemy.orm import Session

from content.errors import N_, NotFound
from content.publishing.models import Edit, Publishable, Revision

BOOKKEEPING = {
    "id", "state", "stage", "published_at", "due_at", "due_revision", "edited_at", "is_sample",
    "revision", "created_at", "updated_at", "changed_by",
}  # fmt: skip
"""Columns that say how a piece stands; all others are its text, and part of a revision."""

WRITING = ("create", "change", "restore")
SHOWING = ("publish", "schedule")

Content = TypeVar("Content", bound=Publishable)


@dataclass(frozen=True)
class Difference:
    """A field, or one language of it, before and after."""

    field: str
    before: Any
    after: Any


def text_columns(kind: type[Publishable]) -> list[str]:
    """The names of the columns of *kind* that a revision holds; what is derived is not text."""
    columns = inspect(kind).columns
    return [
        name
        for name in _columns(kind)
        if name not in BOOKKEEPING and not columns[name].info.get("derived")
    ]


def _columns(kind: type[Publishable]) -> list[str]:
    attributes = inspect(kind).column_attrs
    return [attribute.key for attribute in attributes if isinstance(attribute.columns[0], Column)]


def values_of(item: Publishable) -> dict[str, Any]:
    """What the fields of *item* hold, ready for JSON."""
    return {name: _packed(getattr(item, name)) for name in text_columns(type(item))}


def restored(kind: type[Publishable], values: Mapping[str, Any]) -> dict[str, Any]:
    """*values* of a revision as the attributes of *kind*; fields it no longer has are left out."""
    columns = inspect(kind).columns
    return {
        name: _unpacked(values[name], columns[name].type.python_type)
        for name in text_columns(kind)
        if name in values
    }


def _packed(value: Any) -> Any:
    if isinstance(value, uuid.UUID):
        return str(value)
    return value.isoformat() if isinstance(value, date) else value


def _unpacked(value: Any, kind: type) -> Any:
    if not isinstance(value, str) or kind is str:
        return value
    if issubclass(kind, date):
        return kind.fromisoformat(value)
    return uuid.UUID(value) if kind is uuid.UUID else value


def file(
    session: Session, item: Publishable, act: str, edit: Edit, values: Mapping[str, Any]
) -> None:
    """Put *values* on file as the newest revision of *item*."""
    session.add(
        Revision(
            type=item.search_type,
            item_id=item.id,
            number=item.revision,
            act=act,
            values=dict(values),
            made_by=edit.by,
            made_at=edit.now,
        )
    )
    session.flush()


def history(session: Session, item: Publishable) -> Sequence[Revision]:
    """The revisions of *item*, the newest first."""
    return session.scalars(_of(item).order_by(Revision.number.desc())).all()


def find(session: Session, item: Publishable, number: int) -> Revision:
    """The revision *number* of *item*. Raises NotFound."""
    found = session.scalar(_of(item).where(Revision.number == number))
    if found is None:
        raise NotFound(N_("There is no revision %(number)s of this."), number=number)
    return found


def newest(session: Session, item: Publishable) -> Revision | None:
    """The newest revision of *item*; None for what has never been changed by a person."""
    return session.scalar(_of(item).order_by(Revision.number.desc()).limit(1))


def drafted(session: Session, item: Publishable) -> Revision:
    """The newest revision of *item*, which has one: it has changes that wait. Raises NotFound."""
    found = newest(session, item)
    if found is None:
        raise NotFound(N_("There is no draft."))
    return found


def before(session: Session, revision: Revision) -> Revision | None:
    """The revision that *revision* followed."""
    return session.scalar(
        select(Revision)
        .where(
            Revision.type == revision.type,
            Revision.item_id == revision.item_id,
            Revision.number < revision.number,
        )
        .order_by(Revision.number.desc())
        .limit(1)
    )


def _of(item: Publishable) -> Select[Revision]:
    return select(Revision).where(Revision.type == item.search_type, Revision.item_id == item.id)


def working_copy(session: Session, item: Content) -> Content:
    """*item* as its editors left it: with the changes that the public does not see yet.

    It is no row of the database: changing it changes nothing.
    """
    return working_copies(session, [item])[0]


def working_copies(session: Session, items: Sequence[Content]) -> list[Content]:
    """The working copy of each of *items*, which are of one kind, with one query for all."""
    changed = [item.id for item in items if item.stage]
    newest: dict[uuid.UUID, Revision] = {}
    if changed:
        last = (
            select(Revision.item_id, func.max(Revision.number).label("number"))
            .where(Revision.type == items[0].search_type, Revision.item_id.in_(changed))
            .group_by(Revision.item_id)
            .subquery()
        )
        found = session.scalars(
            select(Revision)
            .join(last, (Revision.item_id == last.c.item_id) & (Revision.number == last.c.number))
            .where(Revision.type == items[0].search_type)
        )
        newest = {revision.item_id: revision for revision in found}
    return [as_item(item, newest[item.id].values) if item.id in newest else item for item in items]


def as_item(item: Content, values: Mapping[str, Any]) -> Content:
    """*item* with other *values* of a revision; no row of the database."""
    kind = type(item)
    held = {name: getattr(item, name) for name in _columns(kind)}
    return kind(**held | restored(kind, values))


def unsaved(
    kind: type[Content], changes: Mapping[str, Any], item: Content | None = None
) -> Content:
    """*item*, or a new piece of *kind*, as it would be with *changes*; no row of the database."""
    if item is not None:
        held = {name: getattr(item, name) for name in _columns(kind)}
    else:
        columns = inspect(kind).columns
        held = {name: _default(columns[name]) for name in _columns(kind)}
    made = kind(**held)
    for name, value in changes.items():
        setattr(made, name, value)
    return made


def _default(column: Column[Any]) -> Any:
    default: Any = column.default
    if default is None or column.info.get("derived"):
        return None
    return default.arg(None) if default.is_callable else default.arg


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Difference]:
    """What changed from *before* to *after*, each language of a localised text by itself."""
    found = []
    for field in sorted({*before, *after}):
        old, new = before.get(field), after.get(field)
        if old == new:
            continue
        if _is_localized(old) and _is_localized(new):
            for language in sorted({*(old or {}), *(new or {})}):
                was, became = (old or {}).get(language), (new or {}).get(language)
                if was != became:
                    found.append(Difference(f"{field}.{language}", was, became))
        else:
            found.append(Difference(field, old, new))
    return found


def _is_localized(value: Any) -> bool:
    return value is None or (
        isinstance(value, dict) and all(isinstance(text, str) for text in value.values())
    )


def authors_of_changes(session: Session, item: Publishable) -> set[str]:
    """Who wrote what the public has not been shown yet."""
    shown = session.scalar(
        select(func.max(Revision.number)).where(
            Revision.type == item.search_type,
            Revision.item_id == item.id,
            Revision.act.in_(SHOWING),
        )
    )
    return set(
        session.scalars(
            select(Revision.made_by).where(
                Revision.type == item.search_type,
                Revision.item_id == item.id,
                Revision.act.in_(WRITING),
                Revision.number > (shown or 0),
            )
        )
    )


def forget(session: Session, kind: str, item_id: uuid.UUID) -> None:
    """Remove every revision of an item that is removed itself."""
    session.execute(delete(Revision).where(Revision.type == kind, Revision.item_id == item_id))
