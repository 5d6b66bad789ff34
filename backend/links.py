"""Where people read on: the addresses of public pages."""

from __future__ import annotations

from backend import current
from content.publishing import Publishable

PATHS = {
    "alert": "/alerts/{slug}",
    "article": "/announcements/{slug}",
    "place": "/places/{slug}",
    "beach": "/#beach-{slug}",
    "contact": "/contacts",
    "event": "/events/{slug}",
    "price": "/prices#{slug}",
}


def path_of(kind: str, slug: str) -> str:
    """The path of the page that shows the *kind* of content named *slug*."""
    return PATHS[kind].format(slug=slug)


def url_of(kind: str, slug: str) -> str:
    """The whole address of that page."""
    return current.settings().public_url + path_of(kind, slug)


def address_of(item: Publishable) -> str:
    """The whole address of the page that shows *item*."""
    return url_of(item.search_type, item.slug)
