"""Forwardings as administrators keep them."""

from __future__ import annotations

import uuid
from typing import Any

from flask_restx import Resource
from sqlalchemy import select

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.open311 import forwardings, schemas
from backend.open311.models import ForwardedReport, Forwarding, Progress
from backend.open311.relaying import enqueue_sending
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import editing
from content.errors import N_, Invalid, NotFound

api = Namespace(
    "staff-forwardings",
    description="Reports that go on to other Open311 servers",
    path="/staff/forwardings",
)
forwarding_schema = schemas.ForwardingSchema()


def shown(forwarding: Forwarding) -> dict[str, Any]:
    """*forwarding* without its key."""
    names = [name for name in forwarding_schema.dump_fields if name != "has_key"]
    said = {name: getattr(forwarding, name) for name in names}
    return said | {"has_key": forwarding.api_key is not None}


def private() -> bool:
    """Whether http and private addresses may be called."""
    return current.settings().open311_private_peers


@api.route("")
class ForwardingList(Resource):
    @access.staff(Permission.FORWARD_REPORTS)
    @api.returns(schemas.Forwardings())
    def get(self) -> dict[str, Any]:
        """All forwardings."""
        return {"items": [shown(one) for one in forwardings.every(session)]}

    @access.staff(Permission.FORWARD_REPORTS)
    @api.accepts(schemas.ForwardingChange())
    @api.returns(forwarding_schema, 201)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Forward what is confirmed from now on; what is never sent is who reported."""
        forwarding = forwardings.add(session, body, editing(), private=private())
        session.commit()
        return shown(forwarding)


@api.route("/<uuid:forwarding_id>")
class OneForwarding(Resource):
    @access.staff(Permission.FORWARD_REPORTS)
    @api.returns(forwarding_schema)
    def get(self, forwarding_id: uuid.UUID) -> dict[str, Any]:
        """One forwarding."""
        return shown(forwardings.one(session, forwarding_id))

    @access.staff(Permission.FORWARD_REPORTS)
    @api.accepts(schemas.ForwardingChange(partial=True))
    @api.returns(forwarding_schema)
    def patch(self, body: dict[str, Any], forwarding_id: uuid.UUID) -> dict[str, Any]:
        """Change a forwarding, or switch it off."""
        forwarding = forwardings.one(session, forwarding_id)
        forwardings.change(session, forwarding, body, editing(), private=private())
        session.commit()
        return shown(forwarding)

    @access.staff(Permission.FORWARD_REPORTS)
    @api.response(204, "Removed")
    def delete(self, forwarding_id: uuid.UUID) -> tuple[None, int]:
        """Remove a forwarding by which no report went."""
        forwardings.remove(session, forwardings.one(session, forwarding_id), editing())
        session.commit()
        return None, 204


@api.route("/<uuid:forwarding_id>/reports")
class ForwardedReports(Resource):
    @access.staff(Permission.FORWARD_REPORTS)
    @api.accepts(schemas.ForwardedQuery(), location="query")
    @api.returns(page_of(schemas.ForwardedReportSchema))
    def get(self, query: dict[str, Any], forwarding_id: uuid.UUID) -> dict[str, Any]:
        """The reports that went this way, the newest first."""
        forwardings.one(session, forwarding_id)
        found = select(ForwardedReport).where(ForwardedReport.forwarding_id == forwarding_id)
        if query["state"]:
            if query["state"] not in set(Progress):
                states = ", ".join(Progress)
                raise Invalid({"state": [N_("Must be one of: %(states)s.")]}, states=states)
            found = found.where(ForwardedReport.state == query["state"])
        return page(
            session,
            found,
            (ForwardedReport.created_at, ForwardedReport.id),
            limit=query["limit"],
            cursor=query["cursor"],
            descending=True,
        )


@api.route("/<uuid:forwarding_id>/reports/<uuid:forwarded_id>/resend")
class Resend(Resource):
    @access.staff(Permission.FORWARD_REPORTS)
    @api.returns(schemas.ForwardedReportSchema())
    def post(self, forwarding_id: uuid.UUID, forwarded_id: uuid.UUID) -> ForwardedReport:
        """Send once more what was refused, or what nobody knows whether it arrived."""
        sent = forwardings.forwarded(session, forwarded_id)
        if sent.forwarding_id != forwarding_id:
            raise NotFound(N_("There is no such forwarded report."))
        forwardings.send_again(session, sent, editing())
        enqueue_sending(session, sent.id, current.now())
        session.commit()
        return sent
