"""Editors' work on prices, and on the corrections that businesses send."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_restx import Resource
from sqlalchemy.orm import Session

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.paging import page
from backend.prices.schemas import (
    AcceptanceSchema,
    CorrectionQuery,
    CorrectionSchema,
    PriceDraftSchema,
    RefusalSchema,
)
from backend.rest import Namespace, page_of
from backend.staff_content import OnFile, add_content, add_schedule, editing, on_file, two_person
from content import publishing
from content.prices import corrections, verbs
from content.prices.models import Price, PriceCorrection
from content.prices.rules import check
from content.publishing import Edit

api = Namespace("staff-prices", path="/staff/prices", description="Editors' work on prices")
corrected = Namespace(
    "staff-price-corrections",
    path="/staff/price-corrections",
    description="Deciding on corrections of prices",
)

DRAFT = PriceDraftSchema()
CORRECTION = CorrectionSchema()
CORRECTIONS = page_of(CorrectionSchema)
QUERY = CorrectionQuery()
ACCEPTANCE = AcceptanceSchema()
REFUSAL = RefusalSchema()


@api.route("/<key>/publish")
@api.param("key", "An id or a readable address")
class Publishing(Resource):
    @access.staff(Permission.PUBLISH_CONTENT)
    @api.returns(DRAFT)
    @api.doc(id="publish_price")
    def post(self, key: str) -> OnFile:
        """Publish one. A changed price becomes one of its own, which is answered."""
        price = publishing.find(session, Price, key)
        shown = verbs.publish(session, price, editing(), two_person=two_person())
        session.commit()
        return on_file(shown)


def _schedule(session: Session, price: Price, at: datetime, edit: Edit) -> None:
    verbs.schedule(session, price, at, edit, two_person=two_person())


add_content(api, Price, PriceDraftSchema, check, own_acts=("publish", "schedule"))
add_schedule(api, Price, PriceDraftSchema, _schedule)


@corrected.route("")
class Corrections(Resource):
    @access.staff(Permission.WRITE_CONTENT)
    @corrected.accepts(QUERY, location="query")
    @corrected.returns(CORRECTIONS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List the corrections that were sent, the newest first."""
        return page(
            session,
            corrections.corrections(args["state"]),
            [PriceCorrection.created_at, PriceCorrection.id],
            limit=args["limit"],
            cursor=args["cursor"],
            descending=True,
        )


@corrected.route("/<key>/accept")
@corrected.param("key", "The id of a correction")
class Acceptance(Resource):
    @access.staff(Permission.PUBLISH_CONTENT)
    @corrected.accepts(ACCEPTANCE)
    @corrected.returns(CORRECTION)
    def post(self, body: dict[str, Any], key: str) -> PriceCorrection:
        """Let the price be what the correction says; the one before is closed."""
        found = corrections.accept(session, key, editing(), **body)
        session.commit()
        return found


@corrected.route("/<key>/refuse")
@corrected.param("key", "The id of a correction")
class Refusal(Resource):
    @access.staff(Permission.PUBLISH_CONTENT)
    @corrected.accepts(REFUSAL)
    @corrected.returns(CORRECTION)
    def post(self, body: dict[str, Any], key: str) -> PriceCorrection:
        """Leave the price as it is, for a reason."""
        found = corrections.refuse(session, key, editing(), reason=body["reason"])
        session.commit()
        return found
