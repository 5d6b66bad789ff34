"""Tables of webhooks: who is told, and what became of each telling."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Edited, Key

KINDS = (
    "filed", "moved", "comment", "reply", "question", "note", "assigned", "recategorised",
    "merged", "split", "rated", "unrated", "approved", "hidden", "covered", "uncovered",
    "forwarded", "warning", "late", "anonymised",
)  # fmt: skip
"""What can happen to a report, as its history calls it."""

TYPES = tuple(f"report.{kind}" for kind in KINDS)
"""What can be subscribed to."""


class Progress(StrEnum):
    """How far a delivery has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    BURIED = "buried"


class Webhook(Edited, Base):
    """That a system at *url* is told; of all types of events where *events* is empty.

    Its secret is derived and not here. *failures* counts tries since it last took something;
    until *paused_until* it is left alone. *stopped_because* says why it was switched off by
    itself.
    """

    __tablename__ = "webhook"

    id: Mapped[Key]
    url: Mapped[str]
    events: Mapped[list[str]]
    active: Mapped[bool]
    failures: Mapped[int] = mapped_column(default=0)
    paused_until: Mapped[datetime | None]
    stopped_because: Mapped[str | None]


class WebhookDelivery(Base):
    """One event for one webhook; its id is the message's id, the same at every try.

    `queued_at` is when it was last put in the queue, anew when it is replayed.
    """

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_newest", "webhook_id", "created_at", "id"),
        Index("ix_webhook_delivery_settled", "settled_at"),
    )

    id: Mapped[Key]
    webhook_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Webhook.id, ondelete="CASCADE"))
    event_id: Mapped[int] = mapped_column(
        ForeignKey("report_event.id", ondelete="CASCADE"), index=True
    )
    type: Mapped[str]
    state: Mapped[str]
    attempts: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    queued_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]
    error: Mapped[str | None]
