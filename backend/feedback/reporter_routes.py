"""What reporters do to their own reports, and who looked at them."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource
from sqlalchemy import Select

from backend import current
from backend.accounts import access, citizens
from backend.database import session
from backend.feedback import (
    access_log,
    closing,
    handling,
    presenting,
    schemas,
    setup,
)
from backend.feedback.models import Report, ReportContactLook
from backend.feedback.reading import reports_of_citizen
from backend.feedback.routes import TOKEN, for_reporter, own_report, tracked
from backend.feedback.workflow import State, Who
from backend.freshness import kept
from backend.languages import language
from backend.limits import limiter
from backend.paging import page
from backend.rest import Namespace, Paging, page_of

own_api = Namespace("reporter", description="What reporters do to their reports", path="/reports")
log_api = Namespace("my-access-log", description="Who looked at me", path="/me/access-log")
my_api = Namespace("my-reports", description="A citizen's own reports", path="/me/reports")

looks_page = page_of(schemas.Look)


class ReporterAct(Resource):
    """What a reporter does to the own report; answers with how it stands then."""

    def answer(self, report: Report) -> dict[str, Any]:
        session.commit()
        return for_reporter(report)


@own_api.route("/<uuid:report_id>/comments")
class Comments(ReporterAct):
    @access.anyone
    @limiter.limit("30 per hour", override_defaults=False)
    @own_api.param("X-Access-Token", TOKEN, _in="header")
    @own_api.accepts(schemas.NewComment())
    @own_api.returns(tracked, 201)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Add something to one's own report, or answer what the office asked."""
        own_report(report_id)
        return self.answer(handling.comment(session, report_id, body["text"], current.now()))


@own_api.route("/<uuid:report_id>/withdraw")
class Withdraw(ReporterAct):
    @access.anyone
    @own_api.param("X-Access-Token", TOKEN, _in="header")
    @own_api.accepts(schemas.Withdrawal())
    @own_api.returns(tracked)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Withdraw one's own report."""
        own_report(report_id)
        return self.answer(
            handling.move(
                session,
                report_id,
                State.WITHDRAWN,
                by=Who.REPORTER,
                reason=body["reason"],
                now=current.now(),
            )
        )


@own_api.route("/<uuid:report_id>/reopen")
class Reopen(ReporterAct):
    @access.anyone
    @own_api.param("X-Access-Token", TOKEN, _in="header")
    @own_api.accepts(schemas.Reopening())
    @own_api.returns(tracked)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Say that one's own report was closed too early, within some days."""
        own_report(report_id)
        within = current.settings().reopen_within
        return self.answer(
            closing.reopen(session, report_id, body["reason"], now=current.now(), within=within)
        )


@own_api.route("/<uuid:report_id>/rating")
class Rating(ReporterAct):
    @access.anyone
    @limiter.limit("30 per hour", override_defaults=False)
    @own_api.param("X-Access-Token", TOKEN, _in="header")
    @own_api.accepts(schemas.NewRating())
    @own_api.returns(tracked)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Rate how one's own report was closed; once more changes the rating."""
        own_report(report_id)
        return self.answer(
            closing.rate(
                session,
                report_id,
                body["rating"],
                body["comment"],
                now=current.now(),
                within=current.settings().reopen_within,
            )
        )


@own_api.route("/<uuid:report_id>/access-log")
class AccessLog(Resource):
    @access.anyone
    @limiter.limit("60 per minute", override_defaults=False)
    @own_api.param("X-Access-Token", TOKEN, _in="header")
    @own_api.accepts(Paging(), location="query")
    @own_api.returns(looks_page)
    def get(self, query: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Every look of the staff at who sent this report, the newest first."""
        own_report(report_id)
        return looks(access_log.looks_at_report(report_id), query)


@log_api.route("")
class MyAccessLog(Resource):
    @access.citizen
    @log_api.accepts(Paging(), location="query")
    @log_api.returns(looks_page)
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """Every look of the staff at who I am, in all my reports, the newest first."""
        return looks(access_log.looks_at_citizen(citizens.required().id), query)


def looks(found: Select[ReportContactLook], query: dict[str, Any]) -> dict[str, Any]:
    """A page of looks as their person may see them."""
    order = (ReportContactLook.at, ReportContactLook.id)
    listed = page(session, found, order, descending=True, **query)
    listed["items"] = access_log.shown(session, listed["items"], language())
    return listed


@my_api.route("")
class MyReports(Resource):
    @access.citizen
    @my_api.accepts(Paging(), location="query")
    @my_api.returns(page_of(schemas.MyReport))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What I filed while signed in, the newest first."""
        found = page(
            session,
            reports_of_citizen(citizens.required().id),
            (Report.created_at, Report.id),
            descending=True,
            **query,
        )
        found["items"] = presenting.list_for_reporter(
            session, found["items"], language(), kept(setup.read)
        )
        return found
