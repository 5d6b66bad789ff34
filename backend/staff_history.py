"""What editors see of the past of a piece of content, its soft lock and its preview."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from flask_restx import Resource

from backend import current, previews
from backend.accounts import access, people
from backend.accounts.roles import Permission
from backend.content_schemas import (
    DraftSchema,
    LockSchema,
    PreviewSchema,
    RestoreSchema,
    RevisionDetailSchema,
    RevisionsSchema,
)
from backend.database import session
from backend.rest import Namespace
from content import publishing
from content.publishing import Edit, Publishable, Revision, locks, revisions

REVISIONS = RevisionsSchema()
REVISION = RevisionDetailSchema()
RESTORE = RestoreSchema()
LOCK = LockSchema()
PREVIEW = PreviewSchema()


def add_history(
    api: Namespace,
    kind: type[Publishable],
    schema: type[DraftSchema],
    shown: Callable[[Publishable], Any],
    editing: Callable[[], Edit],
) -> None:
    """Give *api* the revisions of content of *kind*, its lock and its preview."""
    draft = schema()
    noun = kind.search_type

    @api.route("/<key>/revisions", endpoint=f"{api.name}_revisions")
    @api.param("key", "An id or a readable address")
    class Revisions(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(REVISIONS)
        @api.doc(id=f"list_{noun}_revisions")
        def get(self, key: str) -> dict[str, Any]:
            """List what was done, the newest first."""
            item = publishing.find(session, kind, key)
            return {"items": described(revisions.history(session, item))}

    @api.route("/<key>/revisions/<int:number>", endpoint=f"{api.name}_revision")
    @api.param("key", "An id or a readable address")
    class OneRevision(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(REVISION)
        @api.doc(id=f"read_{noun}_revision")
        def get(self, key: str, number: int) -> dict[str, Any]:
            """Read one revision, and what it changed."""
            item = publishing.find(session, kind, key)
            found = revisions.find(session, item, number)
            earlier = revisions.before(session, found)
            changed = revisions.differences(earlier.values if earlier else {}, found.values)
            return described([found])[0] | {"values": found.values, "differences": changed}

    @api.route("/<key>/revisions/<int:number>/restore", endpoint=f"{api.name}_restore")
    @api.param("key", "An id or a readable address")
    class Restoring(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(RESTORE)
        @api.returns(draft)
        @api.doc(id=f"restore_{noun}_revision")
        def post(self, body: dict[str, Any], key: str, number: int) -> Any:
            """Draft a change back to that revision."""
            item = publishing.find(session, kind, key)
            publishing.restore(session, item, number, editing(), revision=body["revision"])
            session.commit()
            return shown(item)

    @api.route("/<key>/lock", endpoint=f"{api.name}_lock")
    @api.param("key", "An id or a readable address")
    class Locking(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.accepts(LOCK)
        @api.returns(LOCK)
        @api.doc(id=f"lock_{noun}")
        def put(self, body: dict[str, Any], key: str) -> dict[str, Any]:
            """Say that you have it open, for five minutes; again while you do."""
            item = publishing.find(session, kind, key)
            lock = locks.acquire(session, item, editing(), take_over=body["take_over"])
            session.commit()
            return _held(lock)

        @access.staff(Permission.WRITE_CONTENT)
        @api.response(204, "Closed")
        @api.doc(id=f"unlock_{noun}")
        def delete(self, key: str) -> tuple[None, int]:
            """Say that you have closed it."""
            locks.release(session, publishing.find(session, kind, key), editing())
            session.commit()
            return None, 204

        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(LOCK)
        @api.doc(id=f"read_{noun}_lock")
        def get(self, key: str) -> dict[str, Any]:
            """Who has it open; nothing for nobody."""
            item = publishing.find(session, kind, key)
            lock = locks.holder(session, item, current.now())
            return _held(lock) if lock else {}

    @api.route("/<key>/preview", endpoint=f"{api.name}_preview")
    @api.param("key", "An id or a readable address")
    class Previewing(Resource):
        @access.staff(Permission.WRITE_CONTENT)
        @api.returns(PREVIEW)
        @api.doc(id=f"preview_{noun}")
        def post(self, key: str) -> dict[str, Any]:
            """Make an address that shows the draft to whoever has it, for a week."""
            item = publishing.find(session, kind, key)
            return previews.link_to(item)


def described(found: Iterable[Revision]) -> list[dict[str, Any]]:
    """Revisions with the names of those who made them."""
    every = list(found)
    names = people.names(session, {revision.made_by for revision in every})
    return [
        {
            "number": revision.number,
            "act": revision.act,
            "made_by": revision.made_by,
            "name": names.get(revision.made_by, ""),
            "made_at": revision.made_at,
        }
        for revision in every
    ]


def _held(lock: Any) -> dict[str, Any]:
    names = people.names(session, {lock.held_by})
    return {"held_by": lock.held_by, "name": names.get(lock.held_by, ""), "until": lock.until}
