"""What has to hold of a place."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import check_quarters, check_terms


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Raise Invalid where the category or the quarter in *values* is not known."""
    if values.get("category"):
        check_terms(session, Vocabulary.PLACE, [values["category"]], "category")
    if values.get("quarter"):
        check_quarters(session, [values["quarter"]], "quarter")
