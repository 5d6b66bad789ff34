"""What officers keep for their own work: filters under a name, and words for replies."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.store import Base, Edited, Key, Localized


class SavedFilter(Base):
    """A list of reports that a member of staff comes back to; *query* as in an address."""

    __tablename__ = "report_filter"
    __table_args__ = (UniqueConstraint("staff_id", "name"),)

    id: Mapped[Key]
    staff_id: Mapped[uuid.UUID] = mapped_column(ForeignKey("staff.id", ondelete="CASCADE"))
    name: Mapped[str]
    query: Mapped[str]


class ReplyTemplate(Edited, Base):
    """Words that officers use again and again, in both languages.

    They are offered first for reports of *categories*, codes of leaves or of the groups above.
    """

    __tablename__ = "reply_template"

    id: Mapped[Key]
    name: Mapped[str] = mapped_column(unique=True)
    text: Mapped[Localized]
    categories: Mapped[list[str]]
