"""Announcements, news, guides, pages, frequent questions and administrative procedures."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Mapped, Session, mapped_column

from content.articles.markdown import to_text
from content.errors import N_, Invalid
from content.media import references
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
    """A text in Markdown, for the whole town or for some of its quarters.

    A *procedure* besides says, each by language and in Markdown, which documents it takes, its
    steps, its fee, how long it takes and which office does it: {documents, steps, fee,
    duration, office}. *image* is the picture to lead with, {media_id} or as of a place;
    *attachments* are {media_id, title: by language}.
    """

    __tablename__ = "article"

    search_type = "article"
    needed = ("title",)
    names_media = ("image", "attachments", "body", "procedure")

    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[Localized]
    summary: Mapped[Localized] = mapped_column(default=dict)
    body: Mapped[Localized] = mapped_column(default=dict)
    topics: Mapped[list[str]] = mapped_column(default=list)
    quarters: Mapped[list[str]] = mapped_column(default=list)
    pinned: Mapped[bool] = mapped_column(default=False)
    procedure: Mapped[dict[str, Any] | None]
    image: Mapped[dict[str, Any] | None]
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(default=list)

    @property
    def heading(self) -> Localized:
        return self.title

    def searchable(self, language: str) -> Searchable:
        texts = (self.body, *(self.procedure or {}).values())
        body = "\n".join(to_text(in_language(text, language)) for text in texts)
        summary = in_language(self.summary, language)
        return Searchable(self.title[language], f"{summary}\n{body}".strip())

    def check_ready(self, session: Session) -> None:
        # An announcement may be said in its title alone: a warning must not wait for more.
        if self.kind not in (Kind.ANNOUNCEMENT, Kind.PROCEDURE) and not self.body.get("vi"):
            raise Invalid({"body": [N_("The Vietnamese text (vi) is needed to publish.")]})
        steps = (self.procedure or {}).get("steps", {})
        if self.kind == Kind.PROCEDURE and not steps.get("vi"):
            raise Invalid({"procedure": [N_("A procedure needs its steps, in Vietnamese (vi).")]})
        references.check(session, self)
