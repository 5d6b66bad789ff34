"""Announcements as the entries of a feed."""

from __future__ import annotations

from collections.abc import Sequence

from backend.links import address_of
from backend.media import showing
from content.articles.models import Article
from content.rss import Item
from content.text import in_language


def items(articles: Sequence[Article], language: str) -> list[Item]:
    """The entries of *articles* in *language*."""
    return [_item(article, language) for article in articles]


def _item(article: Article, language: str) -> Item:
    summary, body = (in_language(text, language) for text in (article.summary, article.body))
    return Item(
        title=in_language(article.title, language),
        link=address_of(article),
        guid=f"urn:uuid:{article.id}",
        description=showing.html(f"{summary}\n\n{body}".strip(), absolute=True),
        published_at=article.published_at,
        categories=article.topics,
    )
