"""Reading contacts, and editors' work on them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_restx import Resource
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access
from backend.contacts.schemas import ContactDraftSchema, ContactQuery, PublicContactSchema
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from backend.staff_content import add_content
from content.contacts.models import Contact

api = Namespace("contacts", path="/contacts", description="Emergency and office numbers")
staff = Namespace("staff-contacts", path="/staff/contacts", description="Editors' work on contacts")

CONTACTS = page_of(PublicContactSchema)
QUERY = ContactQuery()


@api.route("")
class Contacts(Resource):
    @access.published
    @api.accepts(QUERY, location="query")
    @api.returns(CONTACTS)
    def get(self, args: dict[str, Any]) -> dict[str, Any]:
        """List contacts: emergency numbers first."""
        statement = select(Contact).where(Contact.visible(current.now()))
        if args["kind"]:
            statement = statement.where(Contact.kind == args["kind"])
        order = [Contact.kind, Contact.position, Contact.slug]
        return page(session, statement, order, limit=args["limit"], cursor=args["cursor"])


def check(session: Session, values: Mapping[str, Any]) -> None:
    """A contact has no rule beyond the form of its fields."""


add_content(staff, Contact, ContactDraftSchema, check)
