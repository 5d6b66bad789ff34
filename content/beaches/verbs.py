"""What people on duty put on file about a beach."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from content import audit
from content.alerts import bans
from content.alerts.models import Issuer
from content.beaches.models import Beach, Observation, SwimBan, WaterSample
from content.errors import N_, Conflict, Invalid, NotFound, Refused
from content.publishing import Edit
from content.store import Localized

AHEAD = timedelta(minutes=5)
"""By how much a phone's clock may be fast."""

HOLDS_BY_DEFAULT = timedelta(hours=3)
HOLDS_AT_MOST = timedelta(hours=24)

WITHDRAWN_WITHIN = timedelta(minutes=10)
"""For how long a slip of the finger is taken back; later, what is seen then is posted."""


def observe(
    session: Session,
    beach: Beach,
    edit: Edit,
    *,
    flag: str | None,
    observed_at: datetime | None = None,
    valid_until: datetime | None = None,
    lifeguards_on_duty: bool | None = None,
    note: str = "",
) -> Observation:
    """Put on file what somebody saw at *beach*: now, unless *observed_at* says when.

    It holds for three hours unless *valid_until* says otherwise. Raises Invalid for a moment
    that is still to come, and for a validity that ends before it begins or after a day.
    """
    seen = observed_at or edit.now
    until = valid_until or seen + HOLDS_BY_DEFAULT
    _refuse_future("observed_at", seen, edit.now)
    if until <= seen:
        raise Invalid({"valid_until": [N_("Must be later than observed_at.")]})
    if until - seen > HOLDS_AT_MOST:
        raise Invalid({"valid_until": [N_("At most 24 hours after observed_at.")]})
    observation = Observation(
        beach_id=beach.id,
        flag=flag,
        observed_at=seen,
        valid_until=until,
        lifeguards_on_duty=lifeguards_on_duty,
        note=note,
        made_by=edit.by,
        created_at=edit.now,
    )
    session.add(observation)
    session.flush()
    seen_values = {"beach": str(beach.id), "flag": flag, "lifeguards_on_duty": lifeguards_on_duty}
    _record(session, "observe", observation, edit, after=seen_values | {"note": note})
    return observation


def withdraw(session: Session, beach: Beach, observation_id: uuid.UUID, edit: Edit) -> Observation:
    """Take an observation back within WITHDRAWN_WITHIN: what was known before it holds again.

    Raises NotFound for one that does not exist or is withdrawn already, Refused where somebody
    else posted it, Conflict when it is too late.
    """
    observation = session.get(Observation, observation_id)
    if observation is None or observation.withdrawn_at or observation.beach_id != beach.id:
        raise NotFound(N_("There is no such observation."))
    if observation.made_by != edit.by:
        raise Refused(N_("Only the person who posted it may take it back."))
    if edit.now - observation.created_at > WITHDRAWN_WITHIN:
        raise Conflict(N_("It is too late to take it back. Post what you see now."))
    observation.withdrawn_at, observation.withdrawn_by = edit.now, edit.by
    _record(session, "withdraw", observation, edit)
    session.flush()
    return observation


def ban(
    session: Session,
    beach: Beach | None,
    edit: Edit,
    *,
    issuer: Issuer,
    reason: Localized,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> SwimBan:
    """Ban swimming at *beach*, or at every beach for None, from now unless *starts_at* says.

    Without *ends_at* it holds until it is lifted. *issuer* tells other systems of it, by an
    alert. Raises Invalid for an end before the start, and for one that is over already.
    """
    start = starts_at or edit.now
    _check_end(start, ends_at, edit.now)
    made = SwimBan(
        beach_id=beach.id if beach else None,
        reason=reason,
        starts_at=start,
        ends_at=ends_at,
        made_by=edit.by,
        created_at=edit.now,
    )
    session.add(made)
    session.flush()
    bans.tell(session, made, beach, issuer, edit)
    _record(session, "ban", made, edit, after=_ban_values(made))
    return made


def change_ban(
    session: Session, held: SwimBan, changes: Mapping[str, Any], edit: Edit, *, issuer: Issuer
) -> None:
    """Set the reason or the end of a ban. Raises Conflict where it is over, Invalid as `ban`."""
    over = held.ends_at is not None and held.ends_at <= edit.now
    if held.lifted_at is not None or over:
        raise Conflict(N_("This ban is over."))
    _check_end(held.starts_at, changes.get("ends_at", held.ends_at), edit.now)
    before = _ban_values(held)
    for name, value in changes.items():
        setattr(held, name, value)
    session.flush()
    beach = session.get(Beach, held.beach_id) if held.beach_id else None
    bans.tell(session, held, beach, issuer, edit)
    _record(session, "change", held, edit, before=before, after=_ban_values(held))


def find_ban(session: Session, beach: Beach | None, ban_id: uuid.UUID) -> SwimBan:
    """The ban of *beach*, or of every beach for None, with that id. Raises NotFound."""
    found = session.get(SwimBan, ban_id)
    if found is None or found.beach_id != (beach.id if beach else None):
        raise NotFound(N_("There is nothing named %(name)s here."), name=str(ban_id))
    return found


def lift_bans(session: Session, beach: Beach | None, edit: Edit, *, issuer: Issuer) -> int:
    """Lift the bans of *beach*, or those of every beach for None, also those to come.

    A ban on every beach is not lifted for one. *issuer* cancels their alerts. Answers how many
    were lifted.
    """
    held = session.scalars(
        select(SwimBan).where(
            SwimBan.beach_id == beach.id if beach else SwimBan.beach_id.is_(None),
            SwimBan.lifted_at.is_(None),
        )
    ).all()
    for one in held:
        one.lifted_at, one.lifted_by = edit.now, edit.by
        bans.tell_of_end(session, one, issuer, edit)
        _record(session, "lift", one, edit)
    session.flush()
    return len(held)


def _check_end(start: datetime, end: datetime | None, now: datetime) -> None:
    if end is not None and end <= start:
        raise Invalid({"ends_at": [N_("Must be later than starts_at.")]})
    if end is not None and end <= now:
        raise Invalid({"ends_at": [N_("Must not be over already.")]})


def _ban_values(held: SwimBan) -> dict[str, Any]:
    return {
        "beach": str(held.beach_id) if held.beach_id else None,
        "reason": held.reason,
        "starts_at": held.starts_at.isoformat(),
        "ends_at": held.ends_at.isoformat() if held.ends_at else None,
    }


def sample(
    session: Session,
    beach: Beach,
    edit: Edit,
    *,
    quality: str,
    sampled_at: datetime | None = None,
    source: str = "",
) -> WaterSample:
    """Put on file what a laboratory found. Raises Invalid for a moment still to come."""
    taken = sampled_at or edit.now
    _refuse_future("sampled_at", taken, edit.now)
    made = WaterSample(
        beach_id=beach.id,
        quality=quality,
        sampled_at=taken,
        source=source,
        made_by=edit.by,
        created_at=edit.now,
    )
    session.add(made)
    session.flush()
    _record(session, "sample", made, edit, after=_sample_values(made))
    return made


def samples_of(session: Session, beach: Beach, *, limit: int) -> Sequence[WaterSample]:
    """The last *limit* samples of *beach*, the newest first."""
    return session.scalars(
        select(WaterSample)
        .where(WaterSample.beach_id == beach.id)
        .order_by(WaterSample.sampled_at.desc(), WaterSample.created_at.desc())
        .limit(limit)
    ).all()


def remove_sample(session: Session, beach: Beach, sample_id: uuid.UUID, edit: Edit) -> None:
    """Take a sample that was entered wrongly off the file; the one before it counts again.

    Raises NotFound.
    """
    found = session.get(WaterSample, sample_id)
    if found is None or found.beach_id != beach.id:
        raise NotFound(N_("There is nothing named %(name)s here."), name=str(sample_id))
    _record(session, "remove", found, edit, before=_sample_values(found))
    session.delete(found)
    session.flush()


def _sample_values(made: WaterSample) -> dict[str, Any]:
    return {
        "beach": str(made.beach_id),
        "class": made.quality,
        "sampled_at": made.sampled_at.isoformat(),
        "source": made.source,
    }


def _record(
    session: Session,
    act: str,
    row: Observation | SwimBan | WaterSample,
    edit: Edit,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
) -> None:
    subject = (row.__tablename__, str(row.id))
    audit.record(session, edit, act=act, subject=subject, before=before, after=after)


def _refuse_future(field: str, moment: datetime, now: datetime) -> None:
    if moment > now + AHEAD:
        raise Invalid({field: [N_("Must not be in the future.")]})
