"""A campaign as staff see it: what was written, who stands for it, how far it came."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend import current
from backend.campaigns.schemas import SENT
from backend.campaigns.writing import shortened
from content.store import Localized
from notifications import campaigns, messages
from notifications.audience import Audience
from notifications.campaigns import Campaign, CampaignConfirmation, CampaignState, Draft
from notifications.messages import Message

NOTHING = {"inbox": 0, "accepted": 0, "delivered": 0, "opened": 0, "failed": 0}
SURELY_OVER = timedelta(days=2)
"""How long after its beginning no push of a campaign can wait any more."""

AS_WRITTEN = (
    "id", "state", "article_id", "title", "body", "link", "topics", "send_at", "expires_at",
    "emergency", "event", "reach", "made_by", "made_at", "begun_at", "cancelled_at", "note",
)  # fmt: skip


def shown(session: Session, campaign: Campaign) -> dict[str, Any]:
    """*campaign* with its confirmations and its counts as they are now."""
    said = _described(campaign, campaigns.confirmations(session, campaign))
    message = session.get(Message, campaign.message_id) if campaign.message_id else None
    if message:
        said["counts"] = counts(session, message)
        over = message.expanded_at is not None and not said["counts"]["waiting"]
        if campaign.state == CampaignState.SENDING and over:
            said["state"] = SENT
        said["shortened"] = [
            code for code, text in message.body.items() if text != campaign.body.get(code)
        ]
    return said


def every(session: Session, found: Sequence[Campaign]) -> list[dict[str, Any]]:
    """Each of *found*, without counts."""
    ids = [campaign.id for campaign in found]
    confirmed: dict[Any, list[CampaignConfirmation]] = {}
    for one in session.scalars(
        select(CampaignConfirmation)
        .where(CampaignConfirmation.campaign_id.in_(ids))
        .order_by(CampaignConfirmation.made_at)
    ):
        confirmed.setdefault(one.campaign_id, []).append(one)
    return [
        _described(campaign, confirmed.get(campaign.id, []))
        | {"state": _standing(session, campaign)}
        for campaign in found
    ]


def _standing(session: Session, campaign: Campaign) -> str:
    """The state, without looking through all inboxes of what began long ago."""
    if campaign.state != CampaignState.SENDING or campaign.begun_at is None:
        return campaign.state
    message = session.get(Message, campaign.message_id) if campaign.message_id else None
    over = current.now() - campaign.begun_at > SURELY_OVER or message is None
    return SENT if over or campaigns.is_sent(session, message) else campaign.state


def tried(session: Session, draft: Draft, texts: Localized) -> dict[str, Any]:
    """What a dry run answers: how many devices fit, and the *texts* as they would come."""
    return {
        **{name: getattr(draft, name, None) for name in AS_WRITTEN},
        "state": CampaignState.UNCONFIRMED,
        "dry_run": True,
        "body": texts,
        "shortened": shortened(draft, texts),
        "audience": draft.audience.as_json(),
        "topics": draft.heard_under(),
        "ramp": ramp_of(draft.ramp.percent, draft.ramp.wait.seconds // 60) if draft.ramp else None,
        "reach": draft.reach(session),
        "confirmations_needed": 2 if draft.emergency else 1,
        "confirmations": [],
    }


def counts(session: Session, message: Message) -> dict[str, Any]:
    """How far *message* came, in devices."""
    waiting = messages.waiting(message.id).subquery()
    return {
        **NOTHING,
        **messages.counts(session, message.id),
        "waiting": session.scalar(select(func.count()).select_from(waiting)) or 0,
        "failures": messages.failures(session, message.id),
    }


def ramp_of(percent: int | None, minutes: int | None) -> dict[str, int | None] | None:
    """The ramp as it is shown; None for none."""
    return {"percent": percent, "minutes": minutes} if percent else None


def _described(campaign: Campaign, confirmed: Sequence[CampaignConfirmation]) -> dict[str, Any]:
    needed = (2 if campaign.emergency else 1) - len(confirmed)
    return {
        **{name: getattr(campaign, name) for name in AS_WRITTEN},
        "dry_run": False,
        "validated": None,
        "shortened": [],
        "audience": Audience.from_json(campaign.audience).as_json(),
        "ramp": ramp_of(campaign.ramp_percent, campaign.ramp_minutes),
        "confirmations": confirmed,
        "confirmations_needed": needed if campaign.state == CampaignState.UNCONFIRMED else 0,
        "counts": {**NOTHING, "waiting": 0, "failures": {}},
    }
