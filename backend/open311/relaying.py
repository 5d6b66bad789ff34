"""The worker's part of forwarding: reports go out once, and what became of them comes back."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import ColumnElement, and_, select, update
from sqlalchemy.orm import Session

from backend.feedback.history import internal
from backend.feedback.models import Report
from backend.feedback.photos import public_photos
from backend.feedback.presenting import REPORTER_URL
from backend.feedback.publicity import NEVER_PUBLIC
from backend.feedback.workflow import CLOSED, Who
from backend.open311 import fetching
from backend.open311.forwardings import EVERY_OTHER, address_of
from backend.open311.models import ForwardedReport, Forwarding, Progress
from backend.open311.peers import Accepted, Address, Declined, NotReached, PeerError, Peers
from backend.open311.words import without_contacts
from backend.settings import Settings
from content.store import insert_into
from content.text import in_language
from content.vocabularies.models import Quarter, Vocabulary
from content.vocabularies.queries import find_term, with_descendants
from notifications import outbox
from notifications.outbox import backoff
from notifications.worker import Handler, Task

log = structlog.get_logger()

SWEEP, SEND, FETCH = "open311.sweep", "open311.send", "open311.fetch"
EVERY = timedelta(minutes=1)
AT_ONCE = 200
"""How many reports one sweep puts on their way."""


def plan(session: Session, now: datetime) -> None:
    """Look for work now, once a minute however often it is asked for."""
    _put_sweep(session, now, _slot(now))


def handlers(settings: Settings, peers: Peers | None = None) -> dict[str, Handler]:
    """What the worker does for other Open311 servers."""
    others = peers or Peers(private=settings.open311_private_peers)
    photos_at = f"{settings.public_url}{REPORTER_URL}"
    return {
        SWEEP: _sweep,
        SEND: lambda task: _send(task, others, photos_at),
        FETCH: lambda task: fetching.fetch(task, others),
    }


def _slot(now: datetime) -> datetime:
    return now - timedelta(seconds=now.timestamp() % EVERY.total_seconds())


def _put_sweep(session: Session, now: datetime, due: datetime) -> None:
    # The key is the moment it is due, so that several chains of jobs become one.
    outbox.enqueue(session, SWEEP, {}, now=now, due_at=due, key=f"{SWEEP}:{due:%Y-%m-%dT%H:%M%z}")


def _sweep(task: Task) -> None:
    now = task.clock()
    with task.sessions.begin() as session:
        active = session.scalars(select(Forwarding).where(Forwarding.active)).all()
        for forwarding in active:
            for report_id in session.scalars(_to_forward(session, forwarding)):
                _take(session, forwarding, report_id, now)
            if forwarding.next_poll_at <= now:
                key = f"{FETCH}:{forwarding.id}:{now:%Y-%m-%dT%H:%M%z}"
                payload = {"forwarding_id": str(forwarding.id)}
                outbox.enqueue(session, FETCH, payload, now=now, key=key)
                forwarding.next_poll_at = now + fetching.EVERY
        _put_sweep(session, now, _slot(now) + EVERY)
        task.done(session)


def _to_forward(session: Session, forwarding: Forwarding) -> Any:
    """Select the ids of what an officer has confirmed since, and what did not go yet."""
    gone = select(ForwardedReport.id).where(ForwardedReport.report_id == Report.id).exists()
    return (
        select(Report.id)
        .where(_fits(session, forwarding), ~gone)
        .where(Report.confirmed_at >= forwarding.created_at, ~Report.hidden)
        .where(Report.status.not_in(CLOSED))
        .order_by(Report.confirmed_at, Report.id)
        .limit(AT_ONCE)
    )


def _fits(session: Session, forwarding: Forwarding) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = []
    if forwarding.category:
        below = with_descendants(session, Vocabulary.REPORT, forwarding.category)
        conditions.append(Report.category.in_(below))
    if forwarding.office:
        conditions.append(Report.office == forwarding.office)
    return and_(*conditions)


def _take(session: Session, forwarding: Forwarding, report_id: uuid.UUID, now: datetime) -> None:
    row = session.scalar(
        insert_into(session, ForwardedReport)
        .values(
            id=uuid.uuid4(),
            key=uuid.uuid4(),
            forwarding_id=forwarding.id,
            report_id=report_id,
            state=Progress.WAITING,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=["report_id"])
        .returning(ForwardedReport.id)
    )
    if row is not None:
        enqueue_sending(session, row, now)


def enqueue_sending(session: Session, forwarded_id: uuid.UUID, now: datetime) -> None:
    """Let the worker send a report that waits."""
    outbox.enqueue(session, SEND, {"id": str(forwarded_id), "tries": 0}, now=now)


def _send(task: Task, peers: Peers, photos_at: str) -> None:
    ready = _prepared(task, photos_at)
    if ready is None:
        return
    address, fields, key, is_idempotent = ready
    try:
        accepted = peers.post(address, fields, key)
    except NotReached as error:
        _wait(task, error, error.after)
    except Declined as error:
        _settle(task, Progress.REFUSED, str(error))
    except PeerError as error:
        if is_idempotent:
            _wait(task, error, None)
        else:
            _settle(task, Progress.UNSURE, str(error))
    else:
        _went(task, accepted)


Ready = tuple[Address, Mapping[str, Any], uuid.UUID, bool]


def _prepared(task: Task, photos_at: str) -> Ready | None:
    """What is to be sent, marked as being sent; None where nothing is, and the job is done.

    A mark that is found already is of a process that died in between: whether its request
    arrived, only a server tells that knows our key.
    """
    now = task.clock()
    with task.sessions.begin() as session:
        sent = session.get(ForwardedReport, uuid.UUID(task.payload["id"]), with_for_update=True)
        if sent is None or sent.state not in (Progress.WAITING, Progress.SENDING):
            task.done(session)
            return None
        forwarding = session.get_one(Forwarding, sent.forwarding_id)
        report = session.get_one(Report, sent.report_id)
        if sent.state == Progress.SENDING and not forwarding.is_idempotent:
            _mark(sent, Progress.UNSURE, now, "the sender was interrupted")
            task.done(session)
            return None
        codes = forwarding.service_codes
        code = codes.get(report.category) or codes.get(EVERY_OTHER)
        if not forwarding.active or report.status in NEVER_PUBLIC or code is None:
            reason = "no service code" if code is None else "no longer to be forwarded"
            _mark(sent, Progress.REFUSED, now, reason)
            task.done(session)
            return None
        _mark(sent, Progress.SENDING, now, None)
        fields = {"service_code": code} | _fields(session, forwarding, report, photos_at)
        return address_of(forwarding), fields, sent.key, forwarding.is_idempotent


def _fields(
    session: Session, forwarding: Forwarding, report: Report, photos_at: str
) -> dict[str, Any]:
    """What goes out: where, what, and our code; nothing of who reported."""
    term = find_term(session, Vocabulary.REPORT, report.category)
    name = in_language(term.name, "vi") if term else report.category
    own = without_contacts(report.description) if forwarding.own_words else ""
    words = report.public_description or own or name
    place = in_language(
        session.scalar(select(Quarter.name).where(Quarter.code == report.quarter)), "vi"
    )
    if forwarding.own_words:
        place = ", ".join(part for part in (without_contacts(report.place_text), place) if part)
    photos: Iterable[Any] = public_photos(session, [report.id]).get(report.id, ())
    return {
        "lat": report.lat,
        "long": report.lng,
        "address_string": place or (None if report.lat is not None else name),
        "description": f"{words}\n\n({report.code})"[:4000],
        "media_url": [f"{photos_at}/{report.id}/photos/{photo.id}" for photo in photos],
    }


def _wait(task: Task, error: PeerError, after: timedelta | None) -> None:
    tries = int(task.payload.get("tries", 0)) + 1
    with task.sessions.begin() as session:
        _change(session, task, state=Progress.WAITING, error=str(error)[:300])
        task.again(
            session,
            str(error),
            after=after or backoff(tries),
            payload=task.payload | {"tries": tries},
            counted=False,
        )


def _settle(task: Task, state: Progress, reason: str) -> None:
    log.warning("open311.not_forwarded", forwarded=task.payload["id"], state=state)
    with task.sessions.begin() as session:
        _change(session, task, state=state, error=reason[:300])
        task.done(session)


def _went(task: Task, accepted: Accepted) -> None:
    now = task.clock()
    with task.sessions.begin() as session:
        _change(
            session,
            task,
            state=Progress.SENT if accepted.remote_id else Progress.TOKEN,
            remote_id=accepted.remote_id,
            token=accepted.token,
            sent_at=now,
            error=None,
        )
        sent = session.get_one(ForwardedReport, uuid.UUID(task.payload["id"]))
        forwarding = session.get_one(Forwarding, sent.forwarding_id)
        session.add(
            internal(
                sent.report_id,
                "forwarded",
                now,
                by=Who.SYSTEM,
                text=f"{forwarding.label}: {accepted.remote_id or accepted.token}",
            )
        )
        task.done(session)


def _change(session: Session, task: Task, **values: Any) -> None:
    session.execute(
        update(ForwardedReport)
        .where(ForwardedReport.id == uuid.UUID(task.payload["id"]))
        .values(updated_at=task.clock(), **values),
        execution_options={"synchronize_session": False},
    )


def _mark(sent: ForwardedReport, state: Progress, now: datetime, error: str | None) -> None:
    sent.state, sent.error, sent.updated_at = state, error, now
