"""The columns of a file of events: a season's programme."""

from __future__ import annotations

from flask_babel import lazy_gettext

from backend.events.schemas import EventDraftSchema
from backend.events.shorthand import exceptions, exceptions_of, recurrence, recurrence_of
from backend.exchange import cells
from backend.exchange.references import PLACE_HINT, PlaceBySlug
from backend.exchange.sheets import (
    DAY_HINT,
    EXPIRES,
    INFORMING,
    LIST_HINT,
    MOMENT_HINT,
    NAMED_BY,
    POINT,
    SOURCES,
    Column,
    Sheet,
    localised,
)
from backend.staff_content import publish
from content.errors import N_
from content.events.models import Event
from content.events.rules import TIMES, check


class EventRowSchema(EventDraftSchema):
    """An event in a file: its place by the address that people read."""

    class Meta:
        exclude = ("place_id",)

    place = PlaceBySlug(attribute="place_id", allow_none=True)


EVENTS = Sheet(
    path="events",
    things=lazy_gettext("events"),
    kind=Event,
    schema=EventRowSchema,
    check=check,
    publish=publish,
    heading="title",
    needs={"title": N_("Every event needs a Vietnamese title.")},
    example=("title_vi", "starts_on", "ends_on", "place_text_vi"),
    together=TIMES,
    columns=(
        *NAMED_BY,
        *localised("title", "summary", "description"),
        Column("starts_on", read=cells.day, hint=DAY_HINT),
        Column("ends_on", read=cells.day, hint=DAY_HINT),
        Column("starts_at", cells.moment_of, cells.moment, hint=MOMENT_HINT),
        Column("ends_at", cells.moment_of, cells.moment, hint=MOMENT_HINT),
        Column(
            "recurrence",
            recurrence_of,
            recurrence,
            hint=lazy_gettext("FREQ=YEARLY, or by the lunar calendar 15/8 ÂL or 15 ÂL"),
        ),
        Column(
            "exceptions",
            exceptions_of,
            exceptions,
            hint=lazy_gettext("cancelled days parted by |, all else in JSON"),
        ),
        Column("place", hint=PLACE_HINT),
        *localised("place_text"),
        Column("quarter"),
        *POINT,
        Column("topics", cells.list_of, cells.several, hint=LIST_HINT),
        EXPIRES,
        SOURCES,
        *INFORMING,
    ),
)
