"""What officers do to reports beyond moving them; see staff_routes for the rest."""

from __future__ import annotations

import uuid
from typing import Any

from flask_babel import gettext
from flask_restx import Resource
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.database import session
from backend.feedback import act_schemas as schemas
from backend.feedback import acts, bulk, handling, merging, presenting
from backend.feedback.models import Report
from backend.feedback.photos import add_photo
from backend.feedback.routes import filing_of, storage, uploaded
from backend.feedback.schemas import ReportPhotos
from backend.feedback.staff_routes import reach, shown, staff_report, within_reach
from backend.feedback.workflow import State, Who
from backend.rest import Namespace
from backend.uploads import up_to
from content.errors import DomainError, Invalid

api = Namespace("staff-acts", description="What officers do to reports", path="/staff/reports")
outcome_schema = schemas.BulkOutcome()


class OfficerAct(Resource):
    """What an officer does to a report; answers with how it stands then."""

    def answer(self, report: Report) -> dict[str, Any]:
        session.commit()
        return shown(report)


@api.route("/<uuid:report_id>/photos")
class OfficerPhotos(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @up_to("max_photo_bytes")
    @api.doc(consumes=["multipart/form-data"])
    @api.param("photo", "JPEG, PNG or WebP; may be repeated", _in="formData", type="file")
    @api.returns(ReportPhotos(), 201)
    def post(self, report_id: uuid.UUID) -> tuple[dict[str, Any], int]:
        """Add photos of what was done; a reply then shows them to the reporter."""
        files = uploaded()
        report = within_reach(report_id)
        with storage().writing() as writing:
            added = [
                add_photo(session, writing, report, data, current.now(), Who.OFFICER)
                for data in files
            ]
            session.commit()
        photos = [photo for photo, _known in added]
        status = 200 if all(known for _photo, known in added) else 201
        return {"photos": presenting.photo_list(presenting.STAFF_URL, report_id, photos)}, status


@api.route("/<uuid:report_id>/reply")
class Reply(OfficerAct):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportReply())
    @api.returns(staff_report, 201)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Say something to the reporter, with photos."""
        within_reach(report_id)
        return self.answer(
            acts.reply(
                session,
                report_id,
                body["text"],
                photos=body.get("photos") or (),
                staff_id=employees.required().id,
                now=current.now(),
            )
        )


@api.route("/<uuid:report_id>/question")
class Question(OfficerAct):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportQuestion())
    @api.returns(staff_report, 201)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Ask the reporter something; the clock stands until the answer."""
        within_reach(report_id)
        return self.answer(
            acts.ask(
                session,
                report_id,
                body["text"],
                staff_id=employees.required().id,
                now=current.now(),
            )
        )


@api.route("/<uuid:report_id>/recategorise")
class Recategorise(OfficerAct):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.Recategorisation())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """File a report under another category, which may give it to another office."""
        within_reach(report_id)
        return self.answer(
            acts.recategorise(
                session,
                report_id,
                body["category"],
                reason=body["reason"],
                staff_id=employees.required().id,
                now=current.now(),
            )
        )


@api.route("/<uuid:report_id>/merge")
class Merge(OfficerAct):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.Merger())
    @api.returns(staff_report)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """Close a report as a duplicate of another one, and lead its followers there."""
        within_reach(report_id)
        return self.answer(
            merging.merge(
                session,
                report_id,
                body["into"],
                reason=body["reason"],
                staff_id=employees.required().id,
                secret=current.settings().secret_key,
                now=current.now(),
            )
        )


@api.route("/<uuid:report_id>/split")
class Split(OfficerAct):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.ReportPart())
    @api.returns(staff_report, 201)
    def post(self, body: dict[str, Any], report_id: uuid.UUID) -> dict[str, Any]:
        """File a part of a report as one of its own, for the same reporter."""
        within_reach(report_id)
        with storage().writing() as writing:
            return self.answer(
                merging.split(
                    session,
                    report_id,
                    filing_of(body | {"anonymous": False}),
                    photos=body["photos"],
                    files=writing,
                    staff_id=employees.required().id,
                    now=current.now(),
                    town_time=current.settings().timezone,
                )
            )


@api.route("/bulk")
class Bulk(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.accepts(schemas.BulkAct())
    @api.returns(outcome_schema)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Do one act to many reports; one that is refused does not hold up the others."""
        outcome = bulk.apply(
            session, _act_of(body), body["reports"], reach(), name=body["act"], now=current.now()
        )
        return _told(outcome)


@api.route("/bulk/undo")
class UndoBulk(Resource):
    @access.staff(Permission.WORK_ON_REPORTS)
    @api.returns(outcome_schema)
    def post(self) -> dict[str, Any]:
        """Take back one's last act on many reports, where the workflow has the way back."""
        return _told(bulk.undo(session, reach(), current.now()))


def _act_of(body: dict[str, Any]) -> bulk.Act:
    staff_id, now = employees.required().id, current.now()

    def move(session: Session, report_id: uuid.UUID) -> Report:
        return handling.move(
            session,
            report_id,
            State(body["to"]),
            by=Who.OFFICER,
            staff_id=staff_id,
            reason=body["reason"],
            public_note=body.get("public_note"),
            now=now,
        )

    def assign(session: Session, report_id: uuid.UUID) -> Report:
        return handling.assign(
            session,
            report_id,
            office=body.get("office") or None,
            person=body.get("person"),
            staff_id=staff_id,
            now=now,
        )

    return move if body["act"] == "transition" else assign


def _told(outcome: bulk.Outcome) -> dict[str, Any]:
    return {
        "bulk_id": outcome.bulk_id,
        "done": outcome.done,
        "failed": [
            {"report": report_id, "detail": gettext(error.message, **error.values)}
            | ({"errors": _fields(error)} if isinstance(error, Invalid) else {})
            for report_id, error in outcome.failed
        ],
    }


def _fields(error: DomainError) -> dict[str, list[str]]:
    errors = error.errors if isinstance(error, Invalid) else {}
    return {
        field: [gettext(message, **error.values) for message in messages]
        for field, messages in errors.items()
    }
