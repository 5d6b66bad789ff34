"""Reports as they come: what a reporter sends, and reports built without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

import factory

from backend.feedback.codes import new_code
from backend.feedback.filing import Filing
from backend.feedback.models import Report
from backend.feedback.workflow import State

FILED_AT = datetime(2026, 7, 1, 1, 0, tzinfo=UTC)


class NewReportFactory(factory.DictFactory):
    """What a guest sends who says where in words and leaves no contact."""

    category = "101"
    description = "Rác chất đống bên đường"
    place_text = "Cạnh chợ"


class FilingFactory(factory.Factory[Filing]):
    """The same, as the verb takes it."""

    class Meta:
        model = Filing

    category = "101"
    description = "Rác chất đống bên đường"
    place_text = "Cạnh chợ"


class ReportFactory(factory.Factory[Report]):
    """A guest's report that was just received."""

    class Meta:
        model = Report

    id = factory.LazyFunction(uuid4)
    code = factory.LazyFunction(new_code)
    category = "101"
    description = "Rác chất đống bên đường"
    place_text = "Cạnh chợ"
    attributes: Any = factory.LazyFunction(dict)
    status = State.RECEIVED
    source = "app"
    anonymous = False
    searchable = " rac chat dong ben duong canh cho "
    clock_started_at = FILED_AT
    acknowledge_by = datetime(2026, 7, 2, 1, 30, tzinfo=UTC)
    expected_at = datetime(2026, 7, 6, 1, 0, tzinfo=UTC)
    created_at = FILED_AT
    updated_at = FILED_AT


def contact(**changes: Any) -> dict[str, Any]:
    """What a reporter adds who wants to be reached, and agrees to it."""
    consent = {"version": "2026-01", "at": "2026-07-01T07:59:00+07:00"}
    person = {"name": "Trần Văn Mẫu", "phone": "0912 345 678", "email": "mau@example.org"}
    return {"contact": person | changes, "consent": consent}
