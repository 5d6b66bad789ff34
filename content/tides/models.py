"""High and low tides, foretold by an authority."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, RowId


class TideKind(StrEnum):
    """Which turn of the tide."""

    HIGH = "high"
    LOW = "low"


class Tide(Base):
    """One high or low tide at a station; *height_m* in metres above the table's own zero."""

    __tablename__ = "tide"
    __table_args__ = (UniqueConstraint("station", "at"),)

    id: Mapped[RowId]
    station: Mapped[str]
    at: Mapped[datetime] = mapped_column(index=True)
    height_m: Mapped[float]
    kind: Mapped[str]
    made_by: Mapped[str]
    created_at: Mapped[datetime]
