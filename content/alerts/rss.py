"""The list of alerts as RSS 2.0, each item with the address of its CAP document."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from content import town
from content.alerts.cap import add
from content.alerts.models import Alert
from content.text import in_language

MEDIA_TYPE = "application/rss+xml"
ATOM = "http://www.w3.org/2005/Atom"
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


def to_rss(
    alerts: Iterable[Alert],
    *,
    title: str,
    page: str,
    here: str,
    language: str,
    address: Callable[[Alert], str],
) -> bytes:
    """*alerts* as a channel in UTF-8.

    *page* is the town's own page, *here* the address of the channel, *address* that of an
    alert's CAP document.
    """
    ET.register_namespace("atom", ATOM)
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    add(channel, "title", title)
    add(channel, "link", page)
    add(channel, "description", title)
    add(channel, "language", language)
    ET.SubElement(channel, f"{{{ATOM}}}link", href=here, rel="self", type=MEDIA_TYPE)
    for alert in alerts:
        item = ET.SubElement(channel, "item")
        add(item, "title", in_language(alert.headline, language))
        add(item, "link", address(alert))
        add(item, "description", in_language(alert.description, language))
        add(item, "category", alert.message_type)
        ET.SubElement(item, "guid", isPermaLink="false").text = alert.identifier
        add(item, "pubDate", format_datetime(alert.sent.astimezone(town.TIME)))
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document
