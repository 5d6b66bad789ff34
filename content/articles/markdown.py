"""Markdown as editors write it: to HTML that is safe to show, and to plain text."""

from __future__ import annotations

from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p",
    "pre", "s", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@lru_cache(maxsize=2048)
def to_html(text: str) -> str:
    """*text* as HTML that holds neither scripts nor styles nor addresses but web, mail, phone."""
    return nh3.clean(
        markdown.render(text),
        tags=TAGS,
        attributes={"a": {"href", "title"}, "img": {"src", "alt", "title"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )


def to_text(text: str) -> str:
    """The words of *text*, without its marks."""
    blocks = (token.children for token in markdown.parse(text) if token.children)
    return " ".join("".join(_words(child) for child in block) for block in blocks)


def _words(token: Token) -> str:
    return " " if token.type.endswith("break") else token.content
