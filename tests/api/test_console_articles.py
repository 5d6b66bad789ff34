"""Editors write, review and publish articles on the console."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from notifications.messages import Message
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.content import ArticleFactory, keep
from tests.factories.notifications import DeviceFactory

NEWS: dict[str, Any] = {
    "kind": "news",
    "title.vi": "Lễ hội biển",
    "title.en": "Sea festival",
    "body.vi": "Mở cửa **8 giờ**.\r\nMời bà con.",
    "body.en": "Opens at **eight**.",
    "then": "save",
}


@pytest.fixture
def visit(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Callable[..., Visitor]:
    """A browser of a new member of staff with the given roles."""
    return lambda *roles: Visitor(client, as_staff(*roles))


@pytest.fixture
def editor(visit: Callable[..., Visitor]) -> Visitor:
    return visit(Role.EDITOR)


@pytest.fixture
def read(client: FlaskClient) -> Callable[..., Any]:
    """What the public reads."""
    return lambda slug: client.get(f"/api/v1/articles/{slug}", headers={"Accept-Language": "en"})


def write(editor: Visitor, **more: Any) -> Page:
    """A new draft, its page open."""
    page = editor.send("/console/articles/new", **(NEWS | more))
    assert page.status == 200, page.text
    return page


def own(page: Page) -> str:
    """The address of the piece that *page* is about."""
    found = re.search(r"/console/articles/[0-9a-f-]{36}", page.path)
    assert found, page.path
    return found[0]


def again(page: Page, **changed: Any) -> dict[str, Any]:
    """The fields of a form that was opened, some of them changed."""
    return NEWS | {"revision": page.field("revision")} | changed


def test_a_draft_is_kept_in_two_languages_and_hidden_until_it_is_published(
    editor: Visitor, read: Callable[..., Any]
) -> None:
    page = write(editor)
    assert "The draft is saved." in page
    assert page.field("title.en") == "Sea festival"
    assert read("le-hoi-bien").status_code == 404
    page = editor.send(f"{own(page)}/do/publish")
    assert "Published." in page
    shown = read("le-hoi-bien").json
    assert shown["title"] == "Sea festival"
    assert shown["body_html"] == "<p>Opens at <strong>eight</strong>.</p>\n"


def test_changes_to_what_is_public_are_compared_and_wait_for_publication(
    editor: Visitor, read: Callable[..., Any]
) -> None:
    one = own(write(editor))
    editor.send(f"{one}/do/publish")
    page = editor.send(one, **again(editor.open(one), **{"title.en": "Festival of the sea"}))
    assert "Changes: Draft" in page
    review = editor.open(f"{one}/review")
    assert "<del>" in review
    assert "<ins>" in review
    assert read("le-hoi-bien").json["title"] == "Sea festival"
    editor.send(f"{one}/do/publish")
    assert read("le-hoi-bien").json["title"] == "Festival of the sea"


def test_a_leader_approves_what_an_editor_hands_in(
    visit: Callable[..., Visitor], editor: Visitor
) -> None:
    page = write(editor, then="submit")
    one = own(page)
    assert "Handed in for review." in page
    leader = visit(Role.LEADER)
    home = leader.open("/console")
    assert "Waits for your review" in home
    assert f"{one}/review" in home
    assert leader.open(one).status == 403
    assert "Approved." in leader.send(f"{one}/do/approve")
    assert "Published." in editor.send(f"{one}/do/publish")


def test_under_the_two_person_rule_nobody_publishes_alone(
    make_app: Callable[..., Flask], as_staff: Callable[..., dict[str, str]]
) -> None:
    client = make_app(two_person_rule=True).test_client()
    editor, leader = (Visitor(client, as_staff(role)) for role in (Role.EDITOR, Role.LEADER))
    one = own(write(editor, then="submit"))
    page = editor.send(f"{one}/do/publish")
    assert page.status == 422
    assert "Somebody else has to approve this before it is published." in page
    assert editor.send(f"{one}/do/approve").status == 403
    leader.send(f"{one}/do/approve")
    assert "Published." in editor.send(f"{one}/do/publish")


def test_a_scheduled_article_appears_at_its_minute_by_the_towns_clocks(
    editor: Visitor, read: Callable[..., Any], clock: TurnableClock
) -> None:
    one = own(write(editor))
    page = editor.send(f"{one}/do/schedule", at="2026-07-01T09:30")
    assert "Scheduled." in page
    assert "Lễ hội biển" in editor.open("/console") or "Sea festival" in editor.open("/console")
    clock.advance(minutes=89)
    assert read("le-hoi-bien").status_code == 404
    clock.advance(minutes=1)
    assert read("le-hoi-bien").status_code == 200


@pytest.mark.parametrize(
    ("act", "fields", "says"),
    [
        ("schedule", {}, "Write a day and a time."),
        ("schedule", {"at": "soon"}, "Write a day and a time."),
        ("schedule", {"at": "2026-06-30T09:30"}, "Must be in the future."),
        ("approve", {}, "It has not been handed in for review."),
        ("unpublish", {}, "It is not published."),
        ("unarchive", {}, "It is not in the archive."),
    ],
)
def test_an_act_that_is_not_possible_is_refused_in_words(
    editor: Visitor, act: str, fields: dict[str, str], says: str
) -> None:
    page = editor.send(f"{own(write(editor))}/do/{act}", **fields)
    assert page.status == 422
    assert says in page


def test_an_unfinished_draft_is_kept_and_what_it_lacks_is_said_at_publication(
    editor: Visitor,
) -> None:
    page = write(editor, **{"body.vi": "", "body.en": ""})
    page = editor.send(f"{own(page)}/do/publish")
    assert page.status == 422
    assert "The Vietnamese text (vi) is needed to publish." in page


@pytest.mark.parametrize(
    ("changed", "wrong"),
    [
        ({"title.vi": "", "title.en": ""}, "title"),
        ({"title.vi": "x" * 201}, "title.vi"),
        ({"kind": "poem"}, "kind"),
        ({"slug": "Không Dấu"}, "slug"),
        ({"topics": "cooking"}, "topics"),
        ({"quarters": ["nowhere"]}, "quarters"),
        ({"expires_at": "never"}, "expires_at"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field_and_what_was_written_is_not_lost(
    editor: Visitor, changed: dict[str, Any], wrong: str
) -> None:
    page = editor.send("/console/articles/new", **(NEWS | changed))
    assert page.status == 422
    assert f'href="#{wrong}"' in page
    assert "Mời bà con." in page
    assert "Nothing is written yet." in editor.open("/console/articles")


def test_who_saves_on_the_ground_of_an_older_text_is_told_so(editor: Visitor) -> None:
    one = own(write(editor))
    mine = editor.open(one)
    editor.send(one, **again(mine, **{"title.en": "Somebody was faster"}))
    page = editor.send(one, **again(mine, **{"title.en": "Too late"}))
    assert page.status == 422
    assert "Somebody else has changed this in the meantime." in page
    assert page.field("title.en") == "Too late"
    assert editor.open(one).field("title.en") == "Somebody was faster"


def test_somebody_elses_open_editor_is_shown_until_it_is_closed(
    editor: Visitor, visit: Callable[..., Visitor]
) -> None:
    one = own(write(editor))
    other = visit(Role.EDITOR)
    assert "has this open" not in editor.send(f"{one}/lock")
    assert "Nguyễn Thị Mẫu has this open" in other.send(f"{one}/lock")
    assert "has this open" not in other.send(f"{one}/lock", take_over="yes")
    assert "has this open" in editor.send(f"{one}/lock")
    other.client.post(f"{one}/lock", data={"close": "yes"}, headers=other.headers)
    assert "has this open" not in editor.send(f"{one}/lock")


def test_the_preview_is_the_public_page_of_what_is_not_saved_yet(editor: Visitor) -> None:
    page = editor.send("/console/articles/preview", **NEWS, preview_language="en")
    assert "<h1>Sea festival</h1>" in page
    assert "Opens at <strong>eight</strong>." in page
    assert '<html lang="en">' in page
    page = editor.send("/console/articles/preview", **NEWS, preview_language="vi")
    assert "<h1>Lễ hội biển</h1>" in page
    assert '<html lang="vi">' in page
    assert "Nothing is written yet." in editor.open("/console/articles")


def test_scripts_in_a_text_do_not_reach_the_preview(editor: Visitor) -> None:
    bad = {"body.vi": "<script>alert(1)</script>[x](javascript:alert(1))"}
    page = editor.send("/console/articles/preview", **(NEWS | bad))
    assert "&lt;script&gt;alert(1)" in page.source
    assert 'href="javascript' not in page.source


def test_a_preview_of_a_form_that_cannot_be_read_changes_nothing(
    editor: Visitor, client: FlaskClient
) -> None:
    form = NEWS | {"kind": "poem"}
    answer = client.post("/console/articles/preview", data=form, headers=editor.headers)
    assert answer.status_code == 204


def test_an_older_version_is_compared_and_brought_back(
    editor: Visitor, read: Callable[..., Any]
) -> None:
    one = own(write(editor))
    editor.send(f"{one}/do/publish")
    editor.send(one, **again(editor.open(one), **{"title.en": "A mistake"}))
    editor.send(f"{one}/do/publish")
    history = editor.open(f"{one}/history")
    assert "Nguyễn Thị Mẫu published" in history
    numbers = re.findall(rf'href="{one}/history/(\d+)"', history.text)
    oldest = editor.open(f"{one}/history/{numbers[-1]}")
    assert "<ins>" in oldest
    page = editor.send(f"{one}/history/{numbers[-1]}/restore")
    assert "Brought back as a draft." in page
    assert read("le-hoi-bien").json["title"] == "A mistake"
    editor.send(f"{one}/do/publish")
    assert read("le-hoi-bien").json["title"] == "Sea festival"
    assert editor.open(f"{one}/history/999").status == 404


def test_taken_off_put_away_and_brought_out_again(
    editor: Visitor, read: Callable[..., Any]
) -> None:
    one = own(write(editor))
    editor.send(f"{one}/do/publish")
    assert "Off the pages." in editor.send(f"{one}/do/unpublish")
    assert read("le-hoi-bien").status_code == 404
    assert "Put into the archive." in editor.send(f"{one}/do/archive")
    assert own(editor.open(one)) == one
    archived = editor.open("/console/articles", standing="archived")
    assert one in archived
    assert one not in editor.open("/console/articles", standing="live")
    assert "Out of the archive" in editor.send(f"{one}/do/unarchive")


def test_the_end_of_something_public_is_set_at_once(
    editor: Visitor, read: Callable[..., Any], clock: TurnableClock
) -> None:
    one = own(write(editor))
    editor.send(f"{one}/do/publish")
    clock.advance(minutes=1)
    assert "The end is set." in editor.send(f"{one}/do/expire", until="2026-07-02T08:00")
    assert "Disappears within a week" in editor.open("/console")
    assert f"{one}/review" in editor.open("/console")
    clock.advance(days=1)
    assert read("le-hoi-bien").status_code == 404


def test_the_list_finds_by_name_and_state_and_group(editor: Visitor, session: Session) -> None:
    keep(
        session,
        ArticleFactory(kind="guide", title={"vi": "Đi chợ cá", "en": "The fish market"}),
        ArticleFactory(kind="faq", title={"vi": "Gửi xe ở đâu?", "en": "Where to park?"}),
    )
    found = editor.open("/console/articles", group="guides")
    assert "The fish market" in found
    assert "Where to park?" not in found
    assert "The fish market" in editor.open("/console/articles", q="chợ cá")
    assert "Nothing fits." in editor.open("/console/articles", q="chợ hoa")
    assert "Nothing fits." in editor.open("/console/articles", standing="draft")
    assert "Nothing is written yet." in editor.open("/console/articles", group="news")


def test_the_number_of_phones_follows_the_boxes(
    editor: Visitor, session: Session, vocabularies: None
) -> None:
    session.add_all([DeviceFactory(quarter="nghi-thuy"), DeviceFactory(quarter=None)])
    session.commit()
    assert "2 phones would get it." in editor.send("/console/articles/audience")
    page = editor.send("/console/articles/audience", quarters=["nghi-thuy"])
    assert "One phone would get it." in page
    page = editor.send("/console/articles/audience", quarters=["nghi-hai"])
    assert "No phone would get it" in page


@pytest.mark.parametrize(("ticked", "messages"), [({"notify": "yes"}, 1), ({}, 0)])
def test_an_announcement_goes_to_phones_only_where_that_is_ticked(
    editor: Visitor, client: FlaskClient, ticked: dict[str, str], messages: int, session: Session
) -> None:
    one = own(write(editor, kind="announcement"))
    assert "Also send it to people's phones" in editor.open(f"{one}/review")
    editor.send(f"{one}/do/publish", **ticked)
    session.rollback()
    assert session.query(Message).count() == messages


def test_a_procedure_asks_for_its_steps(editor: Visitor, read: Callable[..., Any]) -> None:
    page = write(editor, kind="procedure", **{"procedure.fee.vi": "Không thu"})
    assert "A procedure needs its steps" in editor.send(f"{own(page)}/do/publish")
    fields = again(editor.open(own(page)), kind="procedure", **{"procedure.steps.vi": "1. Nộp đơn"})
    editor.send(own(page), **fields)
    editor.send(f"{own(page)}/do/publish")
    assert "Nộp đơn" in read("le-hoi-bien").json["procedure"]["steps"]


def test_an_address_for_others_shows_the_draft(editor: Visitor, client: FlaskClient) -> None:
    page = editor.send(f"{own(write(editor))}/link")
    found = re.search(r'value="(http[^"]+)"', page.text)
    assert found
    shown = client.get(found[1].replace("http://127.0.0.1:8000", ""))
    assert "Lễ hội biển" in shown.text


def test_a_link_to_something_hidden_is_warned_of(editor: Visitor) -> None:
    page = write(editor, **{"body.vi": "Xem [bài này](/announcements/chua-dang)."})
    assert "/announcements/chua-dang leads to nothing that is published." in page


def test_saving_without_a_change_leaves_no_trace(editor: Visitor) -> None:
    one = own(write(editor))
    before = editor.open(f"{one}/history").text.count("/history/")
    editor.send(one, **again(editor.open(one)))
    assert editor.open(f"{one}/history").text.count("/history/") == before


def test_who_has_nothing_to_do_with_content_is_kept_out(visit: Callable[..., Visitor]) -> None:
    lifeguard = visit(Role.LIFEGUARD)
    assert lifeguard.open("/console/articles").status == 403
    assert lifeguard.send("/console/articles/new", **NEWS).status == 403
    assert "/console/articles" not in lifeguard.open("/console")
