"""What search engines read: which pages there are, and which not to visit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from xml.sax.saxutils import escape

from flask import Response, url_for
from sqlalchemy import Select, func, select

from backend import current
from backend.accounts import access
from backend.database import session
from backend.links import PATHS, url_of
from backend.site.layout import site
from content import town
from content.errors import N_, NotFound
from content.publishing import Publishable, kinds

MOST_ADDRESSES = 50_000
"""More are not allowed in one file of the protocol."""

PAGES = (
    "site.home", "site.announcements", "site.guides", "site.places", "site.prices",
    "site.events", "site.contacts", "site.chat", "site.report", "site.reports", "site.privacy",
)  # fmt: skip

UNWANTED = ("/console", "/preview/", "/api/", "/track", "/open311/")

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


@site.get("/robots.txt")
@access.public
def robots() -> Response:
    """What not to visit, and where the sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in UNWANTED)]
    lines += ["", f"Sitemap: {_whole('site.sitemap')}", ""]
    return Response("\n".join(lines), content_type="text/plain; charset=utf-8")


@site.get("/sitemap.xml")
@access.published
def sitemap() -> Response:
    """Every page with something published; for very many, where the parts are."""
    counts = [session.scalar(select(func.count()).select_from(q.subquery())) or 0 for q in _shown()]
    parts = -(-(sum(counts) + len(PAGES)) // MOST_ADDRESSES)
    if parts <= 1:
        return _addresses(1)
    places = (_whole("site.sitemap_part", number=number) for number in range(1, parts + 1))
    entries = "".join(f"<sitemap><loc>{escape(place)}</loc></sitemap>" for place in places)
    return _xml(f"<sitemapindex {XMLNS}>{entries}</sitemapindex>")


@site.get("/sitemap-<int:number>.xml")
@access.published
def sitemap_part(number: int) -> Response:
    """A part of the pages."""
    return _addresses(number)


def _addresses(number: int) -> Response:
    skip = (number - 1) * MOST_ADDRESSES
    entries = [
        f"<url><loc>{escape(address)}</loc>{_modified(moment)}</url>"
        for position, (address, moment) in enumerate(_every_address(skip + MOST_ADDRESSES))
        if position >= skip
    ]
    if number < 1 or not entries:
        raise NotFound(N_("There is nothing named %(name)s here."), name=f"sitemap-{number}.xml")
    return _xml(f"<urlset {XMLNS}>{''.join(entries)}</urlset>")


def _every_address(most: int) -> Iterator[tuple[str, datetime | None]]:
    for endpoint in PAGES:
        yield _whole(endpoint), None
    left = most - len(PAGES)
    for kind, statement in zip(_kinds(), _shown(), strict=True):
        if left <= 0:
            return
        for slug, moment in session.execute(statement.limit(left)):
            left -= 1
            yield url_of(kind.search_type, slug), moment


def _kinds() -> list[type[Publishable]]:
    """The kinds of content of which each piece has a page of its own."""
    return [kind for kind in kinds() if PATHS.get(kind.search_type, "").endswith("/{slug}")]


def _shown() -> list[Select[str, datetime]]:
    return [_shown_of(kind) for kind in _kinds()]


def _shown_of(kind: type[Publishable]) -> Select[str, datetime]:
    shown = select(kind.slug, kind.updated_at).where(kind.visible(current.now()), ~kind.is_sample)
    return shown.order_by(kind.slug)


def _whole(endpoint: str, **values: Any) -> str:
    return current.settings().public_url + url_for(endpoint, **values)


def _modified(moment: datetime | None) -> str:
    if moment is None:
        return ""
    return f"<lastmod>{moment.astimezone(town.TIME).replace(microsecond=0).isoformat()}</lastmod>"


def _xml(body: str) -> Response:
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'
    return Response(text, content_type="application/xml; charset=utf-8")
