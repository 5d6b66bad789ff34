"""Content as editors last wrote it, as a spreadsheet or as GeoJSON."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.exchange import geojson
from backend.exchange.sheets import Sheet
from content import publishing
from content.publishing import State

BYTE_ORDER_MARK = "\ufeff"
"""By it Excel knows that a file is in UTF-8."""


def every(session: Session, sheet: Sheet, now: datetime) -> Iterator[dict[str, Any]]:
    """Every piece of *sheet* that is not in the archive, as editors' API shows it."""
    schema, kind = sheet.schema(only=sheet.fields), sheet.kind
    statement = select(kind).where(kind.state != State.ARCHIVED).order_by(kind.slug)
    if sheet.exported:
        statement = statement.where(sheet.exported(now))
    for part in session.scalars(statement).partitions(500):
        for piece in publishing.working_copies(session, list(part)):
            yield schema.dump(piece)


def as_csv(
    session: Session,
    sheet: Sheet,
    languages: tuple[str, ...],
    now: datetime,
    delimiter: str = ",",
) -> bytes:
    """Every piece as CSV for spreadsheets; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(sheet.heads(languages))
    writer.writerows(sheet.cells(shown, languages) for shown in every(session, sheet, now))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def as_geojson(session: Session, sheet: Sheet, now: datetime) -> bytes:
    """Every piece as a GeoJSON FeatureCollection."""
    return geojson.written(every(session, sheet, now))
