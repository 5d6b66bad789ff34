"""Reading prices: those in force, and what they were before."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from content import search, town
from content.places.models import Place
from content.prices.models import Price
from content.publishing import State
from content.store import one_of

MOST_FOUND = 200
"""How many prices a search by words gives; more of them help nobody."""


@dataclass(frozen=True)
class Wanted:
    """Which prices somebody asks for; what is None is not asked. *place* is an id."""

    item: str | None = None
    place: uuid.UUID | None = None
    quarter: str | None = None


def day_of(now: datetime) -> date:
    """The day that it is in the town at *now*."""
    return now.astimezone(town.TIME).date()


def prices(session: Session, wanted: Wanted, *, language: str, now: datetime) -> Select[Price]:
    """Select the prices that are in force at *now* and that fit.

    Those of a place that the public does not see are left out. An *item* is found by its
    words, with marks or without.
    """
    today = day_of(now)
    statement = (
        select(Price)
        .outerjoin(Place, Place.id == Price.place_id)
        .where(
            Price.visible(now),
            or_(Price.place_id.is_(None), Place.visible(now)),
            or_(Price.valid_from.is_(None), Price.valid_from <= today),
            or_(Price.valid_until.is_(None), Price.valid_until >= today),
        )
        .options(joinedload(Price.place))
    )
    if wanted.item:
        hits = search.find(
            session, wanted.item, types=["price"], language=language, now=now, limit=MOST_FOUND
        )
        statement = statement.where(Price.id.in_([hit.id for hit in hits]))
    if wanted.place:
        statement = statement.where(Price.place_id == wanted.place)
    if wanted.quarter:
        statement = statement.where(Price.quarter == wanted.quarter)
    return statement


def prices_of(session: Session, place_id: uuid.UUID, now: datetime) -> Sequence[Price]:
    """The prices in force at the place, in the order of their addresses."""
    return prices_by_place(session, [place_id], now)[place_id]


def prices_by_place(
    session: Session, place_ids: Iterable[uuid.UUID], now: datetime
) -> dict[uuid.UUID, list[Price]]:
    """The prices in force at each of the places, in the order of their addresses; one query."""
    found: dict[uuid.UUID, list[Price]] = {place_id: [] for place_id in place_ids}
    statement = prices(session, Wanted(), language="vi", now=now)
    for price in session.scalars(
        statement.where(one_of(Price.place_id, found)).order_by(Price.slug)
    ):
        if price.place_id is not None:
            found[price.place_id].append(price)
    return found


def series(session: Session, price: Price) -> Sequence[Price]:
    """Every price of the thing that *price* is about, drafts too; the newest first."""
    return session.scalars(
        select(Price)
        .where(Price.series == price.series)
        .order_by(Price.created_at.desc(), Price.id)
    ).all()


def history(session: Session, price: Price, now: datetime) -> Sequence[Price]:
    """What *price* is and was, as the public was told up to *now*; the newest first."""
    return session.scalars(
        select(Price)
        .where(
            Price.series == price.series,
            Price.state == State.PUBLISHED,
            Price.published_at <= now,
        )
        .order_by(Price.published_at.desc(), Price.id)
    ).all()
