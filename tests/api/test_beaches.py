"""Beaches: what people on duty say is what readers are told, and no more than that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.beaches.models import Beach
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, BeachFactory, keep

Headers = dict[str, str]


@pytest.fixture(autouse=True)
def beaches(session: Session) -> list[Beach]:
    """Two zones of the beach."""
    made = [
        BeachFactory(slug="xuan-huong", name={"vi": "Bãi tắm Xuân Hương", "en": "Xuan Huong"}),
        BeachFactory(slug="cua-hoi", name={"vi": "Cửa Hội"}, quarter="nghi-hai", position=2),
    ]
    keep(session, *made)
    return made


@pytest.fixture
def lifeguard(as_staff: Callable[..., Headers]) -> Headers:
    """A lifeguard."""
    return as_staff(Role.LIFEGUARD)


@pytest.fixture
def observe(client: FlaskClient, lifeguard: Headers) -> Callable[..., Any]:
    """Post an observation of Xuân Hương: `observe(flag="yellow")`."""

    def post(**body: Any) -> Any:
        address = "/api/v1/staff/beaches/xuan-huong/observations"
        return client.post(address, json=body, headers=lifeguard)

    return post


def status(client: FlaskClient, slug: str = "xuan-huong", **query: str) -> dict[str, Any]:
    answer = client.get(f"/api/v1/beaches/{slug}/status", query_string=query)
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json
    return body


def test_beaches_are_listed_and_read_by_address_or_id(client: FlaskClient) -> None:
    items = client.get("/api/v1/beaches?lang=en").json["items"]
    assert [item["slug"] for item in items] == ["xuan-huong", "cua-hoi"]
    assert items[0].keys() >= {"id", "name", "aliases", "location", "quarter", "updated_at"}
    one = client.get(f"/api/v1/beaches/{items[0]['id']}?lang=en").json
    assert one == items[0]
    assert client.get("/api/v1/beaches/nowhere").status_code == 404
    assert client.get("/api/v1/beaches/nowhere/status").status_code == 404


def test_where_nobody_looked_nothing_is_known(client: FlaskClient) -> None:
    found = status(client)
    assert (found["swimming"], found["flag"], found["stale"]) == ("unknown", None, True)
    assert found["tide"] == found["warnings"] == []
    assert found["ban"] is found["weather"] is found["water_quality"] is None


def test_the_sun_rises_and_sets_in_the_towns_own_time(client: FlaskClient) -> None:
    # by NOAA's general equations for 18.81667° N, 105.71667° E on 1 July
    sun = status(client)["sun"]
    for told, expected in ((sun["rise"], "05:23"), (sun["set"], "18:38")):
        moment = datetime.fromisoformat(told)
        right = datetime.fromisoformat(f"2026-07-01T{expected}:00+07:00")
        assert abs(moment - right) < timedelta(minutes=2)
        assert told.endswith("+07:00")


def test_what_a_lifeguard_posts_is_told_at_once(
    client: FlaskClient, observe: Callable[..., Any]
) -> None:
    before = client.get("/api/v1/beaches/xuan-huong/status")
    posted = observe(
        flag="red_over_yellow",
        observed_at="2026-07-01T07:55:00+07:00",
        valid_until="2026-07-01T10:00:00+07:00",
        lifeguards_on_duty=True,
        note="Sóng nhẹ",
    )
    assert posted.status_code == 201, posted.json
    found = status(client)
    assert (found["swimming"], found["flag"]) == ("supervised", "red_over_yellow")
    assert (found["stale"], found["confirmed"]) == (False, True)
    assert found["observed_at"] == "2026-07-01T07:55:00+07:00"
    assert found["valid_until"] == "2026-07-01T10:00:00+07:00"
    assert (found["lifeguards_on_duty"], found["note"]) == (True, "Sóng nhẹ")
    assert status(client, "cua-hoi")["swimming"] == "unknown"
    after = client.get(
        "/api/v1/beaches/xuan-huong/status", headers={"If-None-Match": before.headers["ETag"]}
    )
    assert after.status_code == 200


def test_when_its_time_is_over_a_calm_flag_is_no_longer_told(
    client: FlaskClient, observe: Callable[..., Any], clock: TurnableClock
) -> None:
    observe(flag="red_over_yellow", lifeguards_on_duty=True)
    clock.advance(hours=3)
    found = status(client)
    assert (found["swimming"], found["flag"], found["stale"]) == ("unknown", None, True)
    assert found["lifeguards_on_duty"] is found["note"] is None


def test_red_stands_unconfirmed_until_a_newer_observation(
    client: FlaskClient, observe: Callable[..., Any], clock: TurnableClock
) -> None:
    observe(flag="red", lifeguards_on_duty=True)
    clock.advance(hours=30)
    found = status(client)
    assert (found["swimming"], found["flag"]) == ("dangerous", "red")
    assert (found["stale"], found["confirmed"]) == (True, False)
    observe(flag="yellow", lifeguards_on_duty=True)
    assert status(client)["swimming"] == "caution"


def test_an_observation_that_arrives_late_does_not_replace_a_newer_one(
    client: FlaskClient, observe: Callable[..., Any]
) -> None:
    observe(flag="red", lifeguards_on_duty=True)
    late = observe(
        flag="red_over_yellow", observed_at="2026-07-01T06:00:00+07:00", lifeguards_on_duty=True
    )
    assert late.status_code == 201
    assert status(client)["flag"] == "red"


def test_a_ban_without_an_end_closes_until_it_is_lifted(
    client: FlaskClient,
    observe: Callable[..., Any],
    lifeguard: Headers,
    clock: TurnableClock,
) -> None:
    observe(flag="yellow", lifeguards_on_duty=True)
    address = "/api/v1/staff/beaches/xuan-huong/bans"
    reason = {"vi": "Cho đến khi hết ảnh hưởng của bão", "en": "Until the storm is over"}
    assert client.post(address, json={"reason": reason}, headers=lifeguard).status_code == 201
    found = status(client, lang="en")
    assert found["swimming"] == "closed"
    assert found["ban"]["reason"] == "Until the storm is over"
    assert (found["ban"]["ends_at"], found["ban"]["everywhere"]) == (None, False)
    assert status(client, "cua-hoi")["ban"] is None
    clock.advance(days=7)
    assert status(client)["swimming"] == "closed"
    assert client.delete(address, headers=lifeguard).status_code == 204
    assert status(client)["ban"] is None


def test_a_ban_on_every_beach_is_lifted_for_every_beach_alone(
    client: FlaskClient, lifeguard: Headers
) -> None:
    body = {"reason": {"vi": "Bão số 5"}, "ends_at": "2026-07-02T08:00:00+07:00"}
    client.post("/api/v1/staff/beaches/all/bans", json=body, headers=lifeguard)
    client.delete("/api/v1/staff/beaches/cua-hoi/bans", headers=lifeguard)
    for slug in ("xuan-huong", "cua-hoi"):
        found = status(client, slug)
        assert (found["swimming"], found["ban"]["everywhere"]) == ("closed", True)
    client.delete("/api/v1/staff/beaches/all/bans", headers=lifeguard)
    assert status(client)["swimming"] == "unknown"


def test_a_ban_ends_by_the_clock(
    client: FlaskClient, lifeguard: Headers, clock: TurnableClock
) -> None:
    body = {"reason": {"vi": "Sóng lớn"}, "ends_at": "2026-07-01T12:00:00+07:00"}
    client.post("/api/v1/staff/beaches/xuan-huong/bans", json=body, headers=lifeguard)
    assert status(client)["swimming"] == "closed"
    clock.advance(hours=4)
    assert status(client)["swimming"] == "unknown"


def test_a_storm_announcement_warns_the_beaches_it_concerns(
    client: FlaskClient, session: Session, observe: Callable[..., Any]
) -> None:
    observe(flag="red_over_yellow", lifeguards_on_duty=True)
    keep(
        session,
        ArticleFactory(
            title={"vi": "Bão gần bờ"}, summary={"vi": "Không ra khơi."}, topics=["storm"]
        ),
        ArticleFactory(title={"vi": "Sứa"}, topics=["safety"], quarters=["nghi-hai"]),
        ArticleFactory(title={"vi": "Bão cũ"}, topics=["storm"], state="archived"),
    )
    found = status(client)
    assert found["swimming"] == "dangerous"
    (storm, jellyfish) = found["warnings"]
    assert (storm["title"], storm["text"]) == ("Bão gần bờ", "Không ra khơi.")
    assert storm["issued_at"] == "2026-01-01T07:00:00+07:00"
    assert jellyfish["title"] == "Sứa"


def test_water_quality_is_told_apart_from_danger(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    admin = as_staff(Role.ADMIN)
    address = "/api/v1/staff/beaches/xuan-huong/water-samples"
    for quality, day in (("poor", "2026-06-20"), ("good", "2026-06-30"), ("poor", "2026-06-10")):
        body = {"class": quality, "sampled_at": f"{day}T09:00:00+07:00"}
        assert client.post(address, json=body, headers=admin).status_code == 201
    found = status(client)
    assert found["water_quality"] == {"class": "good", "sampled_at": "2026-06-30T09:00:00+07:00"}
    assert found["swimming"] == "unknown"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"flag": "green"}, "flag"),
        ({"flag": 1}, "flag"),
        ({"observed_at": "2026-07-01T09:00:00+07:00"}, "observed_at"),
        ({"observed_at": "yesterday"}, "observed_at"),
        ({"observed_at": "2026-07-01T07:00:00"}, "observed_at"),
        ({"valid_until": "2026-07-01T07:00:00+07:00"}, "valid_until"),
        ({"valid_until": "2026-07-03T08:00:00+07:00"}, "valid_until"),
        ({"lifeguards_on_duty": "perhaps"}, "lifeguards_on_duty"),
        ({"note": "x" * 501}, "note"),
        ({"swimming": "supervised"}, "swimming"),
    ],
)
def test_a_bad_observation_is_refused_by_field_and_changes_nothing(
    client: FlaskClient, observe: Callable[..., Any], change: dict[str, Any], field: str
) -> None:
    before = status(client)
    answer = observe(**{"flag": "yellow", "lifeguards_on_duty": True} | change)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert status(client) == before


def test_an_observation_needs_a_flag_or_the_word_that_none_flies(
    client: FlaskClient, observe: Callable[..., Any]
) -> None:
    assert list(observe(lifeguards_on_duty=True).json["errors"]) == ["flag"]
    assert observe(flag=None, lifeguards_on_duty=True).status_code == 201
    found = status(client)
    assert (found["swimming"], found["stale"]) == ("unknown", False)


def test_a_ban_ends_after_it_starts(client: FlaskClient, lifeguard: Headers) -> None:
    body = {"reason": {"vi": "Bão"}, "ends_at": "2026-07-01T07:00:00+07:00"}
    answer = client.post("/api/v1/staff/beaches/all/bans", json=body, headers=lifeguard)
    assert list(answer.json["errors"]) == ["ends_at"]
    assert status(client)["ban"] is None


def test_who_is_not_on_duty_is_refused(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    body = {"flag": "yellow"}
    address = "/api/v1/staff/beaches/xuan-huong"
    assert client.post(f"{address}/observations", json=body).status_code == 401
    editor, leader = as_staff(Role.EDITOR), as_staff(Role.LEADER)
    assert client.post(f"{address}/observations", json=body, headers=editor).status_code == 403
    assert client.delete(f"{address}/bans", headers=editor).status_code == 403
    assert client.delete(f"{address}/bans", headers=leader).status_code == 204
    sample = {"class": "good"}
    assert client.post(f"{address}/water-samples", json=sample, headers=leader).status_code == 403


def test_nothing_that_is_said_of_a_beach_says_safe(
    client: FlaskClient, observe: Callable[..., Any]
) -> None:
    observe(flag="red_over_yellow", lifeguards_on_duty=True)
    for language in ("vi", "en"):
        text = client.get(f"/api/v1/beaches/xuan-huong/status?lang={language}").text.lower()
        assert "an toàn" not in text
        assert "safe" not in text
