"""The backend: the only room that knows HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from backend import (
    caching,
    cli,
    database,
    errors,
    freshness,
    headers,
    health,
    languages,
    limits,
    logs,
    metrics,
    previews,
    rest,
    uploads,
)
from backend.accounts import access, citizens, signin
from backend.accounts import routes as me
from backend.alerts import feeds as alert_feeds
from backend.alerts import routes as alerts
from backend.articles import routes as articles
from backend.audit import routes as audit
from backend.beaches import routes as beaches
from backend.campaigns import routes as campaigns
from backend.chat import channel_routes, chatbot
from backend.chat import routes as chat
from backend.console import pages as console
from backend.contacts import routes as contacts
from backend.devices import routes as devices
from backend.events import routes as events
from backend.exchange import kinds as exchange
from backend.feedback import act_routes as report_acts
from backend.feedback import block_routes as blocks
from backend.feedback import office_routes as offices
from backend.feedback import open_routes as open_reports
from backend.feedback import place_routes as report_places
from backend.feedback import promise_routes as promises
from backend.feedback import public_routes as nearby_reports
from backend.feedback import reporter_routes as reporter
from backend.feedback import routes as reports
from backend.feedback import staff_routes as staff_reports
from backend.feedback import upload_routes as photo_uploads
from backend.feedback.nearby import routes as areas
from backend.feedback.statistics import routes as statistics
from backend.feedback.suggesting import routes as suggestions
from backend.feeds import routes as feeds
from backend.holidays import routes as holidays
from backend.media import routes as media
from backend.media import serving
from backend.open311 import routes as open311
from backend.open311 import staff_routes as forwardings
from backend.places import routes as places
from backend.prices import routes as prices
from backend.prices import staff_routes as staff_prices
from backend.search import routes as search
from backend.settings import Settings, from_environment
from backend.site import pages as site
from backend.sync import routes as sync
from backend.tides import routes as tides
from backend.vocabularies import routes as vocabularies
from backend.webhooks import routes as webhooks
from content.store import Clock, utc_now

NAMESPACES: list[rest.Namespace] = [
    chat.api,
    me.api,
    vocabularies.api,
    places.api,
    prices.api,
    articles.api,
    beaches.api,
    alerts.api,
    contacts.api,
    events.api,
    holidays.api,
    search.api,
    sync.api,
    previews.api,
    devices.api,
    *exchange.NAMESPACES,
    places.staff,
    staff_prices.api,
    staff_prices.corrected,
    articles.staff,
    beaches.staff,
    tides.staff,
    alerts.staff,
    campaigns.api,
    contacts.staff,
    events.staff,
    audit.api,
    holidays.staff,
    media.api,
    reports.api,
    nearby_reports.api,
    suggestions.api,
    photo_uploads.api,
    blocks.api,
    report_places.api,
    open_reports.map_api,
    open_reports.table_api,
    reporter.own_api,
    reporter.my_api,
    reporter.log_api,
    areas.my_api,
    areas.api,
    staff_reports.api,
    forwardings.api,
    report_acts.api,
    statistics.api,
    offices.api,
    offices.rules_api,
    promises.api,
    promises.hours_api,
    promises.notices_api,
    webhooks.api,
]


class Application(Flask):
    """Flask, but for looking at every function of every request: none of ours is a coroutine."""

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func


def create_app(settings: Settings | None = None, *, clock: Clock = utc_now) -> Flask:
    """The application, wired from *settings* (default: the environment) and *clock*.

    Raises SettingsError when the environment holds a value that cannot be used.
    """
    settings = settings or from_environment()
    logs.configure(settings.log_level)
    app = Application(__name__)
    app.config.update(
        SECRET_KEY=settings.secret_key,
        MAX_CONTENT_LENGTH=settings.max_body_bytes,
        MAX_FORM_MEMORY_SIZE=settings.max_body_bytes,
        SESSION_COOKIE_SECURE=settings.production,
        SESSION_COOKIE_SAMESITE="Lax",
        PREFERRED_URL_SCHEME="https" if settings.production else "http",
    )
    app.extensions.update(settings=settings, clock=clock)
    if settings.trusted_proxies:
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=settings.trusted_proxies, x_proto=settings.trusted_proxies
        )

    logs.init_app(app)
    metrics.init_app(app)
    database.init_app(app, database.engine_for(settings.database_url))
    languages.init_app(app)
    headers.init_app(app, settings)
    caching.init_app(app)
    limits.init_app(app, settings)
    citizens.init_app(app, settings)
    signin.init_app(app, settings, clock)
    uploads.init_app(app)
    access.init_app(app)
    freshness.init_app(app)
    chatbot.init_app(app, settings)
    errors.init_app(app)

    rest.init_app(app, NAMESPACES)
    health.init_app(app)
    serving.init_app(app, settings)
    console.init_app(app)
    site.init_app(app)
    alert_feeds.init_app(app)
    feeds.init_app(app)
    open_reports.init_app(app)
    open311.init_app(app)
    channel_routes.init_app(app)
    cli.init_app(app)
    return app
