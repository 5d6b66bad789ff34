"""How messages come: silently, in shares, until they are stopped or of no use any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID

import orjson
import pytest
from sqlalchemy.orm import Session

from content.errors import Invalid
from notifications import devices, messages
from notifications.devices import Device, Preferences
from notifications.gateway import PushMessage
from notifications.manner import LONGEST_TTL, Manner
from notifications.messages import Message, Ramp
from notifications.payload import LIMIT, fcm_message
from tests.conftest import TurnableClock
from tests.unit.notifications.conftest import Town, announce

PUSH = PushMessage(7, UUID(int=1), "fid", "address", "Bão", "Ở trong nhà.", "safety")


def silence(town: Town, device: Device, *topics: str) -> None:
    devices.set_preferences(town.session, device, Preferences(silent=topics), town.clock())
    town.session.commit()


@pytest.mark.parametrize("emergency", [False, True])
def test_safety_can_be_made_silent_and_still_comes(town: Town, *, emergency: bool) -> None:
    [silent, _loud] = town.add("silent", "loud")
    silence(town, silent, "safety")
    announce(town.session, town.clock, topics=["safety"], emergency=emergency)

    town.work()

    assert {m.address: m.silent for m in town.gateway.sent} == {"silent": True, "loud": False}


def test_only_what_is_about_silent_topics_alone_is_silent(town: Town) -> None:
    [device] = town.add("binh")
    silence(town, device, "events")
    announce(town.session, town.clock, topics=["events", "safety"])

    town.work()

    assert [m.silent for m in town.gateway.sent] == [False]


def test_a_silent_push_asks_for_no_sound_in_every_phones_words() -> None:
    loud, silent = fcm_message(PUSH), fcm_message(replace(PUSH, silent=True, emergency=True))

    assert loud["apns"]["payload"]["aps"]["sound"] == "default"
    assert silent["apns"]["payload"]["aps"] == {"interruption-level": "passive"}
    assert silent["android"]["notification"]["channel_id"] == "safety_silent"
    assert silent["android"]["notification"]["notification_priority"] == "PRIORITY_LOW"
    assert silent["webpush"]["notification"]["silent"] is True
    assert silent["data"]["silent"] == "true"
    assert silent["android"]["priority"] == "HIGH"


def test_a_message_says_how_it_wants_to_come() -> None:
    manner = Manner(
        collapse_key="bao-so-3",
        priority="high",
        channel="storms",
        interruption="passive",
        image="https://example.org/bao.png",
    )
    over = datetime(2026, 7, 1, tzinfo=UTC)
    said = fcm_message(replace(PUSH, manner=manner, expires_at=over, ttl=90, link="/bao"))

    assert said["notification"]["image"] == "https://example.org/bao.png"
    assert said["android"] == {
        "priority": "HIGH",
        "collapse_key": "bao-so-3",
        "ttl": "90s",
        "notification": {"channel_id": "storms", "tag": "bao-so-3"},
    }
    assert said["apns"]["headers"] == {
        "apns-priority": "10",
        "apns-collapse-id": "bao-so-3",
        "apns-expiration": str(int(over.timestamp())),
    }
    assert said["apns"]["payload"]["aps"]["interruption-level"] == "passive"
    assert said["webpush"]["headers"] == {"Urgency": "high", "TTL": "90", "Topic": "bao-so-3"}
    assert said["data"]["link"] == "/bao"


@pytest.mark.parametrize(
    ("manner", "field"),
    [
        (Manner(ttl=0), "ttl"),
        (Manner(ttl=LONGEST_TTL + 1), "ttl"),
        (Manner(collapse_key="a" * 33), "collapse_key"),
        (Manner(collapse_key="bão"), "collapse_key"),
        (Manner(channel=""), "channel"),
        (Manner(image="http://example.org/a.png"), "image"),
        (Manner(image="https://[broken"), "image"),
        (Manner(image="https://example.org/" + "a" * 500), "image"),
    ],
)
def test_what_push_services_refuse_is_refused_when_it_is_written(
    session: Session, clock: TurnableClock, manner: Manner, field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        announce(session, clock, manner=manner)

    assert list(refused.value.errors) == [field]


@pytest.mark.parametrize("more", [{}, {"emergency": True}, {"link": "https://example.org/x"}])
def test_however_it_comes_the_push_fits(
    session: Session, clock: TurnableClock, more: dict[str, Any]
) -> None:
    manner = Manner(ttl=LONGEST_TTL, collapse_key="k" * 32, image="https://example.org/a.png")
    message = announce(session, clock, body={"vi": "sóng lớn " * 900}, manner=manner, **more)

    for silent in (False, True):
        push = PushMessage(
            delivery_id=2**63 - 1, message_id=message.id, kind="token", address="",
            title=message.title["vi"], body=message.body["vi"], topic="announcements",
            link=message.link, emergency=message.emergency, manner=manner,
            expires_at=message.expires_at, ttl=LONGEST_TTL, silent=silent,
        )  # fmt: skip
        assert len(orjson.dumps(fcm_message(push))) <= LIMIT + len('"token":"",')


def test_some_are_told_first_and_the_others_later_and_everybody_once(town: Town) -> None:
    town.add(*(f"phone-{number}" for number in range(200)))
    ramp = Ramp(10, timedelta(minutes=30))
    message = announce(town.session, town.clock, ramp=ramp)

    town.work()
    assert len(town.gateway.sent) == 20
    assert town.session.get_one(Message, message.id).expanded_at is None
    town.clock.advance(minutes=29)
    town.work()
    assert len(town.gateway.sent) == 20
    town.clock.advance(minutes=1)
    town.work()

    assert sorted(town.gateway.addresses) == sorted(f"phone-{number}" for number in range(200))
    town.session.rollback()
    assert town.session.get_one(Message, message.id).expanded_at == town.clock()


def test_a_message_that_is_stopped_goes_to_nobody_more_and_stays_where_it_is(town: Town) -> None:
    town.add(*(f"phone-{number}" for number in range(100)))
    message = announce(town.session, town.clock, ramp=Ramp(10, timedelta(minutes=30)))
    town.work()

    messages.stop(town.session.get_one(Message, message.id), town.clock())
    town.session.commit()
    town.clock.advance(hours=1)
    town.work()

    assert len(town.gateway.sent) == 10
    assert messages.counts(town.session, message.id)["inbox"] == 10


def test_what_is_of_no_use_after_the_night_is_in_the_inbox_alone(town: Town) -> None:
    [sleeper, _] = town.add("sleeper", "awake")
    quiet = Preferences(quiet_hours=(time(7), time(10)))
    devices.set_preferences(town.session, sleeper, quiet, town.clock())
    announce(town.session, town.clock, manner=Manner(ttl=3600))
    town.work()
    assert [(m.address, m.ttl) for m in town.gateway.sent] == [("awake", 3600)]

    town.clock.advance(hours=2)
    town.work()

    assert town.gateway.addresses == ["awake"]
    assert town.item(sleeper).failure == "EXPIRED"


def test_a_device_that_moves_west_while_it_sleeps_is_not_woken(town: Town) -> None:
    [sleeper] = town.add("sleeper")
    quiet = Preferences(quiet_hours=(time(22), time(9)))
    devices.set_preferences(town.session, sleeper, quiet, town.clock())
    announce(town.session, town.clock)
    town.work()

    sleeper.timezone = "Europe/Paris"  # where it is four in the morning at nine
    town.session.commit()
    town.clock.advance(hours=1)
    town.work()
    assert town.gateway.addresses == []
    town.clock.advance(hours=5)
    town.work()

    assert town.gateway.addresses == ["sleeper"]


def test_a_push_at_the_hour_that_comes_twice_waits_and_does_not_spin(town: Town) -> None:
    [sleeper] = town.add("sleeper", timezone="Europe/Paris")
    quiet = Preferences(quiet_hours=(time(1), time(2, 30)))
    devices.set_preferences(town.session, sleeper, quiet, town.clock())
    town.clock.moment = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)  # ten past two, again
    announce(town.session, town.clock)

    assert town.work() == 2
    assert town.gateway.addresses == []
    town.clock.advance(minutes=20)
    town.work()
    assert town.gateway.addresses == ["sleeper"]
