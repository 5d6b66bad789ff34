"""The alerts that their feed lists, each with the address of its CAP document."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content import town
from content.alerts.models import Alert
from content.rss import Item
from content.text import in_language

LISTED_FOR = timedelta(days=30)
MOST_LISTED = 200


def listed(session: Session, now: datetime) -> Sequence[Alert]:
    """What is in force at *now* and what was sent in the 30 days before, the newest first."""
    return session.scalars(
        select(Alert)
        .where(or_(Alert.sent > now - LISTED_FOR, Alert.in_force(now)))
        .order_by(Alert.sent.desc(), Alert.id)
        .limit(MOST_LISTED)
    ).all()


def items(alerts: Sequence[Alert], language: str, address: Callable[[Alert], str]) -> list[Item]:
    """The entries of *alerts*; *address* is that of an alert's CAP document."""
    return [
        Item(
            title=in_language(alert.headline, language),
            link=address(alert),
            guid=alert.identifier,
            description=in_language(alert.description, language),
            published_at=alert.sent.astimezone(town.TIME),
            categories=(alert.message_type,),
        )
        for alert in alerts
    ]
