"""GeoJSON: what lies on a map as features, written and read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import orjson

from backend.exchange.rows import Row, refuse_many
from backend.exchange.sheets import Sheet
from content.errors import N_, Invalid


def written(pieces: Iterable[dict[str, Any]]) -> bytes:
    """A FeatureCollection of *pieces*, given as the schema dumps them; without a point its
    geometry is null."""
    features = [_written(piece) for piece in pieces]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _written(piece: dict[str, Any]) -> dict[str, Any]:
    point = piece.pop("location")
    coordinates = [point["lng"], point["lat"]] if point else None
    return {
        "type": "Feature",
        "id": piece.pop("id"),
        "geometry": {"type": "Point", "coordinates": coordinates} if point else None,
        "properties": piece,
    }


def rows(text: str, sheet: Sheet) -> list[Row]:
    """The features of *text*, the first being row 1. Raises Invalid for other JSON."""
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise Invalid(
            {"file": [N_("Line %(row)s, column %(position)s is not valid JSON.")]},
            row=error.lineno,
            position=error.colno,
        ) from None
    if not isinstance(found, dict) or found.get("type") != "FeatureCollection":
        raise Invalid({"file": [N_("This JSON is no GeoJSON FeatureCollection.")]})
    features = found.get("features")
    if not isinstance(features, list):
        raise Invalid({"file": [N_("The FeatureCollection has no list of features.")]})
    informing = {column.name for column in sheet.columns if column.informs}
    made = []
    for number, feature in enumerate(features, 1):
        made.append(_read(number, feature, informing))
        refuse_many(made)
    return made


def _read(number: int, feature: Any, informing: set[str]) -> Row:
    row = Row(number, {})
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        row.wrong("", N_("This is no GeoJSON Feature."))
        return row
    properties = feature.get("properties")
    if not isinstance(properties, dict):
        row.wrong("properties", N_("A feature has to have properties."))
        return row
    row.values = {name: value for name, value in properties.items() if name not in informing}
    if isinstance(feature.get("id"), str):
        row.values.setdefault("id", feature["id"])
    if "location" in row.values:
        row.wrong("location", N_("The point stands in the geometry."))
    geometry = feature.get("geometry")
    if geometry is None:
        row.values["location"] = None
        return row
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        row.wrong("geometry", N_("A place has to be a Point, or null where it is not known."))
    elif (point := _position(geometry.get("coordinates"))) is None:
        row.wrong("geometry", N_("The coordinates of a Point are [lng, lat]."))
    else:
        row.values["location"] = {"lat": point[1], "lng": point[0]}
    return row


def _position(given: Any) -> list[float] | None:
    if not isinstance(given, list) or len(given) not in (2, 3):
        return None
    fits = all(isinstance(n, int | float) and not isinstance(n, bool) for n in given)
    return given if fits else None
