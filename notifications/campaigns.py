"""Campaigns: something said to many on purpose, after people have confirmed it.

A campaign is written, confirmed (an emergency by two), begins at its moment as one message, and
can be stopped at any time. What was confirmed is what is said: its words never change.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from content import audit
from content.errors import N_, Conflict, Invalid, Refused
from content.publishing import Edit
from content.store import Base, Key, Localized, insert_into
from content.vocabularies import queries as vocabularies
from notifications import messages, outbox
from notifications.audience import Audience, count
from notifications.devices import ANNOUNCEMENTS, SAFETY, topics
from notifications.manner import LONGEST_TTL, USUAL, Manner
from notifications.messages import Message, Ramp

BEGIN = "campaigns.begin"

FURTHEST = timedelta(days=366)
"""How far ahead a campaign may be scheduled."""

LATE = timedelta(minutes=5)
"""How long ago a moment may be that somebody chose while they wrote."""


class CampaignState(StrEnum):
    """Where a campaign stands. It is sent when nothing waits any more, which `is_sent` tells."""

    UNCONFIRMED = "unconfirmed"
    SCHEDULED = "scheduled"
    SENDING = "sending"
    CANCELLED = "cancelled"


class Campaign(Base):
    """What is said to whom, when and how.

    *topics* are what a device must want to hear of; *event* is what kind of warning an emergency
    is. *reach* is how many devices fitted when it was written, and again when it began. *note*
    says why it was cancelled where no person did it. *sent_key* is the writer's Idempotency-Key
    and *sent_digest* a digest of what came with it.
    """

    __tablename__ = "campaign"

    id: Mapped[Key]
    state: Mapped[str] = mapped_column(index=True)
    article_id: Mapped[uuid.UUID | None]
    title: Mapped[Localized]
    body: Mapped[Localized]
    link: Mapped[str | None]
    topics: Mapped[list[str]]
    audience: Mapped[dict[str, Any]]
    manner: Mapped[dict[str, Any] | None]
    send_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    emergency: Mapped[bool]
    event: Mapped[str | None]
    ramp_percent: Mapped[int | None]
    ramp_minutes: Mapped[int | None]
    reach: Mapped[int]
    message_id: Mapped[uuid.UUID | None] = mapped_column(
        ForeignKey(Message.id, ondelete="SET NULL"), index=True
    )
    made_by: Mapped[str]
    made_at: Mapped[datetime] = mapped_column(index=True)
    begun_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    note: Mapped[str | None]
    sent_key: Mapped[uuid.UUID | None] = mapped_column(unique=True)
    sent_digest: Mapped[str | None]


class CampaignConfirmation(Base):
    """That a person stood for a campaign; *may_warn*: who may issue warnings, too."""

    __tablename__ = "campaign_confirmation"

    campaign_id: Mapped[uuid.UUID] = mapped_column(
        ForeignKey(Campaign.id, ondelete="CASCADE"), primary_key=True
    )
    made_by: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]
    may_warn: Mapped[bool]


@dataclass(frozen=True)
class Draft:
    """What somebody wants to say. Without *topics* it is about announcements."""

    title: Localized
    body: Localized
    audience: Audience
    link: str | None = None
    article_id: uuid.UUID | None = None
    topics: tuple[str, ...] = ()
    manner: Manner = USUAL
    send_at: datetime | None = None
    expires_at: datetime | None = None
    emergency: bool = False
    event: str | None = None
    ramp: Ramp | None = None

    def heard_under(self) -> list[str]:
        """The topics of the message."""
        if self.emergency:
            return [SAFETY]
        return list(dict.fromkeys(self.audience.topics or self.topics)) or [ANNOUNCEMENTS]

    def reach(self, session: Session) -> int:
        """How many devices fit now: the very selection that it will be sent by."""
        return count(session, self.audience, () if self.emergency else self.heard_under())

    def digest(self) -> str:
        """The same for the same wish."""
        said = {**vars(self), "audience": self.audience.as_json(), "ramp": repr(self.ramp)}
        said["manner"] = self.manner.as_json()
        packed = orjson.dumps(said, option=orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z)
        return hashlib.sha256(packed).hexdigest()


def check(session: Session, draft: Draft, now: datetime) -> Localized:
    """Raise Invalid for what cannot be sent; the texts as a phone gets them, cut where needed."""
    vocabularies.check_quarters(session, draft.audience.quarters, "audience.quarters")
    known = set(topics(session))
    if unknown := sorted(set(draft.audience.topics) - known):
        raise Invalid({"audience.topics": [N_("Not known: %(codes)s.")]}, codes=", ".join(unknown))
    if draft.send_at and draft.send_at < now - LATE:
        raise Invalid({"send_at": [N_("This moment is over.")]})
    if draft.send_at and draft.send_at > now + FURTHEST:
        raise Invalid({"send_at": [N_("At most a year ahead.")]})
    begins = max(draft.send_at or now, now)
    if draft.expires_at and not begins < draft.expires_at <= begins + timedelta(
        seconds=LONGEST_TTL
    ):
        raise Invalid({"expires_at": [N_("Later than it is sent, by 28 days at most.")]})
    if draft.emergency and draft.ramp:
        raise Invalid({"ramp": [N_("An emergency goes to everybody at once.")]})
    if not draft.title.get("vi"):
        raise Invalid({"title": [N_("The Vietnamese text (vi) is needed.")]})
    manner = draft.manner
    manner.check()
    if draft.expires_at:
        manner = Manner(**{**vars(manner), "ttl": LONGEST_TTL})
    return messages.fitted(
        draft.title,
        draft.body,
        topic=draft.heard_under()[0],
        link=draft.link,
        emergency=draft.emergency,
        manner=manner,
    )


def write(
    session: Session, draft: Draft, edit: Edit, *, key: uuid.UUID | None = None
) -> tuple[Campaign, bool]:
    """Put *draft* on file, to be confirmed; and whether *key* had put it there before.

    Raises Invalid as `check` does, and Conflict for a *key* that came with something else.
    """
    digest = draft.digest()
    if before := _written_before(session, key, digest):
        return before, True
    check(session, draft, edit.now)
    ramp = draft.ramp
    values = {
        "state": CampaignState.UNCONFIRMED,
        "article_id": draft.article_id,
        "title": draft.title,
        "body": draft.body,
        "link": draft.link,
        "topics": draft.heard_under(),
        "audience": draft.audience.as_json(),
        "manner": draft.manner.as_json() or None,
        "send_at": draft.send_at,
        "expires_at": draft.expires_at,
        "emergency": draft.emergency,
        "event": draft.event if draft.emergency else None,
        "ramp_percent": ramp.percent if ramp else None,
        "ramp_minutes": int(ramp.wait.total_seconds() // 60) if ramp else None,
        "reach": draft.reach(session),
        "made_by": edit.by,
        "made_at": edit.now,
        "sent_key": key,
        "sent_digest": digest if key else None,
    }
    statement = insert_into(session, Campaign).values(values)
    made: Campaign | None = session.scalar(
        statement.on_conflict_do_nothing(index_elements=["sent_key"]).returning(Campaign)
    )
    if made is None:
        before = _written_before(session, key, digest)
        assert before is not None  # noqa: S101 - what stood in the way has this key
        return before, True
    record(session, made, edit, "write", audience=made.audience, title=made.title)
    return made, False


def _written_before(session: Session, key: uuid.UUID | None, digest: str) -> Campaign | None:
    if key is None:
        return None
    found = session.scalar(select(Campaign).where(Campaign.sent_key == key))
    if found and found.sent_digest != digest:
        raise Conflict(N_("This Idempotency-Key was used for something else."))
    return found


def confirmations(session: Session, campaign: Campaign) -> list[CampaignConfirmation]:
    """Who stands for *campaign*, the first first."""
    return list(
        session.scalars(
            select(CampaignConfirmation)
            .where(CampaignConfirmation.campaign_id == campaign.id)
            .order_by(CampaignConfirmation.made_at, CampaignConfirmation.made_by)
        )
    )


def confirm(session: Session, campaign: Campaign, edit: Edit, *, may_warn: bool) -> None:
    """Stand for *campaign*: it begins at its moment, at once where that is over.

    An emergency waits for a second person; one of the two has to be one who *may_warn*. Raises
    Conflict for one that is not to be confirmed any more or for the same person again, Refused
    where two confirm of whom neither may warn.
    """
    session.refresh(campaign, with_for_update=True)
    if campaign.state != CampaignState.UNCONFIRMED:
        raise Conflict(N_("This campaign is not waiting to be confirmed."))
    before = confirmations(session, campaign)
    if any(one.made_by == edit.by for one in before):
        raise Conflict(N_("An emergency is confirmed by two: now it is another person's turn."))
    if campaign.emergency and before and not (may_warn or any(one.may_warn for one in before)):
        raise Refused(N_("One of the two who confirm must be one who may issue warnings."))
    session.add(
        CampaignConfirmation(
            campaign_id=campaign.id, made_by=edit.by, made_at=edit.now, may_warn=may_warn
        )
    )
    record(session, campaign, edit, "confirm")
    if campaign.emergency and not before:
        session.flush()
        return
    campaign.state = CampaignState.SCHEDULED
    outbox.enqueue(
        session,
        BEGIN,
        {"campaign_id": str(campaign.id)},
        now=edit.now,
        due_at=max(campaign.send_at or edit.now, edit.now),
        priority=outbox.EMERGENCY if campaign.emergency else outbox.ROUTINE,
        key=f"{BEGIN}:{campaign.id}",
    )


def cancel(session: Session, campaign: Campaign, edit: Edit, *, note: str | None = None) -> None:
    """Let *campaign* tell nobody, or nobody more where it has begun.

    Raises Conflict where it is over or cancelled already.
    """
    session.refresh(campaign, with_for_update=True)
    if campaign.state == CampaignState.CANCELLED:
        raise Conflict(N_("This campaign is cancelled already."))
    message = session.get(Message, campaign.message_id) if campaign.message_id else None
    if campaign.state == CampaignState.SENDING:
        if message is None or is_sent(session, message):
            raise Conflict(N_("Everybody has been told: there is nothing left to stop."))
        messages.stop(message, edit.now)
    campaign.state = CampaignState.CANCELLED
    campaign.cancelled_at, campaign.note = edit.now, note
    record(session, campaign, edit, "cancel")


def begin(
    session: Session, campaign: Campaign, now: datetime, *, link: str | None = None
) -> Message:
    """Say it: the message of *campaign* goes into the outbox. *link* where it has none itself.

    Raises Invalid where a quarter or topic is gone in the meantime.
    """
    kept = dict(campaign.manner or {})
    if campaign.expires_at:
        kept["ttl"] = max(1, int((campaign.expires_at - now).total_seconds()))
    ramp = None
    if campaign.ramp_percent:
        ramp = Ramp(campaign.ramp_percent, timedelta(minutes=campaign.ramp_minutes or 0))
    wanted = Audience.from_json(campaign.audience)
    message = messages.announce(
        session,
        kind="campaign",
        topics=campaign.topics,
        title=campaign.title,
        body=campaign.body,
        now=now,
        audience=wanted,
        link=campaign.link or link,
        source=("campaign", str(campaign.id)),
        emergency=campaign.emergency,
        key=f"campaign:{campaign.id}",
        manner=Manner.from_json(kept),
        ramp=ramp,
    )
    campaign.state = CampaignState.SENDING
    campaign.message_id, campaign.begun_at = message.id, now
    campaign.reach = count(session, wanted, () if campaign.emergency else campaign.topics)
    return message


def is_sent(session: Session, message: Message | None) -> bool:
    """Whether *message* lies in every inbox and no push waits."""
    if message is None or message.expanded_at is None:
        return False
    return session.scalar(messages.waiting(message.id).limit(1)) is None


def record(session: Session, campaign: Campaign, edit: Edit, act: str, **after: Any) -> None:
    """Put on file that *edit.by* did *act* to *campaign*."""
    audit.record(session, edit, act=act, subject=("campaign", str(campaign.id)), after=after)
