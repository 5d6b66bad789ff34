"""The table of areas that people follow."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Key, Located
from notifications.devices import Device


class FollowedArea(Located, Base):
    """An area of which somebody wants to be told what is reported there.

    Either a `quarter`, by its code, or the circle of `radius` metres around a point. It belongs
    to a citizen, or to a device whose owner did not sign in. `name` is what they call it.
    """

    __tablename__ = "followed_area"

    id: Mapped[Key]
    citizen_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("citizen.id", ondelete="CASCADE"), index=True
    )
    device_id: Mapped[int | None] = mapped_column(
        ForeignKey(Device.id, ondelete="CASCADE"), index=True
    )
    name: Mapped[str | None]
    quarter: Mapped[str | None] = mapped_column(index=True)
    radius: Mapped[int | None]
    created_at: Mapped[datetime]
