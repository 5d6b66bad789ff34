"""The recurring job that fetches the weather; no request waits for another service."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import structlog
from sqlalchemy.orm import Session

from backend.settings import Settings
from backend.weather.open_meteo import OpenMeteo, Said, WeatherUnavailable
from content.weather.models import WeatherKind
from content.weather.verbs import keep_weather
from notifications import outbox
from notifications.worker import Handler, Task

log = structlog.get_logger()

FETCH = "weather.fetch"
EVERY = timedelta(minutes=30)
AFTER_A_FAILURE = timedelta(minutes=5)


def is_on(settings: Settings) -> bool:
    """Whether this town fetches any weather."""
    return bool(settings.weather_url or settings.weather_marine_url)


def plan(session: Session, now: datetime) -> None:
    """Fetch now, once in each half an hour however often it is asked for."""
    _put(session, now, _slot(now, EVERY))


def handlers(settings: Settings, service: OpenMeteo | None = None) -> dict[str, Handler]:
    """What the worker does for the weather; nothing where the settings name no service."""
    if not is_on(settings):
        return {}
    asked = service or OpenMeteo()
    services: list[tuple[WeatherKind, str | None, Callable[[str], Said]]] = [
        (WeatherKind.AIR, settings.weather_url, asked.air),
        (WeatherKind.SEA, settings.weather_marine_url, asked.sea),
    ]

    def fetch(task: Task) -> None:
        answers, failed = [], False
        for kind, url, ask in services:
            if url is None:
                continue
            try:
                answers.append((kind, ask(url)))
            except WeatherUnavailable as reason:
                failed = True
                log.warning("weather.unavailable", kind=kind, reason=str(reason))
        now = task.clock()
        pause = AFTER_A_FAILURE if failed else EVERY
        with task.sessions.begin() as session:
            for kind, said in answers:
                keep_weather(session, kind, said.at, said.values, now)
            _put(session, now, _slot(now, pause) + pause)
            task.done(session)

    return {FETCH: fetch}


def _slot(now: datetime, length: timedelta) -> datetime:
    """The beginning of the stretch of that *length* that *now* falls into."""
    return now - timedelta(seconds=now.timestamp() % length.total_seconds())


def _put(session: Session, now: datetime, due: datetime) -> None:
    # The key is the moment it is due, so that several chains of jobs become one.
    outbox.enqueue(session, FETCH, {}, now=now, due_at=due, key=f"{FETCH}:{due:%Y-%m-%dT%H:%M%z}")
