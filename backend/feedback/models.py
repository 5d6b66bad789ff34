"""Tables of citizens' reports. Who reported is kept apart from what was reported."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint, Uuid, text
from sqlalchemy.orm import Mapped, mapped_column

from backend.feedback.workflow import State, Who
from content.on_map import OnMap
from content.store import Base, Key, Localized, RowId, Timestamped

_LOOKED_AT = ("hidden", "status", "category", "quarter")
_PUBLIC: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("confirmed_at IS NOT NULL"))
_OPEN: Any = dict.fromkeys(("postgresql_where", "sqlite_where"), text("closed_at IS NULL"))
DUE = text("closed_at IS NOT NULL AND (anonymised_at IS NULL OR anonymised_at < closed_at)")


class Report(Timestamped, OnMap, Base):
    """Something that is wrong in the town, and where the work on it stands.

    `version` grows with every change. `filing_key` and `filing_digest` are the filing app's
    Idempotency-Key and a digest of what it sent. `searchable` is what `searching.as_searched`
    made for the staff's search. `assignee_id` and `office`, an office's code, say who works on it.

    The public sees it from `confirmed_at` on, when an officer first took it for true, unless it
    is `hidden`; of its words it sees `public_description`, which an officer approved.
    `confirmations` counts the people who say "me too".

    The clocks run from `clock_started_at` to `acknowledge_by` and `expected_at`, by the clock or
    by working time, and stand since `waiting_since`. `alarm_at` is when somebody has to look
    next, `alarmed_at` when that was last; `closed_at` is None while the report is open, and
    `unrated_since` unless its reporter may still rate how it was closed. Since `anonymised_at` it
    names nobody, unless it was opened again.
    """

    __tablename__ = "report"
    __table_args__ = (
        Index("ix_report_newest", "created_at", "id"),
        Index("ix_report_newest_by_status", "status", "created_at", "id"),
        Index("ix_report_newest_by_citizen", "citizen_id", "created_at", "id"),
        Index("ix_report_newest_by_office", "office", "created_at", "id"),
        Index("ix_report_newest_by_category", "category", "created_at", "id"),
        Index("ix_report_newest_by_quarter", "quarter", "created_at", "id"),
        Index("ix_report_newest_by_assignee", "assignee_id", "created_at", "id"),
        Index(
            "ix_report_newest_public", "confirmed_at", "id", *_LOOKED_AT, "lat", "lng", **_PUBLIC
        ),
        Index(
            "ix_report_public_cell", "cell", "lat", "lng", *_LOOKED_AT, "confirmed_at", "id",
            **_PUBLIC,
        ),
        Index("ix_report_open_cell", "cell", "lat", "lng", **_OPEN),
        Index("ix_report_open_newest", "created_at", "id", **_OPEN),
        Index("ix_report_open_newest_by_office", "office", "created_at", "id", **_OPEN),
        Index(
            "ix_report_newest_by_office_and_category", "office", "category", "created_at", "id"
        ),
        Index("ix_report_promised", "expected_at", "waiting_since", **_OPEN),
        Index("ix_report_to_anonymise", "closed_at", sqlite_where=DUE, postgresql_where=DUE),
    )  # fmt: skip

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    category: Mapped[str]
    description: Mapped[str]
    place_text: Mapped[str]
    quarter: Mapped[str | None]
    attributes: Mapped[dict[str, Any]]
    status: Mapped[str]
    source: Mapped[str]
    anonymous: Mapped[bool]
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("citizen.id", ondelete="SET NULL")
    )
    consent_version: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    clock_started_at: Mapped[datetime]
    acknowledge_by: Mapped[datetime]
    acknowledged_at: Mapped[datetime | None]
    expected_at: Mapped[datetime]
    by_clock: Mapped[bool] = mapped_column(default=False)
    waiting_since: Mapped[datetime | None]
    alarm_at: Mapped[datetime | None] = mapped_column(index=True)
    alarmed_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]
    unrated_since: Mapped[datetime | None] = mapped_column(index=True)
    duplicate_of_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("report.id", ondelete="SET NULL"), index=True
    )
    split_from_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("report.id", ondelete="SET NULL"), index=True
    )
    office: Mapped[str | None]
    assignee_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    searchable: Mapped[str]
    filing_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    filing_digest: Mapped[str | None]
    version: Mapped[int] = mapped_column(default=1)
    confirmed_at: Mapped[datetime | None]
    hidden: Mapped[bool] = mapped_column(default=False)
    public_description: Mapped[str | None]
    confirmations: Mapped[int] = mapped_column(default=0)

    @property
    def state(self) -> State:
        """Where the report stands, as a word of the workflow."""
        return State(self.status)


class ReportContact(Base):
    """How to reach the reporter: personal data, in a table that no public read selects.

    `phone` is in E.164, such as +84912345678.
    """

    __tablename__ = "report_contact"

    report_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey(Report.id, ondelete="CASCADE"), primary_key=True
    )
    name: Mapped[str | None]
    phone: Mapped[str | None]
    email: Mapped[str | None]


class ReportContactLook(Base):
    """That a member of staff looked at a reporter's contact: in which role, for which office, why.

    `sealed` is whether the reporter had wished to stay unknown.
    """

    __tablename__ = "report_contact_look"

    id: Mapped[RowId]
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), index=True
    )
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id"), index=True)
    at: Mapped[datetime]
    role: Mapped[str | None]
    office: Mapped[str | None]
    reason: Mapped[str | None]
    sealed: Mapped[bool] = mapped_column(default=False)


class ReportEvent(Base):
    """One thing that happened to a report.

    Kinds: filed, moved, comment, reply, question, note, assigned, recategorised, merged and split
    (the text is the other report's code), rated (the text is the number), unrated, warning and
    late (the text names the clock).

    `text` is the reason of a move, the reporter's comment or the officer's note; everybody may
    read the `public_note` of a move, the reporter that of a reply or question, and only staff
    what is `internal`.
    """

    __tablename__ = "report_event"

    id: Mapped[RowId]
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime] = mapped_column(index=True)
    kind: Mapped[str]
    by: Mapped[str]
    staff_id: Mapped[uuid.UUID | None] = mapped_column(ForeignKey("staff.id"))
    from_status: Mapped[str | None]
    to_status: Mapped[str | None]
    text: Mapped[str | None]
    public_note: Mapped[Localized | None]
    internal: Mapped[bool] = mapped_column(default=False)


class ReportPhoto(Base):
    """A photo of what is wrong, or *by* an officer of what was done, shown with a reply.

    `digest` is the SHA-256 of the file as it was sent.

    `name` and `thumbnail_name` are the names of our own copies, which carry no metadata. Where
    an officer covered faces or number plates, `covers` in pixels, the public sees `covered_name`
    and `covered_thumbnail_name` alone. The public sees what an officer approved, `is_public`.
    `hint_lat` and `hint_lng` are where the camera says that it stood, for the staff alone.
    """

    __tablename__ = "report_photo"
    __table_args__ = (UniqueConstraint("report_id", "digest"),)

    id: Mapped[Key]
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Report.id, ondelete="CASCADE"))
    digest: Mapped[str]
    name: Mapped[str]
    thumbnail_name: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    by: Mapped[str] = mapped_column(default=Who.REPORTER)
    event_id: Mapped[int | None] = mapped_column(
        ForeignKey(ReportEvent.id, ondelete="SET NULL"), index=True
    )
    created_at: Mapped[datetime]
    is_public: Mapped[bool] = mapped_column(default=False)
    covered_name: Mapped[str | None]
    covered_thumbnail_name: Mapped[str | None]
    covers: Mapped[list[dict[str, Any]] | None]
    hint_lat: Mapped[float | None]
    hint_lng: Mapped[float | None]

    @property
    def hint(self) -> dict[str, float] | None:
        """Where the camera says that it stood."""
        if self.hint_lat is None or self.hint_lng is None:
            return None
        return {"lat": self.hint_lat, "lng": self.hint_lng}

    @property
    def files(self) -> list[str]:
        """The names of all files of it."""
        names = (self.name, self.thumbnail_name, self.covered_name, self.covered_thumbnail_name)
        return [name for name in names if name]


class PhotoUpload(Base):
    """A photo that comes in pieces, over a connection that breaks.

    `received` of its `length` bytes are kept so far; `photo_id` is set once it is whole.
    """

    __tablename__ = "photo_upload"

    id: Mapped[Key]
    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), index=True
    )
    length: Mapped[int]
    received: Mapped[int] = mapped_column(default=0)
    photo_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(ReportPhoto.id, ondelete="SET NULL")
    )
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ReportConfirmation(Base):
    """That somebody else sees it too; a citizen who is signed in is told of each step.

    `who` is a keyed digest of the citizen, or of a guest's network address: once each.
    """

    __tablename__ = "report_confirmation"
    __table_args__ = (UniqueConstraint("report_id", "who"),)

    id: Mapped[RowId]
    report_id: Mapped[uuid.UUID] = mapped_column(ForeignKey(Report.id, ondelete="CASCADE"))
    who: Mapped[str]
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("citizen.id", ondelete="CASCADE"), index=True
    )
    at: Mapped[datetime]
