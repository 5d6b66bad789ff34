"""Reports as the town's staff work on them."""

from __future__ import annotations

import uuid
from typing import Any

from flask import Response, request
from flask_restx import Resource

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.database import only_reads, session
from backend.feedback import (
    act_schemas,
    handling,
    listing,
    photo_schemas,
    presenting,
    publicity,
    schemas,
    searching,
    setup,
)
from backend.feedback.filing import file_report
from backend.feedback.images import Box
from backend.feedback.models import Report, ReportContact
from backend.feedback.photos import cover, photo_of, uncover
from backend.feedback.public_schemas import ReportApproval, ReportHiding
from backend.feedback.reach import Reach, reach_of
from backend.feedback.reading import report_of_id, reports_for_staff
from backend.feedback.routes import filing_of, send_photo, storage
from backend.feedback.tokens import access_token
from backend.feedback.workflow import State, Who, states_named
from backend.freshness import kept
from backend.languages import language
from backend.paging import page
from backend.rest import Namespace, idempotency_key, page_of
from content.errors import N_, Refused

api = Namespace("staff-reports", description="Work on reports", path="/staff/reports")
staff_report = schemas.StaffReport()


def reach() -> Reach:
    """The reports that the caller may see and work on."""
    caller = employees.required()
    return reach_of(session, caller.id, sees_all=caller.may(Permission.READ_ALL_REPORTS))


def within_reach(report_id: uuid.UUID) -> Report:
    """A report the caller may see. Raises NotFound; Refused for one of another office."""
    report = report_of_id(session, report_id)
    reach().check(report)
    return report


def look_at_contact(report_id: uuid.UUID, reason: str | None) -> ReportContact:
    """Who reported; that the caller looked, and why, is on record. See the verb."""
    caller = employees.required()
    contact = handling.look_at_contact(
        session,
        report_id,
        staff_id=caller.id,
        may_unseal=caller.may(Permission.READ_SEALED_CONTACTS),
        role=caller.role_for(Permission.READ_CONTACTS),
        reason=reason,
        now=current.now(),
    )
    session.commit()
    return contact


def shown(report: Report) -> dict[str, Any]:
    """*report* as a member of staff sees it now."""
    return presenting.for_staff(session, report, language(), current.now())


@api.route("")
class StaffReports(Resource):
    @access.staff(Permission.READ_REPORTS)
    @only_reads
    @api.accepts(schemas.StaffReportQuery(), location="query")
    @api.returns(page_of(schemas.StaffReportItem))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The reports that fit, the newest first."""
        town = kept(setup.read)
        wanted, finder = searching.narrowed(
            reports_for_staff(
                session,
                reach(),
                statuses=states_named(query["status"]),
                category=query["category"],
                quarter=query["quarter"],
                office=query["office"],
                assignee=employees.required().id if query["mine"] else None,
                late_at=current.now() if query["late"] else None,
                setup=town,
            ),
            query["q"],
        )
        found = page(
            session,
            wanted.with_only_columns(*listing.COLUMNS),
            (Report.created_at, Report.id),
            limit=query["limit"],
            cursor=query["cursor"],
            descending=True,
            item=listing.Listed,
            finder=finder,
        )
        now = current.now()
        found["items"] = presenting.list_for_staff(session, found["items"], language(), now, town)
        return found

    @access.staff(Permission.WORK_ON_REPORTS)
    @api.param("Idempotency-Key", "A UUID made for each report", _in="header")
    @api.accepts(act_schemas.ReportForSomebody())
    @api.returns(act_schemas.StaffFiledReport(), 201)
    def post(self, body: dict[str, Any]) -> tuple[dict[str, Any], int]:
        """File a report for somebody; a repeat with the same key answers 200."""
        report, repeated = file_report(
            session,
            filing_of(body),
            now=current.now(),
            town_time=current.settings().timezone,
            source="staff",
            town_box=current.settings().town_box,
            key=idempotency_key(),
            staff_id=employees.required().id,
            setup=kept(setup.read),
        )
        session.commit()
        token = access_token(report.id, current.settings().secret_key)
        return shown(report) | {"access_token": token}, 200 if repeated else 201


@api.route("/<uuid:report_id>")
class StaffReport(Resource):
    @access.staff(Permission.READ_REPORTS)
    @api.returns(staff_report)
    def get(self, report_id: uuid.UUID) -> dict[str, Any]:
        """One report with all that happened to it."""
        return shown(within_reach(report_id))


@api.route("/<uuid:report_id>/contact")
class StaffReportContact(Resource):
    @access.staff(Permission.READ_CONTACTS)
    @api.accepts(schemas.LookQuery(), location="query")
    @api.returns(schemas.ReporterContact())
    def get(self, query: dict[str, Any], report_id: uuid.UUID) -> Any:
        """Who reported; sealed where the person stays unknown. The person can read of each look."""
        within_reach(report_id)
        return look_at_contact(report_id, query["reason"])


@api.route("/<uuid:report_id>/photos/<uuid:photo_id>")
class StaffReportPhoto(Resource):
    @access.staff(Permission.READ_REPORTS)
    @api.produces(["image/jpeg"])
    @api.param("size", "`thumbnail` for the small one")
    @api.param("version", "`original` for what is covered; not every role may")
    def get(self, report_id: uuid.UUID, photo_id: uuid.UUID) -> Response:
        """A photo of a report; covered where somebody covered it."""
        within_reach(report_id)
        wants_original = request.args.get("version") == "original"
        if wants_original and not employees.required().may(Permission.SEE_ORIGINALS):
            raise Refused(N_("Your role does not allow this."))
        return send_photo(photo_of(session, report_id, photo_id), covered=not wants_original)


@api.route("/<uuid:report_id>/photos/<uuid:photo_id>/cover")
class Cover(Resource):
    @access.staff(Permission.SEE_ORIGINALS)
    @api.accepts(photo_schemas.Covering())
    @api.returns(staff_report)
    def post(
        self, body: dict[str, Any], report_id: uuid.UUID, photo_id: uuid.UUID
    ) -> dict[str, Any]:
        """Paint over faces and number plates; the public is shown the covered copy alone."""
        report = within_reach(report_id)
        with storage().writing() as writing:
            cover(
                session,
                writing,
                photo_of(session, report_id, photo_id),
                [Box(**box) for box in body["boxes"]],
                staff_id=employees.required().id,
                now=current.now(),
            )
            session.commit()
        return shown(report)

    @access.staff(Permission.SEE_ORIGINALS)
    @api.returns(staff_report)
    def delete(self, report_id: uuid.UUID, photo_id: uuid.UUID) -> dict[str, Any]:
        """Take back what is painted over; the photo is for nobody until it is approved again."""
        report = within_reach(report_id)
        photo = photo_of(session, report_id, photo_id)
        uncover(session, photo, staff_id=employees.required().id, now=current.now())
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/transition")
class Transition(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportMove())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Move a report to another state and tell its reporter."""
        within_reach(report_id)
        report = handling.move(
            session,
            report_id,
            State(body["to"]),
            by=Who.OFFICER,
            staff_id=employees.required().id,
            reason=body["reason"],
            public_note=body.get("public_note"),
            version=body.get("version"),
            now=current.now(),
        )
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/approve")
class Approve(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(ReportApproval())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Let everybody read these words and see these photos; what is not named is not shown."""
        now = current.now()
        within_reach(report_id)
        report = handling.hold(session, report_id, now)
        publicity.approve(
            session,
            report,
            description=body["description"],
            photos=body["photos"],
            staff_id=employees.required().id,
            now=now,
        )
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/hide")
class Hide(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(ReportHiding())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Take a report from the public until it is approved again."""
        now = current.now()
        within_reach(report_id)
        report = handling.hold(session, report_id, now)
        publicity.hide(session, report, body["reason"], staff_id=employees.required().id, now=now)
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/note")
class Note(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportNote())
    @api.returns(staff_report, 201)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Add a note that only staff read."""
        within_reach(report_id)
        report = handling.note(
            session,
            report_id,
            body["text"],
            staff_id=employees.required().id,
            now=current.now(),
        )
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/assign")
class Assign(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportAssignment())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Say which office or person works on a report."""
        within_reach(report_id)
        report = handling.assign(
            session,
            report_id,
            office=body.get("office") or None,
            person=body.get("person"),
            staff_id=employees.required().id,
            now=current.now(),
        )
        session.commit()
        return shown(report)
