"""What leaders read: how many reports came, what became of them, how long it took, and where.

All figures of a period are of the reports that were filed in it, as they stand now; the backlog
and what is late are of everything that is open. Times are those that passed, by day and night.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from backend.feedback.statistics.facts import ACKNOWLEDGE, RATING, RESOLVE, box_of
from backend.feedback.statistics.tallies import DAY, TRIES, Period, Places, Tallies, turn
from backend.feedback.statistics.tally import Tally
from content.errors import N_, Invalid

BY = ("month", "season", "office", "quarter", "category")

SEASONS = {"high": (5, 6, 7, 8), "shoulder": (4, 9), "low": (10, 11, 12, 1, 2, 3)}
"""The months of each season of a beach town in the north of Vietnam."""

AGES = (7, 30, 90, 365)
"""Up to how many days old: the classes of the backlog, and one for what is older."""

RATINGS = range(1, 6)
MOST_CELLS, MOST_REPEATERS = 500, 10
FIRST, LAST = date(2000, 1, 1), date(2199, 12, 31)


@dataclass(frozen=True)
class Figures:
    """What is answered of one period; `items` are by what was asked for."""

    period: Period
    by: str
    at: datetime
    totals: dict[str, Any]
    last_year: dict[str, Any]
    items: list[dict[str, Any]]
    months: list[dict[str, Any]]
    backlog: list[dict[str, Any]]
    late_now: int
    cells: list[dict[str, Any]]
    repeaters: list[dict[str, Any]]


def period_of(first: date | None, last: date | None, now: datetime, zone: tzinfo) -> Period:
    """The days from *first* to *last*; without them this year up to now, by *zone*.

    Raises Invalid that names `from` or `to`.
    """
    last = last or now.astimezone(zone).date()
    first = first or last.replace(month=1, day=1)
    for name, day in (("to", last), ("from", first)):
        if not FIRST <= day <= LAST:
            raise Invalid({name: [N_("Choose a day between 2000 and 2199.")]})
    if first > last:
        raise Invalid({"to": [N_("Must not be before the first day.")]})
    return Period(first, last)


def year_before(period: Period) -> Period:
    """The same days of the year before; whole months stay whole months."""
    last = _in_year(period.last, -1)
    if (period.last + DAY).day == 1:
        last = _in_year((period.last + DAY), -1) - DAY
    return Period(_in_year(period.first, -1), last)


def _in_year(day: date, change: int) -> date:
    try:
        return day.replace(year=day.year + change)
    except ValueError:
        return day.replace(year=day.year + change, day=28)


def figures(session: Session, period: Period, by: str, now: datetime, zone: tzinfo) -> Figures:
    """The figures of *period*, by one of BY, as they stand *now* in the time of *zone*."""
    for _ in range(TRIES):
        before = turn(session)
        found = _figures(session, period, by, now, zone)
        if turn(session) == before:
            break  # nobody counted meanwhile, so that nothing was missed or taken twice
    return found


def _figures(session: Session, period: Period, by: str, now: datetime, zone: tzinfo) -> Figures:
    today = now.astimezone(zone).date()
    tallies = Tallies(session, zone, today)
    months = tallies.by("all", period, months=True)
    months_before = {
        _in_year(date.fromisoformat(month), 1).isoformat(): tally
        for month, tally in tallies.by("all", year_before(period), months=True).items()
    }
    match by:
        case "month":
            items, before = months, months_before
        case "season":
            items, before = _by_season(months), _by_season(months_before)
        case _:
            items, before = tallies.by(by, period), tallies.by(by, year_before(period))
    return Figures(
        period=period,
        by=by,
        at=now,
        totals=described(_sum(months.values())),
        last_year=described(_sum(months_before.values())),
        items=_compared(items, before, _order(by)),
        months=_compared(months, months_before, _order("month")),
        backlog=_backlog(tallies.open_by_day(), today),
        late_now=_late(session, now),
        cells=_cells(tallies.most("cell", period, ("received",), MOST_CELLS)),
        repeaters=_repeaters(
            tallies.most("spot", period, ("received", "reopened"), MOST_REPEATERS)
        ),
    )


def described(tally: Tally) -> dict[str, Any]:
    """The figures of a *tally*: counts, shares of 1, times in minutes, ratings."""
    counts = tally.counts
    return {
        **counts,
        "late": counts["resolved"] - counts["on_time"],
        "on_time_share": _share(counts["on_time"], counts["resolved"]),
        "acknowledge": _times(tally, ACKNOWLEDGE),
        "resolve": _times(tally, RESOLVE),
        "rating": tally.mean(RATING),
        "rated": tally.measured(RATING),
        "ratings": [tally.spreads[RATING].get(rating, (0, 0))[0] for rating in RATINGS],
    }


def _times(tally: Tally, measure: str) -> dict[str, int | None]:
    return {"median": tally.percentile(measure, 0.5), "p90": tally.percentile(measure, 0.9)}


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _sum(tallies: Iterable[Tally]) -> Tally:
    total = Tally()
    for tally in tallies:
        total.add(tally)
    return total


def season_of(month: int) -> str:
    """The season that a *month*, from 1 to 12, belongs to."""
    return next(season for season, months in SEASONS.items() if month in months)


def _by_season(months: Mapping[str, Tally]) -> dict[str, Tally]:
    found: dict[str, Tally] = defaultdict(Tally)
    for month, tally in months.items():
        found[season_of(date.fromisoformat(month).month)].add(tally)
    return found


Order = Sequence[str] | None


def _order(by: str) -> Order:
    """The order of values; None for the most reports first."""
    return tuple(SEASONS) if by == "season" else () if by == "month" else None


def _compared(
    items: Mapping[str, Tally], before: Mapping[str, Tally], order: Order
) -> list[dict[str, Any]]:
    """Each of the *items* beside what there was of it a year *before*."""
    rows = [
        {
            "value": value,
            **described(items.get(value, Tally())),
            "received_last_year": before[value].counts["received"] if value in before else 0,
        }
        for value in items.keys() | before.keys()
    ]
    if order is None:
        return sorted(rows, key=lambda row: (-row["received"], row["value"]))
    return sorted(rows, key=lambda row: order.index(row["value"]) if order else row["value"])


def _backlog(days: Mapping[date, int], today: date) -> list[dict[str, Any]]:
    """How many reports are open by their age in days; the last class is without an end.

    `first` and `last` are the days on which those of a class were filed.
    """
    classes: list[dict[str, Any]] = [
        {
            "from_days": since,
            "to_days": until,
            "open": 0,
            "first": None if until is None else today - timedelta(days=until),
            "last": today - timedelta(days=since),
        }
        for since, until in _ages()
    ]
    for day, number in days.items():
        classes[sum((today - day).days > limit for limit in AGES)]["open"] += number
    return classes


def _ages() -> Iterable[tuple[int, int | None]]:
    return zip((0, *(limit + 1 for limit in AGES)), (*AGES, None), strict=True)


def _late(session: Session, now: datetime) -> int:
    """How many open reports were promised for before now; the clock stands while they wait.

    They are those of the officers' list of what is late.
    """
    return (
        session.scalar(
            select(func.count())
            .select_from(Report)
            .where(
                Report.closed_at.is_(None),
                Report.expected_at < now,
                Report.waiting_since.is_(None),
            )
        )
        or 0
    )


def _cells(places: Places) -> list[dict[str, Any]]:
    """The cells with the most reports, each with its bounds."""
    return [
        _place(cell) | {"received": counts["received"], "open": counts["open"]}
        for cell, counts in places
    ]


def _repeaters(places: Places) -> list[dict[str, Any]]:
    """Where the same was reported or opened again most often: a category in a cell."""
    rows = []
    for spot, counts in places:
        cell, _, category = spot.partition("|")
        repeated = counts["received"] - 1 + counts["reopened"]
        if repeated:
            rows.append(_place(cell) | {"category": category, "repeated": repeated, **counts})
    return rows


def _place(cell: str) -> dict[str, Any]:
    south, west, north, east = box_of(cell)
    return {"cell": cell, "south": south, "west": west, "north": north, "east": east}
