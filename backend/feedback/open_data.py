"""Public reports for others: GeoJSON for maps, CSV for tables, RSS to subscribe to.

All of them tell what everybody may see: nothing of who reported, and of the words only those
that an officer approved.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

import orjson
from flask_babel import gettext as _
from sqlalchemy import Select
from sqlalchemy.orm import Session

from backend.exchange.cells import RISKY
from backend.feedback.models import Report
from backend.feedback.workflow import PUBLIC_WORDS, State
from content import rss, town
from content.text import in_language
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import terms

GEOJSON_TYPE = "application/geo+json"
MOST_ON_A_MAP = 5_000
MOST_IN_A_TABLE = 100_000
MOST_TO_SUBSCRIBE = 50

COLUMNS = {
    "code": "the report's code",
    "status": "where it stands, a word of the API",
    "category": "the category's code",
    "category_name": "what the category is called",
    "quarter": "the quarter's code",
    "lat": "latitude in WGS84",
    "lng": "longitude in WGS84",
    "created_at": "when it was filed",
    "confirmed_at": "when an officer took it for true",
    "updated_at": "when it changed last",
    "expected_at": "by when an answer was promised",
    "confirmations": "how many people said that they see it too",
    "description": "the words that an officer approved",
}
"""The columns of the table and what they hold; moments as RFC 3339 in the town's own time."""


def names_of(session: Session, language: str) -> dict[str, str]:
    """What the categories are called, by their codes."""
    return {
        term.code: in_language(term.name, language) for term in terms(session, Vocabulary.REPORT)
    }


def geojson(session: Session, found: Select[Report], language: str) -> bytes:
    """The reports of *found* that have a point, the newest MOST_ON_A_MAP of them."""
    names = names_of(session, language)
    located = found.where(Report.lat.is_not(None), Report.lng.is_not(None))
    rows = session.scalars(_newest(located).limit(MOST_ON_A_MAP))
    features = [
        {
            "type": "Feature",
            "id": report.code,
            "geometry": {"type": "Point", "coordinates": [report.lng, report.lat]},
            "properties": _values(report, names) | {"status_label": _state(report)},
        }
        for report in rows
    ]
    return orjson.dumps({"type": "FeatureCollection", "features": features})


def table(session: Session, found: Select[Report], language: str) -> str:
    """The reports of *found* as CSV with COLUMNS, the newest MOST_IN_A_TABLE of them."""
    names = names_of(session, language)
    written = StringIO()
    writer = csv.DictWriter(written, COLUMNS)
    writer.writeheader()
    for report in session.scalars(_newest(found).limit(MOST_IN_A_TABLE)).yield_per(1000):
        writer.writerow({name: _cell(value) for name, value in _row(report, names).items()})
    return written.getvalue()


def items(
    session: Session, found: Select[Report], language: str, public_url: str
) -> tuple[list[rss.Item], datetime | None]:
    """The reports of *found* to subscribe to, the newest first, and when one changed last."""
    names = names_of(session, language)
    reports: Sequence[Report] = session.scalars(_newest(found).limit(MOST_TO_SUBSCRIBE)).all()
    entries = [
        rss.Item(
            title=f"{names.get(report.category, report.category)}: {_state(report)}",
            link=f"{public_url}/reports/{report.code}",
            guid=f"{report.code}:{report.status}",
            description=report.public_description or "",
            published_at=report.confirmed_at,
            categories=[names.get(report.category, report.category)],
        )
        for report in reports
    ]
    return entries, max((report.updated_at for report in reports), default=None)


def _newest(found: Select[Report]) -> Select[Report]:
    return found.order_by(Report.confirmed_at.desc(), Report.id.desc())


def _state(report: Report) -> str:
    return str(_(PUBLIC_WORDS[State(report.status)]))


def _values(report: Report, names: Mapping[str, str]) -> dict[str, Any]:
    row = _row(report, names)
    return {name: row[name] for name in COLUMNS if name not in ("lat", "lng")}


def _row(report: Report, names: Mapping[str, str]) -> dict[str, Any]:
    return {
        "code": report.code,
        "status": report.status,
        "category": report.category,
        "category_name": names.get(report.category, report.category),
        "quarter": report.quarter,
        "lat": report.lat,
        "lng": report.lng,
        "created_at": _moment(report.created_at),
        "confirmed_at": _moment(report.confirmed_at),
        "updated_at": _moment(report.updated_at),
        "expected_at": _moment(report.expected_at),
        "confirmations": report.confirmations,
        "description": report.public_description,
    }


def _moment(moment: datetime | None) -> str | None:
    return moment.astimezone(town.TIME).isoformat(timespec="seconds") if moment else None


def _cell(value: Any) -> Any:
    """*value* so that a spreadsheet takes it for words and not for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(tuple(RISKY)) else value


def described(columns: Iterable[tuple[str, str]]) -> str:
    """The *columns* in words, for the documentation."""
    return "; ".join(f"`{name}`: {about}" for name, about in columns)
