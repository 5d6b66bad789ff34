"""Keeping count of reports: triggers note what has changed, and a due job counts it anew.

A filing adds a row to a list that nobody else touches; the sums, which are the same few rows for
everybody, are written by one counter at a time. Readers add what is noted and not counted yet, so
that figures are of this moment whether the job has run or not.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import Connection, Insert, delete, insert, select, text, update
from sqlalchemy.orm import Session

from backend.feedback.statistics.dimensions import (
    DIMENSIONS,
    LOCATED,
    SPREAD,
    by_year,
    has,
    value_of,
)
from backend.feedback.statistics.facts import Change, changes
from backend.feedback.statistics.models import (
    COUNTS,
    ReportChanged,
    ReportCounting,
    ReportFact,
    ReportSpread,
    ReportSum,
)
from backend.feedback.statistics.tally import Tally
from content.store import insert_into
from notifications import outbox
from notifications.worker import Handler, Task

COUNT = "feedback.count"
EVERY = timedelta(minutes=1)
AT_ONCE = 5_000
"""Reports counted in one transaction."""

ROWS = 1_000
"""Rows written by one statement: SQLite takes at most 32,766 values."""


def plan(session: Session, now: datetime) -> None:
    """Count now, once in each minute however often it is asked for."""
    _put(session, now, now - timedelta(seconds=now.timestamp() % EVERY.total_seconds()))


def handlers(zone: tzinfo) -> dict[str, Handler]:
    """What the worker does to keep count; days are those of *zone*."""

    def run(task: Task) -> None:
        while True:
            with task.sessions.begin() as session:
                counted = count(session, task.clock(), zone)
            if counted < AT_ONCE:
                break
        now = task.clock()
        with task.sessions.begin() as session:
            slot = now - timedelta(seconds=now.timestamp() % EVERY.total_seconds())
            _put(session, now, slot + EVERY)
            task.done(session)

    return {COUNT: run}


def _put(session: Session, now: datetime, due: datetime) -> None:
    # The key is the moment it is due, so that several chains of jobs become one.
    outbox.enqueue(session, COUNT, {}, now=now, due_at=due, key=f"{COUNT}:{due:%Y-%m-%dT%H:%M%z}")


def count(session: Session, now: datetime, zone: tzinfo, most: int = AT_ONCE) -> int:
    """Count anew up to *most* changes that were noted. Answers how many; the caller commits."""
    # Whoever comes second waits here until the first has committed.
    session.execute(
        update(ReportCounting)
        .where(ReportCounting.id == 1)
        .values(number=ReportCounting.number + 1, at=now)
    )
    oldest = select(ReportChanged.id).order_by(ReportChanged.id).limit(most)
    # Marked, and not known by their numbers: one with a lower number may be committed meanwhile.
    session.execute(update(ReportChanged).where(ReportChanged.id.in_(oldest)).values(taken=True))
    taken = select(ReportChanged.report_id).where(ReportChanged.taken)
    changed = list(changes(session, taken, zone))
    session.execute(delete(ReportFact).where(ReportFact.report_id.in_(taken)))
    table: Any = ReportFact.__table__
    _put_rows(session, insert(table), [fact for fact, sign in changed if sign > 0])
    _add_up(session, changed)
    done = session.execute(delete(ReportChanged).where(ReportChanged.taken))
    return int(done.rowcount)  # type: ignore[attr-defined]


def _add_up(session: Session, changed: Iterable[Change]) -> None:
    """Add facts to the sums, or take them off."""
    found: dict[tuple[str, date, str], Tally] = defaultdict(Tally)
    for fact, sign in changed:
        for dimension in DIMENSIONS:
            if has(dimension, fact):
                month, value = fact["month"], value_of(dimension, fact)
                measured = dimension in SPREAD
                found[dimension, month, value].add_fact(fact, sign, measured=measured)
                if dimension in LOCATED:
                    year = found[by_year(dimension), month.replace(month=1), value]
                    year.add_fact(fact, sign, measured=False)
    sums, spreads = [], []
    for (dimension, month, value), tally in sorted(found.items()):
        key_of_row = {"dimension": dimension, "month": month, "value": value}
        if any(tally.counts.values()):
            sums.append(key_of_row | tally.counts)
        if dimension in SPREAD:
            spreads += [
                key_of_row
                | {"measure": measure, "bucket": bucket, "number": number, "total": total}
                for measure, spread in tally.spreads.items()
                for bucket, (number, total) in spread.items()
                if number or total
            ]
    _upsert(session, ReportSum, sums, COUNTS)
    _upsert(session, ReportSpread, spreads, ("number", "total"))


def _upsert(
    session: Session,
    table: type[ReportSum] | type[ReportSpread],
    rows: list[dict[str, Any]],
    added: Iterable[str],
) -> None:
    statement = insert_into(session, table)
    updated = statement.on_conflict_do_update(
        index_elements=list(table.__table__.primary_key.columns),  # type: ignore[attr-defined]
        set_={name: getattr(table, name) + statement.excluded[name] for name in added},
    )
    _put_rows(session, updated, rows)


def _put_rows(session: Session, statement: Insert, rows: list[dict[str, Any]]) -> None:
    for start in range(0, len(rows), ROWS):
        session.execute(statement, rows[start : start + ROWS])


COUNTED = (
    "created_at",
    "status",
    "office",
    "quarter",
    "category",
    "lat",
    "lng",
    "clock_started_at",
    "acknowledge_by",
    "acknowledged_at",
    "expected_at",
    "closed_at",
)
"""The columns of a report whose change changes what it counts for."""


def install(connection: Connection) -> None:
    """Let the database note what has to be counted: make the triggers anew."""
    if connection.scalar(select(ReportCounting.id)) is None:
        connection.execute(ReportCounting.__table__.insert().values(id=1, number=0))  # type: ignore[attr-defined]
    on_postgresql = connection.dialect.name == "postgresql"
    for statement in _on_postgresql() if on_postgresql else _on_sqlite():
        connection.execute(text(statement))


def _on_postgresql() -> Iterable[str]:
    for table, key in (("report", "id"), ("report_rating", "report_id")):
        yield (
            f"CREATE OR REPLACE FUNCTION note_change_of_{table}() RETURNS trigger "  # noqa: S608
            f"LANGUAGE plpgsql AS $$ BEGIN INSERT INTO report_changed (report_id) VALUES "
            f"(CASE TG_OP WHEN 'DELETE' THEN OLD.{key} ELSE NEW.{key} END); RETURN NULL; END $$"
        )
        changed = f"UPDATE OF {', '.join(COUNTED)}" if table == "report" else "UPDATE"
        yield f"DROP TRIGGER IF EXISTS {table}_is_counted ON {table}"
        yield (
            f"CREATE TRIGGER {table}_is_counted AFTER INSERT OR DELETE OR {changed} ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION note_change_of_{table}()"
        )


def _on_sqlite() -> Iterable[str]:
    for table, key in (("report", "id"), ("report_rating", "report_id")):
        changed = f"UPDATE OF {', '.join(COUNTED)}" if table == "report" else "UPDATE"
        for name, event, row in (
            ("insert", "INSERT", "new"),
            ("update", changed, "new"),
            ("delete", "DELETE", "old"),
        ):
            yield f"DROP TRIGGER IF EXISTS {table}_is_counted_{name}"
            yield (
                f"CREATE TRIGGER {table}_is_counted_{name} AFTER {event} ON {table} BEGIN "  # noqa: S608
                f"INSERT INTO report_changed (report_id) VALUES ({row}.{key}); END"
            )
