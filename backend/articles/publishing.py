"""Publishing an article, and telling people's phones of it, in one transaction."""

from __future__ import annotations

from sqlalchemy.orm import Session

from backend.links import path_of
from content import publishing
from content.articles.markdown import to_text
from content.articles.models import Article, Kind
from content.publishing import Edit
from content.store import Localized
from notifications import messages
from notifications.audience import Audience
from notifications.devices import ANNOUNCEMENTS, SAFETY


def publish(session: Session, article: Article, edit: Edit, *, notify: bool) -> None:
    """Show *article* from now on and, if it is an announcement and *notify*, push it once.

    Publishing again, also after it was taken back, pushes nothing: the article's id is the
    message's key. Raises Invalid when its time is over.
    """
    publishing.publish(session, article, edit)
    if notify and article.kind == Kind.ANNOUNCEMENT:
        messages.announce(
            session,
            kind="announcement",
            topics=_heard_under(article),
            title=article.title,
            body=_short(article),
            now=edit.now,
            audience=Audience(quarters=article.quarters),
            link=path_of("article", article.slug),
            source=("article", str(article.id)),
            key=f"article:{article.id}",
        )


def _heard_under(article: Article) -> list[str]:
    """The topics of which a device must want one; a storm is a matter of safety for everybody."""
    safety = [SAFETY] if "storm" in article.topics else []
    return list(dict.fromkeys([*safety, *article.topics])) or [ANNOUNCEMENTS]


def _short(article: Article) -> Localized:
    """What the message says below its title: the summary, else the text."""
    languages = article.title.keys()
    return {
        language: article.summary.get(language) or to_text(article.body.get(language, ""))
        for language in languages
    }
