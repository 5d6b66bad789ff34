"""A month of what appears, disappears and takes place."""

from __future__ import annotations

from calendar import Calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import or_, select

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.console.desks import DESKS, Desk, may
from backend.console.layout import console
from backend.database import session
from backend.languages import language
from content import publishing, town
from content.events import queries
from content.publishing import Publishable, Standing, State
from content.text import in_language

FIRST_YEAR, LAST_YEAR = 2000, 2100
AT_MOST = 200
"""How many pieces of one kind a month shows."""


@dataclass(frozen=True)
class Mark:
    """Something on a day: *what* is appears, ends or event; *status* is that of the event."""

    moment: datetime
    what: str
    words: str
    address: str | None
    status: str = ""


@console.get("/calendar", endpoint="calendar")
@access.staff(Permission.WRITE_CONTENT, Permission.PUBLISH_CONTENT)
def month() -> ResponseReturnValue:
    """A month as weeks of days."""
    today = current.now().astimezone(town.TIME).date()
    first = _month(request.args.get("month", ""), today)
    weeks = Calendar().monthdatescalendar(first.year, first.month)
    since = queries.midnight(weeks[0][0])
    until = queries.midnight(weeks[-1][-1] + timedelta(days=1))
    by_day: dict[date, list[Mark]] = {}
    for mark in sorted(_marks(since, until), key=lambda mark: (mark.moment, mark.words)):
        by_day.setdefault(mark.moment.astimezone(town.TIME).date(), []).append(mark)
    return render_template(
        "console/calendar.html",
        first=first,
        weeks=weeks,
        by_day=by_day,
        today=today,
        before=(first - timedelta(days=1)).replace(day=1),
        after=(first + timedelta(days=32)).replace(day=1),
    )


def _month(text: str, today: date) -> date:
    try:
        wanted = date.fromisoformat(f"{text}-01")
    except ValueError:
        return today.replace(day=1)
    return wanted if FIRST_YEAR <= wanted.year <= LAST_YEAR else today.replace(day=1)


def _marks(since: datetime, until: datetime) -> Iterator[Mark]:
    for desk in DESKS.values():
        yield from _of_desk(desk, since, until)
    found = queries.occurrences(
        session, queries.Wanted(), since, until, language=language(), now=current.now()
    )
    for occurrence in found:
        event, day = occurrence.event, occurrence.day.isoformat()
        address = url_for("console.events_review", item_id=event.id)
        if event.recurrence and may(Permission.WRITE_CONTENT):
            address = url_for("console.events_day", item_id=event.id, day=day)
        words = in_language(event.title, language())
        yield Mark(
            max(occurrence.starts_at, since), "event", words, address, status=occurrence.status
        )


def _of_desk(desk: Desk, since: datetime, until: datetime) -> Iterator[Mark]:
    kind, now = desk.kind, current.now()
    statement = select(kind).where(
        or_(
            kind.stands(Standing.SCHEDULED, now) & kind.published_at.between(since, until),
            kind.due_at.between(since, until),
            (kind.state == State.PUBLISHED) & kind.expires_at.between(since, until),
        )
    )
    items = session.scalars(statement.limit(AT_MOST)).all()
    for item, copy in zip(items, publishing.working_copies(session, items), strict=True):
        words = in_language(copy.heading, language())
        address = url_for(f"console.{desk.path}_review", item_id=item.id)
        for moment, what in _moments(item, now):
            if since <= moment < until:
                yield Mark(moment, what, words, address)


def _moments(item: Publishable, now: datetime) -> Iterator[tuple[datetime, str]]:
    if item.published_at and item.published_at > now:
        yield item.published_at, "appears"
    if item.due_at:
        yield item.due_at, "appears"
    if item.expires_at:
        yield item.expires_at, "ends"
