"""How well search finds, and how fast: two judged sets of queries, two databases, two sizes.

`tuned.tsv` was at hand while ranking was tuned, `held_out.tsv` was written before and not used.
All goes through the HTTP application. The time of a query is the shortest of several runs, so it
says what the query costs and not what else the machine did; each run asks with a parameter of its
own, so that no answer comes from the memory for kept answers. Milliseconds are of this machine;
ratios within one run mean more.

Prints the misses, and NO below a recall@5 of 0.95 or an MRR of 0.85.
"""

from __future__ import annotations

import argparse
import logging
import statistics
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count, islice
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from backend import create_app, migrating
from backend.database import engine_for
from backend.settings import Settings
from content import search, seeding
from content.places.models import Place
from content.publishing import State
from content.store import utc_now
from tests import postgresql
from tests.bench.corpus import town

JUDGED = Path(__file__).parent / "judged"
SETS = ("tuned", "held_out")
SIZES = (10_000, 100_000)
RUNS = 5
WANTED_RECALL, WANTED_MRR, WANTED_MS, WANTED_RATIO = 0.95, 0.85, 15.0, 1.5

fresh = count()


@dataclass(frozen=True)
class Judged:
    """A query, and the slugs that it should find."""

    query: str
    slugs: Sequence[str]
    how: str


@dataclass
class Quality:
    """How well a set of queries was answered."""

    recall: float
    mrr: float
    misses: list[str] = field(default_factory=list)


def judged(name: str) -> list[Judged]:
    """The queries of the set *name*."""
    lines = (JUDGED / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    rows = [line.split("\t") for line in lines if line and not line.startswith("#")]
    return [Judged(query, slugs.split(), how) for query, slugs, how in rows]


def ask(client: FlaskClient, path: str, query: str, limit: int = 20) -> list[dict[str, Any]]:
    """The items that *path* answers, computed anew."""
    asked = {"q": query, "limit": limit, "run": next(fresh)}
    answer = client.get(f"/api/v1/{path}", query_string=asked)
    assert answer.status_code == 200, (query, answer.json)
    items: list[dict[str, Any]] = answer.json["items"]
    return items


def quality(client: FlaskClient, queries: Iterable[Judged]) -> Quality:
    """Recall of what should be among the first five, and the mean of 1 / rank of the first."""
    recalls, ranks, misses = [], [], []
    for one in queries:
        slugs = [item["slug"] for item in ask(client, "search", one.query)]
        found = set(slugs[:5]) & set(one.slugs)
        recalls.append(len(found) / min(5, len(one.slugs)))
        ranks.append(next((1 / n for n, slug in enumerate(slugs, 1) if slug in one.slugs), 0.0))
        if recalls[-1] < 1 or ranks[-1] < 1:
            kind = "missed" if recalls[-1] < 1 else "not first"
            misses.append(f"    {kind:9} {one.how:8} {one.query!r}: {' '.join(slugs[:3]) or '-'}")
    return Quality(statistics.mean(recalls), statistics.mean(ranks), misses)


def p95(client: FlaskClient, path: str, queries: Iterable[str]) -> float:
    """Milliseconds that all but one of twenty queries take at most."""
    times = []
    for query in queries:
        runs = []
        for _ in range(RUNS):
            began = time.perf_counter()
            ask(client, path, query)
            runs.append(time.perf_counter() - began)
        times.append(min(runs) * 1000)
    return statistics.quantiles(times, n=20)[-1]


def typed(queries: Iterable[Judged]) -> Iterator[str]:
    """What was typed of each query on the way to it."""
    for one in queries:
        for length in (2, len(one.query) // 2, len(one.query)):
            yield one.query[: max(1, length)].strip()


def fill(url: str, items: int) -> float:
    """What is known of the town and *items* samples at *url*. Answers the seconds of indexing."""
    engine = engine_for(url)
    migrating.upgrade(engine)
    with Session(engine) as session:
        seeding.seed(session, utc_now())
        seeding.seed_samples(session, utc_now())
        session.commit()
        began = time.perf_counter()
        search.index_all(session, town(items))
        session.commit()
        took = time.perf_counter() - began
        places = (entry for entry in town(items) if entry.type == "place")
        while batch := list(islice(places, 2000)):
            session.execute(
                insert(Place),
                [
                    {"id": one.item_id, "slug": one.slug, "name": {"vi": one.texts.title},
                     "category": "sight", "state": State.PUBLISHED, "revision": 1,
                     "published_at": one.visible_from, "is_sample": True}
                    for one in batch
                    if one.language == "vi"
                ],
            )  # fmt: skip
        session.commit()
        if engine.dialect.name == "postgresql":  # as the server does by itself, a little later
            session.connection(execution_options={"isolation_level": "AUTOCOMMIT"})
            session.execute(text("VACUUM ANALYZE"))
    engine.dispose()
    return took


@contextmanager
def databases(names: Sequence[str]) -> Iterator[dict[str, str]]:
    """For each database a form of addresses, to be filled with a name."""
    with tempfile.TemporaryDirectory() as folder:
        forms = {"sqlite": f"sqlite:///{folder}/{{}}.db"}
        if "postgresql" not in names:
            yield forms
            return
        with postgresql.running() as server:
            yield forms | {"postgresql": f"{server}/{{}}"}


def address(forms: dict[str, str], database: str, size: int) -> str:
    """The address of an empty database."""
    if database == "postgresql":
        admin = create_engine(forms[database].format("postgres"), isolation_level="AUTOCOMMIT")
        with admin.connect() as connection:
            connection.execute(text(f"CREATE DATABASE town_{size}"))
        admin.dispose()
    return forms[database].format(f"town_{size}")


def say(line: str) -> None:
    """Print *line* at once."""
    print(line, flush=True)  # noqa: T201


def measure(url: str, queries: dict[str, list[Judged]]) -> tuple[dict[str, Quality], list[float]]:
    """The quality of each set, and p95 of searching, suggesting and listing places."""
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
    found = {name: quality(client, judged_) for name, judged_ in queries.items()}
    every = [one for judged_ in queries.values() for one in judged_]
    asked = [one.query for one in every]
    speeds = [
        p95(client, "search", asked),
        p95(client, "search/suggest", typed(every)),
        p95(client, "places", asked),
    ]
    app.extensions["chatbot"].close()
    app.extensions["engine"].dispose()
    return found, speeds


def main() -> None:
    """Fill, ask, measure, print."""
    options = argparse.ArgumentParser()
    options.add_argument("--sizes", type=int, nargs="+", default=SIZES)
    options.add_argument("--databases", nargs="+", default=("sqlite", "postgresql"))
    wanted = options.parse_args()
    queries = {name: judged(name) for name in SETS}
    good = True
    with databases(wanted.databases) as forms:
        for database in wanted.databases:
            say(f"\n{database:12} recall@5   MRR | p95 in ms: search  suggest  places?q=")
            speeds: list[list[float]] = []
            for size in wanted.sizes:
                url = address(forms, database, size)
                took = fill(url, size)
                found, fast = measure(url, queries)
                speeds.append(fast)
                for name, its in found.items():
                    say(f"{size:7} {name:9}{its.recall:.3f} {its.mrr:.3f}")
                    for miss in its.misses:
                        say(miss)
                    if size == min(wanted.sizes):
                        good &= its.recall >= WANTED_RECALL and its.mrr >= WANTED_MRR
                say(f"{size:7} {'':18} {fast[0]:14.1f} {fast[1]:8.1f} {fast[2]:9.1f}"
                    f"   indexed in {took:.0f} s")  # fmt: skip
            ratios = [last / first for first, last in zip(speeds[0], speeds[-1], strict=True)]
            say(f"  ratio {'':18} {ratios[0]:14.2f} {ratios[1]:8.2f} {ratios[2]:9.2f}")
    say(f"\nwanted: recall@5 {WANTED_RECALL}, MRR {WANTED_MRR}, p95 {WANTED_MS} ms at {SIZES[0]},"
        f" ratio {WANTED_RATIO}; found as wanted: {'yes' if good else 'NO'}")  # fmt: skip


if __name__ == "__main__":
    main()
