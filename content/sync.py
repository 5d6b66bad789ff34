"""What has changed for the public since a client asked last, also by the clock alone."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from content import changes
from content.changes import ContentChange
from content.publishing import Publishable, kinds
from content.store import one_of

Shown = TypeVar("Shown")

AT_ONCE = 200
"""How many pieces are in memory at the same time."""


@dataclass(frozen=True)
class Since:
    """What a client has seen: every change up to *number*, and the clock at *moment*.

    A client that has nothing has number 0 and no moment.
    """

    number: int = 0
    moment: datetime | None = None


@dataclass(frozen=True)
class Delta(Generic[Shown]):
    """What a client has to add or replace, and to remove; *complete* when that is all."""

    changed: dict[str, list[Shown]]
    removed: list[tuple[str, uuid.UUID]]
    since: Since
    complete: bool


def delta(
    session: Session,
    since: Since,
    now: datetime,
    *,
    limit: int,
    show: Callable[[Publishable], Shown],
) -> Delta[Shown]:
    """What differs for the public between *since* and *now*, at most *limit* counted changes.

    Applied in order until one is complete, deltas bring any client to what the public sees.
    Of each piece only what *show* makes of it is kept; it is called with a few in memory.
    """
    newest = changes.version(session)
    rows = session.execute(
        select(ContentChange.type, ContentChange.item_id, ContentChange.number)
        .where(ContentChange.number > since.number, ContentChange.number <= newest)
        .order_by(ContentChange.number)
        .limit(limit + 1)
    ).all()
    complete = len(rows) <= limit
    touched: dict[str, set[uuid.UUID]] = {}
    for kind, item_id, _ in rows[:limit]:
        touched.setdefault(kind, set()).add(item_id)
    if complete and since.moment is not None:
        for kind, ids in _turned(session, since.moment, now).items():
            touched.setdefault(kind, set()).update(ids)
    seen = Since(newest, now) if complete else Since(rows[limit - 1][2], since.moment)
    if since.moment is None and not complete:
        # What turns by the clock while a new client is still reading must not escape it.
        seen = Since(seen.number, now)
    changed, removed = _looked_up(session, touched, now, show)
    return Delta(changed, removed if since.number else [], seen, complete)


def _turned(session: Session, after: datetime, now: datetime) -> dict[str, Sequence[uuid.UUID]]:
    """What has appeared or expired by the clock since *after*."""
    found = {}
    for kind in kinds():
        appeared = and_(kind.published_at > after, kind.published_at <= now)
        expired = and_(kind.expires_at > after, kind.expires_at <= now)
        found[kind.search_type] = session.scalars(
            select(kind.id).where(or_(appeared, expired))
        ).all()
    return found


def _looked_up(
    session: Session,
    touched: dict[str, set[uuid.UUID]],
    now: datetime,
    show: Callable[[Publishable], Shown],
) -> tuple[dict[str, list[Shown]], list[tuple[str, uuid.UUID]]]:
    changed: dict[str, list[Shown]] = {}
    removed: list[tuple[str, uuid.UUID]] = []
    for kind in kinds():
        gone = touched.get(kind.search_type)
        if not gone:
            continue
        shown = changed[kind.search_type] = []
        visible = session.scalars(
            select(kind).where(one_of(kind.id, gone), kind.visible(now)).order_by(kind.slug),
            execution_options={"yield_per": AT_ONCE},
        )
        for some in visible.partitions():
            shown += [show(item) for item in some]
            gone.difference_update(item.id for item in some)
        removed += [(kind.search_type, item_id) for item_id in sorted(gone)]
    return changed, removed
