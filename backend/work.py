"""`flask work`: the worker, wired with a handler for each kind of job."""

from __future__ import annotations

import signal
import threading
from typing import Any

import click
from flask import current_app
from flask.cli import with_appcontext

from backend import current
from backend.accounts import citizens
from backend.alerts.publishing import issuer_of as issuer
from backend.articles import publishing as articles
from backend.campaigns import sending as campaigns
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
from notifications import delivery, housekeeping, resending, worker
from notifications.fcm import FcmGateway
from notifications.gateway import Gateway, LogGateway


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
        if fetching.is_on(current.settings()):
            fetching.plan(session, current.now())
    worker.run(extensions["sessions"], handlers(current.settings()), extensions["clock"], stop)


def handlers(settings: Settings) -> dict[str, worker.Handler]:
    """What the worker of this town can do."""
    return {
        **delivery.handlers(gateway(settings)),
        **housekeeping.handlers(),
        **articles.handlers(),
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
        **uploading.handlers(settings.uploads_dir),
        **library.handlers(Storage.at(settings.library_url)),
    }


def gateway(settings: Settings) -> Gateway:
    """FCM where there are credentials for it, else the log."""
    if settings.google_application_credentials is None:
        return LogGateway()
    return FcmGateway(
        settings.google_application_credentials,
        project_id=settings.firebase_project_id,
        base_url=settings.fcm_base_url,
        ca_bundle=settings.fcm_ca_bundle,
    )
