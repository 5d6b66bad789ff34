"""The moment of a campaign: its message, and beside an emergency the warning to other systems."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy.orm import Session

from backend.links import path_of
from content import changes
from content.alerts import verbs as alerts
from content.alerts.models import Certainty, Issuer, Severity, Urgency
from content.articles.models import Article
from content.errors import N_
from content.publishing import Edit
from notifications import campaigns
from notifications.audience import Audience
from notifications.campaigns import BEGIN, Campaign, CampaignState
from notifications.worker import Handler, Task

BY_ITSELF = "campaigns"
"""Who cancels in the audit where no person did."""


def handlers(issuer: Issuer) -> dict[str, Handler]:
    """What the worker does when the moment of a campaign has come; *issuer* warns other systems."""
    return {BEGIN: lambda task: begin(task, issuer)}


def begin(task: Task, issuer: Issuer) -> None:
    """Begin the campaign, unless it was cancelled or its article was taken back."""
    now = task.clock()
    with task.sessions.begin() as session:
        changes.put_due_in_force(session, now)
        campaign = session.get(
            Campaign, uuid.UUID(task.payload["campaign_id"]), with_for_update=True
        )
        if campaign and campaign.state == CampaignState.SCHEDULED:
            _begin(session, campaign, issuer, now)
        task.done(session)


def _begin(session: Session, campaign: Campaign, issuer: Issuer, now: datetime) -> None:
    reason = _hindrance(session, campaign, now)
    if reason:
        campaigns.cancel(session, campaign, Edit(by=BY_ITSELF, now=now), note=reason)
        return
    link = _warn(session, campaign, issuer, now) if campaign.emergency else None
    campaigns.begin(session, campaign, now, link=link)


def _hindrance(session: Session, campaign: Campaign, now: datetime) -> str | None:
    if campaign.expires_at and campaign.expires_at <= now:
        return N_("It was no longer of use when it was to be sent.")
    if campaign.article_id:
        article = session.get(Article, campaign.article_id)
        if article is None or not article.is_visible(now):
            return N_("Its article was not to be seen by the public.")
    return None


def _warn(session: Session, campaign: Campaign, issuer: Issuer, now: datetime) -> str:
    """Issue the warning in the name of who confirmed last; where people read it."""
    by = campaigns.confirmations(session, campaign)[-1].made_by
    alert = alerts.issue(
        session,
        issuer,
        Edit(by=by, now=now),
        event=campaign.event or "other",
        headline=dict(campaign.title),
        description=dict(campaign.body),
        severity=Severity.EXTREME,
        urgency=Urgency.IMMEDIATE,
        certainty=Certainty.LIKELY,
        expires=campaign.expires_at,
        quarters=list(Audience.from_json(campaign.audience).quarters),
    )
    return path_of("alert", alert.identifier)
