"""What a weather service said, and when."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, RowId


class WeatherKind(StrEnum):
    """Which of the two services said it."""

    AIR = "air"
    SEA = "sea"


class WeatherReading(Base):
    """One answer of a service: *said* holds its values by their public names, units in these."""

    __tablename__ = "weather_reading"
    __table_args__ = (Index("ix_weather_reading_kind_at", "kind", "at"),)

    id: Mapped[RowId]
    kind: Mapped[str]
    at: Mapped[datetime]
    fetched_at: Mapped[datetime]
    said: Mapped[dict[str, Any]] = mapped_column(default=dict)
