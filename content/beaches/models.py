"""Beach zones, and what is known of the water there."""

from __future__ import annotations

import uuid
from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Key, Localized, Located
from content.text import in_language


class Flag(StrEnum):
    """The flags of the International Life Saving Federation. There is no green one."""

    RED_OVER_RED = "red_over_red"
    RED = "red"
    YELLOW = "yellow"
    RED_OVER_YELLOW = "red_over_yellow"
    PURPLE = "purple"
    QUARTERED = "quartered"


class WaterQuality(StrEnum):
    """The classes of bathing water of the EU's Directive 2006/7/EC."""

    EXCELLENT = "excellent"
    GOOD = "good"
    SUFFICIENT = "sufficient"
    POOR = "poor"


class Beach(Publishable, Located, Base):
    """A zone of the beach, by the name its people use."""

    __tablename__ = "beach"

    search_type = "beach"
    needed = ("name",)

    name: Mapped[Localized]
    summary: Mapped[Localized] = mapped_column(default=dict)
    aliases: Mapped[list[str]] = mapped_column(default=list)
    quarter: Mapped[str | None]
    position: Mapped[int] = mapped_column(default=0)

    @property
    def heading(self) -> Localized:
        return self.name

    def searchable(self, language: str) -> Searchable:
        return Searchable(
            title=self.name[language],
            body=in_language(self.summary, language),
            also="\n".join(self.aliases),
        )


class Observation(Base):
    """What somebody on duty saw at a beach: which flag flies (none: null), until when it holds.

    *lifeguards_on_duty* is null where it was not said. One that was withdrawn says nothing; it
    stays on file as what was posted and by whom.
    """

    __tablename__ = "beach_observation"

    id: Mapped[Key]
    beach_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Beach.id, ondelete="CASCADE"), index=True
    )
    flag: Mapped[str | None]
    observed_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    lifeguards_on_duty: Mapped[bool | None]
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]


class LifeguardSchedule(Base):
    """The hours in which lifeguards are to be on duty at a beach.

    *days* in OSM's words ("Mo"); *starts* and *ends* by the town's clocks, on the same day;
    *valid_from* and *valid_until* are the first and the last day of the season.
    """

    __tablename__ = "lifeguard_schedule"

    id: Mapped[Key]
    beach_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Beach.id, ondelete="CASCADE"), index=True
    )
    days: Mapped[list[str]]
    starts: Mapped[time]
    ends: Mapped[time]
    valid_from: Mapped[date]
    valid_until: Mapped[date | None]
    note: Mapped[str]
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


class SwimBan(Base):
    """A ban on swimming at one beach, or at all of them where *beach_id* is null.

    It holds until it is lifted, or to an end that was said beforehand.
    """

    __tablename__ = "swim_ban"

    id: Mapped[Key]
    beach_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(Beach.id, ondelete="CASCADE"), index=True
    )
    reason: Mapped[Localized]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    made_by: Mapped[str]
    created_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str | None]

    def is_in_force(self, now: datetime) -> bool:
        """Whether the ban holds at *now*."""
        return (
            self.starts_at <= now
            and (self.ends_at is None or self.ends_at > now)
            and (self.lifted_at is None or self.lifted_at > now)
        )


class WaterSample(Base):
    """What a laboratory found in the water of a beach."""

    __tablename__ = "water_sample"

    id: Mapped[Key]
    beach_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Beach.id, ondelete="CASCADE"), index=True
    )
    quality: Mapped[str]
    sampled_at: Mapped[datetime]
    source: Mapped[str] = mapped_column(default="")
    made_by: Mapped[str]
    created_at: Mapped[datetime]
