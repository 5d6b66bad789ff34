"""The columns of a file of contacts."""

from __future__ import annotations

from flask_babel import lazy_gettext

from backend.contacts.routes import check
from backend.contacts.schemas import ContactDraftSchema
from backend.exchange import cells
from backend.exchange.sheets import (
    EXPIRES,
    INFORMING,
    NAMED_BY,
    SOURCES,
    Column,
    Sheet,
    localised,
)
from backend.staff_content import publish
from content.contacts.models import Contact
from content.errors import N_


def position(cell: str) -> int:
    """The place in the list; the first where nothing is said. Raises Unreadable."""
    return cells.whole(cell) or 0


CONTACTS = Sheet(
    path="contacts",
    things=lazy_gettext("contacts"),
    kind=Contact,
    schema=ContactDraftSchema,
    check=check,
    publish=publish,
    heading="name",
    needs={
        "name": N_("Every contact needs a Vietnamese name."),
        "kind": N_("Every contact needs a kind: emergency or office."),
    },
    example=("name_vi", "kind", "phone"),
    columns=(
        *NAMED_BY,
        Column("kind", read=cells.words, hint="emergency, office"),
        *localised("name"),
        Column("phone", hint="115, 0238 3824 123"),
        *localised("address", "note"),
        Column("position", read=position, hint="0, 1, 2 …"),
        EXPIRES,
        SOURCES,
        *INFORMING,
    ),
)
