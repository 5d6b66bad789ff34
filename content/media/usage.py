"""Where the library's pictures and documents are used."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Text, cast, inspect, or_, select, update
from sqlalchemy.orm import Session

from content.media.models import Shown
from content.publishing import Edit, Publishable, Revision, kinds, revisions
from content.store import Json, insert_into
from content.text import in_language


@dataclass(frozen=True)
class Use:
    """A piece of content that shows a picture or links to a document; *title* in Vietnamese."""

    type: str
    id: uuid.UUID
    slug: str
    title: str


def uses(session: Session, media_id: uuid.UUID) -> list[Use]:
    """All content, in whatever state, that names *media_id* in a text or a list.

    Drafts of changes to something published count, older revisions do not. It reads every row
    of every kind of content: for rare acts, not for pages.
    """
    found = []
    for kind in kinds():
        drafted = _in_drafts(session, kind, media_id)
        wanted = or_(_names(kind, media_id), kind.id.in_(drafted))
        for item in session.scalars(select(kind).where(wanted).order_by(kind.slug)):
            title = in_language(item.heading, "vi")
            found.append(Use(item.search_type, item.id, item.slug, title))
    return found


def was_shown(session: Session, media_id: uuid.UUID) -> bool:
    """Whether it is on file that the public has been shown *media_id*."""
    return session.get(Shown, media_id) is not None


def show_first(session: Session, media_id: uuid.UUID, now: datetime) -> bool:
    """Whether content that the public sees at *now* names *media_id*; if so it is put on file.

    What was shown once stays so, for caches keep it. It looks through all visible content, so
    it is asked only for what `was_shown` does not know.
    """
    for kind in kinds():
        texts = [column for name, column in _columns(kind).items() if name in kind.names_media]
        if not texts:
            continue
        naming = select(kind.id).where(kind.visible(now), _hold(texts, media_id)).limit(1)
        if session.scalar(naming) is not None:
            values = {"media_id": media_id, "since": now}
            session.execute(insert_into(session, Shown).values(values).on_conflict_do_nothing())
            return True
    return False


def touch(session: Session, media_id: uuid.UUID, edit: Edit) -> None:
    """Let all that shows *media_id* count as changed, so that apps that keep it ask for it."""
    for kind in kinds():
        # No act of an editor: what somebody is writing on the ground of the last one stays valid.
        session.execute(
            update(kind).where(_names(kind, media_id)).values(updated_at=edit.now),
            execution_options={"synchronize_session": False},
        )


def _names(kind: type[Publishable], media_id: uuid.UUID) -> ColumnElement[bool]:
    return _hold(_columns(kind).values(), media_id)


def _columns(kind: type[Publishable]) -> dict[str, Column[Any]]:
    """The columns of *kind* that can hold a text, by name."""
    columns = inspect(kind).columns
    return {name: c for name, c in columns.items() if isinstance(c.type, Json | Text)}


def _hold(columns: Iterable[Column[Any]], media_id: uuid.UUID) -> ColumnElement[bool]:
    return or_(*(cast(column, Text).icontains(str(media_id)) for column in columns))


def _in_drafts(
    session: Session, kind: type[Publishable], media_id: uuid.UUID
) -> Iterable[uuid.UUID]:
    """Whose drafts of changes, waiting or scheduled, name *media_id*."""
    naming = session.execute(
        select(kind, Revision.number)
        .join(Revision, Revision.item_id == kind.id)
        .where(
            Revision.type == kind.search_type,
            or_(kind.stage.is_not(None), kind.due_revision.is_not(None)),
            cast(Revision.values, Text).icontains(str(media_id)),
        )
    )
    found = set()
    for item, number in naming:
        newest = revisions.newest(session, item)
        if number == item.due_revision or (newest and number == newest.number):
            found.add(item.id)
    return found
