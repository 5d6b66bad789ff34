"""Editors' work on content: the same addresses and acts for every kind of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import request
from flask_restx import Resource
from marshmallow import Schema
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend import current
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.content_schemas import DraftQuery, DraftSchema
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from content import publishing
from content.errors import N_, Invalid
from content.publishing import Edit, Publishable
from content.text import slugify

Check = Callable[[Session, Mapping[str, Any]], None]
Act = Callable[[Session, Any, Edit], None]

QUERY = DraftQuery()


def editing() -> Edit:
    """The act of the member of staff who calls, now."""
    return Edit(by=str(employees.required().id), now=current.now())


def add_writes(
    api: Namespace, kind: type[Publishable], schema: type[DraftSchema], check: Check
) -> None:
    """Give *api* the addresses to list, read, create and change content of *kind*.

    *check* raises Invalid where values break a rule of that kind.
    """
    draft, drafts = schema(), page_of(schema)
    # Not partial=True, which would let what is nested be incomplete too.
    changes = schema(partial=tuple(draft.fields))
    noun = kind.search_type

    @api.route("")
    class Drafts(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(QUERY, location="query")
        @api.returns(drafts)
        @api.doc(id=f"list_{noun}_drafts")
        def get(self, args: dict[str, Any]) -> dict[str, Any]:
            """List everything, in whatever state; what changed last comes first."""
            return _listed(kind, args)

        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(draft)
        @api.returns(draft, code=201)
        @api.doc(id=f"create_{noun}_draft")
        def post(self, body: dict[str, Any]) -> Publishable:
            """Create a draft."""
            check(session, body)
            body.pop("revision", None)
            slug = body.pop("slug", None)
            item = publishing.create(session, kind(**body), editing(), slug=slug)
            session.commit()
            return item

    @api.route("/<key>")
    @api.param("key", "An id or a readable address")
    class Draft(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(draft)
        @api.doc(id=f"read_{noun}_draft")
        def get(self, key: str) -> Publishable:
            """Read one in all languages, in whatever state."""
            return publishing.find(session, kind, key)

        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(changes)
        @api.returns(draft)
        @api.doc(id=f"change_{noun}_draft")
        def patch(self, body: dict[str, Any], key: str) -> Publishable:
            """Change some fields; what is published changes for the public at once."""
            item = publishing.find(session, kind, key)
            revision = _revision_read(body)
            check(session, body)
            publishing.revise(session, item, body, editing(), revision=revision)
            session.commit()
            return item


def add_act(
    api: Namespace, name: str, kind: type[Publishable], schema: type[Schema], act: Act
) -> None:
    """Give *api* the address that does *act* to one piece of content of *kind*."""
    shown = schema()

    @api.route(f"/<key>/{name}", endpoint=f"{api.name}_{name}")
    @api.param("key", "An id or a readable address")
    class Acting(Resource):
        @access.staff(Permission.PUBLISH_CONTENT)
        @api.returns(shown)
        @api.doc(id=f"{name}_{kind.search_type}")
        def post(self, key: str) -> Publishable:
            item = publishing.find(session, kind, key)
            act(session, item, editing())
            session.commit()
            return item

        post.__doc__ = f"{act.__name__.capitalize()} one."


def _listed(kind: type[Publishable], args: Mapping[str, Any]) -> dict[str, Any]:
    statement = select(kind)
    if args["state"]:
        statement = statement.where(kind.state == args["state"])
    if args["q"]:
        statement = statement.where(kind.slug.contains(slugify(args["q"]), autoescape=True))
    return page(
        session,
        statement,
        [kind.updated_at, kind.id],
        limit=args["limit"],
        cursor=args["cursor"],
        descending=True,
    )


def _revision_read(body: dict[str, Any]) -> int | None:
    """The revision an editor has read: out of *body* or If-Match; None where neither says."""
    in_body: int | None = body.pop("revision", None)
    header = request.headers.get("If-Match")
    if header is None:
        return in_body
    try:
        return int(header.strip('W/"'))
    except ValueError:
        raise Invalid({"If-Match": [N_("Must be the number of a revision.")]}) from None
