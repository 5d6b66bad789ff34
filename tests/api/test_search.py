"""Finding what is published: with marks or without, by beginnings, in spite of typos."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.publishing import State
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, BeachFactory, PlaceFactory, keep


@pytest.fixture(autouse=True)
def town(session: Session) -> None:
    """A little of what the town knows."""
    keep(
        session,
        PlaceFactory(
            name={"vi": "Đảo Ngư", "en": "Ngu Island"},
            aliases=["Hòn Ngư"],
            summary={"vi": "Trên đảo có chùa cổ.", "en": "An old pagoda stands on it."},
        ),
        PlaceFactory(
            name={"vi": "Chùa Đảo Ngư", "en": "Ngu Island Pagoda"},
            summary={"vi": "Ngôi chùa <b>thời Trần</b>.", "en": "Of the Tran era."},
        ),
        PlaceFactory(name={"vi": "Đền Vạn Lộc", "en": "Van Loc Temple"}),
        PlaceFactory(name={"vi": "Quảng trường Bình Minh"}),
        BeachFactory(name={"vi": "Bãi tắm Lan Châu", "en": "Lan Chau Beach"}),
        ArticleFactory(
            title={"vi": "Lịch cắt điện", "en": "Power cuts"},
            body={"vi": "Tạm ngừng cấp điện ở **Nghi Hải** từ 7 giờ.", "en": "From 7 a.m."},
        ),
    )


def titles(client: FlaskClient, query: str, **more: str) -> list[str]:
    answer = client.get("/api/v1/search", query_string={"q": query, **more})
    assert answer.status_code == 200, answer.json
    return [item["title"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("Đảo Ngư", "Đảo Ngư"),
        ("dao ngu", "Đảo Ngư"),
        ("DAO NGU", "Đảo Ngư"),
        ("Đa\u0309o Ngư", "Đảo Ngư"),
        ("hon ngu", "Đảo Ngư"),
        ("den van loc", "Đền Vạn Lộc"),
        ("đền vạn", "Đền Vạn Lộc"),
        ("van loc temple", "Đền Vạn Lộc"),
        ("quang truong b", "Quảng trường Bình Minh"),
        ("nghi hai", "Lịch cắt điện"),
        ("bai tam lan chau", "Bãi tắm Lan Châu"),
    ],
)
def test_words_are_found_with_marks_or_without(client: FlaskClient, query: str, first: str) -> None:
    assert titles(client, query)[0] == first


@pytest.mark.parametrize(
    ("query", "first"),
    [("den van lok", "Đền Vạn Lộc"), ("quang truong bin minh", "Quảng trường Bình Minh")],
)
def test_typos_are_forgiven(client: FlaskClient, query: str, first: str) -> None:
    assert titles(client, query)[0] == first


def test_what_is_nowhere_is_not_found(client: FlaskClient) -> None:
    assert titles(client, "tàu vũ trụ") == []


@pytest.mark.parametrize("query", ['"', "a' OR 1=1 --", "NEAR(", "* AND -", "đảo & | ! :*", "%_"])
def test_signs_of_query_languages_are_plain_text(client: FlaskClient, query: str) -> None:
    answer = client.get("/api/v1/search", query_string={"q": query})
    assert answer.status_code == 200


def test_the_found_words_are_marked_in_text_that_is_safe_to_show(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=chua tran").json["items"][0]
    assert found["highlight"] == (
        "Ngôi <mark>chùa</mark> &lt;b&gt;thời <mark>Trần</mark>&lt;/b&gt;."
    )


def test_the_answer_is_in_the_readers_language(client: FlaskClient) -> None:
    assert titles(client, "dao ngu", lang="en")[0] == "Ngu Island"
    assert titles(client, "ngu island", lang="vi")[0] == "Đảo Ngư"
    assert titles(client, "quang truong", lang="en") == ["Quảng trường Bình Minh"]


def test_a_search_may_be_narrowed_to_types(client: FlaskClient) -> None:
    every = client.get("/api/v1/search?q=ngu").json["items"]
    places = client.get("/api/v1/search?q=ngu&types=place,beach").json["items"]
    assert {item["type"] for item in every} == {"place", "article"}
    assert {item["type"] for item in places} == {"place"}
    assert {"id", "slug", "url", "updated_at", "score"} <= every[0].keys()


def test_a_draft_is_not_found(client: FlaskClient, session: Session) -> None:
    keep(session, ArticleFactory(title={"vi": "Bí mật"}, state=State.DRAFT))
    assert titles(client, "bi mat") == []


def test_what_has_expired_is_no_longer_found(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    keep(session, ArticleFactory(title={"vi": "Đại nhạc hội"}, expires_at=clock()))
    clock.advance(hours=-1)
    assert titles(client, "dai nhac hoi") == ["Đại nhạc hội"]
    clock.advance(hours=1)
    assert titles(client, "dai nhac hoi") == []
    assert titles(client, "dai nhac hoy") == []


@pytest.mark.parametrize(
    ("parameters", "field"),
    [("", "q"), ("q=", "q"), ("q=a&types=car", "types"), ("q=a&lang=fr", "lang"),
     ("q=a&limit=x", "limit"), ("q=a&limit=51", "limit")],
)  # fmt: skip
def test_a_bad_parameter_is_named(client: FlaskClient, parameters: str, field: str) -> None:
    answer = client.get(f"/api/v1/search?{parameters}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
