"""What a map asks for, against every place looked at one by one."""

# ruff: noqa: S311 - chance here keeps no secret

from __future__ import annotations

import math
import random
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.on_map import FEW
from content.places.models import Place
from content.publishing import State
from tests.factories.content import PlaceFactory

EDGES = [
    (90.0, 0.0), (-90.0, 180.0), (0.0, 180.0), (0.0, -180.0), (18.8, 180.0), (18.8, -180.0),
    (89.9999, 105.0), (-89.9999, -105.0), (0.0, 0.0),
]  # fmt: skip
METRES = 111_195


def scattered(chance: random.Random) -> Iterator[Place]:
    """Places in the town, some at one point, some far away, some without a point or unseen."""
    lat, lng = 18.8, 105.71
    for n in range(260):
        if n % 5:
            lat, lng = chance.gauss(18.8, 0.02), chance.gauss(105.71, 0.02)
        yield PlaceFactory(
            slug=f"mau-{chance.getrandbits(40):010x}",
            lat=lat,
            lng=lng,
            category=chance.choice(["sight", "food"]),
            tags=chance.sample(["free", "indoor"], 1),
            quarter=chance.choice([None, "nghi-tan"]),
            state=State.PUBLISHED if n % 11 else State.DRAFT,
            opening_hours=chance.choice([None, "24/7", "Mo-Su 20:00-21:00"]),
        )
    for n, (lat, lng) in enumerate(EDGES):
        yield PlaceFactory(slug=f"ria-{n}", lat=lat, lng=lng)
    for n in range(40):
        here = chance.uniform(-90, 90), chance.uniform(-180, 180)
        yield PlaceFactory(slug=f"xa-{n}", lat=here[0], lng=here[1])
    yield PlaceFactory(slug="khong-ro")


@pytest.fixture
def town(session: Session) -> list[Place]:
    session.add_all(scattered(random.Random(3)))
    session.commit()
    return list(scattered(random.Random(3)))


def pages(client: FlaskClient, limit: int, **query: Any) -> list[str]:
    """The slugs of all pages, in order."""
    found, cursor = [], {}
    while True:
        answer = client.get("/api/v1/places", query_string=query | cursor | {"limit": limit})
        assert answer.status_code == 200, answer.json
        found += [item["slug"] for item in answer.json["items"]]
        if not answer.json["next_cursor"]:
            return found
        cursor = {"cursor": answer.json["next_cursor"]}


def square(place: Place, lat: float, lng: float) -> float:
    north = (place.lat - lat) * METRES
    east = (place.lng - lng) * (METRES * math.cos(math.radians(lat)))
    return north * north + east * east


FILTERS: dict[str, tuple[dict[str, str], Callable[[Place], bool]]] = {
    "all": ({}, lambda p: True),
    "category": ({"category": "food"}, lambda p: p.category == "food"),
    "tag": ({"tag": "indoor"}, lambda p: "indoor" in (p.tags or [])),
    "quarter": ({"quarter": "nghi-tan"}, lambda p: p.quarter == "nghi-tan"),
    "open": ({"open_now": "true"}, lambda p: p.opening_hours == "24/7"),
}


def seen(town: list[Place], fits: Callable[[Place], bool]) -> list[Place]:
    return [p for p in town if p.lat is not None and p.state == State.PUBLISHED and fits(p)]


def random_box(chance: random.Random) -> tuple[float, float, float, float]:
    size = chance.choice([0.001, 0.01, 0.03, 0.2, 20, 180])
    lat, lng = chance.choice([(18.8, 105.71), *EDGES])
    lats = sorted(min(max(lat + chance.uniform(-size, size), -90), 90) for _ in range(2))
    lngs = sorted(min(max(lng + chance.uniform(-size, size), -180), 180) for _ in range(2))
    return lngs[0], lats[0], lngs[1], lats[1]


@pytest.mark.parametrize("name", FILTERS)
def test_a_box_holds_what_lies_in_it_by_address(
    client: FlaskClient, town: list[Place], name: str
) -> None:
    chance = random.Random(name)
    query, fits = FILTERS[name]
    boxes = [random_box(chance) for _ in range(12)]
    boxes += [(-180, -90, 180, 90), (180, 0, 180, 0), (105.71, 18.8, 105.71, 18.8)]
    for box in boxes:
        west, south, east, north = box
        expected = sorted(
            p.slug
            for p in seen(town, fits)
            if south <= p.lat <= north and west <= p.lng <= east  # type: ignore[operator]
        )
        bbox = ",".join(map(repr, box))
        assert pages(client, chance.choice([7, 100]), bbox=bbox, **query) == expected, box


@pytest.mark.parametrize("name", FILTERS)
def test_what_is_near_comes_by_distance(client: FlaskClient, town: list[Place], name: str) -> None:
    chance = random.Random(name)
    query, fits = FILTERS[name]
    for lat, lng in [(18.8, 105.71), (18.79, 105.7), *chance.sample(EDGES, 4)]:
        for radius in (None, chance.choice([50, 500, 3000, 100_000])):
            expected = [
                (square(p, lat, lng), p.slug)
                for p in seen(town, fits)
                if radius is None or square(p, lat, lng) <= radius**2
            ]
            asked = query | ({} if radius is None else {"radius": str(radius)})
            limit = chance.choice([7, 100])
            found = pages(client, limit, near=f"{lat!r},{lng!r}", **asked)
            assert found == [slug for _, slug in sorted(expected)], (lat, lng, radius)


def test_a_place_that_moves_is_found_where_it_is_now(client: FlaskClient, session: Session) -> None:
    place = PlaceFactory(slug="cho", lat=18.8, lng=105.7)
    session.add(place)
    session.commit()
    place.location = {"lat": 18.9, "lng": 105.8}
    session.commit()
    assert pages(client, 10, bbox="105.69,18.79,105.71,18.81") == []
    assert pages(client, 10, bbox="105.79,18.89,105.81,18.91") == ["cho"]
    assert pages(client, 10, near="18.9,105.8", radius=10) == ["cho"]
    place.location = None
    session.commit()
    assert pages(client, 10, bbox="-180,-90,180,90") == []
    assert pages(client, 10, near="18.9,105.8") == []


def test_a_box_that_holds_very_many_pages_through_all_of_them(
    client: FlaskClient, session: Session
) -> None:
    many = [
        PlaceFactory(slug=f"mau-{n * 7919 % 10_007:05}", lat=18.8 + n / 1e6, lng=105.7)
        for n in range(FEW + 10)
    ]
    session.add_all(many)
    session.commit()
    found = pages(client, 100, bbox="105,18,106,18.804")
    assert found == sorted(p.slug for p in many if p.lat is not None and p.lat <= 18.804)
    everywhere = pages(client, 100, bbox="105,18,106,19")
    assert everywhere == sorted(place.slug for place in many)
