"""What two years of recurring events cost to expand, and how that grows with their number."""

from __future__ import annotations

import tempfile
import time
from datetime import date
from pathlib import Path

from sqlalchemy.orm import sessionmaker

from backend import create_app, migrating
from backend.database import engine_for
from backend.settings import Settings
from content.publishing import State
from content.store import utc_now
from tests.factories.content import EventFactory

ADDRESS = "/api/v1/events?from=2026-07-04&to=2028-07-03&limit=100"
RULES = [
    {"calendar": "gregorian", "rule": "FREQ=WEEKLY;BYDAY=SA"},
    {"calendar": "gregorian", "rule": "FREQ=MONTHLY"},
    {"calendar": "lunar", "frequency": "monthly", "day": 15},
    None,
]
FEW, MANY = 250, 500
WANTED_MS, WANTED_RATIO = 1000.0, 2.2


def cost(count: int) -> float:
    """Milliseconds of CPU of the first page of *count* events; the best of 5 uncached answers."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/town.db"
        engine = engine_for(url)
        migrating.upgrade(engine)
        with sessionmaker(engine).begin() as session:
            for number in range(count):
                session.add(
                    EventFactory(
                        slug=f"mau-{number}",
                        starts_on=date(2026, 7, 4),
                        recurrence=RULES[number % 4],
                        state=State.PUBLISHED,
                        published_at=utc_now(),
                    )
                )
        engine.dispose()
        app = create_app(
            Settings(
                data_dir=Path(folder),
                database_url=url,
                secret_key="b" * 40,
                ratelimit_enabled=False,
            )
        )
        client = app.test_client()
        best = float("inf")
        for number in range(5):
            used = time.process_time()
            assert len(client.get(f"{ADDRESS}&n={number}").json["items"]) == 100
            best = min(best, time.process_time() - used)
        app.extensions["engine"].dispose()
    return best * 1000


def main() -> None:
    """Print the table."""
    few, many = cost(FEW), cost(MANY)
    print("first page of two years of events, ms CPU")  # noqa: T201
    print(f"  {FEW} events {few:8.1f}")  # noqa: T201
    print(f"  {MANY} events {many:8.1f}   wanted <= {WANTED_MS:.0f}")  # noqa: T201
    print(f"  ratio {many / few:.2f}   wanted <= {WANTED_RATIO}")  # noqa: T201


if __name__ == "__main__":
    main()
