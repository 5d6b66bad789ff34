"""What has changed since a client asked last, so that an app works without a connection."""

from __future__ import annotations

import base64
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import orjson
from flask import Response
from flask_restx import Resource
from marshmallow import Schema, fields, validate

from backend import current, dumping
from backend.accounts import access
from backend.articles.schemas import ArticleSchema
from backend.beaches.schemas import BeachSchema
from backend.contacts.schemas import PublicContactSchema
from backend.database import session
from backend.events.schemas import EventSchema
from backend.places.schemas import PlaceDetailSchema
from backend.prices.schemas import PriceSchema
from backend.rest import Language, Namespace, OneOf, answer_json
from content import sync
from content.errors import N_, Invalid
from content.publishing import Publishable
from content.sync import Since

api = Namespace("sync", path="/sync", description="What has changed since")


class OfflinePlaceSchema(PlaceDetailSchema):
    """A place to keep: without what holds only for the moment or the question."""

    class Meta:
        exclude = ("open_now", "distance_m")


KINDS: dict[str, tuple[str, type[Schema]]] = {
    "article": ("articles", ArticleSchema),
    "beach": ("beaches", BeachSchema),
    "contact": ("contacts", PublicContactSchema),
    "event": ("events", EventSchema),
    "place": ("places", OfflinePlaceSchema),
    "price": ("prices", PriceSchema),
}
"""The name of each kind in the answer, and how it is shown."""

Changed = Schema.from_dict(
    {name: fields.List(fields.Nested(schema)) for name, schema in KINDS.values()},
    name="ChangedSchema",
)


class RemovedSchema(Schema):
    """Something that the public sees no longer."""

    type = OneOf(*(name for name, _ in KINDS.values()))
    id = fields.UUID()


class SyncSchema(Schema):
    """What to add or replace, what to remove, and the cursor to ask with next.

    Ask on at once until `complete`; later with the same cursor again.
    """

    changed = fields.Nested(Changed)
    removed = fields.List(fields.Nested(RemovedSchema))
    cursor = fields.String()
    complete = fields.Boolean()


class SyncQuery(Schema):
    """What the client has seen; nothing for a new one."""

    since = fields.String(load_default=None)
    limit = fields.Integer(load_default=1000, validate=validate.Range(1, 2000))
    lang = Language(load_default=None)


SYNC = SyncSchema()
QUERY = SyncQuery()


@api.route("")
class Sync(Resource):
    @access.public
    @api.accepts(QUERY, location="query")
    @api.returns(SYNC)
    def get(self, args: dict[str, Any]) -> Response:
        """What has changed since `since`; everything for a client that has nothing."""
        since = _read(args["since"]) if args["since"] else Since()
        found = sync.delta(session, since, current.now(), limit=args["limit"], show=_shower())
        answer = {
            "changed": {KINDS[kind][0]: items for kind, items in found.changed.items()},
            "removed": [{"type": KINDS[kind][0], "id": key} for kind, key in found.removed],
            "cursor": _written(found.since),
            "complete": found.complete,
        }
        return answer_json(answer, 200)


def _shower() -> Callable[[Publishable], orjson.Fragment]:
    """What writes a piece as JSON at once: bytes take less memory than what they are made of."""
    writers = {kind: dumping.writer(schema()) for kind, (_, schema) in KINDS.items()}
    return lambda item: orjson.Fragment(orjson.dumps(writers[item.search_type](item)))


def _written(since: Since) -> str:
    moment = since.moment.timestamp() if since.moment else None
    packed = orjson.dumps([since.number, moment])
    return base64.urlsafe_b64encode(packed).rstrip(b"=").decode()


def _read(cursor: str) -> Since:
    try:
        number, moment = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        seen = datetime.fromtimestamp(moment, UTC) if moment is not None else None
        if type(number) is not int or not 0 <= number < 2**62:
            raise ValueError
    except (ValueError, TypeError, OverflowError, OSError):
        raise Invalid({"since": [N_("This cursor was not given by this list.")]}) from None
    return Since(number, seen)
