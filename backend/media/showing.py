"""Pictures and documents of the library inside of content, as readers get them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask import g
from flask_babel import gettext as _

from backend import current
from backend.database import at_hand, session
from backend.languages import language
from backend.media.serving import path_of
from content.articles.markdown import Linked, to_html
from content.media.models import ORIGINAL, Media
from content.media.references import NamesMedia, ids_in, ids_of, named
from content.publishing import Publishable
from content.text import in_language


def html(text: str, *, absolute: bool = False) -> str:
    """*text* in Markdown as safe HTML, with what it names of the library.

    *absolute* addresses are for readers outside of this site, such as apps.
    """
    found = (_known(key) for key in sorted(ids_in(text)))
    return to_html(text, tuple(_linked(item, absolute) for item in found if item))


def picture(stored: Mapping[str, Any] | None, *, absolute: bool = False) -> dict[str, Any] | None:
    """A picture as {url, width, height, alt: by language, licence, credit, sizes}.

    *stored* names one of the library by `media_id`, or describes one elsewhere, which has no
    sizes. None for none, and for what is not in the library any more.
    """
    if not stored:
        return None
    if "media_id" not in stored:
        return {**stored, "sizes": []}
    item = _known(stored["media_id"])
    if item is None or item.width is None:
        return None
    base = _base(absolute)
    return {
        "url": base + path_of(item),
        "width": item.width,
        "height": item.height,
        "alt": item.alt,
        "licence": item.licence,
        "credit": item.credit,
        "sizes": [
            {"url": url, "width": width, "height": height}
            for url, width, height in _sizes(item, base)
        ],
    }


def document(stored: Mapping[str, Any], *, absolute: bool = False) -> dict[str, Any] | None:
    """What is attached as {url, title: by language, mime, bytes}; None for what is gone.

    Without a title of its own it has what the library says of it.
    """
    item = _known(stored["media_id"])
    if item is None:
        return None
    return {
        "url": _base(absolute) + path_of(item),
        "title": stored.get("title") or item.alt,
        "mime": item.mime,
        "bytes": item.bytes,
    }


def caption(credit: str, licence: str) -> str:
    """Whom to name beside a picture."""
    return _("Picture: %(credit)s (%(licence)s)", credit=credit, licence=licence)


def have_at_hand(items: Iterable[NamesMedia]) -> None:
    """Look up at once what *items* name of the library, which are no rows of the session."""
    known: dict[str, Media | None] = g.setdefault("known_media", {})
    _look_up(known, set().union(*(ids_of(item) for item in items)))


def _known(key: str) -> Media | None:
    """What the library has under *key*: one query for all content that is at hand."""
    known: dict[str, Media | None] = g.setdefault("known_media", {})
    if key not in known:
        wanted = {key}
        wanted = wanted.union(*(ids_of(item) for item in at_hand(Publishable)))
        _look_up(known, wanted)
    return known[key]


def _look_up(known: dict[str, Media | None], wanted: set[str]) -> None:
    new = wanted - known.keys()
    known.update(dict.fromkeys(new))
    known.update(named(session, new))


def _linked(item: Media, absolute: bool) -> Linked:
    base = _base(absolute)
    return Linked(
        id=str(item.id),
        url=base + path_of(item),
        alt=in_language(item.alt, language()),
        caption=caption(item.credit, item.licence),
        width=item.width,
        height=item.height,
        widths=tuple((url, width) for url, width, _height in _sizes(item, base)),
    )


def _sizes(item: Media, base: str) -> list[tuple[str, int, int]]:
    """Address, width and height of the sizes of a picture, each width once, the smallest first."""
    by_width = {
        file["width"]: (base + path_of(item, file["size"]), file["width"], file["height"])
        for file in reversed(item.files)
        if file["size"] != ORIGINAL and file["width"]
    }
    return sorted(by_width.values(), key=lambda size: size[1])


def _base(absolute: bool) -> str:
    return current.settings().public_url if absolute else ""
