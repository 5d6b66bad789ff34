"""The category that a text may mean: suggested with how sure, learned from decided reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from backend.feedback.models import Report
from backend.feedback.suggesting import learning
from backend.feedback.suggesting.models import CategoryCount
from notifications import worker
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock

ADDRESS = "/api/v1/reports/category-suggestion"
NEW_WORD = "Blablo zizu quanh trạm"

Learn = Callable[[], None]


def suggested(client: FlaskClient, text: str, **headers: str) -> list[dict[str, Any]]:
    answer = client.get(ADDRESS, query_string={"text": text}, headers=headers)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json["items"]
    return items


@pytest.fixture
def learn(app: Flask, session: Session, clock: TurnableClock) -> Learn:
    """Let the worker do what is due today."""

    def run() -> None:
        clock.advance(days=1)
        learning.plan(session, clock())
        session.commit()
        worker.work_off(app.extensions["sessions"], learning.handlers(), clock)

    return run


def verify(client: FlaskClient, officer: Headers, filed: Filed) -> None:
    answer = client.post(
        f"{filed.staff_address}/transition", json={"to": "verified"}, headers=officer
    )
    assert answer.status_code == 200, answer.text


def recategorise(client: FlaskClient, officer: Headers, filed: Filed, code: str) -> None:
    answer = client.post(
        f"{filed.staff_address}/recategorise",
        json={"category": code, "reason": "Nhầm loại"},
        headers=officer,
    )
    assert answer.status_code == 200, answer.text


def test_a_report_that_an_officer_only_recategorised_teaches_too(
    client: FlaskClient, officer: Headers, file: FileReport, learn: Learn
) -> None:
    for _ in range(3):
        recategorise(client, officer, file(category="204", description=NEW_WORD), "203")
    learn()
    assert suggested(client, "blablo zizu")[0]["code"] == "203"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Ổ gà to giữa đường, xe máy suýt ngã", "201"),
        ("o ga to giua duong, xe may suyt nga", "201"),
        ("Đèn đàng ngõ choa tắt rồi, túi om", "202"),
        ("quan karaoke mo nhac on ao toi nua dem", "104"),
        ("stray dogs on the beach", "303"),
        ("quán này chặt chém, tính giá quá cao", "401"),
    ],
)
def test_a_text_suggests_its_category_in_any_spelling(
    client: FlaskClient, text: str, code: str
) -> None:
    first, *others = suggested(client, text)
    assert first["code"] == code
    assert 0.2 < first["probability"] <= 1
    assert all(first["probability"] >= other["probability"] for other in others)
    assert len(others) <= 2


def test_the_names_are_in_the_readers_language(client: FlaskClient) -> None:
    assert suggested(client, "ổ gà")[0]["name"] == "Mặt đường hư hỏng"
    assert suggested(client, "ổ gà", **{"Accept-Language": "en"})[0]["name"] == "Pothole"


def test_a_text_may_be_sent_out_of_sight_of_those_who_keep_addresses(client: FlaskClient) -> None:
    answer = client.post(ADDRESS, json={"text": "Rác chất đống bên đường"})
    assert answer.json["items"][0]["code"] == "101"
    assert answer.headers["Cache-Control"] == "no-store"


def test_words_that_say_nothing_suggest_nothing(client: FlaskClient) -> None:
    assert suggested(client, "0912345678") == []
    assert suggested(client, "!!!") == []
    assert client.get(ADDRESS).status_code == 422
    assert client.post(ADDRESS, json={"text": ""}).status_code == 422


def test_a_report_that_an_officer_took_for_true_teaches_its_words(
    client: FlaskClient, officer: Headers, file: FileReport, learn: Learn, session: Session
) -> None:
    filed = [file(category="204", description=NEW_WORD) for _ in range(3)]
    learn()
    assert session.scalars(select(CategoryCount)).all() == []
    for each in filed:
        verify(client, officer, each)
    learn()
    assert suggested(client, "blablo zizu")[0]["code"] == "204"
    counts = session.scalars(select(CategoryCount.count)).all()
    learn()
    session.rollback()
    assert session.scalars(select(CategoryCount.count)).all() == counts


def test_a_report_that_is_given_another_category_teaches_that_one_instead(
    client: FlaskClient, officer: Headers, file: FileReport, learn: Learn, session: Session
) -> None:
    filed = file(category="204", description=NEW_WORD)
    verify(client, officer, filed)
    learn()
    recategorise(client, officer, filed, "203")
    learn()
    session.rollback()
    assert suggested(client, "blablo zizu")[0]["code"] == "203"
    left = select(CategoryCount).where(CategoryCount.category == "204", CategoryCount.count != 0)
    assert session.scalars(left).all() == []


def test_many_decided_reports_are_learned_in_several_trainings(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    learn: Learn,
    session: Session,
    clock: TurnableClock,
) -> None:
    filed = file(category="204", description=NEW_WORD)
    verify(client, officer, filed)
    report = session.scalars(select(Report)).one()
    values = {column.name: getattr(report, column.name) for column in Report.__table__.columns}
    for number in range(learning.AT_ONCE):
        session.add(Report(**values | {"id": uuid4(), "code": f"T-{number}"}))
    session.commit()
    learn()
    most = session.scalars(select(CategoryCount.count).order_by(CategoryCount.count.desc()))
    assert most.first() == learning.AT_ONCE + 1
