"""Registering devices, and what they want to hear."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from content.errors import Invalid, NotFound
from notifications import devices
from notifications.devices import Device, FollowedQuarter, MutedTopic, Preferences
from tests.conftest import TurnableClock

INSTALLATION, OTHER = uuid4(), uuid4()


def register(
    session: Session, clock: TurnableClock, installation: UUID = INSTALLATION, **fields: Any
) -> Device:
    given = {
        "kind": "fid",
        "address": "an-address",
        "platform": "android",
        "language": "vi",
        "timezone": "Asia/Ho_Chi_Minh",
        "quarter": "nghi-thuy",
        "app_version": "1.0",
    }
    device = devices.register(session, installation, now=clock(), **given | fields)
    session.commit()
    return device


def test_registering_again_refreshes_the_one_device(session: Session, clock: TurnableClock) -> None:
    first = register(session, clock)
    created, seen = first.created_at, first.last_seen_at
    clock.advance(days=30)

    again = register(session, clock, address="a-new-address", language="en")

    assert session.scalar(select(func.count()).select_from(Device)) == 1
    assert (again.id, again.address, again.language) == (first.id, "a-new-address", "en")
    assert again.created_at == created
    assert again.last_seen_at > seen


def test_an_address_moves_to_the_installation_that_has_it_now(
    session: Session, clock: TurnableClock
) -> None:
    register(session, clock)
    register(session, clock, OTHER)

    assert devices.device(session, OTHER).address == "an-address"
    assert devices.device(session, INSTALLATION).address is None


def test_the_same_text_is_another_address_in_another_kind(
    session: Session, clock: TurnableClock
) -> None:
    register(session, clock)
    register(session, clock, OTHER, kind="token")

    assert devices.device(session, INSTALLATION).address == "an-address"


def test_a_citizen_is_attached_by_signing_in_and_detached_by_signing_out(
    session: Session, clock: TurnableClock
) -> None:
    citizen = uuid4()
    assert register(session, clock, citizen_id=citizen).citizen_id == citizen
    assert register(session, clock).citizen_id is None


@pytest.mark.parametrize("name", ["Asia/Cua_Lo", "../etc/passwd", "", "/", "Asia"])
def test_an_unknown_time_zone_is_named(session: Session, clock: TurnableClock, name: str) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, clock, timezone=name)

    assert list(refused.value.errors) == ["timezone"]


def test_a_quarter_of_another_town_is_named(session: Session, clock: TurnableClock) -> None:
    with pytest.raises(Invalid) as refused:
        register(session, clock, quarter="atlantis")

    assert list(refused.value.errors) == ["quarter"]


def test_a_removed_device_leaves_nothing_behind(session: Session, clock: TurnableClock) -> None:
    device = register(session, clock)
    wanted = Preferences(topics={"events": False}, quarters=["nghi-tan"])
    devices.set_preferences(session, device, wanted, clock())
    session.commit()

    devices.remove(session, INSTALLATION)
    session.commit()

    for table in (Device, MutedTopic, FollowedQuarter):
        assert session.scalar(select(func.count()).select_from(table)) == 0
    with pytest.raises(NotFound):
        devices.remove(session, INSTALLATION)


def test_a_new_device_wants_everything(session: Session, clock: TurnableClock) -> None:
    wanted = devices.preferences(session, register(session, clock))

    assert all(wanted.topics.values())
    assert set(wanted.topics) == {
        "safety",
        "announcements",
        "reports",
        "events",
        "utilities",
        "nearby",
    }
    assert wanted.quiet_hours is None


def test_preferences_are_replaced_as_a_whole(session: Session, clock: TurnableClock) -> None:
    device = register(session, clock)
    night = (time(22), time(6))
    first = Preferences({"events": False}, night, ["nghi-tan", "nghi-hai", "nghi-tan"])
    devices.set_preferences(session, device, first, clock())
    session.commit()

    kept = devices.preferences(session, device)
    assert kept.topics["events"] is False
    assert kept.topics["announcements"] is True
    assert kept.quiet_hours == night
    assert kept.quarters == ["nghi-hai", "nghi-tan"]

    devices.set_preferences(session, device, Preferences(), clock())
    session.commit()
    assert devices.preferences(session, device) == Preferences(
        dict.fromkeys(devices.topics(session), True), None, [], []
    )


def test_preferences_outlive_a_new_registration(session: Session, clock: TurnableClock) -> None:
    device = register(session, clock)
    devices.set_preferences(session, device, Preferences({"events": False}), clock())
    session.commit()

    again = register(session, clock, address="a-new-address")

    assert devices.preferences(session, again).topics["events"] is False


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Preferences({"safety": False}), "topics"),
        (Preferences({"gossip": True}), "topics"),
        (Preferences(quarters=["nghi-thuy", "atlantis"]), "quarters"),
        (Preferences(quiet_hours=(time(22), time(22))), "quiet_hours"),
    ],
)
def test_preferences_that_cannot_be_are_refused_whole(
    session: Session, clock: TurnableClock, wanted: Preferences, field: str
) -> None:
    device = register(session, clock)

    with pytest.raises(Invalid) as refused:
        devices.set_preferences(session, device, wanted, clock())

    assert list(refused.value.errors) == [field]


NIGHT = (time(22), time(6))
NOON = (time(12), time(13))
SMALL = (time(1), time(2, 30))


@pytest.mark.parametrize(
    ("hours", "zone", "now", "until"),
    [
        (NIGHT, "Asia/Ho_Chi_Minh", "2026-07-01T21:59:00+07:00", None),
        (NIGHT, "Asia/Ho_Chi_Minh", "2026-07-01T22:00:00+07:00", "2026-07-02T06:00:00+07:00"),
        (NIGHT, "Asia/Ho_Chi_Minh", "2026-07-02T05:59:59+07:00", "2026-07-02T06:00:00+07:00"),
        (NIGHT, "Asia/Ho_Chi_Minh", "2026-07-02T06:00:00+07:00", None),
        (NIGHT, "Asia/Ho_Chi_Minh", "2028-02-28T23:00:00+07:00", "2028-02-29T06:00:00+07:00"),
        (NIGHT, "Asia/Ho_Chi_Minh", "2026-12-31T23:00:00+07:00", "2027-01-01T06:00:00+07:00"),
        (NIGHT, "Europe/Paris", "2026-07-02T05:00:00+07:00", "2026-07-02T11:00:00+07:00"),
        # Clocks go forward in this night, so it is an hour shorter.
        (NIGHT, "Europe/Paris", "2026-03-28T22:00:00+01:00", "2026-03-29T06:00:00+02:00"),
        (NOON, "Asia/Ho_Chi_Minh", "2026-07-01T12:30:00+07:00", "2026-07-01T13:00:00+07:00"),
        (NOON, "Asia/Ho_Chi_Minh", "2026-07-01T13:00:00+07:00", None),
        # Half past two comes twice in this night: quiet until it has come for the second time.
        (SMALL, "Europe/Paris", "2026-10-25T01:00:00+02:00", "2026-10-25T02:30:00+02:00"),
        (SMALL, "Europe/Paris", "2026-10-25T02:10:00+01:00", "2026-10-25T02:30:00+01:00"),
        # It does not come at all in this one.
        (SMALL, "Europe/Paris", "2026-03-29T01:59:00+01:00", "2026-03-29T03:30:00+02:00"),
        ((None, None), "Asia/Ho_Chi_Minh", "2026-07-01T23:00:00+07:00", None),
    ],
)
def test_quiet_hours_are_in_the_devices_own_time(
    hours: tuple[time | None, time | None], zone: str, now: str, until: str | None
) -> None:
    end = devices.quiet_until(*hours, zone, datetime.fromisoformat(now).astimezone(UTC))

    assert end == (datetime.fromisoformat(until) if until else None)
