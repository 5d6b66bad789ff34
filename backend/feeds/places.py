"""Places as GeoJSON, for maps."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import orjson
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.links import url_of
from content import town
from content.on_map import Box, in_box, in_cells, unindexed
from content.places.models import Place
from content.text import in_language

COLUMNS = (
    Place.id, Place.slug, Place.name, Place.summary, Place.category, Place.tags, Place.quarter,
    Place.opening_hours, Place.phone, Place.lat, Place.lng, Place.is_sample, Place.updated_at,
)  # fmt: skip


def geojson(session: Session, box: Box | None, *, language: str, now: datetime) -> bytes:
    """The places with a point that the public sees at *now*, in *box* or all of them."""
    statement = select(*COLUMNS)
    if box:
        inside = unindexed(Place.visible(now) & in_box(Place, box))
        statement = in_cells(statement, Place, box).where(inside)
    else:
        statement = statement.where(Place.visible(now), Place.lat.is_not(None))
    found = session.execute(statement.order_by(Place.slug))
    features = [_feature(row, language) for row in found]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def _feature(row: Any, language: str) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": str(row.id),
        "geometry": {"type": "Point", "coordinates": [row.lng, row.lat]},
        "properties": {
            "slug": row.slug,
            "name": in_language(row.name, language),
            "summary": in_language(row.summary, language),
            "category": row.category,
            "tags": row.tags,
            "quarter": row.quarter,
            "opening_hours": row.opening_hours,
            "phone": row.phone,
            "url": url_of("place", row.slug),
            "is_sample": row.is_sample,
            "updated_at": row.updated_at.astimezone(town.TIME).replace(microsecond=0).isoformat(),
        },
    }
