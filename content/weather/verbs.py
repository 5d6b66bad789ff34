"""Keeping what weather services say, and telling it while it is fresh."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from content import town
from content.weather.models import WeatherKind, WeatherReading

FRESH = timedelta(hours=3)
"""Older weather is not told."""

EARLY = timedelta(hours=1)
"""By how much a model may be ahead of the clock."""

KEPT = timedelta(days=7)


def keep_weather(
    session: Session, kind: WeatherKind, at: datetime, said: Mapping[str, Any], now: datetime
) -> None:
    """Put on file what a service says of the moment *at*; what is a week old is forgotten."""
    session.add(WeatherReading(kind=kind, at=at, fetched_at=now, said=dict(said)))
    session.execute(delete(WeatherReading).where(WeatherReading.fetched_at < now - KEPT))
    session.flush()


def weather_now(session: Session, now: datetime) -> dict[str, Any] | None:
    """What is known of the weather at *now*, of air and sea together; None for nothing fresh."""
    readings = [_latest(session, kind, now) for kind in WeatherKind]
    fresh = [reading for reading in readings if reading is not None]
    if not fresh:
        return None
    told: dict[str, Any] = {"observed_at": min(reading.at for reading in fresh)}
    for reading in fresh:
        told |= reading.said
    today = now.astimezone(town.TIME).date().isoformat()
    told["days"] = [day for day in told.get("days", []) if day["date"] >= today]
    return told


def _latest(session: Session, kind: WeatherKind, now: datetime) -> WeatherReading | None:
    return session.scalars(
        select(WeatherReading)
        .where(
            WeatherReading.kind == kind,
            WeatherReading.at > now - FRESH,
            WeatherReading.at <= now + EARLY,
        )
        .order_by(WeatherReading.at.desc(), WeatherReading.id.desc())
        .limit(1)
    ).first()
