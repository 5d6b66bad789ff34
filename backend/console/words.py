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
    "create": lazy_gettext("began it"),
    "change": lazy_gettext("changed it"),
    "restore": lazy_gettext("brought an older text back"),
    "submit": lazy_gettext("handed it in for review"),
    "approve": lazy_gettext("approved it"),
    "send_back": lazy_gettext("returned it"),
    "publish": lazy_gettext("published it"),
    "schedule": lazy_gettext("scheduled it"),
    "unschedule": lazy_gettext("took the schedule back"),
    "expire": lazy_gettext("set its end"),
    "unpublish": lazy_gettext("took it back"),
    "archive": lazy_gettext("put it into the archive"),
    "unarchive": lazy_gettext("took it out of the archive"),
    "remove": lazy_gettext("removed it"),
    "invite": lazy_gettext("invited somebody"),
    "disable": lazy_gettext("disabled the account"),
    "enable": lazy_gettext("enabled the account"),
    "set_password": lazy_gettext("set a new password"),
    "reset_authenticator": lazy_gettext("reset the authenticator app"),
    "issue_token": lazy_gettext("made a token"),
    "revoke_token": lazy_gettext("revoked a token"),
}
"""What people did, for histories: after a name."""


def standing(code: str) -> object:
    """A standing in words."""
    return STANDINGS[Standing(code)]


def act(code: str) -> object:
    """An act in words; its own name where there are none for it."""
    return ACTS.get(code, code)
