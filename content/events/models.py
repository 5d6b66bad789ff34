"""Events: what happens when and where, and which days differ from the rule."""

from __future__ import annotations

import uuid
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import event as on
from sqlalchemy.orm import Mapped, Mapper, Session, mapped_column

from content import town
from content.articles.markdown import to_text
from content.events import recurrence as recurrences
from content.events.rules import TIMES, check_whole
from content.media import references
from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Localized, Located
from content.text import in_language


class Event(Publishable, Located, Base):
    """Something that happens, once or by a *recurrence*, at a place on file or one in words.

    It lasts whole days, from *starts_on* to *ends_on*, both included, or it has moments,
    *starts_at* and perhaps *ends_at*. These are the times of the first occurrence.

    *recurrence* is {calendar: gregorian, rule: as in RFC 5545} or {calendar: lunar, frequency:
    yearly|monthly, day, month, in_leap_month, until}. *exceptions* are {date: the day of the
    rule, status: cancelled|moved, note: by language, and the times it was moved to}.
    """

    __tablename__ = "event"

    search_type = "event"
    needed = ("title",)
    names_media = ("description",)

    title: Mapped[Localized]
    summary: Mapped[Localized] = mapped_column(default=dict)
    description: Mapped[Localized] = mapped_column(default=dict)
    place_id: Mapped[uuid.UUID | None] = mapped_column(index=True)
    place_text: Mapped[Localized] = mapped_column(default=dict)
    quarter: Mapped[str | None] = mapped_column(index=True)
    topics: Mapped[list[str]] = mapped_column(default=list)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
    starts_at: Mapped[datetime | None]
    ends_at: Mapped[datetime | None]
    recurrence: Mapped[dict[str, Any] | None]
    exceptions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    first_day: Mapped[date | None] = mapped_column(index=True, info={"derived": True})
    last_day: Mapped[date | None] = mapped_column(index=True, info={"derived": True})

    @property
    def heading(self) -> Localized:
        return self.title

    @property
    def all_day(self) -> bool:
        """Whether this lasts whole days."""
        return self.starts_on is not None

    @property
    def start(self) -> date | None:
        """The first day, in the town's own time."""
        if self.starts_at is not None and self.starts_on is None:
            return self.starts_at.astimezone(town.TIME).date()
        return self.starts_on

    @property
    def length(self) -> timedelta:
        """From the beginning of an occurrence to its end; nothing where no end is known."""
        if self.starts_on is not None:
            return max((self.ends_on or self.starts_on) - self.starts_on, timedelta()) + DAY
        if self.starts_at is not None and self.ends_at is not None:
            return max(self.ends_at - self.starts_at, timedelta())
        return timedelta()

    def searchable(self, language: str) -> Searchable:
        summary, place = (in_language(text, language) for text in (self.summary, self.place_text))
        description = to_text(in_language(self.description, language))
        return Searchable(
            title=self.title[language],
            body="\n".join(filter(None, (summary, place, description))),
        )

    def check_ready(self, session: Session) -> None:
        check_whole({name: getattr(self, name) for name in TIMES})
        references.check(session, self)


DAY = timedelta(days=1)


@on.listens_for(Event, "before_insert")
@on.listens_for(Event, "before_update")
def _bound(_: Mapper[Event], __: Any, event: Event) -> None:
    """Keep the days between which this can be found, for queries to leave out what is far."""
    start = event.start
    if start is None:
        event.first_day = event.last_day = None
        return
    last = recurrences.last_day(start, event.recurrence)
    days = [
        day
        for moved in event.exceptions or ()
        for day in (_day_of(moved, "starts"), _day_of(moved, "ends"))
        if day
    ]
    event.first_day = min([start, *days])
    event.last_day = last and max([last + event.length + DAY, *days])


def _day_of(exception: dict[str, Any], edge: str) -> date | None:
    text = exception.get(f"{edge}_on") or exception.get(f"{edge}_at")
    return datetime.fromisoformat(text).date() if text else None
