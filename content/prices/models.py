"""Prices as they are posted, each for its time, and corrections that businesses send."""

from __future__ import annotations

import uuid
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from content.places.models import Place
from content.prices.rules import check_amounts
from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Key, Localized


class Price(Publishable, Base):
    """What an item costs, from *valid_from* to *valid_until*, both days included.

    It holds at a place, in a quarter, or with neither in the whole town. *price_max_vnd* makes
    it a range. The rows of one *series* are the prices of one thing, one after the other.
    *posted_by* is who says so, *source* where it was read, *source_document* a link to it.
    """

    __tablename__ = "price"

    search_type = "price"
    needed = ("item", "source")

    series: Mapped[uuid.UUID] = mapped_column(default=uuid.uuid4, index=True)
    item: Mapped[Localized]
    unit: Mapped[Localized] = mapped_column(default=dict)
    price_vnd: Mapped[int | None]
    price_max_vnd: Mapped[int | None]
    place_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("place.id", ondelete="CASCADE"), index=True
    )
    quarter: Mapped[str | None] = mapped_column(index=True)
    valid_from: Mapped[date | None]
    valid_until: Mapped[date | None]
    posted_by: Mapped[str | None]
    source: Mapped[str | None]
    source_document: Mapped[str | None]

    place: Mapped[Place | None] = relationship(viewonly=True)

    @property
    def heading(self) -> Localized:
        return self.item

    def searchable(self, language: str) -> Searchable:
        return Searchable(title=self.item[language], body="")

    def check_ready(self, session: Session) -> None:
        check_amounts(self.price_vnd, self.price_max_vnd, needed=True)


class CorrectionState(StrEnum):
    """What has become of a correction."""

    NEW = "new"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class PriceCorrection(Base):
    """What somebody says that a price is now. The contact is gone once it is decided."""

    __tablename__ = "price_correction"

    id: Mapped[Key]
    price_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey("price.id", ondelete="CASCADE"), index=True
    )
    price_vnd: Mapped[int]
    price_max_vnd: Mapped[int | None]
    note: Mapped[str] = mapped_column(default="")
    contact: Mapped[dict[str, str] | None]
    consent_version: Mapped[str | None]
    consent_at: Mapped[datetime | None]
    sent_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    sent_digest: Mapped[str | None]
    state: Mapped[str] = mapped_column(default=CorrectionState.NEW, index=True)
    reason: Mapped[str] = mapped_column(default="")
    new_price_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey("price.id", ondelete="SET NULL")
    )
    created_at: Mapped[datetime] = mapped_column(index=True)
    decided_at: Mapped[datetime | None]
    decided_by: Mapped[str | None]

    price: Mapped[Price] = relationship(foreign_keys=price_id, viewonly=True)
