"""What other servers say of the reports that went to them, done to ours."""

from __future__ import annotations

import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.history import internal
from backend.feedback.models import Report
from backend.feedback.workflow import CLOSED, Who
from backend.open311 import statuses, updates
from backend.open311.forwardings import address_of
from backend.open311.models import FetchedUpdate, ForwardedReport, Forwarding, Progress
from backend.open311.peers import Address, Declined, NotReached, PeerError, Peers, text_of
from backend.open311.statuses import Extended
from content.errors import DomainError
from content.store import insert_into
from notifications.outbox import backoff
from notifications.worker import Task

log = structlog.get_logger()

EVERY = timedelta(minutes=5)
LONGEST_PAUSE = timedelta(hours=6)
OVERLAP = timedelta(minutes=10)
"""Clocks differ, and what is being written now is listed a little later."""

LONGEST_SPAN = timedelta(days=90)
IDS_AT_ONCE = 50
NOT_OFFERED = (400, 404, 405)
"""How servers answer an address that they do not have."""

Said = Mapping[str, Any]


def fetch(task: Task, peers: Peers) -> None:
    """Ask one server for all that is open there; each of its updates is done once."""
    forwarding_id = uuid.UUID(task.payload["forwarding_id"])
    with task.sessions.begin() as session:
        forwarding = session.get(Forwarding, forwarding_id)
        if forwarding is None or not forwarding.active:
            task.done(session)
            return
        address = address_of(forwarding)
        tokens = _tokens(session, forwarding_id)
        since = max(
            (forwarding.polled_at or forwarding.created_at) - OVERLAP, task.clock() - LONGEST_SPAN
        )
        asks_updates = forwarding.offers_updates is not False
    now = task.clock()
    try:
        ids = {sent_id: _id_of(peers, address, token) for sent_id, token in tokens.items()}
        _learn_ids(task, ids)
        open_there = _open(task, forwarding_id)
        listed = _updates(peers, address, since, now) if asks_updates and open_there else None
        stand = list(_requests(peers, address, list(open_there)))
    except PeerError as error:
        _try_later(task, forwarding_id, error)
        return
    with task.sessions.begin() as session:
        forwarding = session.get_one(Forwarding, forwarding_id)
        for said in sorted(listed or [], key=lambda one: text_of(one, "updated_datetime") or ""):
            _do_update(session, forwarding, open_there, said, now)
        for said in stand:
            _do_status(session, forwarding, open_there, said, now)
        if asks_updates and open_there:
            forwarding.offers_updates = listed is not None
        forwarding.polled_at, forwarding.next_poll_at = now, now + EVERY
        forwarding.failures, forwarding.last_error = 0, None
        task.done(session)


def _tokens(session: Session, forwarding_id: uuid.UUID) -> dict[uuid.UUID, str]:
    waiting = select(ForwardedReport.id, ForwardedReport.token).where(
        ForwardedReport.forwarding_id == forwarding_id, ForwardedReport.state == Progress.TOKEN
    )
    return {row.id: row.token for row in session.execute(waiting) if row.token}


def _id_of(peers: Peers, address: Address, token: str) -> str | None:
    try:
        return peers.id_of_token(address, token)
    except Declined:
        return None  # not yet


def _learn_ids(task: Task, ids: Mapping[uuid.UUID, str | None]) -> None:
    with task.sessions.begin() as session:
        for sent_id, remote_id in ids.items():
            if remote_id:
                sent = session.get_one(ForwardedReport, sent_id)
                sent.remote_id, sent.state = remote_id, Progress.SENT
                sent.updated_at = task.clock()


def _open(task: Task, forwarding_id: uuid.UUID) -> dict[str, uuid.UUID]:
    """Our rows by the other server's ids, of what is not closed on both sides."""
    with task.sessions.begin() as session:
        rows = session.execute(
            select(ForwardedReport.remote_id, ForwardedReport.id).where(
                ForwardedReport.forwarding_id == forwarding_id,
                ForwardedReport.state == Progress.SENT,
            )
        )
        return {row.remote_id: row.id for row in rows if row.remote_id}


def _updates(peers: Peers, address: Address, since: datetime, now: datetime) -> list[Said] | None:
    """What the server lists; None where it has no such address."""
    try:
        return peers.updates(address, since, now + OVERLAP)
    except Declined as error:
        if error.status not in NOT_OFFERED:
            raise
        return None


def _requests(peers: Peers, address: Address, ids: Sequence[str]) -> Iterator[Said]:
    for start in range(0, len(ids), IDS_AT_ONCE):
        chunk = ids[start : start + IDS_AT_ONCE]
        try:
            yield from peers.requests(address, chunk)
        except Declined:  # a server that takes one at a time, or knows one of them no more
            for remote_id in chunk:
                try:
                    yield from peers.request(address, remote_id)
                except Declined:
                    continue


def _try_later(task: Task, forwarding_id: uuid.UUID, error: PeerError) -> None:
    log.warning("open311.not_fetched", forwarding=str(forwarding_id), reason=str(error))
    asked = error.after if isinstance(error, NotReached) else None
    with task.sessions.begin() as session:
        forwarding = session.get_one(Forwarding, forwarding_id)
        forwarding.failures += 1
        pause = asked or min(EVERY * 2 ** min(forwarding.failures, 10), LONGEST_PAUSE)
        forwarding.next_poll_at = task.clock() + max(pause, backoff(1))
        forwarding.last_error = str(error)[:300]
        task.done(session)


def _do_update(
    session: Session,
    forwarding: Forwarding,
    open_there: Mapping[str, uuid.UUID],
    said: Said,
    now: datetime,
) -> None:
    sent_id = open_there.get(text_of(said, "service_request_id") or "")
    update_id = text_of(said, "update_id")
    if sent_id is None or update_id is None:
        return
    first = session.scalar(
        insert_into(session, FetchedUpdate)
        .values(forwarded_id=sent_id, update_id=update_id, at=now)
        .on_conflict_do_nothing()
        .returning(FetchedUpdate.update_id)
    )
    word = statuses.read(text_of(said, "status") or "")
    if first is None or word is None:
        return
    sent = session.get_one(ForwardedReport, sent_id)
    sent.remote_status = word
    _apply(session, forwarding, sent, word, text_of(said, "description", 2000) or "", now)


def _do_status(
    session: Session,
    forwarding: Forwarding,
    open_there: Mapping[str, uuid.UUID],
    said: Said,
    now: datetime,
) -> None:
    sent_id = open_there.get(text_of(said, "service_request_id") or "")
    word = _word(said)
    if sent_id is None or word is None:
        return
    sent = session.get_one(ForwardedReport, sent_id)
    # Only a change says something: the town may be further than the other server.
    before = Extended(sent.remote_status or Extended.OPEN)
    is_coarse = word in (Extended.OPEN, Extended.CLOSED)
    if word is before or (is_coarse and statuses.closes(word) == statuses.closes(before)):
        return
    sent.remote_status = word
    _apply(session, forwarding, sent, word, text_of(said, "status_notes", 2000) or "", now)


def _word(said: Said) -> Extended | None:
    finer = said.get("extended_attributes")
    if isinstance(finer, Mapping) and (word := text_of(finer, "detailed_status")):
        return statuses.read(word) or statuses.read(text_of(said, "status") or "")
    return statuses.read(text_of(said, "status") or "")


def _apply(
    session: Session,
    forwarding: Forwarding,
    sent: ForwardedReport,
    word: Extended,
    text: str,
    now: datetime,
) -> None:
    """Move our report as the other server says; where it cannot, the staff read what was said."""
    report = session.get_one(Report, sent.report_id, populate_existing=True)
    if statuses.says(report.state, word) and not text:
        _close(report, sent, now)
        return
    try:
        # A move that is refused is refused before anything of it is written.
        updates.apply(
            session,
            report,
            word,
            who=(Who.OFFICER,),
            text=text or forwarding.label,
            is_office=bool(text),
            now=now,
        )
    except DomainError:
        session.add(
            internal(
                report.id,
                "note",
                now,
                by=Who.SYSTEM,
                text=f"{forwarding.label}: {word} {text}".strip(),
            )
        )
    session.flush()
    session.refresh(report)
    _close(report, sent, now)


def _close(report: Report, sent: ForwardedReport, now: datetime) -> None:
    sent.updated_at = now
    if report.state in CLOSED and statuses.closes(Extended(sent.remote_status or Extended.OPEN)):
        sent.state = Progress.CLOSED
