"""Whatever is written into the history of a report is told to those who subscribed to it.

It hangs on the history itself, so that no verb can forget it, and is put in the queue by the
transaction that makes the change: both are on file or neither.
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from backend.feedback import history
from backend.feedback.models import ReportEvent
from backend.webhooks.models import Progress, Webhook, WebhookDelivery
from content.store import insert_into, table_of
from notifications import outbox

SEND = "webhooks.send"
PRIORITY = outbox.ROUTINE + 10
"""People are told before machines."""


_webhook = table_of(Webhook).c
WANTED = select(_webhook.id, _webhook.events).where(_webhook.active)


@event.listens_for(Session, "after_flush")
def _flushed(session: Session, _: Any) -> None:
    happened = [new for new in session.new if isinstance(new, ReportEvent)]
    if happened:
        _announce(session, happened)


def _announce(session: Session, happened: Sequence[ReportEvent]) -> None:
    wanted = session.execute(WANTED).all()
    for webhook_id, events in wanted:
        for each in happened:
            if not events or type_of(each) in events:
                deliver(session, webhook_id, each, each.at)


history.TOLD.append(_announce)


def type_of(happened: ReportEvent) -> str:
    """What *happened* is called outside."""
    return f"report.{happened.kind}"


def deliver(session: Session, webhook_id: uuid.UUID, happened: ReportEvent, now: datetime) -> None:
    """Put *happened* in the queue for a webhook, once; what was sent before is sent again."""
    settled_anew = {"state": Progress.WAITING, "settled_at": None, "queued_at": now}
    delivery_id = session.scalar(
        insert_into(session, WebhookDelivery)
        .values(
            id=uuid.uuid4(),
            webhook_id=webhook_id,
            event_id=happened.id,
            type=type_of(happened),
            attempts=0,
            created_at=now,
            **settled_anew,
        )
        .on_conflict_do_update(index_elements=["webhook_id", "event_id"], set_=settled_anew)
        .returning(WebhookDelivery.id)
    )
    outbox.enqueue(session, SEND, {"delivery": str(delivery_id)}, now=now, priority=PRIORITY)


def deliver_all(
    session: Session, webhook: Webhook, happened: Sequence[ReportEvent], now: datetime
) -> None:
    """Put all of *happened* that *webhook* wants in the queue once more."""
    for each in happened:
        if not webhook.events or type_of(each) in webhook.events:
            deliver(session, webhook.id, each, now)
