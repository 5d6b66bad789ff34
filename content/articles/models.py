"""Announcements, news, guides, pages, frequent questions and administrative procedures."""

from __future__ import annotations

from enum import StrEnum

from sqlalchemy.orm import Mapped, mapped_column

from content.articles.markdown import to_text
from content.publishing import Publishable
from content.search import Searchable
from content.store import Base, Localized
from content.text import in_language


class Kind(StrEnum):
    """What an article is."""

    ANNOUNCEMENT = "announcement"
    NEWS = "news"
    GUIDE = "guide"
    PAGE = "page"
    FAQ = "faq"
    PROCEDURE = "procedure"


class Article(Publishable, Base):
    """A text in Markdown, for the whole town or for some of its quarters."""

    __tablename__ = "article"

    search_type = "article"

    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[Localized]
    summary: Mapped[Localized] = mapped_column(default=dict)
    body: Mapped[Localized] = mapped_column(default=dict)
    topics: Mapped[list[str]] = mapped_column(default=list)
    quarters: Mapped[list[str]] = mapped_column(default=list)
    pinned: Mapped[bool] = mapped_column(default=False)

    @property
    def heading(self) -> Localized:
        return self.title

    def searchable(self, language: str) -> Searchable:
        summary, body = (in_language(text, language) for text in (self.summary, self.body))
        return Searchable(self.title[language], f"{summary}\n{to_text(body)}".strip())
