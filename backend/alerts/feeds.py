"""The feeds that other systems read: RSS, and each alert as CAP 1.2."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, Flask, Response
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.alerts.schemas import cap_path
from backend.database import session
from backend.languages import language
from backend.links import url_of
from content.alerts import cap, rss, verbs
from content.rss import MEDIA_TYPE, feed

feeds = Blueprint("cap", __name__, url_prefix="/feeds/cap")


def init_app(app: Flask) -> None:
    """Serve the feeds."""
    app.register_blueprint(feeds)


@feeds.get("/alerts.rss")
@access.public
def alerts() -> Response:
    """What is in force, and what was sent lately."""
    home = current.settings().public_url
    found = rss.listed(session, current.now())
    title = _("Warnings: Cua Lo beach town")
    document = feed(
        rss.items(found, language(), lambda alert: home + cap_path(alert)),
        title=title,
        about=title,
        home=home,
        own=f"{home}/feeds/cap/alerts.rss",
        language=language(),
    )
    return Response(document, mimetype=MEDIA_TYPE)


@feeds.get("/<uuid:alert_id>.xml")
@access.public
def one(alert_id: UUID) -> Response:
    """One message, as it was sent."""
    alert = verbs.find_alert(session, alert_id)
    document = cap.to_xml(alert, web=url_of("alert", alert.identifier))
    return Response(document, mimetype=cap.MEDIA_TYPE)
