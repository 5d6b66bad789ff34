"""Wards, quarters, and the terms that content and reports are filed under."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from content.changes import SEEN
from content.store import Base, Edited, Json, Key, Localized, RowId


class Vocabulary(StrEnum):
    """Which list a term belongs to."""

    PLACE = "place"
    REPORT = "report"
    TOPIC = "topic"
    TAG = "tag"
    AMENITY = "amenity"
    ACCESSIBILITY = "accessibility"


class Term(Edited, Base):
    """One entry of a vocabulary; entries of two levels name the entry above them.

    The codes of report categories are numeric texts, which Open311 clients need. *attributes*
    are questions that a category asks beyond the description:
    {code, name, datatype: string|number, required}. *promise* is how soon reports of a category
    are answered, {acknowledge_hours, resolve_hours, by_clock}; None for the town's default.
    """

    __tablename__ = "term"
    __table_args__ = (UniqueConstraint("vocabulary", "code"), {"info": SEEN})

    id: Mapped[Key]
    vocabulary: Mapped[str]
    code: Mapped[str]
    name: Mapped[Localized]
    parent: Mapped[str | None]
    keywords: Mapped[list[str]] = mapped_column(default=list)
    attributes: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    promise: Mapped[dict[str, Any] | None]
    position: Mapped[int] = mapped_column(default=0)


class Ward(Edited, Base):
    """A ward in the state's register, with the days from which and to which its code meant it.

    Codes are given again: 16732 was Nghi Hương and is Cửa Lò since 1 July 2025.
    """

    __tablename__ = "ward"
    __table_args__ = {"info": SEEN}

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(index=True)
    name: Mapped[Localized]
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    successor: Mapped[str | None]
    """The code of the ward that it became a part of, on the day after *valid_until*."""


class Quarter(Edited, Base):
    """A part of the town by the name its people use; each was a ward of its own before."""

    __tablename__ = "quarter"
    __table_args__ = {"info": SEEN}

    id: Mapped[Key]
    code: Mapped[str] = mapped_column(unique=True)
    name: Mapped[Localized]
    aliases: Mapped[list[str]] = mapped_column(default=list)
    former_ward_code: Mapped[str]
    position: Mapped[int] = mapped_column(default=0)


class QuarterArea(Base):
    """Where a quarter lies: polygons as GeoJSON writes them, or, without any, a point.

    `west`, `south`, `east` and `north` are the box around it, in WGS84.
    """

    __tablename__ = "quarter_area"
    __table_args__ = {"info": SEEN}

    id: Mapped[RowId]
    quarter: Mapped[str] = mapped_column(index=True)
    polygons: Mapped[list[Any] | None] = mapped_column(Json())
    west: Mapped[float]
    south: Mapped[float]
    east: Mapped[float]
    north: Mapped[float]
