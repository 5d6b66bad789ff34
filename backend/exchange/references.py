"""A place named in a cell: by its readable address, as people write it, or by its id."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from marshmallow import ValidationError, fields
from sqlalchemy import select

from backend.database import session
from backend.prices.schemas import PlaceReference
from content.places.models import Place

PLACE_HINT = lazy_gettext("the address of a place, as in the file of places")


class _Known(NamedTuple):
    by_id: dict[str, str]
    by_slug: dict[str, UUID]


class PlaceBySlug(PlaceReference):
    """A place, answered by its readable address; taken by that or by its id."""

    def _serialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        return None if value is None else _places().by_id.get(str(value), str(value))

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text, known = fields.String._deserialize(self, value, *args, **kwargs), _places()
        found = known.by_slug.get(known.by_id.get(text.lower(), text))
        if found is None:
            raise ValidationError(_("There is no such place."))
        return found


def _places() -> _Known:
    """The places on file; a file asks for one in each row, so they are read at once."""
    if "places_by_slug" not in g:
        rows = session.execute(select(Place.id, Place.slug)).all()
        g.places_by_slug = _Known(
            {str(key): slug for key, slug in rows}, {slug: key for key, slug in rows}
        )
    known: _Known = g.places_by_slug
    return known
