"""From a message to its devices: who gets it, once, and what each answer leads to."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from notifications import delivery, devices, messages, worker
from notifications.audience import Audience
from notifications.delivery import BATCH
from notifications.devices import Device, Preferences
from notifications.gateway import Action, Outcome
from notifications.messages import InboxItem
from notifications.outbox import State
from tests.unit.notifications.conftest import Town, announce


def test_a_device_that_wants_it_gets_exactly_one_push_in_its_language(town: Town) -> None:
    town.add("binh")
    town.add("guest", language="en")
    town.add("korean", language="ko")
    message = announce(town.session, town.clock, link="/bai-viet/cat-nuoc")

    town.work()
    town.work()

    assert {(m.address, m.title) for m in town.gateway.sent} == {
        ("binh", "Cắt nước"),
        ("guest", "Water cut"),
        ("korean", "Cắt nước"),
    }
    assert len(town.gateway.sent) == 3
    assert {item.created_at for item in town.session.scalars(select(InboxItem))} == {town.clock()}
    assert {(m.message_id, m.link) for m in town.gateway.sent} == {
        (message.id, "/bai-viet/cat-nuoc")
    }


def test_nobody_else_is_told(town: Town) -> None:
    town.add("near", quarter="nghi-tan")
    town.add("far", quarter="nghi-hai")
    [muted] = town.add("muted", quarter="nghi-tan")
    devices.set_preferences(
        town.session, muted, Preferences({"announcements": False}), town.clock()
    )
    announce(town.session, town.clock, audience=Audience(quarters=["nghi-tan"]))

    town.work()

    assert town.gateway.addresses == ["near"]
    assert town.session.scalar(select(func.count()).select_from(InboxItem)) == 1


@pytest.mark.parametrize("devices", [0, 1, BATCH, BATCH + 1, 2 * BATCH + 3])
def test_a_town_is_told_by_batches(town: Town, devices: int) -> None:
    town.add(*(f"phone-{number}" for number in range(devices)))
    announce(town.session, town.clock)

    town.work()

    assert len(town.gateway.sent) == len(set(town.gateway.addresses)) == devices
    assert all(len(job.payload["devices"]) <= BATCH for job in town.push_jobs())
    assert town.session.scalar(select(func.count()).select_from(InboxItem)) == devices


def test_a_worker_that_dies_while_expanding_is_taken_over_where_it_was(town: Town) -> None:
    town.add(*(f"phone-{number}" for number in range(BATCH + 10)))
    announce(town.session, town.clock)
    steps = {messages.EXPAND: delivery.expand}
    worker.work_once(town.sessions, steps, town.clock)
    with town.sessions.begin() as dying:
        lease = worker.outbox.claim(dying, steps, now=town.clock(), lease=worker.LEASE)
    assert lease is not None  # and it is never heard of again

    town.clock.advance(seconds=11)
    town.work()

    assert sorted(town.gateway.addresses) == sorted({f"phone-{n}" for n in range(BATCH + 10)})
    assert town.session.scalar(select(func.count()).select_from(InboxItem)) == BATCH + 10


def test_a_batch_whose_outcome_was_recorded_is_not_sent_again(town: Town) -> None:
    town.add("binh")
    announce(town.session, town.clock)
    town.work()
    [job] = town.push_jobs()
    job.state = State.QUEUED
    town.session.commit()

    town.work()

    assert town.gateway.addresses == ["binh"]


def test_an_unregistered_address_is_pruned_and_no_other(town: Town) -> None:
    gone, good = town.add("gone", "good")
    town.gateway.answers["gone"] = Outcome(Action.PRUNE, "UNREGISTERED")
    announce(town.session, town.clock)

    town.work()

    assert town.address_of(gone) is None
    assert town.address_of(good) == "good"
    assert town.item(gone).failure == "UNREGISTERED"
    announce(town.session, town.clock)
    town.work()
    assert town.gateway.addresses == ["gone", "good", "good"]


def test_an_address_that_was_registered_meanwhile_is_not_pruned_with_the_old_one(
    town: Town,
) -> None:
    [device] = town.add("old")
    town.gateway.answers["old"] = Outcome(Action.PRUNE, "UNREGISTERED")

    def register_anew() -> None:
        with town.sessions.begin() as own:
            own.get_one(Device, device.id).address = "fresh"

    town.gateway.meanwhile = register_anew
    announce(town.session, town.clock)

    town.work()

    assert town.address_of(device) == "fresh"


def test_an_invalid_argument_gives_up_the_push_but_never_the_device(town: Town) -> None:
    [device] = town.add("binh")
    town.gateway.answers["binh"] = Outcome(Action.BURY, "INVALID_ARGUMENT")
    announce(town.session, town.clock)

    town.work()
    town.clock.advance(days=1)
    town.work()

    assert town.address_of(device) == "binh"
    assert town.item(device).failure == "INVALID_ARGUMENT"
    assert town.gateway.addresses == ["binh"]


def test_what_may_work_later_is_sent_again_and_only_that(town: Town) -> None:
    town.add("good", "busy")
    wait = timedelta(seconds=90)
    town.gateway.answers["busy"] = Outcome(Action.RETRY, "QUOTA_EXCEEDED", wait)
    announce(town.session, town.clock)
    town.work()

    town.gateway.answers.clear()
    town.clock.advance(seconds=89)
    town.work()
    assert town.gateway.addresses == ["good", "busy"]
    town.clock.advance(seconds=1)
    town.work()

    assert town.gateway.addresses == ["good", "busy", "busy"]
    assert [job.state for job in town.push_jobs()] == [State.DONE]


def test_a_push_that_never_works_is_buried_with_its_reason(town: Town) -> None:
    [device] = town.add("busy")
    town.gateway.answers["busy"] = Outcome(Action.RETRY, "UNAVAILABLE")
    announce(town.session, town.clock)
    for _ in range(worker.MOST_ATTEMPTS + 5):
        town.work()
        town.clock.advance(hours=2)

    [job] = town.push_jobs()
    assert (job.state, job.last_error) == (State.BURIED, "UNAVAILABLE")
    assert len(town.gateway.sent) == worker.MOST_ATTEMPTS
    assert town.item(device).accepted_at is None


def test_bad_credentials_lose_nothing_and_it_goes_on_when_they_are_mended(town: Town) -> None:
    town.add("binh")
    town.gateway.answers["binh"] = Outcome(Action.ALARM, "UNAUTHENTICATED")
    announce(town.session, town.clock)
    for _ in range(5 * worker.MOST_ATTEMPTS):
        town.work()
        town.clock.advance(minutes=1)
    assert [job.state for job in town.push_jobs()] == [State.QUEUED]

    town.gateway.answers.clear()
    town.clock.advance(minutes=1)
    town.work()

    assert [job.state for job in town.push_jobs()] == [State.DONE]
    assert town.item(town.session.scalars(select(Device)).one()).accepted_at is not None


def test_quiet_hours_delay_the_push_but_not_the_inbox(town: Town) -> None:
    [sleeper] = town.add("sleeper")
    town.add("awake")
    hours = (town.clock() - timedelta(hours=1), town.clock() + timedelta(hours=2))
    quiet = Preferences(quiet_hours=(hours[0].time(), hours[1].time()))
    devices.set_preferences(town.session, sleeper, quiet, town.clock())
    announce(town.session, town.clock)
    town.work()
    assert town.gateway.addresses == ["awake"]
    assert town.item(sleeper).accepted_at is None

    town.clock.advance(hours=1, minutes=59)
    town.work()
    assert town.gateway.addresses == ["awake"]
    town.clock.advance(minutes=1)
    town.work()

    assert town.gateway.addresses == ["awake", "sleeper"]


def test_an_emergency_wakes_everyone_and_goes_first(town: Town) -> None:
    [sleeper] = town.add("sleeper")
    hours = (town.clock() - timedelta(hours=1), town.clock() + timedelta(hours=2))
    quiet = Preferences({"events": False}, (hours[0].time(), hours[1].time()))
    devices.set_preferences(town.session, sleeper, quiet, town.clock())
    town.add("awake")
    announce(town.session, town.clock, title={"vi": "Thường"})
    announce(town.session, town.clock, title={"vi": "Bão"}, topics=["events"], emergency=True)

    town.work()

    assert [(m.address, m.title) for m in town.gateway.sent] == [
        ("sleeper", "Bão"),
        ("awake", "Bão"),
        ("awake", "Thường"),
    ]


def test_a_citizens_message_does_not_reach_a_device_that_signed_out_meanwhile(
    town: Town,
) -> None:
    citizen = uuid4()
    _, leaves = town.add("stays", "leaves", citizen_id=citizen)
    messages.notify(
        town.session,
        citizen,
        kind="report",
        topics=["reports"],
        title={"vi": "Đã xử lý"},
        body={"vi": ""},
        now=town.clock(),
    )
    town.session.commit()
    worker.work_once(town.sessions, {messages.EXPAND: delivery.expand}, town.clock)
    leaves.citizen_id = None
    town.session.commit()

    town.work()

    assert town.gateway.addresses == ["stays"]


def test_a_device_removed_meanwhile_stops_nobody(town: Town) -> None:
    gone, _ = town.add("gone", "stays")
    announce(town.session, town.clock)
    worker.work_once(town.sessions, {messages.EXPAND: delivery.expand}, town.clock)
    devices.remove(town.session, gone.installation_id)
    town.session.commit()

    town.work()

    assert town.gateway.addresses == ["stays"]


def test_a_batch_that_gets_on_is_not_given_up_however_often_its_sender_dies(town: Town) -> None:
    town.add("good", "busy")
    town.gateway.answers["busy"] = Outcome(Action.RETRY, "UNAVAILABLE")
    announce(town.session, town.clock)
    worker.work_once(town.sessions, {messages.EXPAND: delivery.expand}, town.clock)
    for _ in range(worker.MOST_ATTEMPTS - 1):
        with town.sessions.begin() as dying:
            assert worker.outbox.claim(dying, [delivery.PUSH], now=town.clock(), lease=worker.LEASE)
        town.clock.advance(seconds=11)

    town.work()  # the last try: one goes out, one is to be tried again

    [job] = town.push_jobs()
    assert (job.state, job.attempts) == (State.QUEUED, 1)
