"""What a browser set to English sends and shows."""

from __future__ import annotations

import html
import re

from werkzeug.test import TestResponse

BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", "Accept-Language": "en"}


def shown(answer: TestResponse) -> str:
    """The page's words and marks, its white space made one."""
    return html.unescape(re.sub(r"\s+", " ", answer.text))
