"""Where the quarters lie: areas and points from a GeoJSON file, and which quarter a point is in."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, delete, select
from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.text import fold
from content.vocabularies.models import Quarter, QuarterArea
from content.vocabularies.queries import quarters

NEAR = 3_000.0
"""In metres: farther from every quarter's point than that, a point is in none."""

METRES_PER_DEGREE = 111_195

AREAS = select(
    QuarterArea.quarter,
    QuarterArea.polygons,
    QuarterArea.west,
    QuarterArea.east,
    QuarterArea.south,
    QuarterArea.north,
).order_by(QuarterArea.id)
NAMES = select(Quarter.code, Quarter.name, Quarter.aliases)

Ring = Sequence[Sequence[float]]
Polygon = Sequence[Ring]


def load(session: Session, collection: Any) -> int:
    """Keep the areas and points of *collection* instead of those there were; how many.

    It is a GeoJSON FeatureCollection. Each feature is a Polygon, a MultiPolygon or a Point, and
    names its quarter by `code` or `name`. Raises Invalid that names every feature that is wrong;
    then nothing is changed.
    """
    if not isinstance(collection, Mapping) or collection.get("type") != "FeatureCollection":
        raise Invalid({"type": [N_("Must be a GeoJSON FeatureCollection.")]})
    features = collection.get("features")
    if not isinstance(features, list) or not features:
        raise Invalid({"features": [N_("There are no features in it.")]})
    known = _names(session)
    errors: dict[str, list[str]] = {}
    rows = []
    for number, feature in enumerate(features):
        try:
            rows.append(_row(feature, known))
        except ValueError as wrong:
            errors[f"features.{number}"] = [str(wrong)]
    if errors:
        raise Invalid(errors)
    session.execute(delete(QuarterArea))
    session.add_all(rows)
    session.flush()
    return len(rows)


@dataclass(frozen=True)
class Quarters:
    """Where the quarters lie and what they are called, as `read` found it."""

    areas: Sequence[Row[Any]]
    names: Sequence[tuple[str, str]]
    """Codes and folded names, with a space around each."""

    def at(self, lat: float, lng: float) -> str | None:
        """The code of the quarter whose area holds the point, else of the nearest quarter's point.

        None where no quarter is known to be there or near.
        """
        near: list[tuple[float, str]] = []
        for area in self.areas:
            if area.polygons is None:
                near.append((_distance(area, lat, lng), area.quarter))
            elif (
                area.west <= lng <= area.east
                and area.south <= lat <= area.north
                and any(_holds(polygon, lat, lng) for polygon in area.polygons)
            ):
                return str(area.quarter)
        return min((found for found in near if found[0] <= NEAR), default=(0, None))[1]

    def named(self, text: str) -> str | None:
        """The code of the one quarter that *text* names; None where it names none or several."""
        said = f" {' '.join(_words(text))} "
        found = {code for code, name in self.names if name in said}
        return found.pop() if len(found) == 1 else None


def read(session: Session) -> Quarters:
    """The quarters as they are now."""
    names = [
        (quarter.code, f" {' '.join(_words(name))} ")
        for quarter in session.execute(NAMES).all()
        for name in (*quarter.name.values(), *quarter.aliases)
    ]
    return Quarters(session.execute(AREAS).all(), names)


def _words(text: str) -> list[str]:
    return "".join(c if c.isalnum() else " " for c in fold(text)).split()


def _names(session: Session) -> dict[str, str]:
    names = {}
    for quarter in quarters(session):
        for name in (quarter.code, *quarter.name.values(), *quarter.aliases):
            names[fold(name)] = quarter.code
    return names


def _row(feature: Any, known: Mapping[str, str]) -> QuarterArea:
    """What is kept of *feature*. Raises ValueError that says what is wrong with it."""
    if not isinstance(feature, Mapping):
        raise ValueError(N_("Must be a feature."))
    said = feature.get("properties")
    name = (said.get("code") or said.get("name")) if isinstance(said, Mapping) else None
    quarter = known.get(fold(name)) if isinstance(name, str) else None
    if quarter is None:
        raise ValueError(N_("Names no quarter of the town by its code or name."))
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, Mapping) else None
    if not isinstance(geometry, Mapping) or kind not in ("Polygon", "MultiPolygon", "Point"):
        raise ValueError(N_("Must be a Polygon, a MultiPolygon or a Point."))
    coordinates = geometry.get("coordinates")
    polygons: list[Polygon] | None = None
    points: list[Sequence[float]]
    if kind == "Point":
        points = [_point(coordinates)]
    else:
        parts = coordinates if kind == "MultiPolygon" else [coordinates]
        polygons = [_polygon(part) for part in _list(parts)]
        points = [point for polygon in polygons for ring in polygon for point in ring]
    lngs, lats = [point[0] for point in points], [point[1] for point in points]
    return QuarterArea(
        quarter=quarter,
        polygons=polygons,
        west=min(lngs),
        east=max(lngs),
        south=min(lats),
        north=max(lats),
    )


def _polygon(coordinates: Any) -> Polygon:
    rings = [[_point(point) for point in _list(ring)] for ring in _list(coordinates)]
    for ring in rings:
        if len(ring) < 4 or ring[0] != ring[-1]:
            raise ValueError(N_("A ring has four points or more, and ends where it begins."))
    return rings


def _list(value: Any) -> list[Any]:
    if not isinstance(value, list) or not value:
        raise ValueError(N_("Its coordinates are not as GeoJSON writes them."))
    return value


def _point(value: Any) -> list[float]:
    numbers = _list(value)[:2]
    if len(numbers) < 2 or not all(
        isinstance(number, int | float) and not isinstance(number, bool) for number in numbers
    ):
        raise ValueError(N_("Its coordinates are not as GeoJSON writes them."))
    lng, lat = (float(number) for number in numbers)
    if not (-180 <= lng <= 180 and -90 <= lat <= 90):
        raise ValueError(N_("Its coordinates are not as GeoJSON writes them."))
    return [lng, lat]


def _holds(polygon: Polygon, lat: float, lng: float) -> bool:
    """Whether the point is inside the first ring, and in none of the holes."""
    outer, *holes = polygon
    return _inside(outer, lat, lng) and not any(_inside(hole, lat, lng) for hole in holes)


def _inside(ring: Ring, lat: float, lng: float) -> bool:
    """Whether a ray from the point to the east crosses *ring* an odd number of times."""
    return sum(_crossings(ring, lat, lng)) % 2 == 1


def _crossings(ring: Ring, lat: float, lng: float) -> Iterator[bool]:
    for (one_lng, one_lat), (other_lng, other_lat) in itertools.pairwise(ring):
        if (one_lat > lat) != (other_lat > lat):
            share = (lat - one_lat) / (other_lat - one_lat)
            yield lng < one_lng + share * (other_lng - one_lng)


def _distance(point: Row[Any], lat: float, lng: float) -> float:
    narrow = math.cos(math.radians(lat))
    return METRES_PER_DEGREE * math.hypot(point.south - lat, (point.west - lng) * narrow)
