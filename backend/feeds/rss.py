"""Announcements as RSS 2.0."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from email.utils import format_datetime
from xml.etree import ElementTree as ET

from backend.links import address_of
from backend.media import showing
from content.articles.models import Article
from content.text import in_language

ATOM = "http://www.w3.org/2005/Atom"
ET.register_namespace("atom", ATOM)

_NOT_IN_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def rss(
    articles: Sequence[Article], *, title: str, about: str, home: str, own: str, language: str
) -> bytes:
    """The feed *title*, which says what it is *about*, of *articles*, at its *own* address."""
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", title)
    _add(channel, "link", home)
    _add(channel, "description", about)
    _add(channel, "language", language)
    ET.SubElement(channel, f"{{{ATOM}}}link", href=own, rel="self", type="application/rss+xml")
    if articles:
        newest = max(article.updated_at for article in articles)
        _add(channel, "lastBuildDate", format_datetime(newest))
    for article in articles:
        _item(channel, article, language)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True))


def _item(channel: ET.Element, article: Article, language: str) -> None:
    item = ET.SubElement(channel, "item")
    _add(item, "title", in_language(article.title, language))
    _add(item, "link", address_of(article))
    guid = ET.SubElement(item, "guid", isPermaLink="false")
    guid.text = f"urn:uuid:{article.id}"
    _add(item, "pubDate", _moment(article.published_at))
    summary, body = (in_language(text, language) for text in (article.summary, article.body))
    _add(item, "description", showing.html(f"{summary}\n\n{body}".strip(), absolute=True))
    for topic in article.topics:
        _add(item, "category", topic)


def _moment(moment: datetime | None) -> str:
    return format_datetime(moment) if moment else ""


def _add(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = _NOT_IN_XML.sub("", text)
