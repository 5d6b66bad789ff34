"""The columns of a file of posted prices, and which price of a series a row of it means."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext
from sqlalchemy import ColumnElement, or_
from sqlalchemy.orm import Session

from backend.exchange import cells
from backend.exchange.references import PLACE_HINT, PlaceBySlug
from backend.exchange.sheets import (
    DAY_HINT,
    INFORMING,
    NAMED_BY,
    SOURCES,
    Column,
    Sheet,
    localised,
)
from backend.prices.schemas import PriceDraftSchema
from backend.prices.staff_routes import publish
from content.errors import N_
from content.prices.models import Price
from content.prices.queries import series
from content.prices.rules import check
from content.publishing import Standing, State

DONG_HINT = lazy_gettext("50000 or 50.000")


class PriceRowSchema(PriceDraftSchema):
    """A price in a file: its place by the address that people read."""

    place = PlaceBySlug(attribute="place_id", allow_none=True)


def over(price: Price, now: datetime) -> bool:
    """Whether *price* holds no more, and will not again."""
    return price.state == State.ARCHIVED or price.standing(now) == Standing.EXPIRED


def not_over(now: datetime) -> ColumnElement[bool]:
    """The prices that hold at *now* or will: what was before is history."""
    return or_(Price.state != State.PUBLISHED, Price.expires_at.is_(None), Price.expires_at > now)


def meant(
    session: Session, price: Price, copy: Price, said: dict[str, Any], now: datetime
) -> Price:
    """The price that a row means which names *price*, whose text is *copy*.

    That is the one of its series that begins on the day that the row says, else the one it
    names, or where that is over the one that came after it. So a spreadsheet may be kept, and
    brought again, though every new price has an address of its own.
    """
    first, begins = said.get("valid_from"), copy.valid_from and copy.valid_from.isoformat()
    if not over(price, now) and first in (None, begins):
        return price
    others = [one for one in series(session, price) if one is not price and not over(one, now)]
    others.sort(key=lambda one: not one.is_visible(now))
    same_day = [one for one in others if first and str(one.valid_from) == first]
    found = [*same_day, *(others if over(price, now) else [])]
    if not found:
        return price
    said.pop("slug", None)
    if first == begins:
        said.pop("valid_from", None)
    return found[0]


PRICES = Sheet(
    path="prices",
    things=lazy_gettext("prices"),
    kind=Price,
    schema=PriceRowSchema,
    check=check,
    publish=publish,
    exported=not_over,
    meant=meant,
    heading="item",
    needs={"item": N_("Every price needs a Vietnamese name of what is sold.")},
    example=("item_vi", "price_vnd", "valid_from", "source"),
    together=(
        "place_id",
        "quarter",
        "price_vnd",
        "price_max_vnd",
        "valid_from",
        "valid_until",
    ),
    note=lazy_gettext(
        "Publishing another price opens a new one and closes the old one, which stays on file. "
        "An export has the prices that hold now or will."
    ),
    columns=(
        *NAMED_BY,
        *localised("item", "unit"),
        Column("price_vnd", read=cells.dong, hint=DONG_HINT),
        Column("price_max_vnd", read=cells.dong, hint=DONG_HINT),
        Column("place", hint=PLACE_HINT),
        Column("quarter"),
        # From its publication on, where nothing is said: that is no other day than it has.
        Column("valid_from", read=cells.day, keeps=True, hint=DAY_HINT),
        Column("valid_until", read=cells.day, hint=DAY_HINT),
        Column("posted_by"),
        Column("source"),
        Column("source_document", hint="https://…"),
        SOURCES,
        *INFORMING,
    ),
)
