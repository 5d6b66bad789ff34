"""One message of an alert: its issue, an update of it, or its end."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, ForeignKey, and_, or_
from sqlalchemy.orm import Mapped, mapped_column

from content.beaches.models import SwimBan
from content.store import Base, Key, Localized


class MessageType(StrEnum):
    """What a message does, in CAP's words."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


class Event(StrEnum):
    """What is warned of. Staff issue all but the ban, which follows the ban itself."""

    STORM = "storm"
    WAVES = "waves"
    MARINE_LIFE = "marine_life"
    POLLUTION = "pollution"
    OTHER = "other"
    SWIM_BAN = "swim_ban"


class Severity(StrEnum):
    """How bad it may become, in CAP's words, the worst first."""

    EXTREME = "Extreme"
    SEVERE = "Severe"
    MODERATE = "Moderate"
    MINOR = "Minor"
    UNKNOWN = "Unknown"


class Urgency(StrEnum):
    """How soon people have to act, in CAP's words."""

    IMMEDIATE = "Immediate"
    EXPECTED = "Expected"
    FUTURE = "Future"
    UNKNOWN = "Unknown"


class Certainty(StrEnum):
    """How sure it is, in CAP's words."""

    OBSERVED = "Observed"
    LIKELY = "Likely"
    POSSIBLE = "Possible"
    UNLIKELY = "Unlikely"
    UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Issuer:
    """Who speaks to other systems, and whether in earnest: CAP's sender and status."""

    sender: str
    status: str


class Alert(Base):
    """A message that was sent and never changes; later ones refer back to it.

    Messages on one matter share *thread_id*, the id of the first. *superseded_at* is when a
    later message took its place. *refers_to* are CAP's references, as sender,identifier,sent.
    *areas* are localised names; *quarters* the codes of the quarters meant, none for the whole
    town. Without *expires* it holds until it is cancelled. *sent_key* is the sender's own
    Idempotency-Key, and *sent_digest* a digest of what came with it.
    """

    __tablename__ = "alert"

    id: Mapped[Key]
    thread_id: Mapped[uuid.UUID] = mapped_column(index=True)
    ban_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(SwimBan.id, ondelete="SET NULL"), index=True
    )
    message_type: Mapped[str]
    sender: Mapped[str]
    status: Mapped[str]
    sent: Mapped[datetime] = mapped_column(index=True)
    refers_to: Mapped[list[str]]
    event: Mapped[str]
    severity: Mapped[str]
    urgency: Mapped[str]
    certainty: Mapped[str]
    headline: Mapped[Localized]
    description: Mapped[Localized]
    instruction: Mapped[Localized]
    reason: Mapped[Localized]
    areas: Mapped[list[dict[str, Any]]]
    quarters: Mapped[list[str]]
    onset: Mapped[datetime]
    expires: Mapped[datetime | None]
    superseded_at: Mapped[datetime | None]
    made_by: Mapped[str]
    sent_key: Mapped[uuid.UUID | None] = mapped_column(unique=True, index=True)
    sent_digest: Mapped[str | None]

    @property
    def identifier(self) -> str:
        """CAP's identifier of this message."""
        return str(self.id)

    def is_in_force(self, now: datetime) -> bool:
        """Whether people are warned by this message at *now*."""
        return (
            self.message_type != MessageType.CANCEL
            and self.superseded_at is None
            and (self.expires is None or self.expires > now)
        )

    @classmethod
    def in_force(cls, now: datetime) -> ColumnElement[bool]:
        """The condition of `is_in_force`, for a query."""
        return and_(
            cls.message_type != MessageType.CANCEL,
            cls.superseded_at.is_(None),
            or_(cls.expires.is_(None), cls.expires > now),
        )
