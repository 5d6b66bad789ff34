"""What a map asks for, places in a box and places nearby, in a town of ten times as many places.

The town's area stays the same, so ten times the places are ten times as dense: a box of 1% of the
map holds ten times as many, of which a page shows 50. Half of the places are spread evenly, half
crowd around a few corners, as around a market; boxes and points are taken where places are.

All goes through the HTTP application. The time of a query is the shortest of several runs, so it
says what the query costs and not what else the machine did; each run asks with a parameter of its
own, so that no answer comes from the memory for kept answers. Milliseconds are of this machine;
ratios within one run mean more.

Ends with 1 where a ratio is above 1.5.
"""

# ruff: noqa: S311 - chance here keeps no secret

from __future__ import annotations

import argparse
import logging
import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any
from uuid import UUID

from flask.testing import FlaskClient
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from backend import create_app, migrating
from backend.database import engine_for
from backend.settings import Settings
from content.places.models import Place
from content.publishing import State
from tests.bench.bench_search import address, databases, say

SIZES = (10_000, 100_000)
QUERIES, RUNS, PAGE = 200, 3, 50
WANTED_RATIO = 1.5

WEST, SOUTH, EAST, NORTH = 105.68, 18.77, 105.75, 18.84
CORNERS = 12
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
CATEGORIES = ("sight", "food", "lodging", "shop", "health")

fresh = count()
Asked = dict[str, Any]


def points(number: int, chance: random.Random) -> list[tuple[float, float]]:
    """Where *number* places are, as (lat, lng): half anywhere, half around the same corners."""
    fixed = random.Random(7)
    corners = [(fixed.uniform(SOUTH, NORTH), fixed.uniform(WEST, EAST)) for _ in range(CORNERS)]
    found = []
    for n in range(number):
        if n % 2:
            found.append((chance.uniform(SOUTH, NORTH), chance.uniform(WEST, EAST)))
        else:
            lat, lng = chance.choice(corners)
            found.append((chance.gauss(lat, 0.003), chance.gauss(lng, 0.003)))
    return found


def fill(url: str, number: int) -> None:
    """A town of *number* places at *url*, each with some text."""
    engine = engine_for(url)
    migrating.upgrade(engine)
    chance = random.Random(number)
    words = {"vi": "Một nơi để xem và nghỉ chân. " * 4, "en": "A place to see and to rest. " * 4}
    rows = []
    for n, (lat, lng) in enumerate(points(number, chance)):
        name = {"vi": f"Mẫu {n}", "en": f"Sample {n}"}
        rows.append(
            {"id": UUID(int=chance.getrandbits(128)), "name": name, "lat": lat, "lng": lng,
             "slug": f"mau-{chance.getrandbits(32):08x}-{n}", "summary": words,
             "description": words, "category": chance.choice(CATEGORIES), "tags": ["free"],
             "opening_hours": "Mo-Su 07:00-18:00", "state": State.PUBLISHED, "revision": 1,
             "published_at": LONG_AGO, "is_sample": True}
        )  # fmt: skip
    with Session(engine) as session:
        for first in range(0, number, 5000):
            session.execute(insert(Place), rows[first : first + 5000])
        session.commit()
        if engine.dialect.name == "postgresql":  # as the server does by itself, a little later
            session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            session.execute(text("VACUUM ANALYZE"))
    engine.dispose()


def boxes(share: float) -> Callable[[float, float], Asked]:
    """What asks for a box around a point, with *share* of the area of the map."""

    def asked(lat: float, lng: float) -> Asked:
        side = share**0.5 / 2
        high, wide = (NORTH - SOUTH) * side, (EAST - WEST) * side
        return {"bbox": f"{lng - wide:.5f},{lat - high:.5f},{lng + wide:.5f},{lat + high:.5f}"}

    return asked


def near(**more: Any) -> Callable[[float, float], Asked]:
    """What asks for the places near a point, and *more*."""
    return lambda lat, lng: {"near": f"{lat:.5f},{lng:.5f}", **more}


QUESTIONS: dict[str, Callable[[float, float], Asked]] = {
    "bbox 1%": boxes(0.01),
    "bbox 25%": boxes(0.25),
    "bbox all": boxes(4),
    "bbox 1% of a kind": lambda lat, lng: boxes(0.01)(lat, lng) | {"category": "food"},
    "near": near(),
    "near 500 m": near(radius=500),
    "near of a kind": near(category="food"),
    "near, open now": near(open_now="true"),
}


def p95(client: FlaskClient, questions: Sequence[Asked]) -> tuple[float, float]:
    """Milliseconds that all but one of twenty take at most, and how many places are found."""
    times, found = [], 0
    for asked in questions:
        runs = []
        for _ in range(RUNS):
            query = asked | {"limit": PAGE, "run": next(fresh)}
            began = time.perf_counter()
            answer = client.get("/api/v1/places", query_string=query)
            runs.append(time.perf_counter() - began)
            assert answer.status_code == 200, answer.json
        found += len(answer.json["items"])
        times.append(min(runs) * 1000)
    return statistics.quantiles(times, n=20)[-1], found / len(questions)


def measure(url: str) -> list[tuple[float, float]]:
    """What each of QUESTIONS costs at *url*, and finds."""
    settings = Settings(
        data_dir=Path(tempfile.gettempdir()),
        database_url=url,
        secret_key="a secret for benches, of more than 32 characters",
        chatbot_key="a key for benches, of more than 32 characters",
        ratelimit_enabled=False,
    )
    app = create_app(settings)
    logging.disable(logging.WARNING)
    client = app.test_client()
    around = points(2 * QUERIES, random.Random(1))[:QUERIES]
    found = [p95(client, [question(*at) for at in around]) for question in QUESTIONS.values()]
    app.extensions["chatbot"].close()
    app.extensions["engine"].dispose()
    return found


def main() -> None:
    """Fill, ask, measure, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--databases", nargs="+", default=("sqlite", "postgresql"))
    wanted = options.parse_args()
    good = True
    with databases(wanted.databases) as forms:
        for database in wanted.databases:
            costs = []
            for size in wanted.sizes:
                url = address(forms, database, size)
                fill(url, size)
                costs.append(measure(url))
            sizes = "".join(f"{size:>10,}" for size in wanted.sizes)
            say(f"\n{database:20}{sizes}   ratio   p95 in ms, {QUERIES} queries of each")
            for number, name in enumerate(QUESTIONS):
                times = [cost[number][0] for cost in costs]
                shown = "".join(f"{ms:10.1f}" for ms in times)
                ratio = times[-1] / times[0]
                good &= ratio <= WANTED_RATIO
                items = costs[-1][number][1]
                say(f"  {name:18}{shown}   {ratio:5.2f}   {items:.0f} places a page")
    say(f"\nwanted: ratio {WANTED_RATIO}")
    sys.exit(not good)


if __name__ == "__main__":
    main()
