"""Publishing an article, and telling people's phones of it, in one transaction."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from backend.links import path_of
from content import changes, publishing
from content.articles.markdown import to_text
from content.articles.models import Article, Kind
from content.publishing import Edit
from content.store import Localized
from notifications import messages, outbox
from notifications.audience import Audience, count
from notifications.devices import ANNOUNCEMENTS, SAFETY
from notifications.worker import Handler, Task

PUSH = "articles.push"
"""The job that tells phones of an announcement when its scheduled moment has come."""


def publish(
    session: Session, article: Article, edit: Edit, *, notify: bool, two_person: bool = False
) -> None:
    """Show *article* from now on and, if it is an announcement and *notify*, push it once.

    Publishing again, also after it was taken back, pushes nothing: the article's id is the
    message's key. Raises Invalid and Conflict as `publishing.publish` does.
    """
    publishing.publish(session, article, edit, two_person=two_person)
    if notify:
        push(session, article, edit.now)


def schedule(
    session: Session,
    article: Article,
    edit: Edit,
    *,
    at: datetime,
    notify: bool,
    two_person: bool = False,
) -> None:
    """Show *article* from *at* on and, if it is an announcement and *notify*, push it then, once.

    Raises Invalid and Conflict as `publishing.schedule` does.
    """
    publishing.schedule(session, article, at, edit, two_person=two_person)
    if notify and article.kind == Kind.ANNOUNCEMENT:
        outbox.enqueue(session, PUSH, {"id": str(article.id)}, now=edit.now, due_at=at)


def handlers() -> dict[str, Handler]:
    """What the worker does when the moment of a scheduled announcement has come."""
    return {PUSH: push_scheduled}


def push_scheduled(task: Task) -> None:
    """Push the announcement, unless it was taken back or put off in the meantime."""
    now = task.clock()
    with task.sessions.begin() as session:
        changes.put_due_in_force(session, now)
        article = session.get(Article, uuid.UUID(task.payload["id"]))
        if article is not None and article.is_visible(now):
            push(session, article, now)
        task.done(session)


def push(session: Session, article: Article, now: datetime) -> None:
    """Push *article*, if it is an announcement, once whatever happens to it later."""
    if article.kind != Kind.ANNOUNCEMENT:
        return
    messages.announce(
        session,
        kind="announcement",
        topics=heard_under(article.topics),
        title=article.title,
        body=short(article),
        now=now,
        audience=Audience(quarters=article.quarters),
        link=path_of("article", article.slug),
        source=("article", str(article.id)),
        key=f"article:{article.id}",
    )


def reach(session: Session, quarters: Sequence[str], topics: Sequence[str]) -> int:
    """How many devices an announcement to these *quarters* on these *topics* would go to."""
    return count(session, Audience(quarters=quarters), heard_under(topics))


def heard_under(topics: Sequence[str]) -> list[str]:
    """The topics of which a device must want one; a storm is a matter of safety for everybody."""
    safety = [SAFETY] if "storm" in topics else []
    return list(dict.fromkeys([*safety, *topics])) or [ANNOUNCEMENTS]


def short(article: Article) -> Localized:
    """What the message says below its title: the summary, else the text."""
    languages = article.title.keys()
    return {
        language: article.summary.get(language) or to_text(article.body.get(language, ""))
        for language in languages
    }
