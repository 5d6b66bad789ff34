"""The public holidays around the present moment, read once a request."""

from __future__ import annotations

from flask import g

from backend import current
from backend.database import session
from content import town
from content.holidays.queries import days_off_around
from content.opening import DaysOff


def days_off() -> DaysOff:
    """What PH means in opening hours at this moment."""
    if "days_off" not in g:
        g.days_off = days_off_around(session, current.now().astimezone(town.TIME).date())
    known: DaysOff = g.days_off
    return known
