"""Places of the town: what there is to see, to stay at, to eat, to buy, to use."""

from __future__ import annotations

import math
from datetime import datetime
from typing import Any

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, Session, mapped_column, query_expression

from content.media import references
from content.on_map import OnMap
from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Localized
from content.text import in_language

LOOKED_AT = ("category", "quarter", "state", "published_at", "expires_at")
"""What decides on whether a place is listed on a map, beside where it lies."""


class Place(Publishable, OnMap, Base):
    """A place, with a point in WGS84 or none, as far as it is known.

    *opening_hours* in OSM's syntax; *opening_exceptions* as {date, or from and to; hours, or
    closed; note: by language} go before them; outside of *season*, {from, to} as MM-DD, it is
    closed. *phone* is the number to call first. *price_from* in VND, *visit_minutes* as a
    visit takes; *sources* as {fact, source, confidence: H|M|L}; *links* as {url, title: by
    language}; *images* as {media_id}, or {url, width, height, alt: by language, licence,
    credit} where they lie elsewhere; *licence* is what the record itself may be used under.
    """

    __tablename__ = "place"
    __table_args__ = (
        Index("ix_place_state_slug", "state", "slug"),  # a list needs no sorting
        Index("ix_place_cell", "cell", "lat", "lng", *LOOKED_AT, "slug", "id"),
        Index("ix_place_by_slug", "slug", *LOOKED_AT, "lat", "lng", "id"),
    )

    search_type = "place"
    needed = ("name", "category")
    names_media = ("images", "description")

    name: Mapped[Localized]
    summary: Mapped[Localized] = mapped_column(default=dict)
    description: Mapped[Localized] = mapped_column(default=dict)
    aliases: Mapped[list[str]] = mapped_column(default=list)
    category: Mapped[str] = mapped_column(index=True)
    tags: Mapped[list[str]] = mapped_column(default=list)
    address: Mapped[Localized] = mapped_column(default=dict)
    quarter: Mapped[str | None] = mapped_column(index=True)
    opening_hours: Mapped[str | None]
    opening_exceptions: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    season: Mapped[dict[str, str] | None]
    visit_minutes: Mapped[int | None]
    price_from: Mapped[int | None]
    phone: Mapped[str | None]
    other_phones: Mapped[list[str]] = mapped_column(default=list)
    links: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    amenities: Mapped[list[str]] = mapped_column(default=list)
    accessibility: Mapped[list[str]] = mapped_column(default=list)
    images: Mapped[list[dict[str, Any]]] = mapped_column(default=list)
    licence: Mapped[str | None]
    verified_at: Mapped[datetime | None]

    square_distance: Mapped[float | None] = query_expression()
    """In square metres, where a query asked for what is near."""

    @property
    def distance_m(self) -> int | None:
        """Metres from the point that a query asked for."""
        return None if self.square_distance is None else round(math.sqrt(self.square_distance))

    @property
    def heading(self) -> Localized:
        return self.name

    def searchable(self, language: str) -> Searchable:
        texts = (self.summary, self.description, self.address)
        return Searchable(
            title=self.name[language],
            body="\n".join(filter(None, (in_language(text, language) for text in texts))),
            also="\n".join(self.aliases),
        )

    def check_ready(self, session: Session) -> None:
        references.check(session, self)
