"""A feed as RSS 2.0, whatever it tells of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from content.xml import add, written

MEDIA_TYPE = "application/rss+xml"
ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("atom", ATOM)


@dataclass(frozen=True)
class Item:
    """One entry; *guid* names it for good, *description* may hold HTML."""

    title: str
    link: str
    guid: str
    description: str
    published_at: datetime | None
    categories: Sequence[str] = ()


def feed(
    items: Iterable[Item],
    *,
    title: str,
    about: str,
    home: str,
    own: str,
    language: str,
    changed_at: datetime | None = None,
) -> bytes:
    """The feed *title* in UTF-8, which says what it is *about*.

    *home* is the page it belongs to, *own* its own address, *changed_at* when an entry changed
    last.
    """
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    add(channel, "title", title)
    add(channel, "link", home)
    add(channel, "description", about)
    add(channel, "language", language)
    ET.SubElement(channel, f"{{{ATOM}}}link", href=own, rel="self", type=MEDIA_TYPE)
    add(channel, "lastBuildDate", _moment(changed_at))
    for item in items:
        entry = ET.SubElement(channel, "item")
        add(entry, "title", item.title)
        add(entry, "link", item.link)
        ET.SubElement(entry, "guid", isPermaLink="false").text = item.guid
        add(entry, "pubDate", _moment(item.published_at))
        add(entry, "description", item.description)
        for category in item.categories:
            add(entry, "category", category)
    return written(root)


def _moment(moment: datetime | None) -> str:
    return format_datetime(moment) if moment else ""
