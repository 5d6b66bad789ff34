"""Tables against abuse: from where a report came, and who may send none for a while."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from backend.feedback.models import Report
from content.store import Base, Key


class ReportSender(Base):
    """From where a report came, for as long as abuse may have to be stopped.

    `address` and `device` are keyed digests: they tell whether two senders are the same, and
    not who they are. No answer shows them.
    """

    __tablename__ = "report_sender"

    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), primary_key=True
    )
    address: Mapped[str]
    device: Mapped[str | None]
    at: Mapped[datetime] = mapped_column(index=True)


class SenderBlock(Base):
    """That a sender may file no reports until a moment, and why; who is blocked reads both.

    `subject` is a citizen's id, or the keyed digest of a device or a network address, as `kind`
    says. `report_id` is the report it was blocked for.
    """

    __tablename__ = "sender_block"
    __table_args__ = (Index("ix_sender_block_subject", "subject", "until"),)

    id: Mapped[Key]
    kind: Mapped[str]
    subject: Mapped[str]
    report_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey(Report.id, ondelete="SET NULL"))
    reason: Mapped[str]
    until: Mapped[datetime]
    created_at: Mapped[datetime] = mapped_column(index=True)
    created_by: Mapped[str]
