"""Reading the audit: who did what, when, and what it was before and after."""

from __future__ import annotations

from typing import Any

from flask_restx import Resource
from marshmallow import Schema, fields

from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.database import session
from backend.paging import page
from backend.rest import Moment, Namespace, Paging, Text, page_of
from content import audit
from content.audit import AuditEntry

api = Namespace("staff-audit", path="/staff/audit", description="Who did what")


class AuditEntrySchema(Schema):
    """One act."""

    made_at = Moment()
    made_by = fields.String()
    name = fields.String(metadata={"description": "The person's name, where it is known"})
    act = fields.String()
    type = fields.String()
    item_id = fields.String()
    before = fields.Dict()
    after = fields.Dict()
    note = fields.String()


class AuditQuery(Paging):
    """Which acts."""

    type = Text(60, load_default=None)
    item_id = Text(60, load_default=None)
    made_by = Text(60, load_default=None)
    act = Text(60, load_default=None)
    since = Moment(load_default=None)
    until = Moment(load_default=None)


ENTRIES = page_of(AuditEntrySchema)
QUERY = AuditQuery()


@api.route("")
class Audit(Resource):
    @access.staff(Permission.READ_AUDIT)
    @api.accepts(QUERY, location="query")
    @api.returns(ENTRIES)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List acts, the newest first."""
        return found(args)


def found(args: dict[str, Any]) -> dict[str, Any]:
    """One page of the acts that fit an `AuditQuery`, with the names of those who did them."""
    statement = audit.entries(
        kind=args["type"],
        item_id=args["item_id"],
        by=args["made_by"],
        act=args["act"],
        since=args["since"],
        until=args["until"],
    )
    listed = page(
        session,
        statement,
        [AuditEntry.id],
        limit=args["limit"],
        cursor=args["cursor"],
        descending=True,
    )
    names = people.names(session, {entry.made_by for entry in listed["items"]})
    for entry in listed["items"]:
        entry.name = names.get(entry.made_by, "")
    return listed
