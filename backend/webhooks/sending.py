"""The worker's part: sending what waits, again and again, until it is taken or given up."""

from __future__ import annotations

import random
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import structlog
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from backend import outgoing
from backend.feedback.models import Report, ReportEvent
from backend.feedback.publicity import is_shown
from backend.settings import Settings
from backend.webhooks.announcing import SEND, deliver_all
from backend.webhooks.models import Progress, Webhook, WebhookDelivery
from backend.webhooks.signing import headers, secret_of
from notifications import outbox
from notifications.worker import Handler, Task

log = structlog.get_logger()

REPLAY = "webhooks.replay"
PRUNE = "webhooks.prune"

WAITS = tuple(
    timedelta(seconds=seconds) for seconds in (5, 30, 120, 600, 1800, 3600, 7200, 14400, 28800)
)
GIVEN_UP_AFTER = timedelta(days=3)
KEPT = timedelta(days=30)
DAY = timedelta(days=1)
PATIENCE = 10.0
LARGEST_ANSWER = 65_536
AT_ONCE = 200
GONE, TOO_MANY = 410, 429


@dataclass(frozen=True)
class Tried:
    """What came of a try: *status* of HTTP or the *error*, and the wait that was asked for."""

    status: int | None = None
    error: str | None = None
    after: timedelta | None = None

    @property
    def is_taken(self) -> bool:
        return self.status is not None and 200 <= self.status < 300

    @property
    def is_down(self) -> bool:
        """Whether the whole receiver is down or busy, not only at odds with this message."""
        return self.status is None or self.status == TOO_MANY or self.status >= 500


def handlers(settings: Settings) -> dict[str, Handler]:
    """What the worker does for webhooks."""
    return {
        SEND: lambda task: send(task, settings),
        REPLAY: replay,
        PRUNE: prune,
    }


def plan(session: Session, day: datetime) -> None:
    """Put the tidying of *day* in the queue, once however often it is asked for."""
    outbox.enqueue(session, PRUNE, {}, now=day, key=f"{PRUNE}:{day:%Y-%m-%d}")


def send(task: Task, settings: Settings) -> None:
    """Try one delivery, and say in the same transaction what came of it."""
    now = task.clock()
    delivery_id = uuid.UUID(task.payload["delivery"])
    with task.sessions.begin() as session:
        ready = _prepared(session, task, delivery_id, now, settings)
    if ready is None:
        return
    url, body, signed = ready
    tried = _call(url, body, signed, settings.webhooks_private)
    with task.sessions.begin() as session:
        _conclude(session, task, delivery_id, tried)


def _prepared(
    session: Session, task: Task, delivery_id: uuid.UUID, now: datetime, settings: Settings
) -> tuple[str, bytes, dict[str, str]] | None:
    """Where to send what; None where there is nothing to do now, and the job is settled."""
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None or delivery.state != Progress.WAITING:
        task.done(session)
        return None
    webhook = session.get_one(Webhook, delivery.webhook_id)
    if not webhook.active:
        _bury(delivery, now, webhook.stopped_because or "the webhook is switched off")
        task.done(session)
        return None
    if webhook.paused_until is not None and webhook.paused_until > now:
        if now - delivery.queued_at > GIVEN_UP_AFTER:
            _bury(delivery, now, delivery.error or "the receiver was not reached")
            task.done(session)
        else:
            # A receiver that is down is asked with one message, not with all that wait for it.
            wait = (webhook.paused_until - now) * random.uniform(1, 1.1)  # noqa: S311
            task.again(session, "the receiver is left alone", after=wait, counted=False)
        return None
    happened = session.get_one(ReportEvent, delivery.event_id)
    report = session.get_one(Report, happened.report_id)
    delay = settings.public_reports_delay
    shown = is_shown(report, now, delay)
    body = orjson.dumps(payload(report, happened, delivery.type, shown=shown))
    signed = headers(delivery.id, now, body, secret_of(webhook.id, settings.secret_key))
    return webhook.url, body, signed


def payload(report: Report, happened: ReportEvent, kind: str, *, shown: bool) -> Mapping[str, Any]:
    """What a receiver is told: what changed and where the report stands.

    Nothing of who reported or who works on it; the place and the words only where everybody
    may find them.
    """
    return {
        "type": kind,
        "timestamp": _moment(happened.at),
        "data": {
            "sequence": happened.id,
            "report": {
                "id": str(report.id),
                "code": report.code,
                "category": report.category,
                "quarter": report.quarter,
                "office": report.office,
                "status": report.status,
                "source": report.source,
                "created_at": _moment(report.created_at),
                "updated_at": _moment(report.updated_at),
                "expected_at": _moment(report.expected_at),
                "closed_at": report.closed_at and _moment(report.closed_at),
                "is_public": shown,
                "location": report.location if shown else None,
                "description": report.public_description if shown else None,
            },
            "change": {
                "by": happened.by,
                "from_status": happened.from_status,
                "to_status": happened.to_status,
            },
        },
    }


def _moment(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _call(url: str, body: bytes, signed: dict[str, str], private: bool) -> Tried:
    sent = signed | {"Content-Type": "application/json", "User-Agent": "beach-town-webhooks/1"}
    try:
        answer = outgoing.call(
            "POST", url, private=private, patience=PATIENCE, largest=LARGEST_ANSWER,
            headers=sent, content=body,
        )  # fmt: skip
    except outgoing.CallError as error:
        return Tried(error=str(error))
    asked = outgoing.wait_asked(answer.headers.get("Retry-After"))
    refusal = None if 200 <= answer.status < 300 else f"HTTP {answer.status}"
    return Tried(answer.status, refusal, asked)


def _conclude(session: Session, task: Task, delivery_id: uuid.UUID, tried: Tried) -> None:
    now = task.clock()
    delivery = session.get(WebhookDelivery, delivery_id)
    if delivery is None:  # the webhook was removed meanwhile
        task.done(session)
        return
    webhook = session.get_one(Webhook, delivery.webhook_id)
    delivery.attempts += 1
    delivery.tried_at, delivery.status, delivery.error = now, tried.status, tried.error
    if tried.is_taken:
        delivery.state, delivery.settled_at = Progress.DELIVERED, now
        if webhook.failures:
            webhook.failures, webhook.paused_until = 0, None
        task.done(session)
        return
    log.warning("webhook not delivered", webhook=str(webhook.id), reason=tried.error)
    if tried.status == GONE:
        webhook.active, webhook.stopped_because = False, "the receiver says that it is gone"
    if tried.status == GONE or now - delivery.queued_at > GIVEN_UP_AFTER:
        _bury(delivery, now, tried.error or "not taken")
        task.done(session)
        return
    tries = delivery.attempts
    if tried.is_down:
        webhook.failures += 1
        tries = webhook.failures
    wait = tried.after or WAITS[min(tries, len(WAITS)) - 1] * random.uniform(1, 1.25)  # noqa: S311
    if tried.is_down:
        webhook.paused_until = now + wait
    task.again(session, tried.error or "not taken", after=wait, counted=False)


def _bury(delivery: WebhookDelivery, now: datetime, reason: str) -> None:
    log.error("webhook delivery buried", delivery=str(delivery.id), reason=reason)
    delivery.state, delivery.settled_at, delivery.error = Progress.BURIED, now, reason[:300]


def replay(task: Task) -> None:
    """Put a while's events in the queue once more, some hundred at a time."""
    now = task.clock()
    since = datetime.fromisoformat(task.payload["since"])
    with task.sessions.begin() as session:
        webhook = session.get(Webhook, uuid.UUID(task.payload["webhook"]))
        found = (
            select(ReportEvent)
            .where(ReportEvent.at >= since, ReportEvent.id > task.payload["after"])
            .order_by(ReportEvent.id)
            .limit(AT_ONCE)
        )
        happened = session.scalars(found).all() if webhook and webhook.active else []
        if webhook and happened:
            deliver_all(session, webhook, happened, now)
        if len(happened) == AT_ONCE:
            rest = dict(task.payload) | {"after": happened[-1].id}
            outbox.enqueue(session, REPLAY, rest, now=now)
        task.done(session)


def prune(task: Task) -> None:
    """Forget deliveries that were settled a month ago, and plan tomorrow's tidying."""
    now = task.clock()
    with task.sessions.begin() as session:
        old = WebhookDelivery.settled_at < now - KEPT
        session.execute(delete(WebhookDelivery).where(old))
        tomorrow = now + DAY
        key = f"{PRUNE}:{tomorrow:%Y-%m-%d}"
        outbox.enqueue(session, PRUNE, {}, now=now, due_at=tomorrow, key=key)
        task.done(session)
