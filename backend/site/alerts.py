"""The page of one alert."""

from __future__ import annotations

from uuid import UUID

from flask import render_template
from flask.typing import ResponseReturnValue

from backend import current
from backend.accounts import access
from backend.alerts.schemas import cap_path
from backend.database import session
from backend.site.layout import site
from content.alerts import verbs


@site.get("/alerts/<uuid:alert_id>")
@access.public
def alert(alert_id: UUID) -> ResponseReturnValue:
    """One message of an alert, and whether it still holds."""
    found = verbs.find_alert(session, alert_id)
    return render_template(
        "site/alert.html",
        alert=found,
        in_force=found.is_in_force(current.now()),
        newest=verbs.newest_of(session, found),
        cap=cap_path(found),
    )
