"""Blocks of senders, as the staff set, see and end them."""

from __future__ import annotations

import ipaddress
import uuid
from typing import Any

from flask_babel import lazy_gettext
from flask_restx import Resource
from marshmallow import Schema, ValidationError, fields

from backend import current
from backend.accounts import access
from backend.accounts.roles import Permission
from backend.database import session
from backend.feedback import blocking
from backend.feedback.block_models import SenderBlock
from backend.feedback.models import Report
from backend.paging import page
from backend.rest import Moment, Namespace, Paging, Text, page_of
from backend.staff_content import editing

api = Namespace("staff-blocks", description="Senders who may file nothing", path="/staff/blocks")


def _is_address(text: str) -> None:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        raise ValidationError(lazy_gettext("This is no IP address.")) from None


class NewBlock(Schema):
    """Who is blocked, either by a report, as a citizen, or by an address."""

    report = fields.UUID(
        allow_none=True,
        metadata={"description": "Whoever sent it: the citizen, else the device, else the address"},
    )
    citizen = fields.UUID(allow_none=True)
    address = fields.String(
        allow_none=True,
        validate=_is_address,
        metadata={"description": "An IP address; only a digest of it is kept"},
    )
    reason = Text(500, least=1, required=True, metadata={"description": "Who is blocked reads it"})
    until = Moment(required=True)


class Block(Schema):
    """A block; not whom it names."""

    id = fields.UUID(required=True)
    kind = fields.String(
        required=True, metadata={"description": "`citizen`, `device` or `address`"}
    )
    report_code = fields.String(allow_none=True)
    reason = fields.String(required=True)
    until = Moment(required=True)
    in_force = fields.Boolean(required=True)
    created_at = Moment(required=True)
    created_by = fields.String(required=True)


def shown(found: SenderBlock) -> dict[str, Any]:
    """*found* without its subject."""
    report = session.get(Report, found.report_id) if found.report_id else None
    names = ("id", "kind", "reason", "until", "created_at", "created_by")
    return {name: getattr(found, name) for name in names} | {
        "report_code": report.code if report else None,
        "in_force": found.until > current.now(),
    }


@api.route("")
class Blocks(Resource):
    @access.staff(Permission.BLOCK_SENDERS)
    @api.accepts(Paging(), location="query")
    @api.returns(page_of(Block))
    def get(self, query: dict[str, Any]) -> dict[str, Any]:
        """All blocks, the newest first, also those that are over."""
        order = (SenderBlock.created_at, SenderBlock.id)
        found = page(session, blocking.blocks(), order, descending=True, **query)
        found["items"] = [shown(item) for item in found["items"]]
        return found

    @access.staff(Permission.BLOCK_SENDERS)
    @api.accepts(NewBlock())
    @api.returns(Block(), 201)
    def post(self, body: dict[str, Any]) -> dict[str, Any]:
        """Let a sender file nothing for a while; whoever it is reads why and until when."""
        made = blocking.block(
            session,
            report_id=body.get("report"),
            citizen_id=body.get("citizen"),
            address=body.get("address"),
            reason=body["reason"],
            until=body["until"],
            secret=current.settings().secret_key,
            edit=editing(),
        )
        session.commit()
        return shown(made)


@api.route("/<uuid:block_id>")
class OneBlock(Resource):
    @access.staff(Permission.BLOCK_SENDERS)
    @api.response(204, "Ended")
    def delete(self, block_id: uuid.UUID) -> tuple[None, int]:
        """End a block; that there was one stays on file."""
        blocking.unblock(session, block_id, editing())
        session.commit()
        return None, 204
