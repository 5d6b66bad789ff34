"""What officers do to reports: reply, ask, recategorise, merge, split, file, many at once."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.models import Citizen
from backend.accounts.roles import Role
from backend.feedback.models import Report, ReportConfirmation
from backend.feedback.workflow import CLOSED, MOVES, State
from notifications.messages import Message
from tests.api.reports.conftest import Filed, FileReport, Headers, IdOf, InState, MakeOffice
from tests.conftest import TurnableClock
from tests.factories.feedback import NewReportFactory, contact
from tests.factories.files import image

REPORTS = "/api/v1/staff/reports"
WORDS = {"vi": "Đã dọn sạch", "en": "It is clean now"}


def act(
    client: FlaskClient, filed: Filed, name: str, headers: Headers, **body: Any
) -> TestResponse:
    return client.post(f"{filed.staff_address}/{name}", json=body, headers=headers)


def tracked(client: FlaskClient, filed: Filed, language: str = "vi") -> dict[str, Any]:
    found: dict[str, Any] = client.get(
        f"{filed.tracking}?lang={language}", headers=filed.headers
    ).json
    return found


def test_the_reporter_reads_a_reply_with_photos_of_what_was_done(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    sent = client.post(
        f"{filed.staff_address}/photos",
        data={"photo": (BytesIO(image()), "a.jpg")},
        headers=officer,
    )
    (photo,) = sent.json["photos"]
    assert (sent.status_code, photo["by"]) == (201, "officer")
    unseen = photo["url"].replace("/staff", "")
    assert client.get(unseen, headers=filed.headers).status_code == 404
    assert tracked(client, filed)["photos"] == []
    replied = act(client, filed, "reply", officer, text=WORDS, photos=[photo["id"]])
    assert replied.status_code == 201, replied.text
    assert replied.json["acknowledged_at"] is not None
    assert replied.json["status"] == "received"
    for language, words in WORDS.items():
        (reply,) = tracked(client, filed, language)["replies"]
        assert (reply["kind"], reply["text"]) == ("reply", words)
    (shown,) = reply["photos"]
    assert client.get(shown["url"], headers=filed.headers).status_code == 200
    assert WORDS["vi"] not in client.get(filed.tracking).text
    assert act(client, filed, "reply", officer, text=WORDS, photos=[photo["id"]]).status_code == 422


def test_a_question_waits_for_the_reporter_whose_answer_reaches_who_asked(
    client: FlaskClient, as_staff: Callable[..., Headers], file: FileReport, id_of: IdOf
) -> None:
    officer = as_staff(Role.OFFICER)
    filed = file()
    act(client, filed, "assign", officer, person=id_of(officer))
    asked = act(client, filed, "question", officer, text={"vi": "Ở nhà số mấy?"})
    assert (asked.status_code, asked.json["status"]) == (201, "waiting_for_reporter")
    assert tracked(client, filed)["replies"][0]["text"] == "Ở nhà số mấy?"
    assert "số mấy" not in client.get(filed.tracking).text
    client.post(f"{filed.address}/comments", json={"text": "Số 5"}, headers=filed.headers)
    assert tracked(client, filed)["status"] == "in_progress"
    notices = client.get("/api/v1/staff/notices", headers=officer).json["items"]
    assert [notice["kind"] for notice in notices] == ["answered"]


def test_a_question_is_asked_where_the_workflow_can_wait(
    client: FlaskClient, officer: Headers, in_state: InState, subtests: pytest.Subtests
) -> None:
    for before in State:
        with subtests.test(before=before):
            filed = in_state(before)
            answer = act(client, filed, "question", officer, text=WORDS)
            possible = (before, State.WAITING_FOR_REPORTER) in MOVES
            assert answer.status_code == (201 if possible else 409)
            assert len(tracked(client, filed)["replies"]) == possible


def test_another_category_brings_another_office_and_the_promise_from_the_beginning(
    client: FlaskClient,
    officer: Headers,
    admin: Headers,
    office: MakeOffice,
    file: FileReport,
    clock: TurnableClock,
) -> None:
    rule = {"office": office("truc-bien"), "category": "501"}
    client.post("/api/v1/staff/routing-rules", json=rule, headers=admin)
    filed = file(category="202", attributes={"pole": "17"})
    clock.advance(hours=1)
    changed = act(client, filed, "recategorise", officer, category="501", reason="Hố sâu ở bãi")
    assert changed.status_code == 200, changed.text
    found = changed.json
    assert (found["category"]["code"], found["office"]) == ("501", "truc-bien")
    assert (found["attributes"], found["status"]) == ({}, "received")
    assert found["expected_at"] == "2026-07-01T12:00:00+07:00"
    last = found["history"][-2]
    assert (last["kind"], last["text"]) == ("recategorised", "202 → 501: Hố sâu ở bãi")
    # No rule fits any more: who has it keeps it.
    back = act(client, filed, "recategorise", officer, category="101").json
    assert (back["office"], back["expected_at"]) == ("truc-bien", "2026-07-06T08:00:00+07:00")


def test_waits_count_out_also_after_the_category_was_changed(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = file()
    act(client, filed, "question", officer, text=WORDS)
    clock.advance(hours=25)
    client.post(f"{filed.address}/comments", json={"text": "Đây"}, headers=filed.headers)
    changed = act(client, filed, "recategorise", officer, category="102").json
    assert changed["expected_at"] == "2026-07-07T09:00:00+07:00"


def test_a_duplicate_and_the_report_it_belongs_to_lead_to_each_other(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    first, again, main = file(), file(), file()
    act(client, first, "merge", officer, into=again.id, reason="Cùng một việc")
    merged = act(client, again, "merge", officer, into=main.id, reason="Cùng một việc")
    assert merged.status_code == 200, merged.text
    assert (merged.json["status"], merged.json["duplicate_of"]["code"]) == ("duplicate", main.code)
    for filed in (first, again):
        seen = tracked(client, filed)
        assert (seen["duplicate_of"]["code"], seen["duplicate_of"]["status"]) == (
            main.code,
            "received",
        )
        assert seen["history"][-1]["reason"] == "Cùng một việc"
    found = client.get(main.staff_address, headers=officer).json
    assert {link["code"] for link in found["duplicates"]} == {first.code, again.code}
    assert found["confirmations"] == 2
    reopened = act(client, again, "transition", officer, to="reopened", reason="Việc khác").json
    assert reopened["duplicate_of"] is None


def test_what_cannot_be_merged_is_refused_and_nothing_changes(
    client: FlaskClient, officer: Headers, in_state: InState, file: FileReport
) -> None:
    for state in State:
        filed, main = in_state(state), file()
        possible = (state, State.DUPLICATE) in MOVES
        answer = act(client, filed, "merge", officer, into=main.id, reason="Trùng")
        assert answer.status_code == (200 if possible else 409), state
        into = in_state(state)
        given_up = state in (State.DUPLICATE, State.REJECTED, State.WITHDRAWN)
        answer = act(client, main, "merge", officer, into=into.id, reason="Trùng")
        assert answer.status_code == (409 if given_up else 200), state
        if given_up:
            assert tracked(client, main)["status"] == "received"
    filed = file()
    same = act(client, filed, "merge", officer, into=filed.id, reason="Trùng")
    assert "into" in same.json["errors"]
    nowhere = act(client, filed, "merge", officer, into=str(uuid.uuid4()), reason="Trùng")
    assert nowhere.status_code == 404


def test_a_part_becomes_a_report_of_the_same_reporter_at_the_same_place(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file(quarter="nghi-tan", **contact())
    part = act(client, filed, "split", officer, category="202", description="Đèn đường cũng tắt")
    assert part.status_code == 201, part.text
    new = part.json
    assert (new["place_text"], new["quarter"], new["source"]) == ("Cạnh chợ", "nghi-tan", "staff")
    assert (new["has_contact"], new["split_from"]["code"]) == (True, filed.code)
    assert [link["code"] for link in tracked(client, filed)["split_into"]] == [new["code"]]
    elsewhere = act(
        client, filed, "split", officer, category="202", description="Đèn", place_text="Cổng trường"
    )
    assert elsewhere.json["place_text"] == "Cổng trường"


def test_an_officer_files_for_somebody_who_can_follow_it(
    client: FlaskClient, officer: Headers, id_of: IdOf
) -> None:
    key = {"Idempotency-Key": str(uuid.uuid4())}
    body = NewReportFactory(**contact())
    answer = client.post(REPORTS, json=body, headers=officer | key)
    assert answer.status_code == 201, answer.text
    assert (answer.json["source"], answer.json["has_contact"]) == ("staff", True)
    first = answer.json["history"][0]
    assert (first["kind"], first["by"], first["staff_id"]) == ("filed", "officer", id_of(officer))
    filed = Filed(answer.json["id"], answer.json["code"], answer.json["access_token"])
    assert tracked(client, filed)["description"] == body["description"]
    assert client.post(REPORTS, json=body, headers=officer | key).status_code == 200


def test_many_reports_are_moved_at_once_and_what_is_refused_is_told(
    client: FlaskClient, officer: Headers, file: FileReport, in_state: InState
) -> None:
    fine, closed = [file(), file()], in_state(State.WITHDRAWN)
    nowhere = str(uuid.uuid4())
    body = {
        "act": "transition",
        "to": "verified",
        "reports": [fine[0].id, closed.id, nowhere, fine[1].id],
    }
    done = client.post(f"{REPORTS}/bulk", json=body, headers=officer)
    assert done.status_code == 200, done.text
    assert done.json["done"] == [filed.id for filed in fine]
    assert [failure["report"] for failure in done.json["failed"]] == [closed.id, nowhere]
    assert all(failure["detail"] for failure in done.json["failed"])
    assert {tracked(client, filed)["status"] for filed in fine} == {"verified"}


def test_the_last_act_on_many_is_taken_back_but_for_what_was_touched_since(
    client: FlaskClient, officer: Headers, office: MakeOffice, file: FileReport
) -> None:
    kept, touched = file(), file()
    body = {"act": "assign", "office": office("moi-truong"), "reports": [kept.id, touched.id]}
    client.post(f"{REPORTS}/bulk", json=body, headers=officer)
    assert client.get(kept.staff_address, headers=officer).json["office"] == "moi-truong"
    act(client, touched, "note", officer, text="Đang xem")
    undone = client.post(f"{REPORTS}/bulk/undo", headers=officer)
    assert undone.json["done"] == [kept.id]
    assert [failure["report"] for failure in undone.json["failed"]] == [touched.id]
    found = client.get(kept.staff_address, headers=officer).json
    assert (found["office"], found["status"]) == (None, "received")
    assert client.get(touched.staff_address, headers=officer).json["status"] == "assigned"
    assert client.post(f"{REPORTS}/bulk/undo", headers=officer).status_code == 404


def test_reports_that_were_closed_by_mistake_are_open_again_with_what_was_promised(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    rejected, resolved = file(), file()
    for to in ("verified", "in_progress"):
        act(client, resolved, "transition", officer, to=to)
    before = {
        filed.id: client.get(filed.staff_address, headers=officer).json
        for filed in (rejected, resolved)
    }
    kept = ("status", "expected_at", "acknowledged_at", "is_public", "closed_at", "office")
    for to, filed in (("rejected", rejected), ("resolved", resolved)):
        clock.advance(hours=1)
        body = {"act": "transition", "to": to, "reason": "Nhầm", "reports": [filed.id]}
        client.post(f"{REPORTS}/bulk", json=body, headers=officer)
        assert tracked(client, filed)["status"] == to
        undone = client.post(f"{REPORTS}/bulk/undo", headers=officer).json
        assert (undone["done"], undone["failed"]) == ([filed.id], [])
        after = client.get(filed.staff_address, headers=officer).json
        assert {name: after[name] for name in kept} == {
            name: before[filed.id][name] for name in kept
        }
        assert tracked(client, filed)["rating"] is None
    clock.advance(days=30)
    late = client.get(f"{REPORTS}?late=true", headers=officer).json["items"]
    assert {item["id"] for item in late} == {rejected.id, resolved.id}


def test_a_report_that_was_withdrawn_meanwhile_is_not_taken_back(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    body = {"act": "transition", "to": "verified", "reports": [filed.id]}
    client.post(f"{REPORTS}/bulk", json=body, headers=officer)
    client.post(f"{filed.address}/withdraw", json={}, headers=filed.headers)
    undone = client.post(f"{REPORTS}/bulk/undo", headers=officer).json
    assert (undone["done"], len(undone["failed"])) == ([], 1)
    assert tracked(client, filed)["status"] == "withdrawn"


def test_nobody_takes_back_what_another_did_or_acts_on_another_offices_reports(
    client: FlaskClient,
    as_staff: Callable[..., Headers],
    officer: Headers,
    office: MakeOffice,
    file: FileReport,
) -> None:
    stranger = as_staff(Role.OFFICER)
    office("ha-tang", stranger)
    filed = file()
    body = {"act": "assign", "office": office("moi-truong"), "reports": [filed.id]}
    client.post(f"{REPORTS}/bulk", json=body, headers=officer)
    assert client.post(f"{REPORTS}/bulk/undo", headers=stranger).status_code == 404
    refused = client.post(
        f"{REPORTS}/bulk", json=body | {"office": "ha-tang"}, headers=stranger
    ).json
    assert (refused["done"], len(refused["failed"])) == ([], 1)
    for name, said in {
        "reply": {"text": WORDS},
        "question": {"text": WORDS},
        "recategorise": {"category": "102"},
        "merge": {"into": filed.id, "reason": "a"},
        "split": {"category": "101", "description": "a"},
    }.items():
        assert act(client, filed, name, stranger, **said).status_code == 403


def test_a_closed_report_is_neither_split_nor_recategorised(
    client: FlaskClient, officer: Headers, in_state: InState
) -> None:
    for state in State:
        expected = (409, 409) if state in CLOSED else (201, 200)
        part = {"category": "102", "description": "Phần khác"}
        split = act(client, in_state(state), "split", officer, **part)
        changed = act(client, in_state(state), "recategorise", officer, category="102")
        assert (split.status_code, changed.status_code) == expected, state


def test_mistakes_in_acts_are_named(
    client: FlaskClient, officer: Headers, file: FileReport, subtests: pytest.Subtests
) -> None:
    filed = file()
    before = client.get(filed.staff_address, headers=officer).json
    mistakes: list[tuple[str, dict[str, Any], str]] = [
        ("reply", {"text": {"en": "Only English"}}, "text"),
        ("reply", {"text": WORDS, "photos": [str(uuid.uuid4())]}, "photos"),
        ("question", {}, "text"),
        ("recategorise", {"category": "100"}, "category"),
        ("merge", {"into": filed.code, "reason": "a"}, "into"),
        ("merge", {"into": str(uuid.uuid4())}, "reason"),
        ("split", {"category": "401", "description": "a"}, "attributes.item"),
        ("split", {"category": "101"}, "description"),
    ]
    for name, body, field in mistakes:
        with subtests.test(name=name, field=field):
            answer = act(client, filed, name, officer, **body)
            assert answer.status_code == 422, answer.text
            assert field in answer.json["errors"]
    for body, field in (
        ({"act": "transition", "reports": [filed.id]}, "to"),
        ({"act": "assign", "reports": []}, "reports"),
    ):
        answer = client.post(f"{REPORTS}/bulk", json=body, headers=officer)
        assert field in answer.json["errors"]
    assert client.get(filed.staff_address, headers=officer).json == before


def test_who_follows_a_duplicate_is_told_of_it_and_of_the_report_it_belongs_to(
    client: FlaskClient, officer: Headers, file: FileReport, session: Session
) -> None:
    first, again, owner = (Citizen(firebase_uid=name) for name in ("first", "again", "owner"))
    duplicate, main = file(), file()
    session.add_all([first, again, owner])
    session.flush()
    session.add(
        ReportConfirmation(
            report_id=uuid.UUID(duplicate.id), who="x", citizen_id=again.id, at=datetime.now(UTC)
        )
    )
    session.get_one(Report, uuid.UUID(duplicate.id)).citizen_id = first.id
    session.get_one(Report, uuid.UUID(main.id)).citizen_id = owner.id
    session.commit()
    act(client, duplicate, "merge", officer, into=main.id, reason="Cùng một việc")
    act(client, main, "transition", officer, to="in_progress")
    told = {
        (message.citizen_id, message.title["vi"]) for message in session.scalars(select(Message))
    }
    of_duplicate, of_main = (f"Phản ánh {filed.code}" for filed in (duplicate, main))
    assert told == {
        (first.id, of_duplicate),
        (again.id, of_duplicate),
        (first.id, of_main),
        (again.id, of_main),
        (owner.id, of_main),
    }
