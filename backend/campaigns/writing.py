"""What a campaign says: its own words, or those of an article as they stand now."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from backend.articles.publishing import heard_under, short
from backend.links import path_of
from content.alerts.models import Event
from content.articles.models import Article
from content.errors import N_, Invalid
from content.store import Localized
from notifications.audience import Audience
from notifications.campaigns import Draft
from notifications.manner import Manner
from notifications.messages import Ramp

MANNERS = ("collapse_key", "priority", "channel", "interruption", "image")


def draft_of(session: Session, body: dict[str, Any], now: Any) -> Draft:
    """The draft that *body* asks for, as `CampaignDraftSchema` loads it. Raises Invalid."""
    wanted: dict[str, Any] = dict(body.get("audience") or {})
    said = _words(session, body, wanted, now)
    ramp = body.get("ramp")
    return Draft(
        audience=Audience(**{name: tuple(values) for name, values in wanted.items()}),
        manner=Manner(**{name: body.get(name) for name in MANNERS}),
        send_at=body.get("send_at"),
        expires_at=body.get("expires_at"),
        emergency=body["emergency"],
        event=(body.get("event") or Event.OTHER) if body["emergency"] else None,
        ramp=Ramp(ramp["percent"], timedelta(minutes=ramp["minutes"])) if ramp else None,
        **said,
    )


def _words(
    session: Session, body: dict[str, Any], wanted: dict[str, Any], now: Any
) -> dict[str, Any]:
    article_id: uuid.UUID | None = body.get("article_id")
    own = body.get("title") or body.get("body")
    if article_id is None:
        if not body.get("title"):
            raise Invalid({"title": [N_("Write a title, or name an article.")]})
        return {
            "title": body["title"],
            "body": body.get("body") or {},
            "link": body.get("link"),
        }
    if own:
        raise Invalid({"article_id": [N_("Either an article or words of its own.")]})
    article = session.get(Article, article_id)
    if article is None or not article.is_visible(max(body.get("send_at") or now, now)):
        raise Invalid({"article_id": [N_("The public will not see this article by then.")]})
    if "quarters" not in wanted:
        wanted["quarters"] = article.quarters
    return {
        "title": dict(article.title),
        "body": short(article),
        "link": body.get("link") or path_of("article", article.slug),
        "article_id": article.id,
        "topics": tuple(heard_under(article.topics)),
    }


def shortened(draft: Draft, texts: Localized) -> list[str]:
    """The languages in which *texts*, as a phone gets them, are shorter than what was written."""
    return sorted(code for code, text in texts.items() if text != draft.body.get(code))
