"""The public holidays around the present moment, read once a request at most."""

from __future__ import annotations

from flask import current_app, g

from backend import current
from backend.database import session
from content import town
from content.holidays.queries import days_off_around
from content.opening import DaysOff


def days_off() -> DaysOff:
    """What PH means in opening hours at this moment."""
    if "days_off" not in g:
        g.days_off = _known_or_read()
    known: DaysOff = g.days_off
    return known


def _known_or_read() -> DaysOff:
    day = current.now().astimezone(town.TIME).date()
    asked = (g.get("content_version"), day)
    key, found = current_app.extensions.get("days_off", (None, None))
    if found is None or key != asked or asked[0] is None:
        found = days_off_around(session, day)
        current_app.extensions["days_off"] = (asked, found)
    return found
