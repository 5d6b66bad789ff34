"""What all published content shares: where it stands, and when the public sees it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, ClassVar

from sqlalchemy import ColumnElement, UniqueConstraint, and_, or_
from sqlalchemy.orm import Mapped, Session, declared_attr, mapped_column

from content import search
from content.store import Base, Edited, Key, Localized, RowId, utc_now


class State(StrEnum):
    """Where a piece of content, or a draft of changes to it, stands."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Standing(StrEnum):
    """Where a piece of content stands at a moment, as editors speak of it."""

    DRAFT = "draft"
    REVIEW = "review"
    APPROVED = "approved"
    SCHEDULED = "scheduled"
    LIVE = "live"
    EXPIRED = "expired"
    ARCHIVED = "archived"


class Publishable(Edited):
    """Content that the public sees while it is published and within its time.

    Whether it is visible is computed when it is read, so no job has to run for something to
    appear or to expire. *revision* counts the changes; a change that was made on the ground of
    an older revision is refused.

    The row holds what the public sees. While it is published, changes are kept apart as the
    newest `Revision`, at *stage* draft, review or approved (null: there are none), until they
    are published too, or until *due_at* where they are scheduled. *updated_at* is when the
    public's text changed last, *edited_at* when anything did.
    """

    search_type: ClassVar[str]
    needed: ClassVar[tuple[str, ...]] = ()
    """Fields that have to be filled when it is published; localised ones in Vietnamese."""
    names_media: ClassVar[tuple[str, ...]] = ()
    """Fields that may name pictures and documents of the library."""

    id: Mapped[Key]
    slug: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(default=State.DRAFT, index=True)
    stage: Mapped[str | None]
    published_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    due_revision: Mapped[int | None]
    edited_at: Mapped[datetime] = mapped_column(default=utc_now)
    is_sample: Mapped[bool] = mapped_column(default=False, index=True)
    sources: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    revision: Mapped[int]

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805 - a class is what it is given
        return {"version_id_col": cls.revision}

    @property
    def heading(self) -> Localized:
        """The name or title of this piece, by language."""
        raise NotImplementedError

    def searchable(self, language: str) -> search.Searchable:
        """What search finds this piece by, in *language*."""
        raise NotImplementedError

    def check_ready(self, session: Session) -> None:
        """Raise Invalid where this lacks what the public needs, beyond the *needed* fields."""

    def is_visible(self, now: datetime) -> bool:
        """Whether the public sees this at *now*."""
        return (
            self.state == State.PUBLISHED
            and self.published_at is not None
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    @classmethod
    def visible(cls, now: datetime) -> ColumnElement[bool]:
        """The condition of `is_visible`, for a query."""
        return and_(
            cls.state == State.PUBLISHED,
            cls.published_at <= now,
            or_(cls.expires_at.is_(None), cls.expires_at > now),
        )

    def standing(self, now: datetime) -> Standing:
        """Where this stands at *now*."""
        if self.state != State.PUBLISHED:
            return Standing(self.state)
        if self.is_visible(now):
            return Standing.LIVE
        over = self.expires_at is not None and self.expires_at <= now
        return Standing.EXPIRED if over else Standing.SCHEDULED

    @classmethod
    def stands(cls, standing: Standing, now: datetime) -> ColumnElement[bool]:
        """The condition of `standing`, for a query."""
        if standing == Standing.LIVE:
            return cls.visible(now)
        published = cls.state == State.PUBLISHED
        if standing == Standing.EXPIRED:
            return and_(published, cls.expires_at <= now)
        if standing == Standing.SCHEDULED:
            over = and_(cls.expires_at.is_not(None), cls.expires_at <= now)
            return and_(published, cls.published_at > now, ~over)
        return cls.state == standing.value


class Revision(Base):
    """One state of the fields of a piece of content, in all languages, as JSON."""

    __tablename__ = "revision"
    __table_args__ = (UniqueConstraint("type", "item_id", "number"),)

    id: Mapped[RowId]
    type: Mapped[str]
    item_id: Mapped[uuid.UUID]
    number: Mapped[int]
    act: Mapped[str]
    values: Mapped[dict[str, Any]]
    made_by: Mapped[str]
    made_at: Mapped[datetime]


class Lock(Base):
    """Somebody has this piece of content open for editing, until a moment that moves on."""

    __tablename__ = "edit_lock"
    __table_args__ = (UniqueConstraint("type", "item_id"),)

    id: Mapped[RowId]
    type: Mapped[str]
    item_id: Mapped[uuid.UUID]
    held_by: Mapped[str]
    until: Mapped[datetime]


@dataclass(frozen=True)
class Edit:
    """Who changes content, and when."""

    by: str
    now: datetime
