"""What has to hold of an article."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy.orm import Session

from content.vocabularies.models import Vocabulary
from content.vocabularies.queries import check_quarters, check_terms


def check(session: Session, values: Mapping[str, Any]) -> None:
    """Raise Invalid where a topic or a quarter in *values* is not known."""
    if values.get("topics"):
        check_terms(session, Vocabulary.TOPIC, values["topics"], "topics")
    if values.get("quarters"):
        check_quarters(session, values["quarters"])
