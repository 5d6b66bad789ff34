"""Reports as lists show them, without the ado of rows that somebody may change."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.feedback.models import Report

UNSEEN = frozenset(
    {"searchable", "attributes", "filing_key", "filing_digest", "consent_version", "consent_at",
     "citizen_id", "cell"}
)  # fmt: skip

NAMES = tuple(column.key for column in Report.__table__.c if column.key not in UNSEEN)
COLUMNS = tuple(getattr(Report, name) for name in NAMES)
"""What a list selects: all but what no list shows."""


class Listed:
    """A report that a list shows; *row* begins with the values of COLUMNS."""

    state = Report.state
    location: Any = Report.location

    def __init__(self, row: Sequence[Any]) -> None:
        vars(self).update(zip(NAMES, row, strict=False))

    def __getattr__(self, name: str) -> Any:
        raise AttributeError(name)
