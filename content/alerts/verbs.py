"""Issuing alerts, updating and cancelling them: each act is a message of its own."""

from __future__ import annotations

import hashlib
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, cast

import orjson
from sqlalchemy import CursorResult, inspect, select, update
from sqlalchemy.orm import Session

from content import audit, town
from content.alerts.models import Alert, Certainty, Event, Issuer, MessageType, Severity, Urgency
from content.alerts.words import CANCELLED, WORDS, both
from content.errors import N_, Conflict, Invalid, NotFound
from content.publishing import Edit
from content.store import Localized, insert_into
from content.text import in_language
from content.vocabularies.queries import check_quarters, quarters

FURTHEST = timedelta(days=30)
"""How far ahead a warning may begin, and how long after that it may last."""

OVER = N_("This alert is no longer in force.")
USED = N_("This Idempotency-Key was used for something else.")

CARRIED_ON = (
    "thread_id", "ban_id", "event", "severity", "urgency", "certainty", "headline",
    "description", "instruction", "areas", "quarters", "onset", "expires",
)  # fmt: skip


class Repeated(Exception):
    """An alert with the same key came to be in the same moment."""


def cap_time(moment: datetime) -> str:
    """*moment* as CAP writes it: to the second, with the town's offset, never `Z`."""
    return moment.astimezone(town.TIME).isoformat(timespec="seconds")


def find_alert(session: Session, alert_id: uuid.UUID) -> Alert:
    """The message with that id, whether in force or not. Raises NotFound."""
    found = session.get(Alert, alert_id)
    if found is None:
        raise NotFound(N_("There is nothing named %(name)s here."), name=str(alert_id))
    return found


def alerts_in_force(session: Session, now: datetime) -> Sequence[Alert]:
    """The messages by which people are warned at *now*, the newest first."""
    return session.scalars(
        select(Alert).where(Alert.in_force(now)).order_by(Alert.sent.desc(), Alert.id)
    ).all()


def newest_of(session: Session, alert: Alert) -> Alert:
    """The last message on the matter of *alert*, which may be itself."""
    return session.scalars(
        select(Alert)
        .where(Alert.thread_id == alert.thread_id)
        .order_by(Alert.superseded_at.is_(None).desc(), Alert.sent.desc())
        .limit(1)
    ).one()


def alert_of_ban(session: Session, ban_id: uuid.UUID, now: datetime) -> Alert | None:
    """The message in force at *now* that tells of a ban, if there is one."""
    return session.scalars(
        select(Alert).where(Alert.ban_id == ban_id, Alert.in_force(now)).limit(1)
    ).first()


def issue_once(
    session: Session,
    issuer: Issuer,
    edit: Edit,
    values: Mapping[str, Any],
    *,
    key: uuid.UUID,
    **more: Any,
) -> tuple[Alert, bool]:
    """`issue` the *values*; the alert, and whether *key* had issued it before.

    A repeat with the same *key* gives the first alert. *more* belongs to what was asked for but
    is no part of the alert. Raises Invalid as `issue` does, and Conflict for a key that came
    with something else.
    """
    packed = orjson.dumps({**values, **more}, option=orjson.OPT_SORT_KEYS)
    digest = hashlib.sha256(packed).hexdigest()
    if before := _sent_before(session, key, digest):
        return before, True
    try:
        return issue(session, issuer, edit, **values, sent_as=(key, digest)), False
    except Repeated:
        before = _sent_before(session, key, digest)
    if before is None:
        raise Conflict(USED)
    return before, True


def _sent_before(session: Session, key: uuid.UUID, digest: str) -> Alert | None:
    found = session.scalar(select(Alert).where(Alert.sent_key == key))
    if found and found.sent_digest != digest:
        raise Conflict(USED)
    return found


def issue(
    session: Session,
    issuer: Issuer,
    edit: Edit,
    *,
    event: str,
    headline: Localized | None = None,
    description: Localized | None = None,
    instruction: Localized | None = None,
    severity: str = Severity.SEVERE,
    urgency: str = Urgency.EXPECTED,
    certainty: str = Certainty.LIKELY,
    onset: datetime | None = None,
    expires: datetime | None = None,
    quarters: Sequence[str] = (),
    areas: Sequence[Localized] | None = None,
    ban_id: uuid.UUID | None = None,
    sent_as: tuple[uuid.UUID, str] | None = None,
) -> Alert:
    """Warn of *event* from now on, in *quarters* or the whole town.

    Where *headline* or *instruction* lack a language, the event's usual words stand there.
    *areas* are the names of places where these are not the quarters. Raises Invalid for an
    unknown quarter and for times that cannot be. *sent_as* is a key and a digest: `issue_once`.
    """
    _check(session, edit.now, onset or edit.now, expires, quarters)
    words = WORDS[Event(event)]
    made = Alert(
        id=uuid.uuid4(),
        message_type=MessageType.ALERT,
        refers_to=[],
        event=event,
        severity=severity,
        urgency=urgency,
        certainty=certainty,
        headline=both(headline or {}, words.name),
        description=description or {},
        instruction=both(instruction or {}, words.instruction),
        reason={},
        areas=list(_areas(session, quarters) if areas is None else areas),
        quarters=list(quarters),
        onset=onset or edit.now,
        expires=expires,
        ban_id=ban_id,
    )
    made.thread_id = made.id
    made.sent_key, made.sent_digest = sent_as or (None, None)
    return _send(session, made, issuer, edit, "issue")


def renew(
    session: Session, alert: Alert, changes: Mapping[str, Any], issuer: Issuer, edit: Edit
) -> Alert:
    """Say what has changed: a new message that takes the place of *alert* and refers back.

    What is not in *changes* stays as it was. Raises Conflict where *alert* is no longer in
    force, Invalid as `issue` does.
    """
    if not alert.is_in_force(edit.now):
        raise Conflict(OVER)
    kept = {name: getattr(alert, name) for name in CARRIED_ON} | dict(changes)
    _check(session, edit.now, kept["onset"], kept["expires"], kept["quarters"])
    words = WORDS[Event(alert.event)]
    kept["headline"] = both(kept["headline"], words.name)
    kept["instruction"] = both(kept["instruction"], words.instruction)
    if "quarters" in changes:
        kept["areas"] = _areas(session, kept["quarters"])
    made = Alert(
        id=uuid.uuid4(),
        message_type=MessageType.UPDATE,
        refers_to=_supersede(session, alert, edit),
        reason={},
        **kept,
    )
    return _send(session, made, issuer, edit, "update")


def cancel(
    session: Session,
    alert: Alert,
    issuer: Issuer,
    edit: Edit,
    *,
    reason: Localized | None = None,
) -> Alert:
    """End *alert* before its time: a message that refers back to it and to all before it.

    Raises Conflict where it is no longer in force.
    """
    kept = {name: getattr(alert, name) for name in CARRIED_ON}
    kept["headline"] = {
        language: f"{in_language(CANCELLED, language)}: {text}"
        for language, text in both(alert.headline, WORDS[Event(alert.event)].name).items()
    }
    made = Alert(
        id=uuid.uuid4(),
        message_type=MessageType.CANCEL,
        refers_to=_supersede(session, alert, edit),
        reason=reason or {},
        **kept,
    )
    return _send(session, made, issuer, edit, "cancel")


def refuse_follower(alert: Alert) -> None:
    """Raise Conflict for the alert of a ban, which changes and ends with its ban alone."""
    if alert.event == Event.SWIM_BAN:
        raise Conflict(N_("This alert follows a ban: change or lift the ban."))


def _check(
    session: Session,
    now: datetime,
    onset: datetime,
    expires: datetime | None,
    quarters: Sequence[str],
) -> None:
    check_quarters(session, quarters)
    if onset > now + FURTHEST:
        raise Invalid({"onset": [N_("At most 30 days ahead.")]})
    if expires is None:
        return
    if expires <= max(onset, now):
        raise Invalid({"expires": [N_("Must be later than onset, and not over yet.")]})
    if expires > max(onset, now) + FURTHEST:
        raise Invalid({"expires": [N_("At most 30 days ahead.")]})


def _areas(session: Session, codes: Sequence[str]) -> list[Localized]:
    named = {quarter.code: quarter.name for quarter in quarters(session)}
    return [dict(named[code]) for code in codes] or [dict(town.NAME)]


def _supersede(session: Session, alert: Alert, edit: Edit) -> list[str]:
    """Take *alert* out of force, and name all that was sent on the matter, the oldest first."""
    taken = session.execute(
        update(Alert)
        .where(Alert.id == alert.id, Alert.in_force(edit.now))
        .values(superseded_at=edit.now)
    )
    # Of two who do this in one moment, the second finds nothing in force.
    if cast("CursorResult[Any]", taken).rowcount != 1:
        raise Conflict(OVER)
    earlier = session.scalars(
        select(Alert).where(Alert.thread_id == alert.thread_id).order_by(Alert.sent, Alert.id)
    )
    return [f"{one.sender},{one.identifier},{cap_time(one.sent)}" for one in earlier]


def _send(session: Session, made: Alert, issuer: Issuer, edit: Edit, act: str) -> Alert:
    made.sender, made.status = issuer.sender, issuer.status
    made.sent, made.made_by = edit.now, edit.by
    # Of two with one key in one moment, the database takes the first.
    values = {column.key: getattr(made, column.key) for column in inspect(Alert).column_attrs}
    statement = insert_into(session, Alert).values(values).on_conflict_do_nothing()
    sent: Alert | None = session.scalar(statement.returning(Alert))
    if sent is None:
        raise Repeated
    audit.record(
        session,
        edit,
        act=act,
        subject=("alert", str(sent.id)),
        after={
            "event": sent.event,
            "severity": sent.severity,
            "headline": sent.headline,
            "quarters": sent.quarters,
            "onset": cap_time(sent.onset),
            "expires": cap_time(sent.expires) if sent.expires else None,
            "thread": str(sent.thread_id),
        },
    )
    return sent
