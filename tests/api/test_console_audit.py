"""Leaders read in the console who did what."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.console import Visitor
from tests.factories.content import ArticleFactory, keep

Headers = dict[str, str]


@pytest.fixture
def leader(client: FlaskClient, as_staff: Callable[..., Headers]) -> Visitor:
    return Visitor(client, as_staff(Role.LEADER))


@pytest.fixture
def changed(client: FlaskClient, session: Session, as_staff: Callable[..., Headers]) -> None:
    """A title that an editor has changed and published."""
    keep(session, ArticleFactory(slug="tin", kind="news", title={"vi": "Tin cũ"}))
    editor, address = as_staff(Role.EDITOR), "/api/v1/staff/articles/tin"
    client.patch(address, json={"title": {"vi": "Tin <b>mới</b>"}}, headers=editor)
    client.post(f"{address}/publish", json={}, headers=editor)


@pytest.mark.usefixtures("changed")
def test_an_act_is_told_with_what_it_was_before_and_after(leader: Visitor) -> None:
    page = leader.open("/console/audit")
    assert "Nguyễn Thị Mẫu" in page
    assert "<del>Tin cũ</del>" in page
    assert "<ins>Tin <b>mới</b></ins>" in page  # a page as people read it: escapes undone


@pytest.mark.usefixtures("changed")
def test_acts_are_narrowed(leader: Visitor) -> None:
    assert "<del>Tin cũ</del>" in leader.open("/console/audit", act="publish", type="article")
    assert "<del>" not in leader.open("/console/audit", act="archive")
    assert "<del>" not in leader.open("/console/audit", type="place")


def test_without_any_act_the_page_says_what_to_do(leader: Visitor) -> None:
    assert 'class="empty"' in leader.open("/console/audit")


def test_the_audit_is_for_leaders_alone(
    client: FlaskClient, as_staff: Callable[..., Headers]
) -> None:
    editor = as_staff(Role.EDITOR)
    assert client.get("/console/audit", headers=editor).status_code == 403
    assert client.get("/console/audit?cursor=x", headers=as_staff(Role.LEADER)).status_code == 422
