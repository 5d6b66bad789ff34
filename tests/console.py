"""Somebody on the staff at the pages of the console, in the words of the tests."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from typing import Any

from flask.testing import FlaskClient
from werkzeug.test import TestResponse


@dataclass
class Page:
    """What a browser shows: where it is, its status, its words and marks with single spaces.

    *source* is the page as it was sent.
    """

    path: str
    status: int
    text: str
    source: str

    def __contains__(self, words: str) -> bool:
        return words in self.text

    @property
    def refused(self) -> list[str]:
        """What the page says is wrong with its form."""
        return re.findall(r'<li><a href="#[^<]*</a>[^<]*</li>|<li>[^<]*</li>', self.text)

    def field(self, name: str) -> str:
        """The value in the input of that name."""
        found = re.search(rf'<input[^>]*name="{name}"[^>]*value="([^"]*)"', self.text)
        assert found, f"no input {name} in {self.text}"
        return found[1]


@dataclass
class Visitor:
    """A browser set to English whose every request carries the headers of one person."""

    client: FlaskClient
    headers: dict[str, str] = field(default_factory=dict)

    def open(self, path: str, **query: Any) -> Page:
        """Follow a link."""
        return self._page(
            self.client.get(path, query_string=query, headers=self._headers, follow_redirects=True)
        )

    def send(self, path: str, **fields: Any) -> Page:
        """Send a form; a field with a list has several values."""
        answer = self.client.post(path, data=fields, headers=self._headers, follow_redirects=True)
        return self._page(answer)

    @property
    def _headers(self) -> dict[str, str]:
        return {"Accept": "text/html", "Accept-Language": "en"} | self.headers

    def _page(self, answer: TestResponse) -> Page:
        assert answer.mimetype == "text/html", answer.text
        text = html.unescape(re.sub(r"\s+", " ", answer.text))
        return Page(answer.request.path, answer.status_code, text, answer.text)
