"""Home, the conversation, privacy, and what browsers ask for beside pages."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from flask import Flask, Response, current_app, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from backend import current
from backend.accounts import access
from backend.database import session
from backend.rest import answer_json
from backend.site import (
    alerts,
    areas,
    crawlers,
    events,
    public_reports,
    published,
    qr,
    reports,
    words,
)
from backend.site.layout import site
from backend.weather.words import in_words
from content.articles.queries import newest
from content.beaches import queries
from content.beaches.models import Beach, SwimBan
from content.tides.verbs import tides_around
from content.weather.verbs import weather_now

__all__ = [
    "alerts",
    "areas",
    "crawlers",
    "events",
    "init_app",
    "public_reports",
    "published",
    "qr",
    "reports",
]

NEWEST = 5


def init_app(app: Flask) -> None:
    """Serve the public pages."""
    app.register_blueprint(site)


@site.get("/")
@access.public
def home() -> ResponseReturnValue:
    """The beaches now, warnings, the newest announcements, numbers to call."""
    now = current.now()
    beaches = queries.statuses(session, queries.beaches(session, now), now)
    return render_template(
        "site/home.html",
        beaches=beaches,
        bans=_bans(beaches),
        warnings=queries.warnings_in_force(session, now),
        sun=queries.sun_times(now),
        flags=words.FLAGS,
        swimming=words.SWIMMING,
        water=words.WATER,
        tides=tides_around(session, now),
        tide_words=words.TIDES,
        weather=weather_now(session, now),
        sky=in_words,
        articles=newest(session, published.news(), NEWEST),
    )


def _bans(beaches: Iterable[queries.Status]) -> list[tuple[SwimBan, list[Beach]]]:
    """Each ban in force, and the beaches it closes."""
    found: dict[UUID, tuple[SwimBan, list[Beach]]] = {}
    for state in beaches:
        if ban := state.verdict.ban:
            found.setdefault(ban.id, (ban, []))[1].append(state.beach)
    return list(found.values())


@site.get("/chat")
@access.public
def chat() -> ResponseReturnValue:
    """The conversation with the chatbot."""
    questions = [
        _("Can I swim today?"),
        _("What is there to see?"),
        _("Which number do I call in an emergency?"),
        _("I want to report a problem"),
    ]
    return render_template("site/chat.html", questions=questions)


@site.get("/privacy")
@access.public
def privacy() -> ResponseReturnValue:
    """What is kept about people, and why."""
    return render_template("site/privacy.html", consent_version=reports.CONSENT_VERSION)


@site.get("/sw.js")
@access.public
def service_worker() -> ResponseReturnValue:
    """The script that opens the pages for reporting without a connection: for all of the site."""
    with current_app.open_resource("static/sw.js") as script:
        return Response(script.read(), mimetype="text/javascript")


@site.get("/manifest.webmanifest")
@access.public
def manifest() -> ResponseReturnValue:
    """How the pages look once they are put on a phone's home screen."""
    about = {
        "name": _("Cua Lo beach town"),
        "short_name": "Cửa Lò",
        "start_url": url_for("site.home"),
        "display": "standalone",
        "background_color": "#f6f3ec",
        "theme_color": "#0a4d68",
        "icons": [
            {
                "src": url_for("static", filename="favicon.svg"),
                "sizes": "any",
                "type": "image/svg+xml",
            }
        ],
    }
    answer = answer_json(about, 200)
    answer.mimetype = "application/manifest+json"
    return answer
