"""Against abuse: knowing a sender again, and blocking one for a while, with a reason."""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import Any, NoReturn

from sqlalchemy import Select, String, bindparam, delete, or_, select
from sqlalchemy.orm import Session

from backend.feedback.block_models import ReportSender, SenderBlock
from backend.feedback.models import Report
from content import audit
from content.errors import N_, Invalid, NotFound, Refused
from content.publishing import Edit
from content.store import UtcDateTime, put, table_of
from notifications import outbox
from notifications.worker import Handler, Task

CITIZEN, DEVICE, ADDRESS = "citizen", "device", "address"
LONGEST = timedelta(days=366)
SENDERS_ARE_KEPT = timedelta(days=30)
FORGET = "feedback.forget_senders"
DAY = timedelta(days=1)
SUBJECT = "sender_block"


_block = table_of(SenderBlock).c
# Made once: it is asked for each report that is filed.
IN_FORCE = (
    select(_block.until, _block.reason)
    .where(
        or_(
            _block.subject == bindparam("citizen", type_=String()),
            _block.subject == bindparam("device", type_=String()),
            _block.subject == bindparam("address", type_=String()),
        ),
        _block.until > bindparam("now", type_=UtcDateTime()),
    )
    .order_by(_block.until.desc())
    .limit(1)
)


@dataclass(frozen=True)
class Sender:
    """Who sends: a citizen who is signed in, and the digests of a device and an address."""

    citizen_id: uuid.UUID | None
    address: str
    device: str | None


def digest_of(kind: str, value: str, secret: str) -> str:
    """The digest by which *value*, an address or a device, is known again."""
    return hmac.new(secret.encode(), f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def sender(
    *, citizen_id: uuid.UUID | None, address: str, device: str | None, secret: str
) -> Sender:
    """The sender who calls from the network *address* with the installation *device*."""
    return Sender(
        citizen_id,
        digest_of(ADDRESS, address, secret),
        digest_of(DEVICE, device, secret) if device else None,
    )


def check(session: Session, who: Sender, now: datetime, town_time: tzinfo) -> None:
    """Raise Refused with the reason and until when, where *who* is blocked."""
    block = session.execute(IN_FORCE, asked(who, now)).one_or_none()
    if block is not None:
        refuse(block.until, block.reason, town_time)


def asked(who: Sender | None, now: datetime) -> dict[str, Any]:
    """What IN_FORCE asks of *who*; of nobody it finds nothing."""
    return {
        "citizen": str(who.citizen_id) if who and who.citizen_id else None,
        "device": who.device if who else None,
        "address": who.address if who else None,
        "now": now,
    }


def refuse(until: datetime, reason: str, town_time: tzinfo) -> NoReturn:
    """Raise Refused with the *reason* of a block that lasts *until* then."""
    raise Refused(
        N_("You cannot send reports until %(until)s. The reason: %(reason)s"),
        until=f"{until.astimezone(town_time):%H:%M, %d/%m/%Y}",
        reason=reason,
    )


def remember(session: Session, report: Report, who: Sender, now: datetime) -> None:
    """Keep from where *report* came."""
    sender = {"report_id": report.id, "address": who.address, "device": who.device, "at": now}
    put(session, ReportSender, sender)


def blocks() -> Select[SenderBlock]:
    """Select all blocks, also those that are over."""
    return select(SenderBlock)


def block(
    session: Session,
    *,
    report_id: uuid.UUID | None,
    citizen_id: uuid.UUID | None,
    address: str | None,
    reason: str,
    until: datetime,
    secret: str,
    edit: Edit,
) -> SenderBlock:
    """Let a sender file nothing until a moment.

    One of three is given: the report that the sender filed, of which the narrowest is blocked
    that is known, so that nobody learns who it was; a citizen; a network address. Raises
    NotFound for an unknown report, and Invalid.
    """
    given = {"report": report_id, "citizen": citizen_id, "address": address}
    if sum(value is not None for value in given.values()) != 1:
        wrong = [N_("Name either a report, a citizen or an address.")]
        raise Invalid(dict.fromkeys(given, wrong))
    if not edit.now < until <= edit.now + LONGEST:
        raise Invalid({"until": [N_("Must lie in the future, and at most a year away.")]})
    if report_id is not None:
        kind, subject = _of_report(session, report_id)
    elif citizen_id is not None:
        kind, subject = CITIZEN, str(citizen_id)
    else:
        kind, subject = ADDRESS, digest_of(ADDRESS, address or "", secret)
    made = SenderBlock(
        kind=kind,
        subject=subject,
        report_id=report_id,
        reason=reason,
        until=until,
        created_at=edit.now,
        created_by=edit.by,
    )
    session.add(made)
    session.flush()
    audit.record(session, edit, act="create", subject=(SUBJECT, str(made.id)), after=_values(made))
    return made


def unblock(session: Session, block_id: uuid.UUID, edit: Edit) -> None:
    """End a block now; that there was one stays on file. Raises NotFound."""
    found = session.get(SenderBlock, block_id)
    if found is None:
        raise NotFound(N_("There is no such block."))
    if found.until > edit.now:
        before = _values(found)
        found.until = edit.now
        session.flush()
        audit.record(
            session,
            edit,
            act="end",
            subject=(SUBJECT, str(found.id)),
            before=before,
            after=_values(found),
        )


def _of_report(session: Session, report_id: uuid.UUID) -> tuple[str, str]:
    report = session.get(Report, report_id)
    if report is None:
        raise NotFound(N_("There is no such report."))
    if report.citizen_id:
        return CITIZEN, str(report.citizen_id)
    known = session.get(ReportSender, report_id)
    if known is None:
        raise Invalid({"report": [N_("From where this report came is no longer known.")]})
    return (DEVICE, known.device) if known.device else (ADDRESS, known.address)


def _values(found: SenderBlock) -> dict[str, str]:
    return {"kind": found.kind, "reason": found.reason, "until": found.until.isoformat()}


def plan(session: Session, day: datetime) -> None:
    """Forget on that *day*, once however often it is asked for."""
    outbox.enqueue(session, FORGET, {}, now=day, due_at=day, key=f"{FORGET}:{day:%Y-%m-%d}")


def handlers() -> dict[str, Handler]:
    """What the worker does: forget from where older reports came, and what was blocked once."""

    def forget(task: Task) -> None:
        now = task.clock()
        with task.sessions.begin() as session:
            old = now - SENDERS_ARE_KEPT
            session.execute(delete(ReportSender).where(ReportSender.at <= old))
            session.execute(delete(SenderBlock).where(SenderBlock.until <= now - LONGEST))
            tomorrow = now + DAY
            key = f"{FORGET}:{tomorrow:%Y-%m-%d}"
            outbox.enqueue(session, FORGET, {}, now=now, due_at=tomorrow, key=key)
            task.done(session)

    return {FORGET: forget}
