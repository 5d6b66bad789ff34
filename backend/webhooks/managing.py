"""Webhooks as administrators keep them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from backend import outgoing
from backend.feedback.models import ReportEvent
from backend.webhooks.announcing import deliver
from backend.webhooks.models import Webhook, WebhookDelivery
from backend.webhooks.sending import REPLAY
from content import audit
from content.errors import N_, Conflict, Invalid, NotFound
from content.publishing import Edit
from notifications import outbox

MOST = 50
SUBJECT = "webhook"


def every(session: Session) -> Sequence[Webhook]:
    """All webhooks, the oldest first."""
    return session.scalars(select(Webhook).order_by(Webhook.created_at, Webhook.id)).all()


def one(session: Session, webhook_id: uuid.UUID) -> Webhook:
    """One webhook. Raises NotFound."""
    webhook = session.get(Webhook, webhook_id)
    if webhook is None:
        raise NotFound(N_("There is no such webhook."))
    return webhook


def add(session: Session, values: Mapping[str, Any], edit: Edit, *, private: bool) -> Webhook:
    """Tell a system from now on. Raises Invalid for an address that is not called, Conflict."""
    _check(values["url"], private)
    if (session.scalar(select(func.count()).select_from(Webhook)) or 0) >= MOST:
        raise Conflict(N_("There are %(most)s webhooks already: remove one first."), most=MOST)
    webhook = Webhook(
        url=values["url"],
        events=sorted(set(values.get("events") or ())),
        active=values.get("active", True),
        changed_by=edit.by,
        created_at=edit.now,
        updated_at=edit.now,
    )
    session.add(webhook)
    session.flush()
    audit.record(session, edit, act="create", subject=_subject(webhook), after=_told(webhook))
    return webhook


def change(
    session: Session, webhook: Webhook, values: Mapping[str, Any], edit: Edit, *, private: bool
) -> None:
    """Change what is given. One that is switched on again is tried at once. Raises Invalid."""
    if "url" in values:
        _check(values["url"], private)
    before = _told(webhook)
    for name in values:
        setattr(webhook, name, sorted(set(values[name])) if name == "events" else values[name])
    if values.get("active") or "url" in values:
        webhook.failures, webhook.paused_until, webhook.stopped_because = 0, None, None
    webhook.changed_by, webhook.updated_at = edit.by, edit.now
    audit.record(
        session, edit, act="edit", subject=_subject(webhook), before=before, after=_told(webhook)
    )
    session.flush()


def remove(session: Session, webhook: Webhook, edit: Edit) -> None:
    """Tell a system no longer, and forget what it was told."""
    audit.record(session, edit, act="delete", subject=_subject(webhook), before=_told(webhook))
    session.delete(webhook)
    session.flush()


def deliveries(session: Session, webhook: Webhook, state: str | None) -> Select[WebhookDelivery]:
    """Select what *webhook* was told, or is to be told."""
    found = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    return found.where(WebhookDelivery.state == state) if state else found


def replay(
    session: Session,
    webhook: Webhook,
    *,
    since: datetime | None,
    delivery_id: uuid.UUID | None,
    now: datetime,
) -> None:
    """Send one delivery again, or all that happened *since* a moment, each under its own id.

    Raises Invalid unless exactly one of both is given, NotFound, and Conflict for a webhook that
    is switched off.
    """
    if (since is None) == (delivery_id is None):
        needed = [N_("Name a moment or a delivery.")]
        raise Invalid({"since": needed, "delivery": needed})
    if not webhook.active:
        raise Conflict(N_("The webhook is switched off."))
    if since is not None:
        wanted = {"webhook": str(webhook.id), "since": since.isoformat(), "after": 0}
        outbox.enqueue(session, REPLAY, wanted, now=now)
        return
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.webhook_id != webhook.id:
        raise NotFound(N_("There is no such delivery."))
    deliver(session, webhook.id, session.get_one(ReportEvent, delivery.event_id), now)


def _check(url: str, private: bool) -> None:
    if not outgoing.may_be_called(url, private=private):
        raise Invalid({"url": [N_("Must be an https address that the public internet knows.")]})


def _subject(webhook: Webhook) -> tuple[str, str]:
    return SUBJECT, str(webhook.id)


def _told(webhook: Webhook) -> dict[str, Any]:
    # The host alone: addresses of webhooks often carry a key.
    host = urlsplit(webhook.url).hostname
    return {"host": host, "events": list(webhook.events), "active": webhook.active}
