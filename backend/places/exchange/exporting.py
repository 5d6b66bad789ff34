"""Places as editors last wrote them, as a spreadsheet or as GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.places.exchange import columns
from backend.places.schemas import PlaceDraftSchema
from content import publishing
from content.places.models import Place
from content.publishing import State

BYTE_ORDER_MARK = "\ufeff"
"""By it Excel knows that a file is in UTF-8."""

FIELDS = (
    *columns.LOCALISED, *columns.TEXTS, *columns.LISTS, *columns.WHOLE, *columns.JSON,
    *columns.INFORMING, "season", "location",
)  # fmt: skip
SCHEMA = PlaceDraftSchema(only=FIELDS)


def every_place(session: Session) -> Iterator[dict[str, Any]]:
    """Every place that is not in the archive, as editors' API shows it."""
    statement = select(Place).where(Place.state != State.ARCHIVED).order_by(Place.slug)
    for part in session.scalars(statement).partitions(500):
        for place in publishing.working_copies(session, list(part)):
            yield SCHEMA.dump(place)


def as_csv(session: Session, languages: tuple[str, ...], delimiter: str = ",") -> bytes:
    """Every place as CSV for spreadsheets; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(columns.ordered(languages))
    writer.writerows(columns.cells(place, languages) for place in every_place(session))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def as_geojson(session: Session) -> bytes:
    """Every place as a GeoJSON FeatureCollection; without a point its geometry is null."""
    features = [_feature(place) for place in every_place(session)]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _feature(place: dict[str, Any]) -> dict[str, Any]:
    point = place.pop("location")
    coordinates = [point["lng"], point["lat"]] if point else None
    return {
        "type": "Feature",
        "id": place.pop("id"),
        "geometry": {"type": "Point", "coordinates": coordinates} if point else None,
        "properties": place,
    }
