"""Keeping the search index in step with what the public sees."""

from __future__ import annotations

from sqlalchemy.orm import Session

from content import search
from content.publishing.models import Publishable, State


def reindex(session: Session, item: Publishable) -> None:
    """Let search find *item* as it is now, or not at all when it is not published."""
    search.forget(session, item.search_type, item.id)
    if item.state == State.PUBLISHED and item.published_at:
        for language in item.heading:
            search.index(
                session,
                search.Entry(
                    type=item.search_type,
                    item_id=item.id,
                    slug=item.slug,
                    language=language,
                    texts=item.searchable(language),
                    visible_from=item.published_at,
                    visible_until=item.expires_at,
                    updated_at=item.updated_at,
                ),
            )
