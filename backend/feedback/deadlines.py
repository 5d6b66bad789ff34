"""When a reporter may expect an answer."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

WORKING_DAYS = 3
URGENT_HOURS = 4
"""Defaults after other towns' practice: Đà Nẵng answers in 3 working days, Hà Nội looks after
urgent matters within 4 hours."""

URGENT_CATEGORIES = frozenset({"204", "501"})
"""Electricity, and danger at the beach: lives may depend on them."""

WEEKEND = (5, 6)


def promised(filed_at: datetime, town_time: tzinfo, category: str) -> datetime:
    """The moment by which a report that was filed at *filed_at* is to be answered.

    Urgent matters run by the clock, all others by working days in the town's own time.
    """
    if category in URGENT_CATEGORIES:
        return filed_at + timedelta(hours=URGENT_HOURS)
    moment = filed_at.astimezone(town_time)
    days = WORKING_DAYS
    while days:
        moment += timedelta(days=1)
        days -= moment.weekday() not in WEEKEND
    return moment
