"""What clients send, read with patience: repeated names, empty values, odd headers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from werkzeug.datastructures import FileStorage, MultiDict

from content.errors import N_, Invalid

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

_BOUNDARY = re.compile(r'(;\s*boundary=)([^";][^;]*)', re.IGNORECASE)
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]+)\](?:\[\d*\])?")
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
LONGEST_URL = 2000


class QuotedBoundaries:
    """Quotes the boundary of a multipart body whose client did not, though it holds a `=`.

    Such a header breaks the grammar, and Werkzeug then sees a form without fields.
    """

    def __init__(self, app: WSGIApplication, prefix: str) -> None:
        self._app = app
        self._prefix = prefix

    def __call__(self, environ: WSGIEnvironment, start: StartResponse, /) -> Iterable[bytes]:
        header = environ.get("CONTENT_TYPE", "")
        is_multipart = header.lower().startswith("multipart/form-data")
        if is_multipart and environ.get("PATH_INFO", "").startswith(self._prefix):
            environ["CONTENT_TYPE"] = _BOUNDARY.sub(
                lambda found: f'{found[1]}"{found[2].strip()}"', header, count=1
            )
        return self._app(environ, start)


class Fields:
    """The fields of a request by name; an empty one counts as absent."""

    def __init__(self, values: MultiDict[str, str]) -> None:
        self._values = {name: kept for name, given in values.lists() if (kept := _not_empty(given))}
        unstorable = {
            name: [N_("Has characters that cannot be stored.")]
            for name, given in self._values.items()
            if any(_CONTROL.search(text) for text in (name, *given))
        }
        if unstorable:
            raise Invalid({_CONTROL.sub("", name): why for name, why in unstorable.items()})

    def text(self, name: str, most: int = 1000) -> str | None:
        """The first value of *name*. Raises Invalid for more than *most* characters."""
        value = next(iter(self._values.get(name, ())), None)
        if value and len(value) > most:
            raise Invalid({name: [N_("At most %(most)s characters.")]}, most=most)
        return value

    def needed(self, name: str, most: int = 1000) -> str:
        """As `text`. Raises Invalid where there is none."""
        value = self.text(name, most)
        if value is None:
            raise Invalid({name: [N_("Missing data for required field.")]})
        return value

    def words(self, name: str) -> list[str]:
        """The words of comma lists that are given as *name*."""
        listed = ",".join(self._values.get(name, ())).split(",")
        return [word for one in listed if (word := one.strip())]

    def number(self, name: str, least: float, most: float) -> float | None:
        """The number *name*. Raises Invalid for another text and beyond the bounds."""
        text = self.text(name)
        if text is None:
            return None
        try:
            number = float(text)
        except ValueError:
            raise Invalid({name: [N_("Not a valid number.")]}) from None
        if not least <= number <= most:
            raise Invalid({name: [N_("Between %(least)s and %(most)s.")]}, least=least, most=most)
        return number

    def count(self, name: str, most: int) -> int | None:
        """The whole number *name*, from 1. Raises Invalid."""
        text = self.text(name)
        if text is None:
            return None
        if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= most:
            raise Invalid({name: [N_("Between %(least)s and %(most)s.")]}, least=1, most=most)
        return int(text)

    def moment(self, name: str) -> datetime | None:
        """The moment *name*, which has an offset. Raises Invalid."""
        text = self.text(name)
        if text is None:
            return None
        try:
            # A plus sign in a query that was not escaped arrives as a space.
            found = datetime.fromisoformat(re.sub(r" (\d\d:?\d\d)$", r"+\1", text))
        except ValueError:
            found = None
        if found is None or found.tzinfo is None or not 1900 < found.year < 9000:
            raise Invalid({name: [N_("Write a moment with its offset: 2026-07-01T08:00:00Z.")]})
        return found

    def links(self, name: str, most: int = 20) -> Sequence[str]:
        """Every address that is given as *name*; nothing is fetched. Raises Invalid."""
        links = self._values.get(name, [])
        if len(links) > most or not all(_is_link(link) for link in links):
            raise Invalid({name: [N_("Not a web address that can be kept.")]})
        return links

    def attributes(self) -> dict[str, list[str]]:
        """The values of `attribute[CODE]` and `attribute[CODE][]`, by code."""
        found: dict[str, list[str]] = {}
        for name, given in self._values.items():
            if match := _ATTRIBUTE.fullmatch(name):
                found.setdefault(match[1], []).extend(given)
        return found


def _not_empty(given: Iterable[str]) -> list[str]:
    return [text for one in given if (text := one.strip())]


def _is_link(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    return is_web and len(text) <= LONGEST_URL and not re.search(r"\s", text)


def files(sent: MultiDict[str, FileStorage]) -> list[bytes]:
    """Every file that was sent, whatever its field is called; an empty one counts as absent."""
    read = (file.read() for _, given in sent.lists() for file in given)
    return [data for data in read if data]
