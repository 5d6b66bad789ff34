"""Soft locks: who has a piece of content open, so that two do not write the same text."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content.errors import N_, Conflict
from content.publishing.models import Edit, Lock, Publishable
from content.store import insert_into

HELD_FOR = timedelta(minutes=5)
"""How long a lock holds without a sign of life; the editor's page renews it."""


def holder(session: Session, item: Publishable, now: datetime) -> Lock | None:
    """Who has *item* open at *now*, if anybody."""
    return session.scalar(
        select(Lock).where(Lock.type == item.search_type, Lock.item_id == item.id, Lock.until > now)
    )


def acquire(session: Session, item: Publishable, edit: Edit, *, take_over: bool = False) -> Lock:
    """Say that *edit.by* has *item* open, for five minutes from now on.

    Raises Conflict while somebody else has it open, unless *take_over*. A lock warns: what
    keeps two people from overwriting each other is the number of the revision they read.
    """
    held = holder(session, item, edit.now)
    if held and held.held_by != edit.by and not take_over:
        raise Conflict(N_("Somebody else has this open for editing."))
    values = {"held_by": edit.by, "until": edit.now + HELD_FOR}
    session.execute(
        insert_into(session, Lock)
        .values(type=item.search_type, item_id=item.id, **values)
        .on_conflict_do_update(index_elements=["type", "item_id"], set_=values)
    )
    return session.scalars(
        select(Lock).where(Lock.type == item.search_type, Lock.item_id == item.id),
        execution_options={"populate_existing": True},
    ).one()


def release(session: Session, item: Publishable, edit: Edit) -> None:
    """Say that *edit.by* has closed *item*; nothing happens where somebody else has it open."""
    session.execute(
        delete(Lock).where(
            Lock.type == item.search_type, Lock.item_id == item.id, Lock.held_by == edit.by
        )
    )
