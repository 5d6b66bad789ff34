"""The audit as people read it: who did what, when, and what it was before and after."""

from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext

from backend.accounts import access
from backend.accounts.roles import Permission
from backend.audit.routes import AuditQuery, found
from backend.console import words
from backend.console.layout import console
from content.audit import AuditEntry
from content.publishing.revisions import Difference, differences

TYPES = {
    "article": lazy_gettext("Article"),
    "place": lazy_gettext("Place"),
    "event": lazy_gettext("Event"),
    "contact": lazy_gettext("Contact"),
    "beach": lazy_gettext("Beach"),
    "price": lazy_gettext("Price"),
    "media": lazy_gettext("Media"),
    "beach_observation": lazy_gettext("Beach status"),
    "swim_ban": lazy_gettext("Swimming ban"),
    "lifeguard_schedule": lazy_gettext("Lifeguard hours"),
    "water_sample": lazy_gettext("Water sample"),
    "tide": lazy_gettext("Tide table"),
    "holidays": lazy_gettext("Days off"),
    "alert": lazy_gettext("Alert"),
    "staff": lazy_gettext("Staff"),
    "sender_block": lazy_gettext("Blocked senders"),
    "promise": lazy_gettext("Deadline"),
    "office hours": lazy_gettext("Office hours"),
    "webhook": lazy_gettext("Webhook"),
    "forwarding": lazy_gettext("Forwarding"),
    "open311_key": lazy_gettext("Key of another system"),
    "report_contact": lazy_gettext("Sealed contact"),
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
        acts=words.ACTS,
        types=TYPES,
    )


def changes(entry: AuditEntry) -> list[Difference]:
    """What *entry* changed, each language of a text by itself."""
    return differences(entry.before, entry.after)
