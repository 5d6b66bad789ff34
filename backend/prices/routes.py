"""Reading posted prices, and sending corrections of them."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access
from backend.database import session
from backend.languages import language
from backend.limits import limiter
from backend.paging import page
from backend.prices.schemas import (
    NewCorrectionSchema,
    PriceDetailSchema,
    PriceQuery,
    PriceSchema,
    SentCorrectionSchema,
)
from backend.rest import Namespace, idempotency_key, page_of
from content.errors import NotFound
from content.places.models import Place
from content.prices import corrections, queries
from content.prices.models import Price, PriceCorrection
from content.publishing import find_visible

api = Namespace("prices", path="/prices", description="Posted prices")

PRICES = page_of(PriceSchema)
DETAIL = PriceDetailSchema()
QUERY = PriceQuery()
NEW = NewCorrectionSchema()
SENT = SentCorrectionSchema()

NO_PLACE = uuid.UUID(int=0)


@api.route("")
class Prices(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(PRICES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List the prices in force today, of an item, a place or a quarter."""
        now = current.now()
        wanted = queries.Wanted(args["item"], _place_id(args["place"]), args["quarter"])
        statement = queries.prices(session, wanted, language=language(), now=now)
        return page(session, statement, [Price.slug], limit=args["limit"], cursor=args["cursor"])


def _place_id(key: str | None) -> uuid.UUID | None:
    if not key:
        return None
    try:
        return find_visible(session, Place, key, current.now()).id
    except NotFound:
        return NO_PLACE


@api.route("/<key>")
@api.param("key", "An id or a readable address")
class OnePrice(Resource):
    @access.published
    @api.returns(DETAIL)
    def get(self, key: str) -> Price:
        """A price in force, and what it was before."""
        return find_visible(session, Price, key, current.now())


@api.route("/<key>/corrections")
@api.param("key", "An id or a readable address")
class Corrections(Resource):
    @access.anyone
    @limiter.limit("10 per hour", override_defaults=False)
    @api.param("Idempotency-Key", "A UUID the app makes for each correction", _in="header")
    @api.accepts(NEW)
    @api.returns(SENT, 201)
    def post(self, body: dict[str, Any], key: str) -> tuple[PriceCorrection, int]:
        """Say that a price is not right; an editor accepts or refuses it.

        A repeat with the same Idempotency-Key answers as the first did, with 200.
        """
        consent = body["consent"] or {}
        sent = corrections.Sent(
            price_vnd=body["price_vnd"],
            price_max_vnd=body["price_max_vnd"],
            note=body["note"],
            contact={name: text for name, text in (body["contact"] or {}).items() if text},
            consent_version=consent.get("version"),
            consent_at=consent.get("at"),
        )
        made, repeated = corrections.send(
            session, key, sent, now=current.now(), sent_key=idempotency_key()
        )
        session.commit()
        return made, 200 if repeated else 201
