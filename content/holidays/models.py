"""The holidays of a year as staff have entered them."""

from __future__ import annotations

from typing import Any

from sqlalchemy.orm import Mapped, mapped_column

from content.changes import SEEN
from content.store import Base, Edited


class HolidayYear(Edited, Base):
    """The public holidays of one year, in place of the computed ones.

    *days* are {date: ISO, name: by language, confirmed}.
    """

    __tablename__ = "holiday_year"
    __table_args__ = {"info": SEEN}

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    days: Mapped[list[dict[str, Any]]]
    revision: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": revision}
