"""Seeding: the facts, each with its source; sample data that says what it is; nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.conftest import TurnableClock

READS = ("places", "articles", "beaches", "contacts")


@pytest.fixture
def run(app: Flask) -> Callable[..., str]:
    """Run one of `flask`'s commands: `run("seed", "--sample")`."""

    def invoke(*arguments: str) -> str:
        result = app.test_cli_runner().invoke(args=arguments)
        assert result.exit_code == 0, result.output
        return result.output

    return invoke


def everything(client: FlaskClient) -> dict[str, list[dict[str, Any]]]:
    return {read: client.get(f"/api/v1/{read}?limit=100").json["items"] for read in READS}


def test_the_facts_can_be_read_and_found(client: FlaskClient, run: Callable[..., str]) -> None:
    run("seed")
    known = everything(client)
    assert {contact["phone"] for contact in known["contacts"]} == {
        "111",
        "112",
        "113",
        "114",
        "115",
    }
    assert {beach["slug"] for beach in known["beaches"]} == {
        "lan-chau", "xuan-huong", "song-ngu", "cua-hoi",
    }  # fmt: skip
    for query, slug in (
        ("dao ngu", "dao-ngu"),
        ("den van loc", "den-van-loc"),
        ("ru coc", "dao-lan-chau"),
    ):
        assert client.get(f"/api/v1/search?q={query}").json["items"][0]["slug"] == slug
    temple = client.get("/api/v1/places/den-van-loc").json
    assert (temple["open_now"], temple["price_from"]) == (True, 0)
    assert client.get("/api/v1/places/dao-mat").json["open_now"] is False
    assert not any(item["is_sample"] for item in known["places"] + known["articles"])


def test_every_seeded_fact_names_its_source(client: FlaskClient, run: Callable[..., str]) -> None:
    run("seed")
    known = everything(client)
    known["places"] = [
        client.get(f"/api/v1/places/{place['slug']}").json for place in known["places"]
    ]
    for items in known.values():
        for item in items:
            assert item["sources"], item["slug"]
            assert {source["confidence"] for source in item["sources"]} <= {"H", "M"}


def test_everything_seeded_is_in_both_languages(
    client: FlaskClient, run: Callable[..., str]
) -> None:
    run("seed", "--sample")
    for read in READS:
        vietnamese = client.get(f"/api/v1/{read}?limit=100&lang=vi").json["items"]
        english = client.get(f"/api/v1/{read}?limit=100&lang=en").json["items"]
        for ours, theirs in zip(vietnamese, english, strict=True):
            heading = "title" if "title" in ours else "name"
            assert ours[heading] != theirs[heading]
            assert ours.get("body_html", "x") != theirs.get("body_html", "y")


def test_seeding_twice_changes_nothing(
    client: FlaskClient, run: Callable[..., str], clock: TurnableClock
) -> None:
    run("seed", "--sample")
    before = everything(client)
    clock.advance(days=1)
    assert "0 facts, 0 samples" in run("seed", "--sample")
    assert strip_open(everything(client)) == strip_open(before)


def strip_open(known: dict[str, list[dict[str, Any]]]) -> list[Any]:
    return [
        {name: value for name, value in item.items() if name != "open_now"}
        for items in known.values()
        for item in items
    ]


def test_what_an_editor_has_changed_is_left_as_it_is(
    client: FlaskClient, run: Callable[..., str], as_staff: Callable[..., dict[str, str]]
) -> None:
    run("seed")
    editor = as_staff(Role.EDITOR)
    change = {"phone": "0238 3824 123", "name": {"vi": "Đền Vạn Lộc (đã sửa)"}}
    client.patch("/api/v1/staff/places/den-van-loc", json=change, headers=editor)
    client.post("/api/v1/staff/places/den-van-loc/publish", headers=editor)
    client.post("/api/v1/staff/articles/dac-san-cua-lo/archive", headers=editor)
    run("seed")
    assert client.get("/api/v1/places/den-van-loc").json["name"] == "Đền Vạn Lộc (đã sửa)"
    assert client.get("/api/v1/articles/dac-san-cua-lo").status_code == 404


def test_sample_data_says_so_and_is_removed_by_one_command(
    client: FlaskClient, run: Callable[..., str]
) -> None:
    run("seed")
    facts = everything(client)
    run("seed", "--sample")
    samples = [
        item for items in everything(client).values() for item in items if item.get("is_sample")
    ]
    assert len(samples) > 10
    for item in samples:
        assert "mẫu" in item.get("title", item.get("name", "")).lower()
        assert "minh hoạ" in item["summary"]
    assert client.get("/api/v1/search?q=khach san mau").json["items"]

    run("sample", "remove")
    assert everything(client) == facts
    found = client.get("/api/v1/search?q=khach san mau").json["items"]
    assert "khach-san-mau-1" not in [item["slug"] for item in found]


def test_no_sample_warns_of_storms_or_danger(client: FlaskClient, run: Callable[..., str]) -> None:
    run("seed", "--sample")
    for beach in client.get("/api/v1/beaches").json["items"]:
        found = client.get(f"/api/v1/beaches/{beach['slug']}/status").json
        assert (found["warnings"], found["swimming"]) == ([], "unknown")
