"""Editors' work on content: the same addresses and acts for every kind of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import request
from flask_restx import Resource
from marshmallow import Schema
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from backend import current, dead_links, staff_history
from backend.accounts import access, employees
from backend.accounts.roles import Permission
from backend.content_schemas import DraftQuery, DraftSchema, ExpirySchema, ScheduleSchema
from backend.database import session
from backend.paging import page
from backend.rest import Namespace, page_of
from content import publishing
from content.errors import N_, Invalid
from content.publishing import Edit, Publishable, Standing
from content.text import slugify

Check = Callable[[Session, Mapping[str, Any]], None]
Act = Callable[..., Publishable | None]

QUERY = DraftQuery()
SCHEDULE = ScheduleSchema()
EXPIRY = ExpirySchema()

NOTHING: Mapping[str, Any] = {}
"""What an act is told that reads no body."""


def editing() -> Edit:
    """The act of the member of staff who calls, now."""
    return Edit(by=str(employees.required().id), now=current.now())


def two_person() -> bool:
    """Whether the town wants a second person to approve what is published."""
    return current.settings().two_person_rule


def approve(session: Session, item: Publishable, edit: Edit) -> None:
    """Approve *item*, under the two-person rule where the town has it."""
    publishing.approve(session, item, edit, two_person=two_person())


def publish(session: Session, item: Publishable, edit: Edit) -> None:
    """Publish *item*, under the two-person rule where the town has it."""
    publishing.publish(session, item, edit, two_person=two_person())


def schedule(session: Session, item: Publishable, edit: Edit, *, at: datetime) -> None:
    """Let *item*, or the changes drafted to it, appear at a moment to come."""
    publishing.schedule(session, item, at, edit, two_person=two_person())


def expire(session: Session, item: Publishable, edit: Edit, *, at: datetime | None) -> None:
    """Say until when the public sees *item*; in force at once."""
    publishing.expire(session, item, at, edit)


@dataclass(frozen=True)
class OnFile:
    """A piece as editors see it: its newest text, how it stands, what to look at."""

    piece: Publishable
    standing: Standing
    warnings: Sequence[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.piece, name)


def on_file(item: Publishable) -> OnFile:
    """*item* as editors see it."""
    return every_on_file([item])[0]


def every_on_file(items: Sequence[Publishable]) -> list[OnFile]:
    """Each of *items*, which are of one kind, as editors see it."""
    now = current.now()
    return [
        OnFile(copy, item.standing(now), dead_links.warnings(session, copy, now))
        for item, copy in zip(items, publishing.working_copies(session, items), strict=True)
    ]


def add_content(
    api: Namespace,
    kind: type[Publishable],
    schema: type[DraftSchema],
    check: Check,
    *,
    own_acts: Sequence[str] = (),
) -> None:
    """Give *api* the addresses to list, read, create and change content of *kind*, its history,
    and every act from draft to archive but for *own_acts*, which it has of its own.

    *check* raises Invalid where values break a rule of that kind.
    """
    add_writes(api, kind, schema, check)
    acts: dict[str, tuple[Permission, Act]] = {
        "submit": (Permission.WRITE_CONTENT, publishing.submit),
        "return": (Permission.PUBLISH_CONTENT, publishing.send_back),
        "approve": (Permission.PUBLISH_CONTENT, approve),
        "publish": (Permission.PUBLISH_CONTENT, publish),
        "unschedule": (Permission.PUBLISH_CONTENT, publishing.unschedule),
        "unpublish": (Permission.PUBLISH_CONTENT, publishing.unpublish),
        "archive": (Permission.PUBLISH_CONTENT, publishing.archive),
        "unarchive": (Permission.PUBLISH_CONTENT, publishing.unarchive),
    }
    for name, (permission, act) in acts.items():
        if name not in own_acts:
            add_act(api, name, kind, schema, act, permission)
    if "schedule" not in own_acts:
        add_act(api, "schedule", kind, schema, schedule, accepts=SCHEDULE)
    add_act(api, "expire", kind, schema, expire, accepts=EXPIRY)
    staff_history.add_history(api, kind, schema, on_file, editing)


def add_writes(
    api: Namespace, kind: type[Publishable], schema: type[DraftSchema], check: Check
) -> None:
    """Give *api* the addresses to list, read, create and change content of *kind*."""
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
            """List everything, in whatever state; what was edited last comes first."""
            found = listed(kind, args)
            return found | {"items": every_on_file(found["items"])}

        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(draft)
        @api.returns(draft, code=201)
        @api.doc(id=f"create_{noun}_draft")
        def post(self, body: dict[str, Any]) -> OnFile:
            """Create a draft."""
            check(session, body)
            body.pop("revision", None)
            slug = body.pop("slug", None)
            item = publishing.create(session, kind(**body), editing(), slug=slug)
            session.commit()
            return on_file(item)

    @api.route("/<key>")
    @api.param("key", "An id or a readable address")
    class Draft(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(draft)
        @api.doc(id=f"read_{noun}_draft")
        def get(self, key: str) -> OnFile:
            """Read one in all languages, in whatever state."""
            return on_file(publishing.find(session, kind, key))

        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(changes)
        @api.returns(draft)
        @api.doc(id=f"change_{noun}_draft")
        def patch(self, body: dict[str, Any], key: str) -> OnFile:
            """Change some fields; what is published keeps its text until the change is, too."""
            item = publishing.find(session, kind, key)
            revision = _revision_read(body)
            check(session, body)
            publishing.revise(session, item, body, editing(), revision=revision)
            session.commit()
            return on_file(item)


def add_act(
    api: Namespace,
    name: str,
    kind: type[Publishable],
    schema: type[DraftSchema],
    act: Act,
    permission: Permission = Permission.PUBLISH_CONTENT,
    accepts: Schema | None = None,
) -> None:
    """Give *api* the address that does *act* to one piece of content of *kind*.

    *act* takes the session, the piece, the edit and, by name, what the body says, which
    *accepts* loads (none: no body is read). Where *act* answers another piece than it was
    given, that one is shown.
    """
    shown = schema()
    accepting: Callable[[Any], Any] = api.accepts(accepts) if accepts else lambda view: view

    @api.route(f"/<key>/{name}", endpoint=f"{api.name}_{name}")
    @api.param("key", "An id or a readable address")
    class Acting(Resource):
        @access.staff(permission)
        @accepting
        @api.returns(shown)
        @api.doc(id=f"{name}_{kind.search_type}")
        def post(self, body: Mapping[str, Any] = NOTHING, *, key: str) -> OnFile:
            item = publishing.find(session, kind, key)
            done = act(session, item, editing(), **body)
            session.commit()
            return on_file(done or item)

        post.__doc__ = (act.__doc__ or "").split("\n")[0].replace("*", "")


def listed(kind: type[Publishable], args: Mapping[str, Any]) -> dict[str, Any]:
    """One page of the content of *kind* that fits a `DraftQuery`; what was edited last first."""
    statement = select(kind)
    if args["state"]:
        statement = statement.where(kind.state == args["state"])
    if args["standing"]:
        statement = statement.where(kind.stands(args["standing"], current.now()))
    if args["stage"]:
        statement = statement.where(or_(kind.stage == args["stage"], kind.state == args["stage"]))
    if args["q"]:
        statement = statement.where(kind.slug.contains(slugify(args["q"]), autoescape=True))
    return page(
        session,
        statement,
        [kind.edited_at, kind.id],
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
