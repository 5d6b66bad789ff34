"""What a map asks for, places in a box and places nearby, in a town of ten times as many places.

The town's area stays the same, so ten times the places are ten times as dense: a box of 1% of the
map holds ten times as many, of which a page shows 50. Half of the places are spread evenly, half
crowd around a few corners, as around a market; boxes and points are taken where places are.

All goes through the HTTP application. The time of a query is the shortest of several runs, so it
says what the query costs and not what else the machine did; each run asks with a parameter of its
own, so that no answer comes from the memory for kept answers. Milliseconds are of this machine;
ratios within one run mean more.

Says NO where a ratio is above 1.5.
"""

# ruff: noqa: S311 - chance here keeps no secret

from __future__ import annotations

import argparse
import logging
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
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
QUERIES, RUNS, PAGE = 200, 5, 50
WANTED_RATIO = 1.5

WEST, SOUTH, EAST, NORTH = 105.68, 18.77, 105.75, 18.84
CORNERS = 12
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)
OPEN = datetime(2026, 7, 1, 3, tzinfo=UTC)
"""Ten in the town: every place is open, whenever the bench runs."""
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


def cost(client: FlaskClient, asked: Asked) -> tuple[float, int]:
    """Milliseconds that an answer takes, and how many places it holds."""
    query = asked | {"limit": PAGE, "run": next(fresh)}
    began = time.perf_counter()
    answer = client.get("/api/v1/places", query_string=query)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code == 200, answer.json
    return took, len(answer.json["items"])


def p95s(clients: Sequence[FlaskClient], questions: Sequence[Asked]) -> list[float]:
    """Milliseconds that all but one of twenty take at most, for each of *clients*.

    They take turns, so that whatever else the machine does slows all of them.
    """
    times: list[list[float]] = [[] for _ in clients]
    for asked in questions:
        runs = [[cost(client, asked)[0] for client in clients] for _ in range(RUNS)]
        for of_client, each in zip(times, zip(*runs, strict=True), strict=True):
            of_client.append(min(each))
    return [statistics.quantiles(of_client, n=20)[-1] for of_client in times]


@contextmanager
def asking(url: str) -> Iterator[FlaskClient]:
    """Somebody who asks the application at *url*."""
    settings = Settings(
        data_dir=Path(tempfile.gettempdir()),
        database_url=url,
        secret_key="a secret for benches, of more than 32 characters",
        chatbot_key="a key for benches, of more than 32 characters",
        ratelimit_enabled=False,
    )
    app = create_app(settings, clock=lambda: OPEN)
    logging.disable(logging.WARNING)
    yield app.test_client()
    app.extensions["chatbot"].close()
    app.extensions["engine"].dispose()


def compare(database: str, urls: Sequence[str], sizes: Sequence[int]) -> bool:
    """Print what each of QUESTIONS costs at *urls*; answer whether all ratios are good."""
    good = True
    shown = "".join(f"{size:>10,}" for size in sizes)
    say(f"\n{database:20}{shown}   ratio   p95 in ms, {QUERIES} queries of each")
    around = points(2 * QUERIES, random.Random(1))[:QUERIES]
    with ExitStack() as stack:
        clients = [stack.enter_context(asking(url)) for url in urls]
        for name, question in QUESTIONS.items():
            questions = [question(*at) for at in around]
            times = p95s(clients, questions)
            items = sum(cost(clients[-1], asked)[1] for asked in questions) / QUERIES
            shown = "".join(f"{ms:10.1f}" for ms in times)
            ratio = times[-1] / times[0]
            good &= ratio <= WANTED_RATIO
            say(f"  {name:18}{shown}   {ratio:5.2f}   {items:.0f} places a page")
    return good


def main() -> None:
    """Fill, ask, measure, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--databases", nargs="+", default=("sqlite", "postgresql"))
    wanted = options.parse_args()
    good = True
    with databases(wanted.databases) as forms:
        for database in wanted.databases:
            urls = [address(forms, database, size) for size in wanted.sizes]
            for url, size in zip(urls, wanted.sizes, strict=True):
                fill(url, size)
            good &= compare(database, urls, wanted.sizes)
    say(f"\nwanted: ratio {WANTED_RATIO}: {'yes' if good else 'NO'}")


if __name__ == "__main__":
    main()
