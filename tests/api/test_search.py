"""Finding what is published: with marks or without, by beginnings, in spite of typos."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content import publishing
from content.publishing import Edit, State, reindex
from tests.conftest import TurnableClock
from tests.factories.content import (
    ArticleFactory,
    BeachFactory,
    ContactFactory,
    PlaceFactory,
    keep,
)


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
    [
        ("den van lok", "Đền Vạn Lộc"),
        ("quang truong bin minh", "Quảng trường Bình Minh"),
        ("quang truogn binh minh", "Quảng trường Bình Minh"),
        ("quảng trườg bình mih", "Quảng trường Bình Minh"),
        ("quangtruong binhminh", "Quảng trường Bình Minh"),
        ("binhminh", "Quảng trường Bình Minh"),
        ("trua dao ngu", "Chùa Đảo Ngư"),
        ("ddaor nguw", "Đảo Ngư"),
        ("van loc tmeple", "Đền Vạn Lộc"),
        ("ngu iland pagda", "Chùa Đảo Ngư"),
        ("lich cat dein", "Lịch cắt điện"),
        ("o dau co bai tam", "Bãi tắm Lan Châu"),
        ("bai tam lan chau gia re", "Bãi tắm Lan Châu"),
    ],
)
def test_typos_are_forgiven(client: FlaskClient, query: str, first: str) -> None:
    assert titles(client, query)[0] == first


def test_a_word_that_exists_may_still_be_a_typo_of_another(
    client: FlaskClient, session: Session
) -> None:
    keep(session, ArticleFactory(title={"vi": "Thùng rác bin"}))
    assert titles(client, "quang truong bin minh") == ["Quảng trường Bình Minh"]


def test_a_number_is_never_taken_for_another(client: FlaskClient, session: Session) -> None:
    keep(session, ContactFactory(name={"vi": "Cấp cứu y tế"}, phone="115"))
    assert titles(client, "115") == ["Cấp cứu y tế"]
    assert titles(client, "114") == []


def test_what_is_nowhere_is_not_found(client: FlaskClient) -> None:
    assert titles(client, "tàu vũ trụ") == []


@pytest.mark.parametrize(
    "query",
    ['"', "a' OR 1=1 --", "NEAR(", "* AND -", "đảo & | ! :*", "%_", "🏖️🌊", "海滩 🏝 ビーチ", "\\",
     "((((", "title:đảo", "{folded_title} : x", "a" * 200, "đ " * 100, "\u0300\u0301", "𞤀𞤁",
     "١٢٣"],
)  # fmt: skip
def test_signs_of_query_languages_are_plain_text(client: FlaskClient, query: str) -> None:
    for path in ("search", "search/suggest", "places/suggest", "places"):
        answer = client.get(f"/api/v1/{path}", query_string={"q": query})
        assert answer.status_code == 200, path


@pytest.mark.parametrize("query", ["đảo\0ngư", "a" * 10_000, "🏖" * 10_000])
def test_what_nobody_types_is_refused_by_name(client: FlaskClient, query: str) -> None:
    for path in ("search", "search/suggest", "places/suggest", "places"):
        answer = client.get(f"/api/v1/{path}", query_string={"q": query})
        assert answer.status_code == 422, path
        assert list(answer.json["errors"]) == ["q"]


def test_content_may_hold_words_that_no_index_likes(client: FlaskClient, session: Session) -> None:
    strange = f"\\ ' \" | @place 🏖 𞤀𞤁 {'a' * 3000} " + "dài " * 2000
    keep(session, ArticleFactory(slug="la", title={"vi": strange[:1500]}, body={"vi": strange}))
    assert len(titles(client, "a" * 180)) == 1
    assert len(titles(client, "dai 𞤀𞤁")) == 1


def test_the_found_words_are_marked_in_text_that_is_safe_to_show(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=chua tran").json["items"][0]
    assert found["highlight"] == (
        "Ngôi <mark>chùa</mark> &lt;b&gt;thời <mark>Trần</mark>&lt;/b&gt;."
    )


def test_a_corrected_word_is_marked_where_it_stands(client: FlaskClient) -> None:
    found = client.get("/api/v1/search?q=chua trann").json["items"][0]
    assert "<mark>chùa</mark>" in found["highlight"]
    assert "<mark>Trần</mark>" in found["highlight"]


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


def test_what_is_taken_back_is_no_longer_found(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    article = ArticleFactory(title={"vi": "Đại nhạc hội"})
    keep(session, article)
    for query in ("dai nhac hoi", "dai nhac hoy", "dainhac"):
        assert titles(client, query) == ["Đại nhạc hội"]
    publishing.unpublish(session, article, Edit("somebody", clock()))
    session.commit()
    for query in ("dai nhac hoi", "dai nhac hoy", "dainhac"):
        assert titles(client, query) == []


def test_what_is_undone_within_a_transaction_leaves_no_words(
    client: FlaskClient, session: Session
) -> None:
    savepoint = session.begin_nested()
    article = ArticleFactory(title={"vi": "Đại nhạc hội"})
    session.add(article)
    session.flush()
    reindex(session, article)
    savepoint.rollback()
    with session.begin_nested():
        place = PlaceFactory(name={"vi": "Hải đăng"})
        session.add(place)
        session.flush()
        reindex(session, place)
    session.commit()
    assert titles(client, "dainhac") == []
    assert titles(client, "haidang") == ["Hải đăng"]


def suggested(client: FlaskClient, typed: str, **more: str) -> list[str]:
    answer = client.get("/api/v1/search/suggest", query_string={"q": typed, **more})
    assert answer.status_code == 200, answer.json
    return [item["title"] for item in answer.json["items"]]


@pytest.mark.parametrize(
    ("typed", "first"),
    [("đ", "Đảo Ngư"), ("da", "Đảo Ngư"), ("dao", "Đảo Ngư"), ("dao n", "Đảo Ngư"),
     ("hòn", "Đảo Ngư"), ("chùa đ", "Chùa Đảo Ngư"), ("binh m", "Quảng trường Bình Minh"),
     ("quang truogn b", "Quảng trường Bình Minh"), ("lich ca", "Lịch cắt điện")],
)  # fmt: skip
def test_names_are_suggested_as_one_types(client: FlaskClient, typed: str, first: str) -> None:
    assert suggested(client, typed)[0] == first


def test_suggestions_go_by_names_and_not_by_texts(client: FlaskClient) -> None:
    assert "Lịch cắt điện" in titles(client, "nghi hai")
    assert suggested(client, "nghi hai") == []


def test_suggestions_mark_the_name_and_know_types_language_and_limit(client: FlaskClient) -> None:
    found = client.get("/api/v1/search/suggest?q=dao ng").json["items"][0]
    assert found["highlight"] == "<mark>Đảo</mark> <mark>Ngư</mark>"
    assert suggested(client, "lan", types="place") == []
    assert suggested(client, "lan", types="place,beach") == ["Bãi tắm Lan Châu"]
    assert suggested(client, "dao ng", lang="en") == ["Ngu Island", "Ngu Island Pagoda"]
    assert suggested(client, "dao ng", limit="1") == ["Đảo Ngư"]


@pytest.mark.parametrize("path", ["search", "search/suggest"])
@pytest.mark.parametrize(
    ("parameters", "field"),
    [("", "q"), ("q=", "q"), ("q=a&types=car", "types"), ("q=a&lang=fr", "lang"),
     ("q=a&limit=x", "limit"), ("q=a&limit=51", "limit")],
)  # fmt: skip
def test_a_bad_parameter_is_named(
    client: FlaskClient, path: str, parameters: str, field: str
) -> None:
    answer = client.get(f"/api/v1/{path}?{parameters}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
