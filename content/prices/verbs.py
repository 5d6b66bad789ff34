"""Publishing prices: a new price closes the one before, which stays on file."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from content import publishing, town
from content.errors import N_, Conflict, Invalid
from content.prices.models import Price
from content.prices.queries import day_of
from content.publishing import Edit, State
from content.publishing.revisions import text_columns

TOLD = ("item", "unit", "price_vnd", "price_max_vnd", "place_id", "quarter", "valid_from")
"""What makes another price of it; all else is a correction of words."""


def begin(day: date) -> datetime:
    """The moment at which *day* begins in the town."""
    return datetime.combine(day, time(), town.TIME)


def end(day: date) -> datetime:
    """The moment at which *day* is over in the town."""
    return begin(day + timedelta(days=1))


def publish(session: Session, price: Price, edit: Edit, *, two_person: bool = False) -> Price:
    """Show *price* to the public from the day on which it is valid, at once for none.

    Where the public sees it already and its draft says another price, that becomes a row of
    its own: the old one ends on the day before and stays on file. Answers the row that holds
    from then on. Raises Invalid and Conflict as `publishing.publish`.
    """
    draft = publishing.working_copy(session, price)
    changed = any(getattr(draft, name) != getattr(price, name) for name in TOLD)
    if not (price.is_visible(edit.now) and price.stage and changed):
        return _open(session, price, edit, two_person=two_person)
    if two_person and price.stage != State.APPROVED:
        raise Conflict(N_("Somebody else has to approve this before it is published."))
    draft.check_ready(session)
    values = {name: getattr(draft, name) for name in text_columns(Price)}
    price.stage = price.due_at = price.due_revision = None
    if values["valid_from"] == price.valid_from:
        values["valid_from"] = None
    return replace(session, price, values, edit)


def replace(session: Session, price: Price, values: dict[str, Any], edit: Edit) -> Price:
    """Open a price with *values*, and what *price* has beside them, and close *price*.

    The new one is valid from its `valid_from`, today for none, and begins at once for a day
    that is over. Raises Conflict for a *price* that is not in force, and Invalid for a day after
    its end.
    """
    if not price.is_visible(edit.now):
        raise Conflict(N_("This price is not in force any more."))
    today = day_of(edit.now)
    old = {name: getattr(price, name) for name in text_columns(Price)}
    first = values.get("valid_from") or today
    fields = old | values | {"valid_from": first, "series": price.series}
    if fields["valid_until"] and fields["valid_until"] < first:
        raise Invalid({"valid_until": [N_("Must not be before valid_from.")]})
    del fields["slug"]
    new = publishing.create(session, Price(**fields, is_sample=price.is_sample), edit)
    price.valid_until = max(price.valid_from or first, first - timedelta(days=1))
    over = max(begin(first), edit.now)
    if price.published_at and over > price.published_at:
        publishing.expire(session, price, over, edit)
    else:
        publishing.archive(session, price, edit)  # it was never seen
    return _open(session, new, edit)


def _open(session: Session, price: Price, edit: Edit, *, two_person: bool = False) -> Price:
    if price.valid_from is None and price.state != State.PUBLISHED:
        price.valid_from = day_of(edit.now)
    first = publishing.working_copy(session, price).valid_from
    if first and begin(first) > edit.now and not price.is_visible(edit.now):
        publishing.schedule(session, price, begin(first), edit, two_person=two_person)
    else:
        publishing.publish(session, price, edit, two_person=two_person)
    return price


def schedule(
    session: Session, price: Price, at: datetime, edit: Edit, *, two_person: bool = False
) -> None:
    """Show *price* from *at* on. Raises Conflict where the public sees it already.

    A new price needs no schedule: it comes into force on the day on which it is valid.
    """
    if price.is_visible(edit.now):
        raise Conflict(N_("Say in valid_from when the new price begins, and publish it."))
    publishing.schedule(session, price, at, edit, two_person=two_person)
