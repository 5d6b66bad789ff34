"""The devices that messages go to, and what each of them wants to hear."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Literal
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, UniqueConstraint, delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from content.errors import N_, Conflict, Invalid, NotFound
from content.store import Base, RowId, Timestamped, insert_into
from content.vocabularies import queries as vocabularies
from content.vocabularies.models import Vocabulary

SAFETY, ANNOUNCEMENTS, REPORTS, NEARBY = "safety", "announcements", "reports", "nearby"
"""Topics of messages beside those of the vocabulary: what is always heard, announcements that
are filed under no topic, a citizen's own reports, and reports in areas that one follows."""

AddressKind = Literal["fid", "token", "webpush"]
ADDRESS_KINDS: tuple[AddressKind, ...] = ("fid", "token", "webpush")
PLATFORMS = ("android", "ios", "web")

REFRESHED_EVERY = timedelta(days=30)


class Device(Timestamped, Base):
    """One installation of the app.

    `installation_id` is made by the app and known to it alone: it is the device's secret.
    `address` is empty once the push service says that nothing listens there; the device then
    still has its inbox and preferences, and is reached again when the app registers anew.
    """

    __tablename__ = "device"
    __table_args__ = (UniqueConstraint("kind", "address"),)

    id: Mapped[RowId]
    installation_id: Mapped[UUID] = mapped_column(unique=True)
    kind: Mapped[str]
    address: Mapped[str | None]
    platform: Mapped[str]
    language: Mapped[str]
    timezone: Mapped[str]
    quarter: Mapped[str | None]
    app_version: Mapped[str | None]
    citizen_id: Mapped[UUID | None] = mapped_column(index=True)
    quiet_from: Mapped[time | None]
    quiet_to: Mapped[time | None]
    silent_topics: Mapped[list[str] | None]
    last_seen_at: Mapped[datetime] = mapped_column(index=True)

    @property
    def refresh_at(self) -> datetime:
        """When the app should register anew, so that the device stays known."""
        return self.last_seen_at + REFRESHED_EVERY


class MutedTopic(Base):
    """A topic that a device does not want to hear of."""

    __tablename__ = "device_muted_topic"

    device_id: Mapped[int] = mapped_column(
        ForeignKey(Device.id, ondelete="CASCADE"), primary_key=True
    )
    topic: Mapped[str] = mapped_column(primary_key=True)


class FollowedQuarter(Base):
    """A quarter that a device wants to hear of, beside the one it is in."""

    __tablename__ = "device_quarter"

    device_id: Mapped[int] = mapped_column(
        ForeignKey(Device.id, ondelete="CASCADE"), primary_key=True
    )
    quarter: Mapped[str] = mapped_column(primary_key=True)


@dataclass(frozen=True)
class Preferences:
    """What a device wants: topics not named are on; quiet hours are in the device's own time.

    What is said of *silent* topics alone comes without a sound.
    """

    topics: Mapping[str, bool] = field(default_factory=dict)
    quiet_hours: tuple[time, time] | None = None
    quarters: Sequence[str] = ()
    silent: Sequence[str] = ()


def register(
    session: Session,
    installation_id: UUID,
    *,
    kind: AddressKind,
    address: str | None,
    platform: str,
    language: str,
    timezone: str,
    now: datetime,
    quarter: str | None = None,
    app_version: str | None = None,
    citizen_id: UUID | None = None,
) -> Device:
    """Enter or refresh a device; doing it again changes nothing but `last_seen_at`.

    Without a *citizen_id* the device belongs to nobody any more, which is how it signs out.
    One without an *address* takes no push and reads its inbox.
    An address that another installation had moves here. Raises Invalid for an unknown time
    zone or quarter, Conflict when the same address is being registered twice at this moment.
    """
    if not _is_timezone(timezone):
        raise Invalid({"timezone": [N_("There is no such time zone.")]})
    if quarter:
        vocabularies.check_quarters(session, [quarter], "quarter")
    if address is not None:
        session.execute(
            update(Device)
            .where(Device.kind == kind, Device.address == address)
            .where(Device.installation_id != installation_id)
            .values(address=None, updated_at=now)
        )
    values = {
        "kind": kind,
        "address": address,
        "platform": platform,
        "language": language,
        "timezone": timezone,
        "quarter": quarter,
        "app_version": app_version,
        "citizen_id": citizen_id,
        "last_seen_at": now,
        "updated_at": now,
    }
    statement = insert_into(session, Device).values(
        installation_id=installation_id, created_at=now, **values
    )
    try:
        session.execute(
            statement.on_conflict_do_update(index_elements=["installation_id"], set_=values)
        )
    except IntegrityError as error:
        raise Conflict(N_("The same address is being registered by another device.")) from error
    session.expire_all()
    return device(session, installation_id)


def device(session: Session, installation_id: UUID) -> Device:
    """The device of that installation. Raises NotFound."""
    found = session.scalar(select(Device).where(Device.installation_id == installation_id))
    if found is None:
        raise NotFound(N_("There is no such device."))
    return found


def remove(session: Session, installation_id: UUID) -> None:
    """Forget a device, its preferences and its inbox. Raises NotFound."""
    session.delete(device(session, installation_id))
    session.flush()


def preferences(session: Session, of: Device) -> Preferences:
    """What the device wants, every topic named."""
    muted = set(session.scalars(select(MutedTopic.topic).filter_by(device_id=of.id)))
    quarters = session.scalars(
        select(FollowedQuarter.quarter).filter_by(device_id=of.id).order_by(FollowedQuarter.quarter)
    )
    quiet = (of.quiet_from, of.quiet_to) if of.quiet_from and of.quiet_to else None
    return Preferences(
        topics={topic: topic not in muted for topic in topics(session)},
        quiet_hours=quiet,
        quarters=list(quarters),
        silent=list(of.silent_topics or ()),
    )


def set_preferences(session: Session, of: Device, wanted: Preferences, now: datetime) -> None:
    """Replace what the device wants.

    Raises Invalid for a topic or quarter that does not exist, for safety switched off, and for
    quiet hours that end when they begin.
    """
    _check(session, wanted)
    for table in (MutedTopic, FollowedQuarter):
        session.execute(delete(table).where(table.device_id == of.id))
    if muted := [topic for topic, on in wanted.topics.items() if not on]:
        session.execute(insert(MutedTopic), [{"device_id": of.id, "topic": t} for t in muted])
    if quarters := sorted(set(wanted.quarters)):
        session.execute(
            insert(FollowedQuarter), [{"device_id": of.id, "quarter": q} for q in quarters]
        )
    of.quiet_from, of.quiet_to = wanted.quiet_hours or (None, None)
    of.silent_topics = sorted(set(wanted.silent)) or None
    of.updated_at = now
    session.flush()


def forget_unseen(session: Session, *, before: datetime, at_most: int) -> int:
    """Forget up to *at_most* devices that gave no sign since *before*; how many those were."""
    unseen = select(Device.id).where(Device.last_seen_at < before).limit(at_most)
    ids = session.scalars(unseen.with_for_update(skip_locked=True)).all()
    session.execute(delete(Device).where(Device.id.in_(ids), Device.last_seen_at < before))
    return len(ids)


def topics(session: Session) -> list[str]:
    """What messages may be about. A device hears all of it until it says otherwise."""
    terms = vocabularies.terms(session, Vocabulary.TOPIC)
    return list(
        dict.fromkeys([SAFETY, ANNOUNCEMENTS, REPORTS, NEARBY, *(term.code for term in terms)])
    )


def check_topics(session: Session, wanted: Iterable[str]) -> None:
    """Raise Invalid that names the field `topics` when there is no such topic."""
    others = set(wanted) - {SAFETY, ANNOUNCEMENTS, REPORTS}
    if others and (unknown := sorted(others - set(topics(session)))):
        raise Invalid({"topics": [N_("Not known: %(codes)s.")]}, codes=", ".join(unknown))


def quiet_until(
    quiet_from: time | None, quiet_to: time | None, timezone: str, now: datetime
) -> datetime | None:
    """When the quiet hours that *now* falls into end; None outside of them."""
    if quiet_from is None or quiet_to is None:
        return None
    local = now.astimezone(ZoneInfo(timezone))
    at = local.time()
    over_midnight = quiet_from > quiet_to
    quiet = (at >= quiet_from or at < quiet_to) if over_midnight else quiet_from <= at < quiet_to
    if not quiet:
        return None
    day = local.date() + timedelta(days=1 if over_midnight and at >= quiet_from else 0)
    end = datetime.combine(day, quiet_to, tzinfo=local.tzinfo).astimezone(UTC)
    if end <= now:  # the hour that comes twice when clocks go back, for the second time
        end = datetime.combine(day, quiet_to.replace(fold=1), tzinfo=local.tzinfo).astimezone(UTC)
    return end


def _check(session: Session, wanted: Preferences) -> None:
    check_topics(session, wanted.topics)
    vocabularies.check_quarters(session, wanted.quarters)
    if unknown := sorted(set(wanted.silent) - set(topics(session))):
        raise Invalid({"silent": [N_("Not known: %(codes)s.")]}, codes=", ".join(unknown))
    if wanted.topics.get(SAFETY) is False:
        raise Invalid({"topics": [N_("Messages about safety cannot be switched off.")]})
    if wanted.quiet_hours and wanted.quiet_hours[0] == wanted.quiet_hours[1]:
        raise Invalid({"quiet_hours": [N_("Quiet hours begin and end at different times.")]})


def _is_timezone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return False
    return True
