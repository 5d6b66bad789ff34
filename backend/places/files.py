"""The columns of a file of places."""

from __future__ import annotations

from flask_babel import lazy_gettext

from backend.exchange import cells
from backend.exchange.sheets import (
    INFORMING,
    LIST_HINT,
    NAMED_BY,
    POINT,
    SOURCES,
    Column,
    Sheet,
    localised,
)
from backend.places.schemas import PlaceDraftSchema
from backend.staff_content import publish
from content.errors import N_
from content.places.models import Place
from content.places.rules import check

PLACES = Sheet(
    path="places",
    things=lazy_gettext("places"),
    kind=Place,
    schema=PlaceDraftSchema,
    check=check,
    publish=publish,
    on_maps=True,
    heading="name",
    needs={
        "name": N_("Every place needs a Vietnamese name."),
        "category": N_("Every place needs a category."),
    },
    example=("name_vi", "category", "lat", "lng"),
    columns=(
        *NAMED_BY,
        *localised("name", "summary", "description", "address"),
        Column("category", read=cells.words),
        Column("quarter"),
        Column("opening_hours", hint="Mo-Su 07:00-18:00"),
        Column("phone", hint="0238 3824 123"),
        Column("licence"),
        Column("verified_at", hint="2026-04-30T19:30:00+07:00"),
        Column("expires_at", hint="2026-04-30T19:30:00+07:00"),
        *POINT,
        Column("season", cells.season_of, cells.season, hint="04-30/09-15"),
        *(
            Column(name, cells.list_of, cells.several, hint=LIST_HINT)
            for name in ("tags", "aliases", "other_phones", "amenities", "accessibility")
        ),
        Column("price_from", read=cells.whole, hint="50000"),
        Column("visit_minutes", read=cells.whole, hint="90"),
        *(
            Column(name, cells.json_of, cells.json_list, hint="JSON")
            for name in ("opening_exceptions", "links", "images")
        ),
        SOURCES,
        *INFORMING,
    ),
)
