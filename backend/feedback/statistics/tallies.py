"""Adding up what was counted: over a period, by what is asked for, up to this moment."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta, tzinfo
from functools import reduce
from operator import add
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    desc,
    false,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import Session

from backend.feedback.statistics.dimensions import (
    DIMENSIONS,
    LOCATED,
    MEASURED,
    SPREAD,
    as_text,
    by_year,
    has,
    value_of,
)
from backend.feedback.statistics.facts import changes
from backend.feedback.statistics.models import (
    COUNTS,
    ReportChanged,
    ReportCounting,
    ReportFact,
    ReportSpread,
    ReportSum,
)
from backend.feedback.statistics.tally import Tally

PLACED = ("received", "open", "reopened")
"""What is told of places."""

Places = list[tuple[str, Counter[str]]]

AT_ONCE = 1_000
"""Values that are asked for by one statement."""

TRIES = 5


@dataclass(frozen=True)
class Period:
    """The days from *first* to *last*, both included."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    def parts(self, today: date) -> tuple[date, date, list[tuple[date, date]]]:
        """The months that lie in it wholly, from one first of a month to before another, and the
        days beside them, from one to another. A month with *today* ends today.
        """
        begin, end = _next_month(self.first - timedelta(days=1)), (self.last + DAY).replace(day=1)
        if self.last >= today:
            end = _next_month(self.last)
        if begin >= end:
            return begin, begin, [(self.first, self.last)]
        edges = [(self.first, begin - DAY), (end, self.last)]
        return begin, end, [(since, until) for since, until in edges if since <= until]


DAY = timedelta(days=1)


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=32)).replace(day=1)


class Tallies:
    """What was counted, and what has changed since, as they stood at one moment."""

    def __init__(self, session: Session, zone: tzinfo, today: date) -> None:
        self._session, self._today = session, today
        self._changes = list(changes(session, select(ReportChanged.report_id), zone))

    def by(self, dimension: str, period: Period, *, months: bool = False) -> dict[str, Tally]:
        """The tally of each value of a *dimension*, of the reports filed in *period*.

        By *months*, the value is the first of the month. Values without reports are left out.
        """
        found: dict[str, Tally] = defaultdict(Tally)
        for value, *counts in self._session.execute(self._sums(dimension, period, months)):
            tally = found[as_text(value)]
            for name, number in zip(COUNTS, counts, strict=True):
                tally.counts[name] += number
        if dimension in SPREAD:
            spreads = self._session.execute(self._spreads(dimension, period, months))
            for value, measure, bucket, number, total in spreads:
                found[as_text(value)].add_measured(measure, bucket, number, total)
        for fact, sign in self._changes:
            if fact["day"] in period and has(dimension, fact):
                value = as_text(fact["month"]) if months else value_of(dimension, fact)
                found[value].add_fact(fact, sign)
        return {value: tally for value, tally in found.items() if tally.counts["received"]}

    def most(self, dimension: str, period: Period, order: Sequence[str], most: int) -> Places:
        """The counts of the *most* values of a LOCATED *dimension*, those first that have the most
        of what *order* names added up; equal ones by their value.
        """
        changed: dict[str, Counter[str]] = defaultdict(Counter)
        for fact, sign in self._changes:
            if fact["day"] in period and has(dimension, fact):
                its = changed[value_of(dimension, fact)]
                for name in PLACED:
                    its[name] += sign * fact[name]
        sums = union_all(*self._places(dimension, period)).subquery()
        total = {name: func.sum(sums.c[name]) for name in PLACED}
        ordered = reduce(add, (total[name] for name in order))
        columns = [total[name].label(name) for name in PLACED]
        found = select(sums.c.value, *columns).group_by(sums.c.value).having(total["received"] > 0)
        # Of those that have changed all are read, and of others as many as may be among the most.
        first = found.order_by(desc(ordered), sums.c.value).limit(most + len(changed))
        places = {row.value: Counter(_counts(row)) for row in self._session.execute(first)}
        others = sorted(changed.keys() - places.keys())
        for start in range(0, len(others), AT_ONCE):
            some = found.where(sums.c.value.in_(others[start : start + AT_ONCE]))
            places |= {row.value: Counter(_counts(row)) for row in self._session.execute(some)}
        for value, its in changed.items():
            places.setdefault(value, Counter()).update(its)
        ranked = sorted(
            places.items(), key=lambda item: (-sum(item[1][name] for name in order), item[0])
        )
        return [(value, counts) for value, counts in ranked if counts["received"]][:most]

    def open_by_day(self) -> dict[date, int]:
        """How many reports are open of each day that has any."""
        found: dict[date, int] = Counter()
        days = select(ReportSum.value, ReportSum.open).where(
            ReportSum.dimension == "day", ReportSum.open != 0
        )
        for value, number in self._session.execute(days):
            found[date.fromisoformat(value)] += number
        for fact, sign in self._changes:
            found[fact["day"]] += sign * fact["open"]
        return found

    def _places(self, dimension: str, period: Period) -> Iterator[Select[*tuple[Any, ...]]]:
        """The sums of whole years, of whole months beside them, and of days beside these."""
        begin, end, edges = period.parts(self._today)
        since, until = _years(begin, end, self._today)
        kept = [(by_year(dimension), since, until)] if since < until else []
        months = [(begin, since), (until, end)] if kept else [(begin, end)]
        kept += [(dimension, first, last) for first, last in months if first < last]
        columns = [getattr(ReportSum, name) for name in PLACED]
        for name, first, last in kept:
            yield select(ReportSum.value.label("value"), *columns).where(
                ReportSum.dimension == name, ReportSum.month >= first, ReportSum.month < last
            )
        if edges or not kept:
            columns = [getattr(ReportFact, name) for name in PLACED]
            yield select(DIMENSIONS[dimension].label("value"), *columns).where(
                _in(edges), _has(dimension)
            )

    def _sums(self, dimension: str, period: Period, months: bool) -> Select[*tuple[Any, ...]]:
        begin, end, edges = period.parts(self._today)
        key = ReportSum.month if months else ReportSum.value
        whole = select(
            key.label("value"),
            *(func.sum(getattr(ReportSum, name)).label(name) for name in COUNTS),
        ).where(ReportSum.dimension == dimension, ReportSum.month >= begin, ReportSum.month < end)
        if not edges:
            return whole.group_by(key)
        edge_key = ReportFact.month if months else DIMENSIONS[dimension]
        part = select(
            edge_key.label("value"),
            *(func.sum(getattr(ReportFact, name)).label(name) for name in COUNTS),
        ).where(_in(edges), _has(dimension))
        both = union_all(whole.group_by(key), part.group_by("value")).subquery()
        return select(both)

    def _spreads(self, dimension: str, period: Period, months: bool) -> Select[*tuple[Any, ...]]:
        begin, end, edges = period.parts(self._today)
        key = ReportSpread.month if months else ReportSpread.value
        whole: Select[*tuple[Any, ...]] = (
            select(
                key.label("value"),
                ReportSpread.measure,
                ReportSpread.bucket,
                func.sum(ReportSpread.number).label("number"),
                func.sum(ReportSpread.total).label("total"),
            )
            .where(
                ReportSpread.dimension == dimension,
                ReportSpread.month >= begin,
                ReportSpread.month < end,
            )
            .group_by(key, ReportSpread.measure, ReportSpread.bucket)
        )
        if not edges:
            return whole
        edge_key = ReportFact.month if months else DIMENSIONS[dimension]
        parts = [
            select(
                edge_key.label("value"),
                literal(measure, String).label("measure"),
                bucket.label("bucket"),
                func.count().label("number"),
                func.sum(amount).label("total"),
            )
            .where(_in(edges), bucket.is_not(None))
            .group_by("value", bucket)
            for measure, (bucket, amount) in MEASURED.items()
        ]
        return select(union_all(whole, *parts).subquery())


def _years(begin: date, end: date, today: date) -> tuple[date, date]:
    """The whole years between two firsts of months; this year is whole once *end* is past now."""
    since = begin if begin.month == 1 else date(begin.year + 1, 1, 1)
    until = end.replace(month=1)
    if end > today and end.month > 1:
        until = date(end.year + 1, 1, 1)
    return since, until


def _counts(row: Any) -> dict[str, int]:
    return {name: int(getattr(row, name)) for name in PLACED}


def _in(edges: Iterable[tuple[date, date]]) -> ColumnElement[bool]:
    return or_(false(), *(ReportFact.day.between(since, until) for since, until in edges))


def _has(dimension: str) -> ColumnElement[bool]:
    return ReportFact.cell != "" if dimension in LOCATED else true()


def turn(session: Session) -> int:
    """How often was counted: while it stays the same, sums and changes fit together."""
    return session.scalar(select(ReportCounting.number)) or 0
