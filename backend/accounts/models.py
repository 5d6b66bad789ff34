"""Tables of people: staff and their tokens, and citizens."""

from __future__ import annotations

import uuid
from datetime import datetime

from flask_security import UserMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from content.store import Base, Key, utc_now


class StaffAccount(UserMixin, Base):
    """A member of staff, in the shape that Flask-Security signs in."""

    __tablename__ = "staff"

    id: Mapped[Key]  # type: ignore[assignment] # the mixin says int, and never relies on it
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    # Not called `roles`: Flask-Security would take that for rows of its own table of roles.
    role_names: Mapped[list[str]]
    password: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    # What the session cookie names; a new one ends every session of this person.
    fs_uniquifier: Mapped[str] = mapped_column(unique=True, default=lambda: uuid.uuid4().hex)
    tf_primary_method: Mapped[str | None]
    tf_totp_secret: Mapped[str | None]
    # The time step of the last accepted code, so that no code is good twice.
    last_totp_counter: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=utc_now)


class StaffToken(Base):
    """A personal token for scripts; only its SHA-256 is kept."""

    __tablename__ = "staff_token"

    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    expires_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]

    owner: Mapped[StaffAccount] = relationship()


class Citizen(Base):
    """A person who signed in with Firebase; once erased, a row that names nobody."""

    __tablename__ = "citizen"

    id: Mapped[Key]
    firebase_uid: Mapped[str | None] = mapped_column(unique=True)
    phone: Mapped[str | None]
    display_name: Mapped[str | None]
    language: Mapped[str] = mapped_column(default="vi")
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    last_seen_at: Mapped[datetime] = mapped_column(default=utc_now)
    erased_at: Mapped[datetime | None]
