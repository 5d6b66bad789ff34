"""Office hours, what is promised for each category, and the staff's notices."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask_restx import Resource

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.database import session
from backend.feedback import notices, promises
from backend.feedback import promise_schemas as schemas
from backend.feedback.deadlines import Promise
from backend.feedback.notices import StaffNotice
from backend.languages import language
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from content.text import in_language
from content.vocabularies.models import Term

api = Namespace(
    "staff-promises", description="How soon reports are answered", path="/staff/promises"
)
hours_api = Namespace(
    "staff-office-hours", description="When the offices are open", path="/staff/office-hours"
)
notices_api = Namespace(
    "staff-notices", description="What the staff are told of reports", path="/staff/notices"
)
office_hours = schemas.OfficeHours()


@hours_api.route("")
class OfficeHours(Resource):
    @access.staff(Permission.READ_REPORTS)
    @hours_api.returns(office_hours)
    def get(self) -> dict[str, Any]:
        """When the offices are open."""
        return {"hours": promises.office_hours(session)}

    @access.staff(Permission.MANAGE_OFFICES)
    @hours_api.accepts(office_hours)
    @hours_api.returns(office_hours)
    def put(self, body: dict[str, Any]) -> dict[str, Any]:
        """Enter other hours; what was promised stays."""
        hours = promises.enter_office_hours(session, body["hours"], editing())
        session.commit()
        return {"hours": hours}


def _shown(term: Term, promise: Promise) -> dict[str, Any]:
    hour = timedelta(hours=1)
    return {
        "category": {"code": term.code, "name": in_language(term.name, language())},
        "acknowledge_hours": promise.acknowledge / hour,
        "resolve_hours": promise.resolve / hour,
        "by_clock": promise.by_clock,
        "is_default": term.promise is None,
    }


@api.route("")
class Promises(Resource):
    @access.staff(Permission.READ_REPORTS)
    @api.returns(schemas.Promises())
    def get(self) -> dict[str, Any]:
        """What is promised for each category."""
        return {"items": [_shown(*found) for found in promises.every_promise(session)]}


@api.route("/<category>")
class OnePromise(Resource):
    @access.staff(Permission.MANAGE_OFFICES)
    @api.accepts(schemas.PromiseDraft())
    @api.returns(schemas.PromiseSchema())
    def put(self, body: dict[str, Any], category: str) -> dict[str, Any]:
        """Promise something of its own for a category, for the reports to come."""
        term = promises.enter_promise(session, category, body, editing())
        session.commit()
        return _shown(term, promises.promise_of(session, category, promises.working_time(session)))

    @access.staff(Permission.MANAGE_OFFICES)
    @api.response(204, "The default again")
    def delete(self, category: str) -> tuple[None, int]:
        """Promise what is the default."""
        promises.enter_promise(session, category, None, editing())
        session.commit()
        return None, 204


@notices_api.route("")
class Notices(Resource):
    @access.staff(Permission.READ_REPORTS)
    @notices_api.accepts(schemas.NoticeQuery(), location="query")
    @notices_api.returns(page_of(schemas.StaffNoticeSchema))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """The caller's own notices, the newest first."""
        return page(
            session,
            notices.inbox(employees.required().id, unread=query["unread"]),
            (StaffNotice.id,),
            limit=query["limit"],
            cursor=query["cursor"],
            descending=True,
        )


@notices_api.route("/read")
class NoticesRead(Resource):
    @access.staff(Permission.READ_REPORTS)
    @notices_api.accepts(schemas.NoticesRead())
    @notices_api.response(204, "Noted")
    def post(self, body: dict[str, Any]) -> tuple[None, int]:
        """Note that notices were read."""
        notices.mark_read(session, employees.required().id, current.now(), body.get("ids"))
        session.commit()
        return None, 204
