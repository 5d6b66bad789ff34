"""What reports are added up by."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, String, cast, literal
from sqlalchemy.orm import InstrumentedAttribute

from backend.feedback.statistics.facts import ACKNOWLEDGE, RATING, RESOLVE
from backend.feedback.statistics.models import ReportFact

DIMENSIONS: dict[str, ColumnElement[str] | InstrumentedAttribute[str]] = {
    "all": literal("", String),
    "office": ReportFact.office,
    "quarter": ReportFact.quarter,
    "category": ReportFact.category,
    "day": cast(ReportFact.day, String),
    "cell": ReportFact.cell,
    "spot": ReportFact.cell + "|" + ReportFact.category,
}
"""All together, and each value of these, as the database reads it off a fact. A spot is a category
in a cell."""

SPREAD = ("all", "office", "quarter", "category")
"""The dimensions by which the spread of times and ratings is kept."""

LOCATED = ("cell", "spot")
"""Those that a report without a point does not have. They have so many values that they are added
up by whole years too, under the name of `by_year`."""

MEASURED: dict[str, tuple[InstrumentedAttribute[int | None], InstrumentedAttribute[int | None]]] = {
    ACKNOWLEDGE: (ReportFact.acknowledge_bucket, ReportFact.acknowledge_minutes),
    RESOLVE: (ReportFact.resolve_bucket, ReportFact.resolve_minutes),
    RATING: (ReportFact.rating, ReportFact.rating),
}
"""Bucket and amount of each measure."""


def by_year(dimension: str) -> str:
    """The name under which the sums of whole years are kept, at the first of January."""
    return f"{dimension} by year"


def has(dimension: str, fact: dict[str, Any]) -> bool:
    """Whether a *fact* counts for a *dimension*."""
    return dimension not in LOCATED or bool(fact["cell"])


def value_of(dimension: str, fact: dict[str, Any]) -> str:
    """The value of a *dimension* that a *fact* counts for."""
    match dimension:
        case "all":
            return ""
        case "spot":
            return f"{fact['cell']}|{fact['category']}"
        case _:
            return as_text(fact[dimension])


def as_text(value: Any) -> str:
    """A value as sums have it: a day as in the calendar."""
    return value.isoformat() if isinstance(value, date) else str(value)
