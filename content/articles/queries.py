"""Reading articles."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from content.articles.models import Article, Kind
from content.store import holds

NEWS = (Kind.ANNOUNCEMENT, Kind.NEWS)
"""What tells of something new, rather than of what always holds."""

NEWEST_FIRST = [Article.pinned, Article.published_at, Article.id]
"""The order of articles, all descending: what is pinned, then what was published last."""


def articles(
    *,
    now: datetime,
    kind: str | None = None,
    topic: str | None = None,
    quarter: str | None = None,
    pinned: bool | None = None,
) -> Select[Article]:
    """Select the articles that the public sees at *now*.

    With *quarter* those for that quarter and those for the whole town.
    """
    statement = select(Article).where(Article.visible(now))
    if kind is not None:
        statement = statement.where(Article.kind == kind)
    if topic is not None:
        statement = statement.where(holds(Article.topics, topic))
    if quarter is not None:
        statement = statement.where(_is_for(quarter))
    if pinned is not None:
        statement = statement.where(Article.pinned.is_(pinned))
    return statement


def newest(session: Session, statement: Select[Article], limit: int) -> Sequence[Article]:
    """The first *limit* articles of *statement*, in the order of the list."""
    order = [column.desc() for column in NEWEST_FIRST]
    return session.scalars(statement.order_by(*order).limit(limit)).all()


def newest_news(session: Session, limit: int, *, now: datetime) -> Sequence[Article]:
    """The *limit* announcements and news that were published last, the last one first."""
    statement = articles(now=now).where(Article.kind.in_(NEWS))
    order = (Article.published_at.desc(), Article.id)
    return session.scalars(statement.order_by(*order).limit(limit)).all()


def _is_for(quarter: str) -> Any:
    return or_(Article.quarters == [], holds(Article.quarters, quarter))
