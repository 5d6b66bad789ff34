"""Tables of Open311: who may write to us, what came from whom."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Key, RowId


class ClientKey(Base):
    """The API key of another system; only its SHA-256 is kept.

    *office* is the code of the office whose reports the system works on, none for one that only
    files; *may_update* is whether it may post updates.
    """

    __tablename__ = "open311_key"

    id: Mapped[Key]
    label: Mapped[str] = mapped_column(unique=True)
    digest: Mapped[str] = mapped_column(unique=True)
    office: Mapped[str | None]
    may_update: Mapped[bool]
    created_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


class ReceivedRequest(Base):
    """Which key a report was filed with."""

    __tablename__ = "open311_request"

    report_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("report.id", ondelete="CASCADE"), primary_key=True
    )
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ClientKey.id), index=True)


class ReceivedUpdate(Base):
    """An update that another system posted, by the id it gave: each is taken once."""

    __tablename__ = "open311_update"
    __table_args__ = (UniqueConstraint("key_id", "update_id"),)

    id: Mapped[RowId]
    key_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(ClientKey.id))
    update_id: Mapped[str]
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("report.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
