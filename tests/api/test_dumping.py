"""Answers are written faster than by marshmallow, and are what marshmallow would write."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from marshmallow import Schema, fields, post_dump, pre_dump
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from backend import dumping
from backend.database import session as of_request
from backend.prices.schemas import PriceDetailSchema
from backend.rest import Moment, Translated
from backend.sync.routes import KINDS
from content.prices.models import Price
from content.publishing import State, kind_named
from tests.factories.content import (
    LONG_AGO,
    ArticleFactory,
    BeachFactory,
    ContactFactory,
    EventFactory,
    PlaceFactory,
    keep,
)

ROUNDS = 12
MOMENT = datetime(2026, 2, 28, 17, 30, 5, 250_000, tzinfo=UTC)
PICTURE = {
    "url": "https://example.org/a.jpg", "width": 4, "height": 3, "alt": {"vi": "Ảnh", "en": "A"},
    "licence": "CC-BY-4.0", "credit": "Mẫu",
}  # fmt: skip


def schemas(above: type[Schema] = Schema) -> Iterator[type[Schema]]:
    """Every schema that there is."""
    for kind in above.__subclasses__():
        yield kind
        yield from schemas(kind)


def value_for(field: Any, chance: Random, depth: int) -> Any:
    """Something that *field* may have to write, now and then something that it cannot."""
    if chance.random() < 0.15:
        return None
    if chance.random() < 0.02:
        return chance.choice(["", "x", b"x", 0, 7, 1.5, True, [], {}, MOMENT, time(7)])
    if isinstance(field, fields.List):
        return [value_for(field.inner, chance, depth) for _ in range(chance.randrange(3))]
    if isinstance(field, fields.Nested):
        many = field.schema.many or field.many
        some = [object_for(field.schema, chance, depth + 1) for _ in range(chance.randrange(1, 3))]
        return some if many else some[0]
    found = {
        fields.DateTime: [MOMENT, MOMENT + timedelta(hours=7), MOMENT.isoformat()],
        fields.Date: [date(2026, 9, 2), "2026-09-02"],
        fields.Time: [time(7, 30)],
        fields.Integer: [0, 7, 7.9, "8", True, uuid.UUID(int=7)],
        fields.Float: [0, 7.25, "8.5", 10**20],
        fields.Boolean: [True, False, 1],
        fields.UUID: [uuid.UUID(int=7), str(uuid.UUID(int=7))],
        fields.Dict: [{"vi": "Có", "en": "Yes"}, {}],
        Translated: [{"vi": "Có", "en": "Yes"}, {"en": "Yes"}, {"la": "Sic"}, {}, "as it is"],
        fields.String: ["", "Cửa Lò", State.DRAFT, 7, {"vi": "**Có**"}, b"Cua Lo"],
    }
    for kind, values in found.items():
        if isinstance(field, kind):
            return chance.choice(values)
    return chance.choice(["x", 7, None])


def object_for(schema: Schema, chance: Random, depth: int = 0) -> Any:
    """An object, or a dict, with most of what *schema* shows."""
    made: dict[str, Any] = {}
    for name, field in schema.dump_fields.items():
        if chance.random() < 0.1 or (depth > 2 and isinstance(field, fields.Nested | fields.List)):
            continue
        *path, last = (field.attribute or name).split(".")
        inner = made
        for piece in path:
            inner = inner.setdefault(piece, {})
        inner[last] = value_for(field, chance, depth)
    return made if chance.random() < 0.3 else SimpleNamespace(**made)


def outcome(write: Any, obj: Any) -> tuple[str, Any]:
    """What comes of writing *obj*: the answer, in its order, or an error."""
    try:
        return "answer", repr(write(obj))
    except DBAPIError:
        # Which one depends on what the transaction went through before.
        return "error", DBAPIError
    except Exception as error:
        return "error", type(error)


@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_schema_writes_what_marshmallow_writes(app: Flask, language: str) -> None:
    chance = Random(2026)  # noqa: S311 - nobody has to guess it
    tried, written = 0, set()
    for kind in schemas():
        schema = kind()
        for _ in range(ROUNDS):
            obj = object_for(schema, chance)
            with app.test_request_context(query_string={"lang": language}):
                ours = outcome(dumping.writer(schema), obj)
                theirs = outcome(schema.dump, obj)
            assert ours == theirs, (kind, obj)
            tried += 1
            if theirs[0] == "answer":
                written.add(kind)
    assert tried > 150 * ROUNDS
    assert len(written) > 100


def test_content_on_file_is_written_as_marshmallow_writes_it(app: Flask, session: Session) -> None:
    place = PlaceFactory(
        quarter="nghi-thuy", location={"lat": 18.8, "lng": 105.7}, images=[PICTURE], tags=["free"],
        opening_hours="Mo-Su 07:00-18:00", season={"from": "04-30", "to": "09-02"},
        opening_exceptions=[{"date": "2026-09-02", "closed": True, "note": {"vi": "Nghỉ lễ"}}],
        links=[{"url": "https://example.org", "title": {"en": "More"}}], verified_at=LONG_AGO,
    )  # fmt: skip
    article = ArticleFactory(image=PICTURE, procedure={"fee": {"vi": "*Không*"}})
    keep(session, place, article, BeachFactory(), ContactFactory(), EventFactory())
    price = Price(
        item={"vi": "Ghế"}, price_vnd=50_000, place_id=place.id, source="Mẫu", slug="ghe",
        state=State.PUBLISHED, published_at=LONG_AGO,
    )  # fmt: skip
    keep(session, price)
    shown = [(name, schema()) for name, (_, schema) in KINDS.items()]
    with app.test_request_context(query_string={"lang": "en"}):
        for name, schema in [*shown, ("price", PriceDetailSchema())]:
            for item in of_request.scalars(select(kind_named(name))):
                ours = dumping.writer(schema)(item)
                assert list(ours.items()) == list(schema.dump(item).items())


class Colder(Translated):
    """A text with a way of its own to be written, though of a known kind."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return super()._serialize(value, *args, **kwargs).upper()


class Node(Schema):
    """What nests itself, and does all that a schema may do to an answer."""

    name = Colder(data_key="Name")
    at = Moment(attribute="inner.at")
    size = fields.Integer(as_string=True)
    secret = fields.String(load_only=True)
    missing = fields.String(dump_default=lambda: "none")
    double = fields.Function(lambda node: node["size"] * 2)
    twice = fields.Method("_twice")
    words = fields.List(Colder())
    word = fields.Pluck(lambda: Node(), "name")
    nodes = fields.List(fields.Nested(lambda: Node(exclude=("nodes",))))
    more = fields.Nested(lambda: Node(only=("size",)), many=True)

    def _twice(self, node: Any) -> Any:
        return node["size"] * 2


class Hooked(Node):
    """The same, with hooks."""

    @pre_dump
    def _named(self, node: Any, **_: Any) -> Any:
        return {**node, "name": {"vi": "trước"}}

    @post_dump
    def _counted(self, answer: Any, **_: Any) -> Any:
        return {**answer, "count": len(answer)}


@pytest.mark.parametrize("kind", [Node, Hooked])
def test_what_is_not_known_is_left_to_marshmallow(app: Flask, kind: type[Schema]) -> None:
    leaf = {"size": 1, "name": {"vi": "lá"}, "inner": {"at": MOMENT}, "secret": "x"}
    tree = {**leaf, "words": [{"vi": "một"}], "word": leaf, "nodes": [leaf], "more": [leaf, leaf]}
    with app.test_request_context():
        for one in (leaf, tree):
            assert dumping.writer(kind())(one) == kind().dump(one)
        both = kind(many=True)
        assert dumping.writer(both, many=True)([leaf, tree]) == both.dump([leaf, tree])
