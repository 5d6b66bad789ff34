"""Figures as a table for spreadsheets."""

from __future__ import annotations

import csv
import io
from typing import Any

from backend.feedback.statistics.figures import Figures

BYTE_ORDER_MARK = "\ufeff"
"""By it Excel knows that a file is in UTF-8."""

NUMBERS = (
    "received", "received_last_year", "open", "resolved", "on_time", "late", "on_time_share",
    "acknowledged", "acknowledged_on_time", "rejected", "duplicate", "withdrawn", "reopened",
    "rated", "rating",
)  # fmt: skip
TIMES = ("acknowledge", "resolve")
HEAD = (
    "value", "name", *NUMBERS,
    *(f"{measure}_{rank}_minutes" for measure in TIMES for rank in ("median", "p90")),
)  # fmt: skip


def as_csv(found: Figures) -> bytes:
    """A row for each item and one, `total`, for all; no cell is taken for a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(HEAD)
    writer.writerows(_cells(row) for row in found.items)
    received = {"received_last_year": found.last_year["received"]}
    writer.writerow(_cells({"value": "total", "name": "", **found.totals, **received}))
    return (BYTE_ORDER_MARK + text.getvalue()).encode()


def _cells(row: dict[str, Any]) -> list[Any]:
    times = [row[measure][rank] for measure in TIMES for rank in ("median", "p90")]
    numbers = [_rounded(row[name]) for name in NUMBERS]
    return [_harmless(row["value"]), _harmless(row["name"]), *numbers, *times]


def _rounded(number: float | int | None) -> float | int | None:
    return round(number, 4) if isinstance(number, float) else number


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
