"""What people on duty put on file about a beach."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

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
    session.flush()
    return observation


def ban(
    session: Session,
    beach: Beach | None,
    edit: Edit,
    *,
    reason: Localized,
    starts_at: datetime | None = None,
    ends_at: datetime | None = None,
) -> SwimBan:
    """Ban swimming at *beach*, or at every beach for None, from now unless *starts_at* says.

    Without *ends_at* it holds until it is lifted. Raises Invalid for an end before the start.
    """
    start = starts_at or edit.now
    if ends_at is not None and ends_at <= start:
        raise Invalid({"ends_at": [N_("Must be later than starts_at.")]})
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
    return made


def lift_bans(session: Session, beach: Beach | None, edit: Edit) -> int:
    """Lift the bans of *beach*, or those of every beach for None, also those to come.

    A ban on every beach is not lifted for one. Answers how many were lifted.
    """
    bans = session.scalars(
        select(SwimBan).where(
            SwimBan.beach_id == beach.id if beach else SwimBan.beach_id.is_(None),
            SwimBan.lifted_at.is_(None),
        )
    ).all()
    for held in bans:
        held.lifted_at, held.lifted_by = edit.now, edit.by
    session.flush()
    return len(bans)


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
    return made


def _refuse_future(field: str, moment: datetime, now: datetime) -> None:
    if moment > now + AHEAD:
        raise Invalid({field: [N_("Must not be in the future.")]})
