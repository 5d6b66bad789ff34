"""What a citizen may do with the own account: /api/v1/me."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask_restx import Resource
from sqlalchemy import select

from backend import current
from backend.accounts import access, citizens
from backend.accounts.models import Citizen
from backend.accounts.schemas import InboxQuery, Me, MeChange, MyExport, MyMessage
from backend.database import session
from backend.feedback import privacy as reports
from backend.paging import page
from backend.rest import Namespace, page_of
from notifications import inbox, messages
from notifications.devices import Device

api = Namespace("me", description="The citizen who calls", path="/me")


@api.route("")
class MyAccount(Resource):
    @access.citizen
    @api.returns(Me())
    def get(self) -> Citizen:
        """My account."""
        return citizens.required()

    @access.citizen
    @api.accepts(MeChange())
    @api.returns(Me())
    def patch(self, change: dict[str, Any]) -> Citizen:
        """Change my name or language."""
        citizen = citizens.required()
        for field, value in change.items():
            setattr(citizen, field, value)
        session.commit()
        return citizen

    @access.citizen
    @api.response(204, "Erased")
    def delete(self) -> tuple[None, int]:
        """Erase my account and what I said, and leave my devices to nobody.

        What the town did about a report stays, without a trace of who filed it.
        """
        citizen, now = citizens.required(), current.now()
        reports.erase_citizen(session, citizen.id, now)
        messages.forget_citizen(session, citizen.id, now)
        inbox.forget_citizen(session, citizen.id)
        citizens.erase(citizen, now)
        session.commit()
        return None, 204


@api.route("/inbox")
class MyInbox(Resource):
    @access.citizen
    @api.accepts(InboxQuery(), location="query")
    @api.returns(page_of(MyMessage))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """What the town told me, the newest first; what I put away is asked for by `archived`."""
        citizen, archived = citizens.required(), query.pop("archived")
        found = page(
            session,
            inbox.of_citizen(citizen.id, archived=archived),
            (messages.Message.created_at, messages.Message.id),
            descending=True,
            **query,
        )
        return found | {"items": inbox.kept(session, citizen.id, found["items"])}


@api.route("/inbox/<uuid:message_id>/<act>")
@api.param("act", "read, archive or unarchive")
class MyInboxActs(Resource):
    @access.citizen
    @api.response(204, "Done")
    def post(self, message_id: UUID, act: str) -> tuple[None, int]:
        """Mark a message as read, put it away, or take it out again: on all my devices."""
        inbox.do_for_citizen(
            session, citizens.required().id, message_id, inbox.act(act), current.now()
        )
        session.commit()
        return None, 204


@api.route("/export")
class MyData(Resource):
    @access.citizen
    @api.returns(MyExport())
    def get(self) -> dict[str, Any]:
        """All that is held about me."""
        citizen = citizens.required()
        return {
            "account": citizen,
            "reports": reports.export_citizen(session, citizen.id),
            "devices": session.scalars(select(Device).where(Device.citizen_id == citizen.id)),
            **reports.export_of_person(session, citizen.id, current.now()),
            "messages": inbox.kept(
                session, citizen.id, session.scalars(inbox.of_citizen(citizen.id)).all()
            ),
        }
