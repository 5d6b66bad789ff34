"""Markdown as editors write it: to HTML that is safe to show, and to plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token

from content.media.references import id_in

TAGS = {
    "a", "blockquote", "br", "code", "del", "em", "h2", "h3", "h4", "hr", "img", "li", "ol", "p",
    "pre", "s", "small", "strong", "table", "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "srcset", "sizes", "alt", "title", "width", "height", "loading"},
}

AS_WIDE_AS_THE_TEXT = "(max-width: 44rem) 100vw, 44rem"

markdown = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])


@dataclass(frozen=True)
class Linked:
    """A picture or a document of the library, as a text shows it.

    *widths* are its sizes, each an address and a width in pixels; none of a document.
    *caption* names whom to credit.
    """

    id: str
    url: str
    alt: str
    caption: str = ""
    width: int | None = None
    height: int | None = None
    widths: tuple[tuple[str, int], ...] = ()


@lru_cache(maxsize=2048)
def to_html(text: str, library: tuple[Linked, ...] = ()) -> str:
    """*text* as HTML that holds neither scripts nor styles nor addresses but web, mail, phone.

    `media:ID` and /media/ID/… lead to what *library* has under that ID: pictures with their
    sizes, their credit and, where the text says none, their alt. What it has not is left out.
    """
    return nh3.clean(
        markdown.render(text, {"library": {linked.id: linked for linked in library}}),
        tags=TAGS,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )


def _image(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: Mapping[str, Any],
) -> str:
    token = tokens[index]
    alt = renderer.renderInlineAsText(token.children or [], options, dict(env))
    key = id_in(token.attrGet("src"))
    linked: Linked | None = env["library"].get(key)
    if key and linked is None:
        return escapeHtml(alt)
    if linked and not linked.widths:
        return f'<a href="{escapeHtml(linked.url)}">{escapeHtml(alt or linked.alt)}</a>'
    if linked:
        token.attrSet("src", linked.widths[:2][-1][0])
        token.attrSet("srcset", ", ".join(f"{url} {width}w" for url, width in linked.widths))
        token.attrSet("sizes", AS_WIDE_AS_THE_TEXT)
        token.attrSet("width", str(linked.width))
        token.attrSet("height", str(linked.height))
    token.attrSet("alt", alt or (linked.alt if linked else ""))
    token.attrSet("loading", "lazy")
    shown = renderer.renderToken(tokens, index, options, dict(env))
    return f"{shown} <small>{escapeHtml(linked.caption)}</small>" if linked else shown


def _link_open(
    renderer: RendererHTML,
    tokens: Sequence[Token],
    index: int,
    options: Any,
    env: Mapping[str, Any],
) -> str:
    if key := id_in(tokens[index].attrGet("href")):
        linked = env["library"].get(key)
        tokens[index].attrSet("href", linked.url if linked else "")
    return renderer.renderToken(tokens, index, options, dict(env))


markdown.add_render_rule("image", _image)
markdown.add_render_rule("link_open", _link_open)


def to_text(text: str) -> str:
    """The words of *text*, without its marks."""
    blocks = (token.children for token in markdown.parse(text) if token.children)
    return " ".join("".join(_words(child) for child in block) for block in blocks)


def _words(token: Token) -> str:
    return " " if token.type.endswith("break") else token.content
