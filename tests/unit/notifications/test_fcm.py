"""The gateway to FCM against a server that speaks FCM's API over HTTP/2 and TLS."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import trustme
from structlog.testing import capture_logs

from notifications.fcm import FcmGateway
from notifications.gateway import SENT, Action, Gateway, LogGateway, Outcome, PushMessage
from tests.fakes.fcm import PROJECT, FakeFcm
from tests.fakes.http2 import Answer

Connect = Callable[..., FcmGateway]


@pytest.fixture
def fcm() -> Iterator[FakeFcm]:
    with FakeFcm() as fcm:
        yield fcm


@pytest.fixture
def connect(fcm: FakeFcm) -> Connect:
    def gateway(**options: Any) -> FcmGateway:
        given = {"base_url": fcm.url, "ca_bundle": fcm.ca_bundle, "timeout": 5.0}
        return FcmGateway(fcm.credentials_file, **given | options)

    return gateway


def push(address: str, kind: str = "fid", **fields: Any) -> PushMessage:
    given = {"title": "Cắt nước", "body": "Từ 8 giờ.", "topic": "utilities"}
    return PushMessage(7, uuid4(), kind, address, **given | fields)


def test_a_town_is_told_over_few_connections_that_stay_open(fcm: FakeFcm, connect: Connect) -> None:
    gateway = connect()
    for _ in range(2):
        assert gateway.send([push(f"phone-{n}") for n in range(1000)]) == [SENT] * 1000

    assert fcm.accepted == {f"phone-{n}": 2 for n in range(1000)}
    assert fcm.protocols == {"h2", "http/1.1"}  # sending, and asking for a token
    assert fcm.connections <= 6 + 1
    assert fcm.tokens_given == 1


def test_a_message_says_what_the_phone_needs(fcm: FakeFcm, connect: Connect) -> None:
    calm = push("calm", link="/bai-viet/cat-nuoc")
    alarm = push("alarm", "token", topic="storm", link="https://example.org/bao", emergency=True)
    connect().send([calm, alarm])

    first, second = sorted(fcm.messages, key=lambda message: "token" in message)
    assert first["fid"] == "calm"
    assert first["notification"] == {"title": "Cắt nước", "body": "Từ 8 giờ."}
    assert first["data"] == {
        "message_id": str(calm.message_id),
        "delivery_id": "7",
        "link": "/bai-viet/cat-nuoc",
    }
    assert first["android"]["priority"] == "NORMAL"
    assert second["token"] == "alarm"
    assert second["android"]["priority"] == "HIGH"
    assert second["android"]["notification"]["channel_id"] == "storm"
    assert second["apns"]["payload"]["aps"]["interruption-level"] == "time-sensitive"
    assert second["webpush"]["fcm_options"] == {"link": "https://example.org/bao"}


@pytest.mark.parametrize(
    ("answer", "outcome"),
    [
        ("UNREGISTERED", Outcome(Action.PRUNE, "UNREGISTERED")),
        ("INVALID_ARGUMENT", Outcome(Action.BURY, "INVALID_ARGUMENT")),
        ("SENDER_ID_MISMATCH", Outcome(Action.ALARM, "SENDER_ID_MISMATCH")),
        ("THIRD_PARTY_AUTH_ERROR", Outcome(Action.ALARM, "THIRD_PARTY_AUTH_ERROR")),
        ("PERMISSION_DENIED", Outcome(Action.ALARM, "PERMISSION_DENIED")),
        # A wrong project answers 404 too: that must not cost anybody the address.
        ("NOT_FOUND", Outcome(Action.ALARM, "NOT_FOUND")),
        ("UNAVAILABLE", Outcome(Action.RETRY, "UNAVAILABLE")),
        ("INTERNAL", Outcome(Action.RETRY, "INTERNAL")),
        ("UNSPECIFIED_ERROR", Outcome(Action.BURY, "UNSPECIFIED_ERROR")),
        ("GARBAGE", Outcome(Action.RETRY, "HTTP_502")),
        ("QUOTA_EXCEEDED", Outcome(Action.RETRY, "QUOTA_EXCEEDED", timedelta(minutes=1))),
    ],
)
def test_each_documented_error_leads_to_one_action_for_its_message_alone(
    fcm: FakeFcm, connect: Connect, answer: str, outcome: Outcome
) -> None:
    fcm.rule("bad", answer)

    assert connect().send([push("good"), push("bad"), push("fine")]) == [SENT, outcome, SENT]


@pytest.mark.parametrize("answer", ["QUOTA_EXCEEDED", "UNAVAILABLE"])
def test_retry_after_is_heeded_in_seconds(fcm: FakeFcm, connect: Connect, answer: str) -> None:
    fcm.rule("busy", answer, retry_after="17")

    assert connect().send([push("busy")])[0].retry_after == timedelta(seconds=17)


def test_retry_after_is_heeded_as_a_date(fcm: FakeFcm, connect: Connect) -> None:
    moment = format_datetime(datetime.now(UTC) + timedelta(minutes=10), usegmt=True)
    fcm.rule("busy", "UNAVAILABLE", retry_after=moment)

    [outcome] = connect().send([push("busy")])

    assert outcome.retry_after
    assert timedelta(minutes=9) < outcome.retry_after <= timedelta(minutes=10)


@pytest.mark.parametrize("manner", ["CLOSE", "GOAWAY", "HANG"])
def test_an_answer_that_never_comes_is_tried_again_later(
    fcm: FakeFcm, connect: Connect, manner: str
) -> None:
    fcm.rule("lost", manner)
    gateway = connect(timeout=2.0)

    [outcome] = gateway.send([push("lost")])
    assert outcome.action is Action.RETRY

    fcm.forget_rules()
    assert gateway.send([push("lost")]) == [SENT]


def test_one_that_hangs_does_not_hold_up_the_others(fcm: FakeFcm, connect: Connect) -> None:
    fcm.rule("stuck", "HANG")

    # More than the streams of one connection, few enough for a busy machine within the time-out.
    outcomes = connect(timeout=4.0).send([push("stuck"), *(push(f"p{n}") for n in range(150))])

    assert outcomes[0].action is Action.RETRY
    assert outcomes[1:] == [SENT] * 150


def test_a_withdrawn_token_is_replaced_and_nobody_notices(fcm: FakeFcm, connect: Connect) -> None:
    gateway = connect()
    gateway.send([push("binh")])
    fcm.withdraw_tokens()

    assert gateway.send([push("binh"), push("chi")]) == [SENT, SENT]
    assert fcm.accepted == {"binh": 2, "chi": 1}
    assert fcm.tokens_given == 2


def test_an_expired_token_is_replaced_before_it_is_used(fcm: FakeFcm, connect: Connect) -> None:
    fcm.token_seconds = 1  # google-auth replaces tokens some minutes before their end
    gateway = connect()
    gateway.send([push("binh")])
    gateway.send([push("binh")])

    assert fcm.tokens_given == 2


def test_credentials_that_are_refused_raise_the_alarm_until_they_are_mended(
    fcm: FakeFcm, connect: Connect
) -> None:
    gateway = connect()
    fcm.token_error = Answer(400, {"error": "invalid_grant"})
    assert gateway.send([push("binh")]) == [Outcome(Action.ALARM, "NO_TOKEN")]

    fcm.token_error = None
    assert gateway.send([push("binh")]) == [SENT]


def test_a_message_that_is_never_authorized_raises_the_alarm(
    fcm: FakeFcm, connect: Connect
) -> None:
    fcm.rule("binh", "UNAUTHENTICATED")

    assert connect().send([push("binh")]) == [Outcome(Action.ALARM, "UNAUTHENTICATED")]
    assert fcm.requests == 2


def test_a_token_service_that_is_down_is_waited_for(fcm: FakeFcm, connect: Connect) -> None:
    fcm.token_error = Answer(503, {"error": "unavailable"})
    gateway = connect()
    assert gateway.send([push("binh")]) == [Outcome(Action.RETRY, "NO_TOKEN")]


def test_a_service_that_cannot_be_reached_is_waited_for(connect: Connect) -> None:
    [outcome] = connect(base_url="https://localhost:1").send([push("binh")])

    assert outcome.action is Action.RETRY


def test_a_server_that_nobody_vouches_for_gets_nothing(
    fcm: FakeFcm, connect: Connect, tmp_path: Path
) -> None:
    stranger = tmp_path / "stranger.pem"
    trustme.CA().cert_pem.write_to_path(stranger)

    [outcome] = connect(ca_bundle=stranger).send([push("binh")])

    assert outcome.action is Action.RETRY
    assert fcm.requests == 0


def test_the_project_is_the_credentials_unless_another_is_given(
    fcm: FakeFcm, connect: Connect
) -> None:
    assert connect(project_id=PROJECT).send([push("binh")]) == [SENT]
    assert connect(project_id="another").send([push("binh")])[0].action is Action.ALARM


def test_nothing_to_send_asks_nobody(fcm: FakeFcm, connect: Connect) -> None:
    assert connect().send([]) == []
    assert fcm.connections == 0


@pytest.mark.parametrize("by_log", [False, True])
def test_logs_name_neither_addresses_nor_tokens_nor_texts(
    fcm: FakeFcm, connect: Connect, by_log: bool
) -> None:
    fcm.rule("secret-address", "CLOSE")
    gateway: Gateway = LogGateway() if by_log else connect()
    with capture_logs() as lines:
        gateway.send([push("secret-address", title="private")])
        fcm.token_error = Answer(400, {"error": "invalid_grant"})
        fcm.withdraw_tokens()
        gateway.send([push("secret-address", body="private")])

    assert lines
    written = json.dumps(lines, default=str)
    assert "secret" not in written
    assert "private" not in written
    assert "Bearer" not in written
