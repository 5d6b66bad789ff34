"""`flask work`: the worker, wired with a handler for each kind of job, and lanes for messages."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click
from flask import Flask, current_app, has_app_context
from flask.cli import with_appcontext
from sqlalchemy.orm import Session, sessionmaker

from backend import current, digests
from backend.accounts import citizens
from backend.alerts.publishing import issuer_of as issuer
from backend.articles import publishing as articles
from backend.campaigns import sending as campaigns
from backend.chat import hearing
from backend.chat import retention as chat_retention
from backend.devices import browsers
from backend.feedback import blocking, privacy, retention, uploading, watching
from backend.feedback.nearby import telling
from backend.feedback.statistics import counting
from backend.feedback.suggesting import learning
from backend.media import library
from backend.open311 import relaying
from backend.settings import Settings
from backend.storage import Storage
from backend.weather import fetching
from backend.webhooks import sending as webhooks
from content.store import Clock, utc_now
from notifications import delivery, housekeeping, resending, webpush, worker
from notifications.fcm import FcmGateway
from notifications.gate import Pace
from notifications.gateway import Gateway, LogGateway, Stream, stream_of
from notifications.routing import ByKind


@click.command()
@with_appcontext
def work() -> None:
    """Work off the outbox until told to stop; the job in hand is finished first."""
    stop = threading.Event()

    def finish(*_: Any) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, finish)
    signal.signal(signal.SIGINT, finish)
    extensions = current_app.extensions
    with extensions["sessions"].begin() as session:
        housekeeping.plan(session, current.now())
        watching.plan(session, current.now())
        learning.plan(session, current.now())
        webhooks.plan(session, current.now())
        retention.plan(session, current.now())
        library.plan(session, current.now())
        relaying.plan(session, current.now())
        blocking.plan(session, current.now())
        uploading.plan(session, current.now())
        counting.plan(session, current.now())
        chat_retention.plan(session, current.now())
        if digests.is_on(current.settings()):
            digests.plan(session, current.now(), current.settings().timezone)
        if fetching.is_on(current.settings()):
            fetching.plan(session, current.now())
    settings, sessions, clock = current.settings(), extensions["sessions"], extensions["clock"]
    worker.run(
        sessions, other_handlers(settings), clock, stop, lanes=delivering(settings, sessions, clock)
    )


def handlers(settings: Settings) -> dict[str, worker.Handler]:
    """What the worker of this town can do, for one that does everything in one lane."""
    return {**delivery.handlers(ways_out(settings, utc_now)), **other_handlers(settings)}


def other_handlers(settings: Settings) -> dict[str, worker.Handler]:
    """What the worker does beside delivering messages."""
    app: Flask | None = None
    if has_app_context():
        app = current_app._get_current_object()  # type: ignore[attr-defined]
    return {
        **housekeeping.handlers(),
        **articles.handlers(),
        **digests.handlers(settings),
        **campaigns.handlers(issuer(settings)),
        **resending.handlers(),
        **fetching.handlers(settings),
        **citizens.handlers(settings),
        **watching.handlers(settings.reopen_within),
        **counting.handlers(settings.timezone),
        **privacy.handlers(Storage.in_folder(settings.photos_dir)),
        **telling.handlers(settings.public_reports_delay),
        **learning.handlers(),
        **webhooks.handlers(settings),
        **retention.handlers(settings.report_retention),
        **relaying.handlers(settings),
        **blocking.handlers(),
        **chat_retention.handlers(settings.chat_retention, settings.data_dir),
        **hearing.handlers(settings, app),
        **uploading.handlers(settings.uploads_dir),
        **library.handlers(Storage.at(settings.library_url)),
    }


def delivering(
    settings: Settings, sessions: sessionmaker[Session], clock: Clock
) -> list[worker.Lane]:
    """The lanes that deliver messages, at the pace that the push service allows."""
    through = ways_out(settings, clock)
    if isinstance(through, LogGateway):
        return delivery.lanes(sessions, through, clock)
    return delivery.lanes(
        sessions,
        through,
        clock,
        in_flight=settings.fcm_in_flight,
        pace=Pace(sessions, clock, settings.fcm_messages_per_minute),
    )


def ways_out(settings: Settings, clock: Clock) -> Gateway | Stream:
    """What carries push messages: FCM or the log, and beside it Web Push for browsers."""
    usual, browser = gateway(settings), browsers.stream(settings, clock)
    if browser is None and isinstance(usual, LogGateway):
        return usual
    return ByKind(stream_of(usual), {webpush.KIND: browser or stream_of(LogGateway())})


def gateway(settings: Settings) -> Gateway:
    """FCM where there are credentials for it, else the log."""
    if settings.google_application_credentials is None:
        return LogGateway()
    return FcmGateway(
        settings.google_application_credentials,
        project_id=settings.firebase_project_id,
        base_url=settings.fcm_base_url,
        ca_bundle=settings.fcm_ca_bundle,
        in_flight=settings.fcm_in_flight,
    )
