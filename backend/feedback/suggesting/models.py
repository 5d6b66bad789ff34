"""Tables of what was learned about categories from decided reports."""

from __future__ import annotations

import uuid

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from backend.feedback.models import Report
from content.store import Base


class CategoryCount(Base):
    """How many decided reports of a category have a feature, by the feature's bucket.

    No words are kept: what somebody wrote cannot be read from it.
    """

    __tablename__ = "category_count"

    bucket: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    category: Mapped[str] = mapped_column(primary_key=True)
    count: Mapped[int]


class CategoryLesson(Base):
    """That a report was learned from, and under which category.

    `round` is the training in which it was learned last; it grows with each.
    """

    __tablename__ = "category_lesson"

    report_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Report.id, ondelete="CASCADE"), primary_key=True
    )
    category: Mapped[str]
    round: Mapped[int] = mapped_column(index=True)
