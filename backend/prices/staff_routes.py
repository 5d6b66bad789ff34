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
from backend.staff_content import SCHEDULE, add_act, add_content, editing, two_person
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

CORRECTION = CorrectionSchema()
CORRECTIONS = page_of(CorrectionSchema)
QUERY = CorrectionQuery()
ACCEPTANCE = AcceptanceSchema()
REFUSAL = RefusalSchema()


def publish(session: Session, price: Price, edit: Edit) -> Price:
    """Publish one. A changed price becomes one of its own, which is answered."""
    return verbs.publish(session, price, edit, two_person=two_person())


def _schedule(session: Session, price: Price, edit: Edit, *, at: datetime) -> None:
    """Let one appear at a moment to come."""
    verbs.schedule(session, price, at, edit, two_person=two_person())


add_content(api, Price, PriceDraftSchema, check, own_acts=("publish", "schedule"))
add_act(api, "publish", Price, PriceDraftSchema, publish)
add_act(api, "schedule", Price, PriceDraftSchema, _schedule, accepts=SCHEDULE)


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
