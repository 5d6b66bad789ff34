"""What the console calls things."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext

from backend.accounts.roles import Role
from backend.site import words as public

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
