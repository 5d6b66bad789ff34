"""Announcements and other articles: reading, writing, publishing, and the one push of each."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from notifications.messages import Message
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, keep

Headers = dict[str, str]

DRAFT = {
    "kind": "announcement",
    "title": {"vi": "Tạm ngừng cấp điện", "en": "Power cut"},
    "body": {"vi": "Từ **7 giờ** đến 11 giờ.", "en": "From **7** to 11 a.m."},
    "topics": ["utilities"],
    "quarters": ["nghi-hai"],
}


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def draft(client: FlaskClient, editor: Headers) -> str:
    """The staff's address of a draft of an announcement."""
    made = client.post("/api/v1/staff/articles", json=DRAFT, headers=editor)
    assert made.status_code == 201, made.json
    return f"/api/v1/staff/articles/{made.json['id']}"


def listed(client: FlaskClient, **query: str) -> list[str]:
    answer = client.get("/api/v1/articles", query_string=query)
    assert answer.status_code == 200, answer.json
    return [item["slug"] for item in answer.json["items"]]


def messages(session: Session) -> list[Message]:
    session.rollback()
    return list(session.scalars(select(Message)))


def test_a_draft_is_for_editors_alone(client: FlaskClient, editor: Headers, draft: str) -> None:
    assert listed(client) == []
    assert client.get("/api/v1/articles/tam-ngung-cap-dien").status_code == 404
    assert client.get("/api/v1/search?q=cap dien").json["items"] == []
    assert client.get(draft, headers=editor).json["title"] == DRAFT["title"]


def test_what_is_published_is_read_at_once(
    client: FlaskClient, editor: Headers, draft: str
) -> None:
    client.post(f"{draft}/publish", json={}, headers=editor)
    found = client.get("/api/v1/articles/tam-ngung-cap-dien?lang=en").json
    assert found["title"] == "Power cut"
    assert found["body_html"] == "<p>From <strong>7</strong> to 11 a.m.</p>\n"
    assert found["published_at"] == "2026-07-01T08:00:00+07:00"
    assert (found["kind"], found["quarters"]) == ("announcement", ["nghi-hai"])
    assert found["url"].startswith("http")
    assert client.get("/api/v1/search?q=cap dien").json["items"][0]["id"] == found["id"]


def test_an_announcement_becomes_exactly_one_message(
    client: FlaskClient, editor: Headers, draft: str, session: Session
) -> None:
    assert messages(session) == []
    for act in ("publish", "publish", "unpublish", "publish"):
        assert client.post(f"{draft}/{act}", headers=editor).status_code == 200
    (message,) = messages(session)
    assert message.title == DRAFT["title"]
    assert message.body == {"vi": "Từ 7 giờ đến 11 giờ.", "en": "From 7 to 11 a.m."}
    assert message.audience == {"quarters": ["nghi-hai"]}
    assert message.topics == ["utilities"]
    assert message.source_id == draft.rsplit("/", 1)[1]


@pytest.mark.parametrize(("change", "wish"), [({"kind": "news"}, {}), ({}, {"notify": False})])
def test_news_and_what_is_to_be_quiet_become_no_message(
    client: FlaskClient,
    editor: Headers,
    draft: str,
    session: Session,
    change: dict[str, Any],
    wish: dict[str, Any],
) -> None:
    client.patch(draft, json=change, headers=editor)
    assert client.post(f"{draft}/publish", json=wish, headers=editor).status_code == 200
    assert messages(session) == []


def test_a_storm_is_said_to_those_who_want_safety(
    client: FlaskClient, editor: Headers, draft: str, session: Session
) -> None:
    client.patch(draft, json={"topics": ["storm"]}, headers=editor)
    client.post(f"{draft}/publish", json={}, headers=editor)
    assert messages(session)[0].topics == ["safety", "storm"]


def test_what_cannot_be_said_is_not_published_either(
    client: FlaskClient, editor: Headers, draft: str, session: Session, clock: TurnableClock
) -> None:
    over = {"expires_at": clock().isoformat()}
    assert client.patch(draft, json=over, headers=editor).status_code == 200
    refused = client.post(f"{draft}/publish", json={}, headers=editor)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["expires_at"]
    assert listed(client) == []
    assert messages(session) == []


def test_a_draft_may_wait_for_its_vietnamese_but_is_not_published_without(
    client: FlaskClient, editor: Headers
) -> None:
    draft = {"kind": "news", "title": {"en": "Only English yet"}}
    made = client.post("/api/v1/staff/articles", json=draft, headers=editor)
    assert made.status_code == 201
    address = f"/api/v1/staff/articles/{made.json['id']}"
    refused = client.post(f"{address}/publish", json={}, headers=editor)
    assert refused.status_code == 422
    assert list(refused.json["errors"]) == ["title"]
    client.patch(address, json={"title": {"vi": "Tin"}}, headers=editor)
    refused = client.post(f"{address}/publish", json={}, headers=editor)
    assert list(refused.json["errors"]) == ["body"]
    client.patch(address, json={"body": {"vi": "Nội dung."}}, headers=editor)
    assert client.post(f"{address}/publish", json={}, headers=editor).status_code == 200


def test_a_procedure_needs_its_steps_to_be_published(client: FlaskClient, editor: Headers) -> None:
    draft = {"kind": "procedure", "title": {"vi": "Mẫu thủ tục"}, "body": {"vi": "Mẫu."}}
    made = client.post("/api/v1/staff/articles", json=draft, headers=editor).json
    address = f"/api/v1/staff/articles/{made['id']}"
    refused = client.post(f"{address}/publish", json={}, headers=editor)
    assert list(refused.json["errors"]) == ["procedure"]
    procedure = {"steps": {"vi": "1. Nộp đơn"}, "fee": {"vi": "Không"}}
    client.patch(address, json={"procedure": procedure}, headers=editor)
    assert client.post(f"{address}/publish", json={}, headers=editor).status_code == 200
    shown = client.get(f"/api/v1/articles/{made['slug']}").json
    assert "<li>Nộp đơn</li>" in shown["procedure"]["steps"]
    assert client.get("/api/v1/search?q=nop don").json["items"][0]["slug"] == made["slug"]
    page = client.get(f"/announcements/{made['slug']}").text
    assert "<li>Nộp đơn</li>" in page


def test_what_is_taken_back_is_gone(client: FlaskClient, editor: Headers, draft: str) -> None:
    for act in ("unpublish", "archive"):
        client.post(f"{draft}/publish", json={"notify": False}, headers=editor)
        assert listed(client) == ["tam-ngung-cap-dien"]
        assert client.post(f"{draft}/{act}", headers=editor).status_code == 200
        assert listed(client) == []
        assert client.get("/api/v1/articles/tam-ngung-cap-dien").status_code == 404
        assert client.get("/api/v1/search?q=cap dien").json["items"] == []


def test_an_article_expires_by_the_clock_alone(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    keep(session, ArticleFactory(slug="het-han", expires_at=clock()))
    clock.advance(seconds=-1)
    assert listed(client) == ["het-han"]
    clock.advance(seconds=1)
    assert listed(client) == []
    assert client.get("/api/v1/articles/het-han").status_code == 404


def test_what_is_pinned_comes_first_then_the_newest(
    client: FlaskClient, session: Session, clock: TurnableClock
) -> None:
    now = clock()
    keep(
        session,
        ArticleFactory(slug="cu", published_at=now.replace(day=1, hour=5)),
        ArticleFactory(slug="moi", published_at=now.replace(day=1, hour=6)),
        ArticleFactory(slug="ghim", published_at=now.replace(day=1, hour=4), pinned=True),
        ArticleFactory(slug="sap-den", published_at=now.replace(day=2)),
    )
    assert listed(client) == ["ghim", "moi", "cu"]
    assert listed(client, pinned="true") == ["ghim"]
    page = client.get("/api/v1/articles?limit=2").json
    rest = client.get(f"/api/v1/articles?limit=2&cursor={page['next_cursor']}").json
    assert [item["slug"] for item in page["items"] + rest["items"]] == ["ghim", "moi", "cu"]


def test_articles_are_narrowed(client: FlaskClient, session: Session) -> None:
    keep(
        session,
        ArticleFactory(slug="tat-ca", topics=["waste"]),
        ArticleFactory(slug="nghi-hai", quarters=["nghi-hai"], topics=["storm", "safety"]),
        ArticleFactory(slug="cam-nang", kind="guide", quarters=["nghi-thu"]),
    )
    assert listed(client, kind="guide") == ["cam-nang"]
    assert listed(client, topic="safety") == ["nghi-hai"]
    assert sorted(listed(client, quarter="nghi-hai")) == ["nghi-hai", "tat-ca"]


def test_scripts_of_an_editor_do_not_reach_readers(
    client: FlaskClient, editor: Headers, draft: str
) -> None:
    body = {"vi": "<script>alert(1)</script> [a](javascript:alert(1))"}
    client.patch(draft, json={"body": body}, headers=editor)
    client.post(f"{draft}/publish", json={"notify": False}, headers=editor)
    html = client.get("/api/v1/articles/tam-ngung-cap-dien").json["body_html"]
    assert "<script" not in html
    assert "href=" not in html


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": {"vi": "x" * 201}}, "title"),
        ({"title": {"vi": "a", "fr": "b"}}, "title"),
        ({"kind": "poem"}, "kind"),
        ({"topics": ["gossip"]}, "topics"),
        ({"topics": "storm"}, "topics"),
        ({"quarters": ["atlantis"]}, "quarters"),
        ({"pinned": "perhaps"}, "pinned"),
        ({"expires_at": "2026-07-01T08:00:00"}, "expires_at"),
        ({"sources": [{"fact": "a"}]}, "sources"),
        ({"surprise": 1}, "surprise"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    client: FlaskClient, editor: Headers, draft: str, change: dict[str, Any], field: str
) -> None:
    before = client.get(draft, headers=editor).json
    made = client.post("/api/v1/staff/articles", json=DRAFT | change, headers=editor)
    changed = client.patch(draft, json=change, headers=editor)
    for answer in (made, changed):
        assert answer.status_code == 422
        assert list(answer.json["errors"]) == [field]
    assert client.get(draft, headers=editor).json == before
    assert len(client.get("/api/v1/staff/articles", headers=editor).json["items"]) == 1


@pytest.mark.parametrize(
    ("query", "field"), [("kind=poem", "kind"), ("pinned=x", "pinned"), ("lang=fr", "lang")]
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/articles?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


def test_who_may_not_publish_is_refused(
    client: FlaskClient, draft: str, as_staff: Callable[..., Headers]
) -> None:
    assert client.post(f"{draft}/publish", json={}).status_code == 401
    lifeguard = as_staff(Role.LIFEGUARD)
    assert client.post(f"{draft}/publish", json={}, headers=lifeguard).status_code == 403
    assert listed(client) == []


def test_drafts_are_listed_by_state(
    client: FlaskClient, editor: Headers, draft: str, session: Session
) -> None:
    keep(session, ArticleFactory(slug="da-dang"), ArticleFactory(state=State.ARCHIVED))
    every = client.get("/api/v1/staff/articles", headers=editor).json["items"]
    published = client.get("/api/v1/staff/articles?state=published", headers=editor).json["items"]
    assert len(every) == 3
    assert [item["slug"] for item in published] == ["da-dang"]


def test_drafts_are_found_by_words_of_their_address(
    client: FlaskClient, editor: Headers, draft: str, session: Session
) -> None:
    keep(session, ArticleFactory(slug="he-da-den"))
    found = client.get("/api/v1/staff/articles?q=Cấp điện", headers=editor).json["items"]
    assert [item["slug"] for item in found] == ["tam-ngung-cap-dien"]
    assert client.get("/api/v1/staff/articles?q=100%25", headers=editor).json["items"] == []
