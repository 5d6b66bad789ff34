"""The posted price beside the one that somebody was asked for."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from backend.feedback.models import Report
from content.prices.models import Price
from content.prices.queries import Wanted, prices
from content.text import words

ITEM, SHOP, ASKED = "item", "shop", "price_asked"
"""The questions of a category about prices, by their codes."""

MOST = 3


@dataclass(frozen=True)
class Compared:
    """A posted price, and how many times as much was asked; None where that is not known."""

    price: Price
    times: float | None


def compared(session: Session, report: Report, language: str, now: datetime) -> Sequence[Compared]:
    """The posted prices, of now, of the item that *report* is about.

    Those of the shop that it names come first, then those of its quarter; none for reports of
    other matters.
    """
    item = report.attributes.get(ITEM)
    if not isinstance(item, str) or not item:
        return []
    wanted = prices(session, Wanted(item=item), language=language, now=now).limit(50)
    found = sorted(session.scalars(wanted), key=lambda price: _farness(price, report))
    asked = report.attributes.get(ASKED)
    return [Compared(price, _times(asked, price)) for price in found[:MOST]]


def _farness(price: Price, report: Report) -> tuple[bool, bool, bool]:
    shop = set(words(str(report.attributes.get(SHOP, ""))))
    names = [set(words(name)) for name in price.place.name.values()] if price.place else []
    elsewhere = price.quarter or (price.place.quarter if price.place else None)
    return (
        not any((name and name <= shop) or (shop and shop <= name) for name in names),
        price.place is not None,  # a price of the whole town says more than that of another shop
        elsewhere is not None and elsewhere != report.quarter,
    )


def _times(asked: object, price: Price) -> float | None:
    posted = price.price_max_vnd or price.price_vnd
    if not isinstance(asked, int | float) or not math.isfinite(asked) or not posted:
        return None
    return round(asked / posted, 1)
