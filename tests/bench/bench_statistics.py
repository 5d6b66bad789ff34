"""What statistics of a year cost on PostgreSQL, with 100,000 and with 1,000,000 reports.

All goes through the HTTP application. The time of a question is the shortest of several runs, so
it says what the question costs and not what else the machine did. The reports are spread over the
400 days before now and over the town as they are in life: more here than there. `noted` is asked
while as many reports as come in a busy minute are noted and not counted yet; `odd days` has weeks
at both ends that are no whole months.

Says NO where a whole year takes longer than 150 ms, or 1.5 times as long with ten times the
reports.
"""

from __future__ import annotations

import argparse
import logging
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from flask.testing import FlaskClient
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from backend import create_app, migrating
from backend.accounts import staff
from backend.accounts.roles import Role
from backend.database import engine_for
from backend.feedback.statistics import counting
from backend.feedback.statistics.dimensions import (
    DIMENSIONS,
    LOCATED,
    MEASURED,
    SPREAD,
    by_year,
)
from backend.feedback.statistics.models import COUNTS
from backend.settings import Settings
from content import seeding, town
from tests import postgresql

SIZES = (100_000, 1_000_000)
RUNS = 7
NOTED = 1_000
WHOLE = ("month", "season", "office", "quarter", "category")
WANTED_MS, WANTED_RATIO = 150.0, 1.5
NOW = datetime(2026, 12, 31, 9, 0, tzinfo=UTC)

FILL = """
INSERT INTO report (id, code, category, description, lat, lng, place_text, quarter, attributes,
    status, source, anonymous, clock_started_at, acknowledge_by, acknowledged_at, expected_at,
    by_clock, closed_at, office, searchable, version, hidden, confirmations, created_at,
    updated_at)
SELECT gen_random_uuid(), 'B-' || :first + n,
    categories[1 + floor(power(random(), 2) * cardinality(categories))::int], 'Mẫu',
    18.78 + 0.07 * power(random(), 1.5), 105.69 + 0.06 * power(random(), 1.5), '',
    CASE WHEN random() < 0.9
        THEN quarters[1 + floor(random() * cardinality(quarters))::int] END,
    '{}',
    CASE WHEN closed > :now THEN 'in_progress' WHEN chance < 0.85 THEN 'resolved'
        WHEN chance < 0.92 THEN 'rejected' WHEN chance < 0.97 THEN 'duplicate'
        ELSE 'withdrawn' END,
    'app', false, made, made + interval '1 day',
    CASE WHEN acknowledged <= :now THEN acknowledged END,
    made + interval '5 days', false, CASE WHEN closed <= :now THEN closed END,
    CASE WHEN random() < 0.95 THEN 'don-vi-' || floor(power(random(), 2) * 8)::int END,
    '', 1, false, 0, made, made
FROM (
    SELECT n, made, chance, made - ln(random()) * interval '5 hours' AS acknowledged,
        made - ln(random()) * interval '3 days' AS closed
    FROM (
        SELECT n, random() AS chance, CAST(:now AS timestamptz) - CAST(:spread AS interval)
            * (1 - n::float / :number) AS made
        FROM generate_series(1, :number) AS n
    ) AS filed
) AS lived,
(SELECT array_agg(code) AS categories FROM term WHERE vocabulary = 'report' AND parent IS NOT NULL)
    AS known_categories,
(SELECT array_agg(code) AS quarters FROM quarter) AS known_quarters
"""

RATE = """
INSERT INTO report_rating (report_id, closed_at, rating, at)
SELECT id, closed_at, 1 + floor(random() * 5)::int, closed_at FROM report
WHERE status = 'resolved' AND random() < 0.3
"""


FACTS = """
INSERT INTO report_fact (report_id, day, month, office, quarter, category, cell, received, open,
    resolved, on_time, acknowledged, acknowledged_on_time, rejected, duplicate, withdrawn, reopened,
    acknowledge_minutes, acknowledge_bucket, resolve_minutes, resolve_bucket, rating)
SELECT id, day, date_trunc('month', day), coalesce(office, ''), coalesce(quarter, ''), category,
    floor(lat * 500) || ',' || floor(lng * 500), 1, (closed_at IS NULL)::int,
    (status = 'resolved')::int, (status = 'resolved' AND closed_at <= expected_at)::int,
    (acknowledged_at IS NOT NULL)::int, (acknowledged_at <= acknowledge_by IS TRUE)::int,
    (status = 'rejected')::int, (status = 'duplicate')::int, (status = 'withdrawn')::int, 0,
    to_acknowledge, CASE WHEN to_acknowledge < 1 THEN 0
        ELSE 1 + floor(8 * log(2, to_acknowledge)) END,
    to_resolve, CASE WHEN to_resolve < 1 THEN 0 ELSE 1 + floor(8 * log(2, to_resolve)) END, rating
FROM (
    SELECT report.*, report_rating.rating,
        CAST(created_at AT TIME ZONE 'Asia/Ho_Chi_Minh' AS date) AS day,
        floor(extract(epoch FROM acknowledged_at - clock_started_at) / 60) AS to_acknowledge,
        CASE WHEN status = 'resolved'
            THEN floor(extract(epoch FROM report.closed_at - created_at) / 60) END AS to_resolve
    FROM report LEFT JOIN report_rating ON report_rating.report_id = report.id
) AS filed
"""
"""What counting makes of each report, by the database at once."""

SUMS = """
INSERT INTO report_sum (dimension, month, value, {counts})
SELECT '{dimension}', date_trunc('{span}', day), {value} AS value, {sums} FROM report_fact
GROUP BY 2, 3
"""

SPREADS = """
INSERT INTO report_spread (dimension, month, value, measure, bucket, number, total)
SELECT '{dimension}', month, {value} AS value, '{measure}', {bucket}, count(*), sum({amount})
FROM report_fact WHERE {bucket} IS NOT NULL GROUP BY 2, 3, 5
"""


def add_up(session: Session) -> None:
    """Write the facts of all reports and their sums, as counting them would, but in a minute."""
    session.execute(text(FACTS))
    spot = "cell || '|' || category"
    values = {"all": "''", "day": "day::text", "spot": spot}
    sums = ", ".join(f"sum({count})" for count in COUNTS)
    for dimension in DIMENSIONS:
        value = values.get(dimension, dimension)
        kept = [(dimension, "month")]
        if dimension in LOCATED:
            kept.append((by_year(dimension), "year"))
        for name, span in kept:
            form = {"dimension": name, "span": span, "value": value, "sums": sums}
            session.execute(text(SUMS.format(counts=", ".join(COUNTS), **form)))
        if dimension in SPREAD:
            for measure, (bucket, amount) in MEASURED.items():
                form = {"dimension": dimension, "value": value, "measure": measure}
                written = SPREADS.format(bucket=bucket.key, amount=amount.key, **form)
                session.execute(text(written))
    session.execute(text("DELETE FROM report_changed"))


def fill(engine: Engine, size: int) -> dict[str, str]:
    """*size* reports, counted. Answers the headers of a leader."""
    with Session(engine) as session:
        seeding.seed(session, NOW)
        account = staff.hire(
            session,
            email="mau@example.org",
            name="Mẫu",
            roles=[Role.LEADER],
            password_hash=None,
            now=NOW,
        )
        token = staff.issue_token(session, account, name="bench", now=NOW)
        more(session, 0, size, timedelta(days=400))
        session.execute(text(RATE))
        session.commit()
        add_up(session)
        session.commit()
        # As the server does by itself, a little later.
        session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
        session.execute(text("VACUUM ANALYZE"))
    return {"Authorization": f"Bearer {token}"}


def more(session: Session, first: int, number: int, spread: timedelta) -> None:
    """File *number* more reports, evenly over the time *spread* before now."""
    values = {"first": first, "number": number, "now": NOW, "spread": spread}
    session.execute(text(FILL), values)


def shortest(client: FlaskClient, headers: dict[str, str], query: dict[str, str]) -> float:
    """Milliseconds of the fastest answer to *query*."""
    times = []
    for _ in range(RUNS):
        began = time.perf_counter()
        answer = client.get("/api/v1/staff/statistics", query_string=query, headers=headers)
        times.append(time.perf_counter() - began)
        assert answer.status_code == 200, answer.text
    return min(times) * 1000


def measure(url: str, size: int) -> dict[str, float]:
    """Milliseconds of each question with *size* reports."""
    engine = engine_for(url)
    migrating.upgrade(engine)
    headers = fill(engine, size)
    settings = Settings(
        data_dir=Path(tempfile.gettempdir()),
        database_url=url,
        secret_key="a secret for benches, of more than 32 characters",
        chatbot_key="a key for benches, of more than 32 characters",
        ratelimit_enabled=False,
    )
    app = create_app(settings, clock=lambda: NOW)
    logging.disable(logging.WARNING)
    client = app.test_client()
    year = {"from": "2026-01-01", "to": "2026-12-31"}
    asked = {by: shortest(client, headers, year | {"by": by}) for by in WHOLE}
    odd = {"from": "2026-01-15", "to": "2026-12-15", "by": "category"}
    asked["odd days"] = shortest(client, headers, odd)
    with Session(engine) as session:
        more(session, size, NOTED, timedelta(minutes=1))
        session.commit()
    asked["noted"] = shortest(client, headers, year | {"by": "office"})
    with Session(engine) as session:
        began = time.process_time()
        counted = counting.count(session, NOW, town.TIME)
        took = (time.process_time() - began) / counted * 1e6
        session.commit()
    asked["counted"] = shortest(client, headers, year | {"by": "office"})
    app.extensions["chatbot"].close()
    app.extensions["engine"].dispose()
    engine.dispose()
    columns = " ".join(f"{ms:9.1f}" for ms in asked.values())
    say(f"{size:9,} {columns}   counting {took:.0f} µs each")
    return asked


def say(line: str) -> None:
    """Print *line* at once."""
    print(line, flush=True)  # noqa: T201


def main() -> None:
    """Fill, ask, measure, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    sizes = options.parse_args().sizes
    say("ms of a year's statistics, PostgreSQL, by")
    names = (*WHOLE, "odd days", "noted", "counted")
    say(f"{'reports':>9} " + " ".join(f"{name:>9}" for name in names))
    found = []
    with postgresql.running() as server:
        admin = create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
        for size in sizes:
            with admin.connect() as connection:
                connection.execute(text(f"CREATE DATABASE town_{size}"))
            found.append(measure(f"{server}/town_{size}", size))
        admin.dispose()
    ratios = {name: found[-1][name] / found[0][name] for name in found[0]}
    say("    ratio " + " ".join(f"{ratio:9.2f}" for ratio in ratios.values()))
    say(f"\nwanted: {WANTED_MS:.0f} ms, and a ratio of {WANTED_RATIO} for whole years")
    slow = any(its[name] > WANTED_MS for its in found for name in WHOLE)
    slow |= any(ratios[name] > WANTED_RATIO for name in WHOLE)
    say(f"as wanted: {'NO' if slow else 'yes'}")


if __name__ == "__main__":
    main()
