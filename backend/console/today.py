"""What there is to do with content today: what waits, what comes, what ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select

from backend import current
from backend.accounts import employees
from backend.accounts.roles import Permission
from backend.console.desks import DESKS, Desk
from backend.database import session
from content import publishing
from content.prices import corrections
from content.publishing import Publishable, Standing, State

SOON = timedelta(days=7)
AT_MOST = 30
"""How many lines a part of the page has; the lists have the rest."""


@dataclass(frozen=True)
class Line:
    """One piece that is to be looked at, on its desk, and the moment that it is about."""

    desk: Desk
    item: Publishable
    copy: Publishable
    moment: datetime


@dataclass(frozen=True)
class Today:
    """The parts of the page. *waiting* is for whoever may publish, *mine* are own drafts.

    *corrections*: how many corrections of prices wait to be decided.
    """

    waiting: Sequence[Line]
    mine: Sequence[Line]
    coming: Sequence[Line]
    ending: Sequence[Line]
    live: Sequence[tuple[Desk, int]]
    corrections: int


def for_person(person: employees.Staff) -> Today | None:
    """What *person* may look at today; None for who has nothing to do with content."""
    writes, shows = (
        person.may(permission)
        for permission in (Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)
    )
    if not (writes or shows):
        return None
    now = current.now()
    return Today(
        waiting=_lines(_waits, _edited) if shows else (),
        mine=_lines(lambda kind: _own(kind, str(person.id)), _edited) if writes else (),
        coming=sorted(_lines(lambda kind: comes(kind, now), _appears), key=_moment),
        ending=sorted(_lines(lambda kind: ends(kind, now, now + SOON), _ends), key=_moment),
        live=[(desk, _count(desk.kind.stands(Standing.LIVE, now), desk)) for desk in _desks()],
        corrections=corrections.waiting(session) if shows else 0,
    )


def _desks() -> list[Desk]:
    return [desk for desk in DESKS.values() if desk.in_menu]


def _count(condition: ColumnElement[bool], desk: Desk) -> int:
    return session.scalar(select(func.count()).select_from(desk.kind).where(condition)) or 0


def _waits(kind: type[Publishable]) -> ColumnElement[bool]:
    return or_(kind.stage == State.REVIEW, kind.state == State.REVIEW)


def _own(kind: type[Publishable], person: str) -> ColumnElement[bool]:
    is_draft = or_(kind.stage == State.DRAFT, kind.state == State.DRAFT)
    return and_(is_draft, kind.changed_by == person)


def comes(kind: type[Publishable], now: datetime) -> ColumnElement[bool]:
    """The condition that a piece, or a change to it, appears by itself after *now*."""
    return or_(kind.stands(Standing.SCHEDULED, now), kind.due_at > now)


def ends(kind: type[Publishable], now: datetime, until: datetime) -> ColumnElement[bool]:
    """The condition that a piece is public at *now* and disappears before *until*."""
    return and_(kind.visible(now), kind.expires_at <= until)


def _lines(
    condition: Callable[[type[Publishable]], ColumnElement[bool]],
    moment: Callable[[Publishable], datetime],
) -> list[Line]:
    found = [line for desk in DESKS.values() for line in _of(desk, condition(desk.kind), moment)]
    return sorted(found, key=_moment, reverse=True)[:AT_MOST]


def _of(
    desk: Desk, condition: ColumnElement[bool], moment: Callable[[Publishable], datetime]
) -> Iterator[Line]:
    newest = select(desk.kind).where(condition).order_by(desk.kind.edited_at.desc()).limit(AT_MOST)
    items = session.scalars(newest).all()
    for item, copy in zip(items, publishing.working_copies(session, items), strict=True):
        yield Line(desk, item, copy, moment(item))


def _moment(line: Line) -> datetime:
    return line.moment


def _edited(item: Publishable) -> datetime:
    return item.edited_at


def _appears(item: Publishable) -> datetime:
    return item.due_at or item.published_at or item.edited_at


def _ends(item: Publishable) -> datetime:
    return item.expires_at or item.edited_at
