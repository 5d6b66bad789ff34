"""Corrections of prices: sent by anybody, decided by editors."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

import orjson
from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from content import audit
from content.errors import N_, Conflict, Invalid, NotFound
from content.prices.models import CorrectionState, Price, PriceCorrection
from content.prices.queries import day_of
from content.prices.rules import check_amounts
from content.prices.verbs import replace
from content.publishing import Edit, find_visible
from content.store import insert_into

CLOCKS_DIFFER_BY = timedelta(minutes=10)
SUBJECT = "price_correction"


@dataclass(frozen=True)
class Sent:
    """What somebody says that a price is, and how to reach them: {name, phone, email}."""

    price_vnd: int
    price_max_vnd: int | None = None
    note: str = ""
    contact: Mapping[str, str] = field(default_factory=dict)
    consent_version: str | None = None
    consent_at: datetime | None = None

    def digest(self) -> str:
        """The SHA-256 of what was sent, to tell a repeat from another correction."""
        packed = orjson.dumps(asdict(self), option=orjson.OPT_SORT_KEYS)
        return hashlib.sha256(packed).hexdigest()


def send(
    session: Session, key: str, sent: Sent, *, now: datetime, sent_key: uuid.UUID | None = None
) -> tuple[PriceCorrection, bool]:
    """Put a correction of the price named *key* on file; it, and whether it was there before.

    A repeat with the same *sent_key* gives the first one. Raises NotFound for a price that the
    public does not see, Invalid, and Conflict for a key that came with something else.
    """
    if sent_key and (before := _sent_before(session, sent_key, sent)):
        return before, True
    price = find_visible(session, Price, key, now)
    check_amounts(sent.price_vnd, sent.price_max_vnd)
    if sent.contact and not (sent.consent_version and sent.consent_at):
        raise Invalid({"consent": [N_("A contact is kept only with its owner's consent.")]})
    if sent.consent_at and sent.consent_at > now + CLOCKS_DIFFER_BY:
        raise Invalid({"consent": [N_("The consent lies in the future.")]})
    statement = insert_into(session, PriceCorrection).values(
        id=uuid.uuid4(),
        price_id=price.id,
        price_vnd=sent.price_vnd,
        price_max_vnd=sent.price_max_vnd,
        note=sent.note,
        contact=dict(sent.contact) or None,
        consent_version=sent.consent_version if sent.contact else None,
        consent_at=sent.consent_at if sent.contact else None,
        sent_key=sent_key,
        sent_digest=sent.digest() if sent_key else None,
        state=CorrectionState.NEW,
        reason="",
        created_at=now,
    )
    made = session.scalar(statement.on_conflict_do_nothing().returning(PriceCorrection))
    if made is None and sent_key and (before := _sent_before(session, sent_key, sent)):
        return before, True
    if made is None:
        raise Conflict(N_("This Idempotency-Key was used for something else."))
    return made, False


def _sent_before(session: Session, sent_key: uuid.UUID, sent: Sent) -> PriceCorrection | None:
    found = session.scalar(select(PriceCorrection).where(PriceCorrection.sent_key == sent_key))
    if found and found.sent_digest != sent.digest():
        raise Conflict(N_("This Idempotency-Key was used for something else."))
    return found


def corrections(state: str | None = None) -> Select[PriceCorrection]:
    """Select the corrections in *state*, or all, with their prices."""
    statement = select(PriceCorrection).options(
        joinedload(PriceCorrection.price).joinedload(Price.place)
    )
    return statement.where(PriceCorrection.state == state) if state else statement


def waiting(session: Session) -> int:
    """How many corrections nobody has decided yet."""
    undecided = PriceCorrection.state == CorrectionState.NEW
    counted = select(func.count()).select_from(PriceCorrection).where(undecided)
    return session.scalar(counted) or 0


def accept(
    session: Session,
    key: str,
    edit: Edit,
    *,
    valid_from: date | None = None,
    source_document: str | None = None,
) -> PriceCorrection:
    """Let the price be what the correction says, from *valid_from* or today on.

    Raises NotFound, and Conflict for one that is decided or whose price is in force no more.
    """
    found = _undecided(session, key)
    new = replace(
        session,
        found.price,
        {
            "price_vnd": found.price_vnd,
            "price_max_vnd": found.price_max_vnd,
            "valid_from": valid_from,
            "source": f"Điều chỉnh gửi ngày {day_of(found.created_at):%d/%m/%Y}, "
            "biên tập viên đã chấp nhận",
            "source_document": source_document,
        },
        edit,
    )
    found.new_price_id = new.id
    return _decide(session, found, CorrectionState.ACCEPTED, edit)


def refuse(session: Session, key: str, edit: Edit, *, reason: str) -> PriceCorrection:
    """Leave the price as it is, for a *reason*. Raises NotFound; Conflict for one decided."""
    found = _undecided(session, key)
    found.reason = reason
    return _decide(session, found, CorrectionState.REFUSED, edit)


def _undecided(session: Session, key: str) -> PriceCorrection:
    try:
        found = session.get(PriceCorrection, uuid.UUID(key), with_for_update=True)
    except ValueError:
        found = None
    if found is None:
        raise NotFound(N_("There is nothing named %(name)s here."), name=key)
    if found.state != CorrectionState.NEW:
        raise Conflict(N_("This correction has been decided already."))
    return found


def _decide(
    session: Session, found: PriceCorrection, state: CorrectionState, edit: Edit
) -> PriceCorrection:
    before: dict[str, Any] = {"state": found.state}
    found.state, found.decided_at, found.decided_by = state, edit.now, edit.by
    # Nobody has to be called about what is decided, so nothing personal is kept.
    found.contact = found.consent_version = found.consent_at = None
    session.flush()
    audit.record(
        session,
        edit,
        act=state.value,
        subject=(SUBJECT, str(found.id)),
        before=before,
        after={"state": state.value},
        note=found.reason,
    )
    return found
