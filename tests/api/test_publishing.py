"""An editor's work: drafts of changes, review, schedule, history, locks, previews, the audit."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.articles import publishing as articles
from notifications import worker
from notifications.messages import Message
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, PlaceFactory, keep

Headers = dict[str, str]

STAFF = "/api/v1/staff/articles"


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def colleague(as_staff: Callable[..., Headers]) -> Headers:
    """Another editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def live(session: Session) -> str:
    """The staff's address of an article that the public sees."""
    article = ArticleFactory(slug="cho-dem", kind="news", title={"vi": "Chợ đêm"})
    keep(session, article)
    return f"{STAFF}/{article.id}"


def do(client: FlaskClient, address: str, headers: Headers, **body: Any) -> dict[str, Any]:
    answer = client.post(address, json=body, headers=headers)
    assert answer.status_code == 200, answer.json
    result: dict[str, Any] = answer.json
    return result


def change(client: FlaskClient, address: str, headers: Headers, **body: Any) -> dict[str, Any]:
    answer = client.patch(address, json=body, headers=headers)
    assert answer.status_code == 200, answer.json
    result: dict[str, Any] = answer.json
    return result


def title(client: FlaskClient, slug: str = "cho-dem") -> str | None:
    answer = client.get(f"/api/v1/articles/{slug}")
    return answer.json["title"] if answer.status_code == 200 else None


def test_a_change_to_what_is_live_waits_until_it_is_published(
    client: FlaskClient, editor: Headers, live: str
) -> None:
    drafted = change(client, live, editor, title={"vi": "Chợ đêm mới"})
    assert (drafted["title"], drafted["state"], drafted["stage"]) == (
        {"vi": "Chợ đêm mới"},
        "published",
        "draft",
    )
    assert client.get(live, headers=editor).json["title"] == {"vi": "Chợ đêm mới"}
    assert title(client) == "Chợ đêm"
    assert client.get("/api/v1/search?q=cho dem moi").json["items"][0]["title"] == "Chợ đêm"
    published = do(client, f"{live}/publish", editor)
    assert published["stage"] is None
    assert title(client) == "Chợ đêm mới"
    assert client.get("/api/v1/search?q=cho dem moi").json["items"][0]["title"] == "Chợ đêm mới"


def test_two_changes_in_a_row_are_published_together(
    client: FlaskClient, editor: Headers, live: str
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm 2"})
    change(client, live, editor, summary={"vi": "Tóm tắt"})
    do(client, f"{live}/publish", editor)
    shown = client.get("/api/v1/articles/cho-dem").json
    assert (shown["title"], shown["summary"]) == ("Chợ đêm 2", "Tóm tắt")


def test_a_draft_goes_through_review(
    client: FlaskClient, editor: Headers, colleague: Headers
) -> None:
    draft = {"kind": "news", "title": {"vi": "Tin mới"}, "body": {"vi": "Nội dung."}}
    made = client.post(STAFF, json=draft, headers=editor).json
    address = f"{STAFF}/{made['id']}"
    assert client.post(f"{address}/approve", headers=colleague).status_code == 409
    assert do(client, f"{address}/submit", editor)["state"] == "review"
    assert client.get(f"{STAFF}?stage=review", headers=colleague).json["items"][0]["id"]
    assert do(client, f"{address}/return", colleague)["state"] == "draft"
    do(client, f"{address}/submit", editor)
    assert do(client, f"{address}/approve", colleague)["state"] == "approved"
    assert do(client, f"{address}/publish", editor)["standing"] == "live"
    acts = [r["act"] for r in client.get(f"{address}/revisions", headers=editor).json["items"]]
    assert acts == ["publish", "approve", "submit", "send_back", "submit", "create"]


def test_under_the_two_person_rule_nobody_approves_or_publishes_their_own_text(
    make_app: Callable[..., Flask], editor: Headers, colleague: Headers, live: str
) -> None:
    client = make_app(two_person_rule=True).test_client()
    change(client, live, editor, title={"vi": "Chợ đêm mới"})
    assert client.post(f"{live}/publish", json={}, headers=editor).status_code == 409
    at = {"at": "2026-07-02T08:00:00+07:00"}
    assert client.post(f"{live}/schedule", json=at, headers=editor).status_code == 409
    do(client, f"{live}/submit", editor)
    assert client.post(f"{live}/approve", headers=editor).status_code == 403
    do(client, f"{live}/approve", colleague)
    change(client, live, editor, title={"vi": "Chợ đêm khác"})
    assert client.post(f"{live}/publish", json={}, headers=editor).status_code == 409
    do(client, f"{live}/submit", editor)
    do(client, f"{live}/approve", colleague)
    do(client, f"{live}/publish", editor)
    assert title(client) == "Chợ đêm khác"


def test_a_draft_appears_at_the_minute_it_is_scheduled_for(
    client: FlaskClient, editor: Headers, clock: TurnableClock
) -> None:
    draft = {"kind": "news", "title": {"vi": "Khai mạc"}, "body": {"vi": "Nội dung."}}
    made = client.post(STAFF, json=draft, headers=editor).json
    at = clock() + timedelta(hours=2)
    scheduled = do(client, f"{STAFF}/{made['id']}/schedule", editor, at=at.isoformat())
    assert scheduled["standing"] == "scheduled"
    clock.advance(hours=1, minutes=59, seconds=59)
    assert title(client, "khai-mac") is None
    assert client.get("/api/v1/search?q=khai mac").json["items"] == []
    clock.advance(seconds=1)
    assert title(client, "khai-mac") == "Khai mạc"
    assert client.get("/api/v1/articles").json["items"][0]["slug"] == "khai-mac"
    assert client.get("/api/v1/search?q=khai mac").json["items"][0]["slug"] == "khai-mac"


def test_a_change_appears_at_the_minute_it_is_scheduled_for(
    client: FlaskClient, editor: Headers, live: str, clock: TurnableClock
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm đã dời"})
    at = clock() + timedelta(minutes=30)
    assert do(client, f"{live}/schedule", editor, at=at.isoformat())["due_at"]
    change(client, live, editor, summary={"vi": "Viết sau khi hẹn"})
    clock.advance(minutes=29)
    assert title(client) == "Chợ đêm"
    clock.advance(minutes=1)
    assert client.get("/announcements/cho-dem").text.count("Chợ đêm đã dời")
    shown = client.get("/api/v1/articles/cho-dem").json
    assert (shown["title"], shown["summary"]) == ("Chợ đêm đã dời", "")
    assert shown["updated_at"] == at.isoformat()
    drafted = client.get(live, headers=editor).json
    assert (drafted["summary"], drafted["stage"]) == ({"vi": "Viết sau khi hẹn"}, "draft")


def test_a_schedule_can_be_taken_back(
    client: FlaskClient, editor: Headers, live: str, clock: TurnableClock
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm đã dời"})
    do(client, f"{live}/schedule", editor, at=(clock() + timedelta(hours=1)).isoformat())
    assert do(client, f"{live}/unschedule", editor)["due_at"] is None
    assert client.post(f"{live}/unschedule", headers=editor).status_code == 409
    clock.advance(hours=2)
    assert title(client) == "Chợ đêm"


@pytest.mark.parametrize("at", ["2026-07-01T08:00:00+07:00", "2026-07-01", "soon", None])
def test_a_schedule_is_a_moment_to_come(
    client: FlaskClient, editor: Headers, live: str, at: str | None
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm đã dời"})
    refused = client.post(f"{live}/schedule", json={"at": at}, headers=editor)
    assert (refused.status_code, list(refused.json["errors"])) == (422, ["at"])


def test_a_scheduled_announcement_is_pushed_when_it_appears(
    app: Flask, client: FlaskClient, editor: Headers, session: Session, clock: TurnableClock
) -> None:
    draft = {"kind": "announcement", "title": {"vi": "Cắt nước"}, "body": {"vi": "Nội dung."}}
    made = client.post(STAFF, json=draft, headers=editor).json
    at = clock() + timedelta(hours=2)
    do(client, f"{STAFF}/{made['id']}/schedule", editor, at=at.isoformat())

    def work() -> int:
        sessions = app.extensions["sessions"]
        worker.work_off(sessions, articles.handlers(), clock)
        session.rollback()
        return len(session.scalars(select(Message)).all())

    assert work() == 0
    clock.advance(hours=2)
    assert work() == 1
    do(client, f"{STAFF}/{made['id']}/publish", editor)
    assert work() == 1


def test_an_end_is_said_by_one_act_and_comes_true_by_the_clock(
    client: FlaskClient, editor: Headers, live: str, clock: TurnableClock
) -> None:
    do(client, f"{live}/expire", editor, at=(clock() + timedelta(minutes=5)).isoformat())
    clock.advance(minutes=4)
    assert title(client) == "Chợ đêm"
    clock.advance(minutes=1)
    assert title(client) is None
    assert client.get(live, headers=editor).json["standing"] == "expired"
    do(client, f"{live}/expire", editor, at=None)
    assert title(client) == "Chợ đêm"
    acts = [r["act"] for r in client.get(f"{live}/revisions", headers=editor).json["items"]]
    assert acts == ["expire", "expire", "publish"]


def test_an_older_revision_is_brought_back_in_all_languages(
    client: FlaskClient, editor: Headers, live: str
) -> None:
    change(client, live, editor, title={"vi": "Sai", "en": "Wrong"}, topics=["tourism"])
    do(client, f"{live}/publish", editor)
    history = client.get(f"{live}/revisions", headers=editor).json["items"]
    assert [revision["act"] for revision in history] == ["publish", "change", "publish"]
    assert history[0]["name"] == "Nguyễn Thị Mẫu"
    oldest = history[-1]["number"]
    restored = do(client, f"{live}/revisions/{oldest}/restore", editor)
    assert (restored["title"], restored["topics"]) == ({"vi": "Chợ đêm"}, [])
    assert title(client) == "Sai"
    do(client, f"{live}/publish", editor)
    assert title(client) == "Chợ đêm"
    assert client.post(f"{live}/revisions/99/restore", json={}, headers=editor).status_code == 404


def test_a_revision_says_what_it_changed(client: FlaskClient, editor: Headers, live: str) -> None:
    drafted = change(client, live, editor, title={"vi": "Chợ đêm", "en": "Night market"})
    address = f"{live}/revisions/{drafted['revision']}"
    found = client.get(address, headers=editor).json
    assert found["differences"] == [{"field": "title.en", "before": None, "after": "Night market"}]
    assert found["values"]["title"] == {"vi": "Chợ đêm", "en": "Night market"}


def test_of_two_who_change_the_same_revision_the_second_is_refused(
    client: FlaskClient, editor: Headers, colleague: Headers, live: str
) -> None:
    read = client.get(live, headers=editor).json["revision"]
    change(client, live, editor, title={"vi": "Một"}, revision=read)
    late = client.patch(
        live, json={"title": {"vi": "Hai"}}, headers=colleague | {"If-Match": f'"{read}"'}
    )
    assert late.status_code == 409
    assert client.get(live, headers=editor).json["title"] == {"vi": "Một"}


def test_who_opens_what_somebody_edits_is_told(
    client: FlaskClient, editor: Headers, colleague: Headers, live: str, clock: TurnableClock
) -> None:
    assert client.put(f"{live}/lock", json={}, headers=editor).status_code == 200
    assert client.get(f"{live}/lock", headers=colleague).json["name"] == "Nguyễn Thị Mẫu"
    assert client.put(f"{live}/lock", json={}, headers=colleague).status_code == 409
    taken = client.put(f"{live}/lock", json={"take_over": True}, headers=colleague)
    assert taken.status_code == 200
    assert client.put(f"{live}/lock", json={}, headers=editor).status_code == 409
    clock.advance(minutes=6)
    assert client.put(f"{live}/lock", json={}, headers=editor).status_code == 200
    assert client.delete(f"{live}/lock", headers=editor).status_code == 204
    assert client.get(f"{live}/lock", headers=colleague).json == {}


def test_a_link_to_something_unpublished_is_warned_of(
    client: FlaskClient, editor: Headers, live: str, session: Session
) -> None:
    keep(session, PlaceFactory(slug="co-that"))
    body = {"vi": "[a](/places/co-that) và [b](/places/khong-co)"}
    (warning,) = change(client, live, editor, body=body)["warnings"]
    assert "/places/khong-co" in warning


def test_whoever_has_the_link_sees_the_draft_as_it_will_be_until_it_lapses(
    client: FlaskClient, editor: Headers, live: str, clock: TurnableClock
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm mới"})
    made = do(client, f"{live}/preview", editor)
    path = made["url"].removeprefix("http://127.0.0.1:8000")
    api_path = made["api_url"].removeprefix("http://127.0.0.1:8000")
    page = client.get(path)
    assert "<h1>Chợ đêm mới</h1>" in page.text
    assert page.headers["X-Robots-Tag"] == "noindex"
    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(api_path).json["title"] == "Chợ đêm mới"
    assert client.get(path.replace(".", ".x")).status_code == 404
    clock.advance(days=7)
    assert client.get(path).status_code == 404


def test_what_was_archived_can_be_taken_out_again(
    client: FlaskClient, editor: Headers, live: str
) -> None:
    do(client, f"{live}/archive", editor)
    assert title(client) is None
    assert do(client, f"{live}/unarchive", editor)["state"] == "draft"
    do(client, f"{live}/publish", editor)
    assert title(client) == "Chợ đêm"


def test_the_audit_tells_who_did_what_and_what_it_was_before(
    client: FlaskClient, editor: Headers, live: str, as_staff: Callable[..., Headers]
) -> None:
    change(client, live, editor, title={"vi": "Chợ đêm mới"})
    do(client, f"{live}/publish", editor)
    assert client.get("/api/v1/staff/audit", headers=editor).status_code == 403
    leader = as_staff(Role.LEADER)
    newest, older = client.get("/api/v1/staff/audit?type=article", headers=leader).json["items"]
    assert (newest["act"], older["act"]) == ("publish", "change")
    assert newest["before"] == {"title": {"vi": "Chợ đêm"}}
    assert newest["after"] == {"title": {"vi": "Chợ đêm mới"}}
    assert newest["name"] == "Nguyễn Thị Mẫu"
    assert client.get("/api/v1/staff/audit?act=archive", headers=leader).json["items"] == []


def test_an_edit_is_seen_by_every_process_at_its_next_request(
    make_app: Callable[..., Flask], editor: Headers, live: str
) -> None:
    one, other = make_app().test_client(), make_app().test_client()
    assert (title(one), title(other)) == ("Chợ đêm", "Chợ đêm")
    assert one.get("/api/v1/articles").json["items"][0]["title"] == "Chợ đêm"
    change(other, live, editor, title={"vi": "Chợ đêm mới"})
    do(other, f"{live}/publish", editor)
    assert one.get("/api/v1/articles").json["items"][0]["title"] == "Chợ đêm mới"
    assert (title(one), title(other)) == ("Chợ đêm mới", "Chợ đêm mới")
