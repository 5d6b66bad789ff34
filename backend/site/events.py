"""The pages of events: a month as a list by days, what was searched for, and one event."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import format_date
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.database import session
from backend.events import jsonld
from backend.events.showing import Described, shown
from backend.events.words import day_in_words, in_words
from backend.feeds.jsonld import script
from backend.languages import language
from backend.media import showing
from backend.site.layout import site
from content import lunar, town
from content.events import queries
from content.events.models import Event
from content.events.queries import Occurrence, Wanted, midnight
from content.publishing import find_visible
from content.text import in_language

MOST_CHARACTERS = 200
MOST_FOUND = 50
A_YEAR = timedelta(days=365)
MONTHS_BACK, MONTHS_AHEAD = 12, 24


@site.get("/events")
@access.public
def events() -> ResponseReturnValue:
    """What takes place in a month, day by day; or in the next year, where words are looked for."""
    today = current.now().astimezone(town.TIME).date()
    q = request.args.get("q", "").strip()[:MOST_CHARACTERS]
    month = _month(request.args.get("month", ""), today)
    since = midnight(max(month, today) if month == today.replace(day=1) else month)
    until = midnight(_later(month, 1))
    if q:
        since, until = current.now(), current.now() + A_YEAR
    found = queries.occurrences(
        session, Wanted(q=q or None), since, until, language=language(), now=current.now()
    )
    return render_template(
        "site/events.html",
        q=q,
        days=_by_day(found[:MOST_FOUND] if q else found, since),
        title=format_date(month, "LLLL yyyy" if language() == "en" else "MMMM 'năm' yyyy"),
        before=_address(month, -1, today),
        after=_address(month, 1, today),
        day_in_words=day_in_words,
        lunar_in_words=lunar_in_words,
        time_of=when_on_its_day,
    )


@site.get("/events/<key>")
@access.public
def event(key: str) -> ResponseReturnValue:
    """One event, by its slug or id."""
    return show_event(find_visible(session, Event, key, current.now()))


def show_event(found: Event, **more: Any) -> str:
    """The page of an event."""
    described = Described(found)
    return render_template(
        "site/event.html",
        event=described,
        description=showing.html(in_language(found.description, language())),
        recurrence=in_words(found),
        structured=script(jsonld.events(described)),
        in_full=in_full,
        lunar_in_words=lunar_in_words,
        **more,
    )


def _by_day(found: Sequence[Occurrence], since: datetime) -> list[tuple[date, list[Any]]]:
    """What is *found*, by the day on which it begins; what is under way, by the first of them."""
    first = since.astimezone(town.TIME).date()

    def day(item: dict[str, Any]) -> date:
        return max(item["occurrence"].starts_at.date(), first)

    return [(key, list(items)) for key, items in groupby(shown(found), day)]


def when_on_its_day(occurrence: Occurrence) -> str:
    """The time of an occurrence, below the heading of its day."""
    first, last = occurrence.starts_at.date(), occurrence.last_date
    if occurrence.event.all_day:
        if first == last:
            return _("all day")
        return _("from %(first)s to %(last)s", first=day_in_words(first), last=day_in_words(last))
    begins = f"{occurrence.starts_at:%H:%M}"
    if occurrence.ends_at is None:
        return _("from %(time)s", time=begins)
    ends = f"{occurrence.ends_at:%H:%M}"
    if first != last:
        ends = f"{ends}, {day_in_words(last)}"
    return _("%(begins)s to %(ends)s", begins=begins, ends=ends)


def in_full(occurrence: Occurrence) -> str:
    """The day and the time of an occurrence."""
    day = day_in_words(occurrence.starts_at.date(), weekday=True)
    if occurrence.event.all_day and occurrence.starts_at.date() == occurrence.last_date:
        return day
    return f"{day}: {when_on_its_day(occurrence)}"


def lunar_in_words(day: date) -> str:
    """*day* in the lunar calendar, as people say it."""
    try:
        known = lunar.lunar(day)
    except ValueError:
        return ""
    if known.leap:
        return _("lunar %(day)s/%(month)s (leap month)", day=known.day, month=known.month)
    return _("lunar %(day)s/%(month)s", day=known.day, month=known.month)


def _month(text: str, today: date) -> date:
    """The first day of the month *text*, such as 2026-07; of the present one for anything else."""
    try:
        month = datetime.strptime(text, "%Y-%m").date()  # noqa: DTZ007 - a month of the town
    except ValueError:
        return today.replace(day=1)
    return month if _is_near(month, today) else today.replace(day=1)


def _address(month: date, step: int, today: date) -> str | None:
    """The month beside *month*, as the address has it; None where the list ends."""
    beside = _later(month, step)
    return f"{beside:%Y-%m}" if _is_near(beside, today) else None


def _is_near(month: date, today: date) -> bool:
    present = today.replace(day=1)
    return _later(present, -MONTHS_BACK) <= month <= _later(present, MONTHS_AHEAD)


def _later(month: date, count: int) -> date:
    years, index = divmod(month.month - 1 + count, 12)
    return date(month.year + years, index + 1, 1)
