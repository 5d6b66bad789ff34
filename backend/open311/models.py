"""Tables of Open311: who may write to us, what came from whom, what goes on."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, UniqueConstraint, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Edited, Key, RowId, Timestamped


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


class Progress(StrEnum):
    """How far the forwarding of a report has come."""

    WAITING = "waiting"
    SENDING = "sending"
    TOKEN = "token"  # noqa: S105 - the other server will tell the id later
    SENT = "sent"
    REFUSED = "refused"
    UNSURE = "unsure"
    CLOSED = "closed"


class Forwarding(Edited, Base):
    """That reports of a category, or of an office, go on to another server.

    *category* is a leaf or the group above it, *office* a code; what is None fits every report.
    *service_codes* say what the other server calls our categories; `*` stands for all others.
    The *api_key* is stored as it is, since it has to be sent. *is_idempotent* is that the server
    knows Idempotency-Key, so that a request may be sent again. *own_words* lets a reporter's
    words go out, with addresses and numbers taken out, where no officer has approved others.
    *offers_updates* is None until the server was asked.
    """

    __tablename__ = "forwarding"

    id: Mapped[Key]
    label: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str | None]
    office: Mapped[str | None]
    url: Mapped[str]
    api_key: Mapped[str | None]
    jurisdiction: Mapped[str | None]
    form: Mapped[str]
    service_codes: Mapped[dict[str, str]]
    own_words: Mapped[bool]
    is_idempotent: Mapped[bool]
    active: Mapped[bool]
    offers_updates: Mapped[bool | None]
    next_poll_at: Mapped[datetime]
    polled_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_error: Mapped[str | None]


class ForwardedReport(Timestamped, Base):
    """A report that goes, or went, to another server; each at most once.

    *key* is our Idempotency-Key there, *remote_status* what the server said last.
    """

    __tablename__ = "forwarded_report"

    id: Mapped[Key]
    forwarding_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Forwarding.id), index=True)
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("report.id", ondelete="CASCADE"), unique=True
    )
    state: Mapped[str] = mapped_column(index=True)
    key: Mapped[uuid.UUID] = mapped_column(Uuid, default=uuid.uuid4)
    remote_id: Mapped[str | None]
    token: Mapped[str | None]
    remote_status: Mapped[str | None]
    error: Mapped[str | None]
    sent_at: Mapped[datetime | None]


class FetchedUpdate(Base):
    """An update of another server that was brought back: each is done once."""

    __tablename__ = "forwarded_update"

    forwarded_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey(ForwardedReport.id, ondelete="CASCADE"), primary_key=True
    )
    update_id: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]
