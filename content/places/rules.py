"""What has to hold of a place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise
from typing import Any

from sqlalchemy.orm import Session

from content.errors import N_, Invalid
from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import check_quarters, check_terms

VOCABULARY_OF = {
    "amenities": Vocabulary.AMENITY,
    "accessibility": Vocabulary.ACCESSIBILITY,
}


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Raise Invalid where *values* name something unknown or say what cannot be.

    That is: a category, quarter, amenity or accessibility that no vocabulary has; a point that
    is not on earth; exceptions to the opening hours that end before they begin or overlap; a
    season with a day that no year has.
    """
    if values.get("category"):
        check_terms(session, Vocabulary.PLACE, [values["category"]], "category")
    if values.get("quarter"):
        check_quarters(session, [values["quarter"]], "quarter")
    for field, vocabulary in VOCABULARY_OF.items():
        if values.get(field):
            check_terms(session, vocabulary, values[field], field)
    if point := values.get("location"):
        _check_point(point)
    _check_exceptions(values.get("opening_exceptions") or ())
    if season := values.get("season"):
        _check_season(season)


def _check_point(point: Mapping[str, float]) -> None:
    if not (-90 <= point["lat"] <= 90 and -180 <= point["lng"] <= 180):
        raise Invalid({"location": [N_("This is no point on earth.")]})


def _check_exceptions(exceptions: Sequence[Mapping[str, Any]]) -> None:
    spans = []
    for exception in exceptions:
        first, last = days_of(exception)
        if last < first:
            raise Invalid({"opening_exceptions": [N_("One ends before it begins.")]})
        spans.append((first, last))
    spans.sort()
    for (_, last), (first, _) in pairwise(spans):
        if first <= last:
            raise Invalid(
                {"opening_exceptions": [N_("Two of them are about %(day)s.")]},
                day=first.isoformat(),
            )


def days_of(exception: Mapping[str, Any]) -> tuple[date, date]:
    """The first and the last day that an exception to the opening hours is about."""
    first = exception.get("date") or exception["from"]
    return date.fromisoformat(first), date.fromisoformat(exception.get("date") or exception["to"])


def _check_season(season: Mapping[str, str]) -> None:
    for day in (season["from"], season["to"]):
        try:
            date.fromisoformat(f"2024-{day}")
        except ValueError:
            raise Invalid({"season": [N_("No year has the day %(day)s.")]}, day=day) from None
