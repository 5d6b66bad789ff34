"""Open reports that may mean the same, and "me too" instead of filing again."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access, citizens
from backend.database import only_reads, session
from backend.feedback import blocking, confirming, presenting, setup
from backend.feedback.public_schemas import Confirmation, SimilarQuery, SimilarReports
from backend.feedback.routes import delay, sender
from backend.freshness import kept
from backend.languages import language
from backend.limits import caller, limiter
from backend.rest import Namespace

api = Namespace("reports-nearby", description="Open reports to join", path="/reports")


@api.route("/similar")
class SimilarOnes(Resource):
    @access.anyone
    @only_reads
    @limiter.limit("60 per minute", override_defaults=False)
    @api.accepts(SimilarQuery(), location="query")
    @api.returns(SimilarReports())
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Open reports near a point that may mean the same, to confirm instead of filing again."""
        now = current.now()
        found = confirming.similar(session, **query, now=now, delay=delay())
        shown = presenting.similar_list(session, found, language(), now, delay(), kept(setup.read))
        return {"items": shown}


@api.route("/<uuid:report_id>/confirmations")
class Confirmations(Resource):
    @access.anyone
    @limiter.limit("30 per hour", override_defaults=False)
    @api.returns(Confirmation(), 201)
    def post(self, report_id: uuid.UUID) -> tuple[dict[str, Any], int]:
        """Say "me too"; a citizen who is signed in is told of each step from then on."""
        citizen = citizens.optional()
        blocking.check(session, sender(), current.now(), current.settings().timezone)
        report, repeated = confirming.confirm(
            session,
            report_id,
            citizen_id=citizen.id if citizen else None,
            address=caller(),
            secret=current.settings().secret_key,
            now=current.now(),
        )
        session.commit()
        said = {
            "code": report.code,
            "confirmations": report.confirmations,
            "following": citizen is not None,
        }
        return said, 200 if repeated else 201
