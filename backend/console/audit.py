"""The audit as people read it: who did what, when, and what it was before and after."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.audit.routes import AuditQuery, found
from backend.console.layout import console
from content.audit import AuditEntry
from content.publishing.revisions import Difference, differences

ACTS = {
    "create": lazy_gettext("wrote a draft"),
    "change": lazy_gettext("changed"),
    "restore": lazy_gettext("brought back an older revision"),
    "submit": lazy_gettext("handed in for review"),
    "send_back": lazy_gettext("sent back"),
    "approve": lazy_gettext("approved"),
    "publish": lazy_gettext("published"),
    "schedule": lazy_gettext("scheduled"),
    "unschedule": lazy_gettext("took back the schedule"),
    "expire": lazy_gettext("set the end"),
    "unpublish": lazy_gettext("took back to a draft"),
    "archive": lazy_gettext("archived"),
    "unarchive": lazy_gettext("took out of the archive"),
    "observe": lazy_gettext("posted the beach"),
    "withdraw": lazy_gettext("withdrew"),
    "ban": lazy_gettext("banned swimming"),
    "lift": lazy_gettext("lifted a ban"),
    "sample": lazy_gettext("filed a water sample"),
    "import": lazy_gettext("imported"),
    "remove": lazy_gettext("removed"),
    "upload": lazy_gettext("uploaded"),
    "invite": lazy_gettext("invited"),
    "disable": lazy_gettext("disabled"),
    "enable": lazy_gettext("let in again"),
    "reset_authenticator": lazy_gettext("reset the authenticator app"),
    "set_password": lazy_gettext("set a new password"),
    "issue_token": lazy_gettext("issued a token"),
    "revoke_token": lazy_gettext("revoked a token"),
}

TYPES = {
    "article": lazy_gettext("Article"),
    "place": lazy_gettext("Place"),
    "event": lazy_gettext("Event"),
    "contact": lazy_gettext("Contact"),
    "beach": lazy_gettext("Beach"),
    "price": lazy_gettext("Price"),
    "media": lazy_gettext("Media"),
    "alert": lazy_gettext("Alert"),
    "staff": lazy_gettext("Staff"),
}

A_PAGE = 30


@console.get("/audit", endpoint="audit")
@access.staff(Permission.READ_AUDIT)
def audit() -> ResponseReturnValue:
    """What was done, the newest first, all or of one kind."""
    asked = {name: request.args.get(name) or None for name in ("type", "act", "item_id")}
    query: dict[str, Any] = AuditQuery().load(
        {name: text for name, text in asked.items() if text} | {"limit": A_PAGE}
    )
    page = found(query | {"cursor": request.args.get("cursor")})
    return render_template(
        "console/audit.html",
        done=[(entry, changes(entry)) for entry in page["items"]],
        next_cursor=page["next_cursor"],
        asked=asked,
        acts=ACTS,
        types=TYPES,
    )


def changes(entry: AuditEntry) -> list[Difference]:
    """What *entry* changed, each language of a text by itself."""
    return differences(entry.before, entry.after)
