"""An announcement in schema.org's words."""

from __future__ import annotations

from typing import Any

from backend.languages import language
from backend.links import address_of
from content import town
from content.articles.markdown import to_text
from content.articles.models import Article, Kind
from content.text import in_language


def announcement(article: Article) -> dict[str, Any]:
    """A SpecialAnnouncement; nothing for other articles and for sample data."""
    if article.kind != Kind.ANNOUNCEMENT or article.is_sample or article.published_at is None:
        return {}
    summary, body = (in_language(text, language()) for text in (article.summary, article.body))
    expires = article.expires_at
    return {
        "@type": "SpecialAnnouncement",
        "name": in_language(article.title, language()),
        "text": summary or to_text(body),
        "datePosted": article.published_at.astimezone(town.TIME).isoformat(),
        "expires": expires.astimezone(town.TIME).isoformat() if expires else None,
        "url": address_of(article),
        "inLanguage": language(),
        "spatialCoverage": {
            "@type": "City",
            "name": "Cửa Lò",
            "address": "phường Cửa Lò, tỉnh Nghệ An, Việt Nam",
        },
    }
