"""What the console calls things."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend.accounts.roles import Role
from backend.site import words as public
from content.publishing import Standing

ROLES = {
    Role.EDITOR: lazy_gettext("Editor: writes and publishes content"),
    Role.OFFICER: lazy_gettext("Officer: handles citizens' reports"),
    Role.LIFEGUARD: lazy_gettext("Lifeguard: reports the state of the beach"),
    Role.LEADER: lazy_gettext("Leader: approves, and reads the statistics"),
    Role.ADMIN: lazy_gettext("Administrator: may do everything"),
}

NO_FLAG = "none"
"""In the place of a flag: none flies."""


def name_and_meaning(words: object) -> tuple[str, str]:
    """The two halves of words in the form "Red flag: high hazard"."""
    name, _colon, meaning = str(words).partition(": ")
    return name, meaning


def flag(code: str | None) -> tuple[str, str]:
    """Name and meaning of a flag; None for no flag."""
    if code in (None, NO_FLAG):
        return _("No flag flies"), _("people read that nothing is known")
    return name_and_meaning(public.FLAGS[code])


def role(code: str) -> tuple[str, str]:
    """Name and meaning of a role."""
    return name_and_meaning(ROLES[Role(code)])


WAYS = {
    "app": lazy_gettext("by app"),
    "page": lazy_gettext("on the page"),
    "chat": lazy_gettext("in the chat"),
    "staff": lazy_gettext("by staff"),
    "open311": lazy_gettext("by Open311"),
}
"""How a report was filed, by its source."""


def way(source: str) -> object:
    """By which way a report came."""
    return WAYS[source]


STANDINGS = {
    Standing.DRAFT: lazy_gettext("Draft"),
    Standing.REVIEW: lazy_gettext("Waits for review"),
    Standing.APPROVED: lazy_gettext("Approved, not published"),
    Standing.SCHEDULED: lazy_gettext("Scheduled"),
    Standing.LIVE: lazy_gettext("Public now"),
    Standing.EXPIRED: lazy_gettext("Over"),
    Standing.ARCHIVED: lazy_gettext("Archive"),
}

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
    "issue": lazy_gettext("issued a warning"),
    "update": lazy_gettext("updated a warning"),
    "cancel": lazy_gettext("ended a warning"),
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
    "end": lazy_gettext("ended"),
    "edit": lazy_gettext("changed"),
    "delete": lazy_gettext("removed"),
    "send_again": lazy_gettext("sent again"),
    "unseal": lazy_gettext("looked at"),
}
"""What people did, for histories: after a name."""


def standing(code: str) -> object:
    """A standing in words."""
    return STANDINGS[Standing(code)]


def act(code: str) -> object:
    """An act in words; its own name where there are none for it."""
    return ACTS.get(code, code)
