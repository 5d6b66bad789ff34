"""Tables of offices, of who works in them, and of the rules that give them reports."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from content.changes import SEEN
from content.store import Base, Edited, Key, Localized


class Office(Edited, Base):
    """A part of the administration, or somebody outside it, that works on reports.

    Reports and rules name it by its `code`, which never changes. `phone` is in E.164.
    """

    __tablename__ = "office"
    __table_args__ = {"info": SEEN}

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Localized]
    email: Mapped[str | None]
    phone: Mapped[str | None]
    is_sample: Mapped[bool] = mapped_column(default=False)


class OfficeMember(Base):
    """That a member of staff works in an office; one person may work in several."""

    __tablename__ = "office_member"

    office_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Office.id, ondelete="CASCADE"), primary_key=True
    )
    staff_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("staff.id", ondelete="CASCADE"), primary_key=True, index=True
    )


class RoutingRule(Edited, Base):
    """Which office gets a report; of the rules that fit, the one with the lowest position.

    What is None fits everything. `category` is that of the report or the one above it; `hours`
    is in OSM's syntax of opening hours, and fits while it says "open".
    """

    __tablename__ = "routing_rule"
    __table_args__ = {"info": SEEN}

    id: Mapped[Key]
    position: Mapped[int] = mapped_column(index=True)
    category: Mapped[str | None]
    quarter: Mapped[str | None]
    hours: Mapped[str | None]
    office: Mapped[str] = mapped_column(ForeignKey(Office.code))
