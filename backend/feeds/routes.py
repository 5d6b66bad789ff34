"""The addresses to subscribe to; Vietnamese unless `?lang=en` asks for English."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, Flask, Response, request
from flask_babel import force_locale
from flask_babel import gettext as _
from marshmallow import EXCLUDE, Schema

from backend import current
from backend.accounts import access
from backend.database import session
from backend.feeds import ical, rss
from backend.feeds.places import geojson
from backend.languages import languages
from backend.rest import Box
from content import town
from content.articles.queries import newest_news
from content.events import queries
from content.events.models import Event
from content.events.queries import midnight
from content.publishing import find_visible
from content.rss import MEDIA_TYPE, feed

feeds = Blueprint("feeds", __name__, url_prefix="/feeds")

NEWEST = 50
BOX: Schema = Schema.from_dict({"bbox": Box(load_default=None)})(unknown=EXCLUDE)

YEARS = 3
"""For how many years the days of lunar events are written out, this one included."""


def init_app(app: Flask) -> None:
    """Serve the feeds."""
    app.register_blueprint(feeds)


@feeds.get("/events.ics")
@access.published
def events() -> Response:
    """Every event that is not over since last year, as a calendar to subscribe to."""
    return _calendar(queries.on_file(session, _new_year().date(), current.now()))


@feeds.get("/events/<key>.ics")
@access.published
def event(key: str) -> Response:
    """One event, to put into a calendar."""
    return _calendar([find_visible(session, Event, key, current.now())])


def _new_year() -> datetime:
    """Where the calendar begins: whole years, so that it changes only when an event does."""
    return midnight(current.now().astimezone(town.TIME).date().replace(month=1, day=1))


def _calendar(found: Sequence[Event]) -> Response:
    language, since = _language(), _new_year()
    with force_locale(language):
        name = _("Events in Cua Lo")
    body = ical.calendar(
        found,
        queries.places_of(session, found, current.now()),
        since,
        since.replace(year=since.year + YEARS),
        name=name,
        language=language,
    )
    return _answer(body, "text/calendar", language)


@feeds.get("/places.geojson")
@access.published
def places() -> Response:
    """The places that have a point, all or in `?bbox=west,south,east,north`."""
    language = _language()
    body = geojson(session, BOX.load(request.args)["bbox"], language=language, now=current.now())
    return _answer(body, "application/geo+json", language)


@feeds.get("/announcements.rss")
@access.published
def announcements() -> Response:
    """The newest announcements and news."""
    language = _language()
    public = current.settings().public_url
    found = newest_news(session, NEWEST, now=current.now())
    with force_locale(language):
        title, about = _("Notices of Cua Lo"), _("Announcements and news of the town")
    body = feed(
        rss.items(found, language),
        title=title,
        about=about,
        home=f"{public}/announcements",
        own=f"{public}{request.path}" + ("" if language == "vi" else f"?lang={language}"),
        language=language,
        changed_at=max((article.updated_at for article in found), default=None),
    )
    return _answer(body, MEDIA_TYPE, language)


def _language() -> str:
    asked = request.args.get("lang", "vi")
    return asked if asked in languages() else "vi"


def _answer(body: bytes, kind: str, language: str) -> Response:
    response = Response(body, content_type=f"{kind}; charset=utf-8")
    response.headers["Content-Language"] = language
    return response
