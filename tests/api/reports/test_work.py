"""The staff's work on reports: every move of the workflow, notes, assignment, the list."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.feedback.models import Report, ReportContactLook, ReportEvent
from backend.feedback.workflow import CLOSED, MOVES, State, Who
from tests.api.reports.conftest import Filed, FileReport, Headers, IdOf, InState, MakeOffice
from tests.conftest import TurnableClock
from tests.factories.feedback import contact


def status_of(client: FlaskClient, filed: Filed) -> str:
    status: str = client.get(filed.tracking).json["status"]
    return status


def may(who: Who, before: State, after: State) -> bool:
    return (before, after) in MOVES and who in MOVES[before, after].who


@pytest.mark.parametrize("before", State)
def test_an_officer_makes_every_move_of_the_table_and_no_other(
    client: FlaskClient, officer: Headers, in_state: InState, before: State
) -> None:
    allowed = {after for after in State if may(Who.OFFICER, before, after)}
    for after in State:
        filed = in_state(before)
        answer = client.post(
            f"{filed.staff_address}/transition",
            json={"to": after, "reason": "Có lý do"},
            headers=officer,
        )
        if after in allowed:
            assert answer.status_code == 200, (before, after, answer.text)
            assert answer.json["status"] == after
            last = answer.json["history"][-1]
            assert (last["from_status"], last["to_status"], last["by"], last["text"]) == (
                before,
                after,
                "officer",
                "Có lý do",
            )
        else:
            assert answer.status_code == 409, (before, after, answer.text)
            assert all(state in answer.json["detail"] for state in allowed)
            assert status_of(client, filed) == before


def test_a_move_that_needs_a_reason_is_refused_without_one(
    client: FlaskClient, officer: Headers, in_state: InState, subtests: pytest.Subtests
) -> None:
    for (before, after), move in MOVES.items():
        if not move.needs_reason or Who.OFFICER not in move.who:
            continue
        with subtests.test(before=before, after=after):
            filed = in_state(before)
            answer = client.post(
                f"{filed.staff_address}/transition",
                json={"to": after, "reason": " "},
                headers=officer,
            )
            assert answer.status_code == 422
            assert "reason" in answer.json["errors"]
            assert status_of(client, filed) == before


@pytest.mark.parametrize(
    ("act", "after"), [("withdraw", State.WITHDRAWN), ("reopen", State.REOPENED)]
)
def test_a_reporter_withdraws_and_reopens_as_the_table_says(
    client: FlaskClient, in_state: InState, subtests: pytest.Subtests, act: str, after: State
) -> None:
    for before in State:
        with subtests.test(before=before):
            filed = in_state(before)
            answer = client.post(
                f"{filed.address}/{act}", json={"reason": "Đổi ý"}, headers=filed.headers
            )
            if may(Who.REPORTER, before, after):
                assert (answer.status_code, answer.json["status"]) == (200, after)
            else:
                assert answer.status_code == 409
                assert status_of(client, filed) == before


def test_a_reporters_comment_is_taken_while_the_report_is_open(
    client: FlaskClient, in_state: InState, subtests: pytest.Subtests
) -> None:
    for before in State:
        with subtests.test(before=before):
            filed = in_state(before)
            answer = client.post(
                f"{filed.address}/comments", json={"text": "Vẫn còn"}, headers=filed.headers
            )
            if before in CLOSED:
                assert answer.status_code == 409
                continue
            assert answer.status_code == 201
            assert [comment["text"] for comment in answer.json["comments"]] == ["Vẫn còn"]
            waited = before is State.WAITING_FOR_REPORTER
            assert answer.json["status"] == (State.IN_PROGRESS if waited else before)


def test_every_state_has_public_words_in_both_languages(
    client: FlaskClient, in_state: InState
) -> None:
    for state in State:
        address = in_state(state).tracking
        english = client.get(f"{address}?lang=en").json["status_label"]
        vietnamese = client.get(f"{address}?lang=vi").json["status_label"]
        assert english != state
        assert vietnamese != english


def test_everybody_reads_the_public_note_in_their_language(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    note = {"vi": "Đã xem tại chỗ", "en": "Seen on the spot"}
    client.post(
        f"{filed.staff_address}/transition",
        json={"to": "verified", "public_note": note},
        headers=officer,
    )
    for language, words in note.items():
        last = client.get(f"{filed.tracking}?lang={language}").json["history"][-1]
        assert (last["status"], last["note"]) == ("verified", words)


def test_a_move_on_an_old_view_of_the_report_is_refused(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    seen = client.get(filed.staff_address, headers=officer).json["version"]
    move = {"to": "verified", "version": seen}
    first = client.post(f"{filed.staff_address}/transition", json=move, headers=officer)
    late = client.post(
        f"{filed.staff_address}/transition", json=move | {"to": "assigned"}, headers=officer
    )
    assert (first.status_code, late.status_code) == (200, 409)
    assert status_of(client, filed) == "verified"


def test_of_officers_who_move_at_once_one_succeeds(
    app: Flask, officer: Headers, file: FileReport, session: Session
) -> None:
    filed = file()
    moves = ["rejected", "duplicate"] * 4

    def move(to: str) -> int:
        return (
            app.test_client()
            .post(
                f"{filed.staff_address}/transition",
                json={"to": to, "reason": "Có lý do"},
                headers=officer,
            )
            .status_code
        )

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(move, moves)) == [200] + [409] * 7
    moved = select(func.count()).select_from(ReportEvent).where(ReportEvent.kind == "moved")
    assert session.scalar(moved) == 1


@pytest.mark.parametrize(
    ("role", "reads", "works", "sees_contacts"),
    [
        (Role.OFFICER, 200, 200, 200),
        (Role.ADMIN, 200, 200, 200),
        (Role.LEADER, 200, 403, 403),
        (Role.EDITOR, 403, 403, 403),
        (Role.LIFEGUARD, 403, 403, 403),
    ],
)
def test_roles_decide_who_reads_works_and_sees_contacts(
    client: FlaskClient,
    file: FileReport,
    as_staff: Callable[..., Headers],
    role: Role,
    reads: int,
    works: int,
    sees_contacts: int,
) -> None:
    filed, headers = file(**contact()), as_staff(role)
    listed = client.get("/api/v1/staff/reports", headers=headers)
    one = client.get(filed.staff_address, headers=headers)
    move = client.post(
        f"{filed.staff_address}/transition", json={"to": "verified"}, headers=headers
    )
    seen = client.get(f"{filed.staff_address}/contact", headers=headers)
    assert (listed.status_code, one.status_code) == (reads, reads)
    assert (move.status_code, seen.status_code) == (works, sees_contacts)


def test_guests_and_reporters_reach_nothing_of_the_staffs(
    client: FlaskClient, file: FileReport
) -> None:
    filed = file(**contact())
    for act in ("transition", "note", "assign"):
        answer = client.post(f"{filed.staff_address}/{act}", json={}, headers=filed.headers)
        assert answer.status_code == 401
    for address in ("", "/contact"):
        answer = client.get(filed.staff_address + address, headers=filed.headers)
        assert answer.status_code == 401


def test_each_look_at_a_contact_is_recorded(
    client: FlaskClient, officer: Headers, file: FileReport, session: Session
) -> None:
    filed = file(**contact())
    assert client.get(filed.staff_address, headers=officer).json["has_contact"] is True
    for _ in range(2):
        seen = client.get(f"{filed.staff_address}/contact", headers=officer).json
    assert seen["phone"] == "+84912345678"
    assert list(session.scalars(select(ReportContactLook.report_id))) == [uuid.UUID(filed.id)] * 2


def test_nobody_sees_the_contact_of_one_who_stays_unknown(
    client: FlaskClient, officer: Headers, file: FileReport, session: Session
) -> None:
    filed = file(anonymous=True, **contact())
    assert client.get(filed.staff_address, headers=officer).json["has_contact"] is False
    assert client.get(f"{filed.staff_address}/contact", headers=officer).status_code == 403
    assert session.scalar(select(func.count()).select_from(ReportContactLook)) == 0


def test_a_note_is_read_by_staff_alone(
    client: FlaskClient, officer: Headers, file: FileReport
) -> None:
    filed = file()
    answer = client.post(
        f"{filed.staff_address}/note", json={"text": "Gọi đội môi trường"}, headers=officer
    )
    assert answer.status_code == 201
    assert answer.json["history"][-1]["text"] == "Gọi đội môi trường"
    assert "Gọi đội" not in client.get(filed.tracking, headers=filed.headers).text


def test_assigning_names_who_works_and_moves_a_fresh_report_on(
    client: FlaskClient, officer: Headers, file: FileReport, office: MakeOffice
) -> None:
    filed = file()
    assigned = client.post(
        f"{filed.staff_address}/assign", json={"office": office("doi-moi-truong")}, headers=officer
    ).json
    assert (assigned["status"], assigned["office"]) == ("assigned", "doi-moi-truong")
    assert assigned["office_name"] == "Đơn vị doi-moi-truong"
    person = assigned["history"][-1]["staff_id"]
    again = client.post(
        f"{filed.staff_address}/assign", json={"person": person}, headers=officer
    ).json
    assert (again["status"], again["assignee_id"], again["office"]) == ("assigned", person, None)
    assert "doi-moi-truong" not in client.get(filed.tracking).text


MISTAKES: list[tuple[str, dict[str, Any], str]] = [
    ("assign", {}, "office"),
    ("assign", {"office": ""}, "office"),
    ("assign", {"person": str(uuid.uuid4())}, "person"),
    ("assign", {"person": "nobody"}, "person"),
    ("assign", {"office": "x" * 121}, "office"),
    ("assign", {"office": "nowhere"}, "office"),
    ("transition", {}, "to"),
    ("transition", {"to": "lost"}, "to"),
    ("transition", {"to": "verified", "public_note": {"en": "Seen"}}, "public_note"),
    ("transition", {"to": "verified", "public_note": {"vi": "a", "fr": "b"}}, "public_note"),
    ("transition", {"to": "verified", "reason": "x" * 1001}, "reason"),
    ("transition", {"to": "verified", "version": "one"}, "version"),
    ("transition", {"to": "verified", "surprise": 1}, "surprise"),
    ("note", {"text": " "}, "text"),
    ("note", {"text": "x" * 4001}, "text"),
]


def test_an_act_with_a_mistake_is_refused_by_the_fields_name(
    client: FlaskClient, officer: Headers, file: FileReport, subtests: pytest.Subtests
) -> None:
    filed = file()
    before = client.get(filed.staff_address, headers=officer).json
    for act, body, field in MISTAKES:
        with subtests.test(act=act, body=str(body)[:60]):
            answer = client.post(f"{filed.staff_address}/{act}", json=body, headers=officer)
            assert answer.status_code == 422
            assert field in answer.json["errors"]
    assert client.get(filed.staff_address, headers=officer).json == before


def test_work_on_a_report_that_does_not_exist_is_not_found(
    client: FlaskClient, officer: Headers, id_of: IdOf
) -> None:
    nowhere = f"/api/v1/staff/reports/{uuid.uuid4()}"
    bodies = {
        "transition": {"to": "verified"},
        "note": {"text": "a"},
        "assign": {"person": id_of(officer)},
    }
    for act, body in bodies.items():
        assert client.post(f"{nowhere}/{act}", json=body, headers=officer).status_code == 404
    for address in ("", "/contact", f"/photos/{uuid.uuid4()}"):
        assert client.get(nowhere + address, headers=officer).status_code == 404


def test_the_list_shows_what_fits_every_criterion(
    client: FlaskClient,
    officer: Headers,
    file: FileReport,
    session: Session,
    subtests: pytest.Subtests,
) -> None:
    names = {
        file().id: "rubbish",
        file(category="202", quarter="nghi-thuy", description="Đèn đường tắt").id: "lamp",
        file().id: "resolved",
    }
    last = session.get(Report, uuid.UUID(list(names)[-1]))
    assert last is not None
    last.status = State.RESOLVED
    session.commit()
    expected = {
        "": {"rubbish", "lamp", "resolved"},
        "status=received": {"rubbish", "lamp"},
        "status=received,resolved": {"rubbish", "lamp", "resolved"},
        "category=202": {"lamp"},
        "category=100": {"rubbish", "resolved"},
        "quarter=nghi-thuy": {"lamp"},
        "q=den duong": {"lamp"},
        "q=ĐÈN": {"lamp"},
        "q=khong co": set(),
        "q=đèn đư": {"lamp"},
        "q=uong": set(),
        "q=%25": {"rubbish", "lamp", "resolved"},
        "category=202&status=resolved": set(),
    }
    for query, found in expected.items():
        with subtests.test(query=query):
            answer = client.get(f"/api/v1/staff/reports?{query}", headers=officer)
            assert {names[item["id"]] for item in answer.json["items"]} == found


def test_words_are_found_in_code_and_place_however_long_they_are(
    client: FlaskClient, file: FileReport, officer: Headers
) -> None:
    filed = file(description="x" * 4000, place_text="Cạnh chợ Hôm")
    file(description="Cạnh chợ")
    for text in (filed.code.lower(), "x" * 200, "cho  hôm", "hom, CẠNH"):
        found = client.get("/api/v1/staff/reports", query_string={"q": text}, headers=officer)
        assert [item["code"] for item in found.json["items"]] == [filed.code], text


def test_the_list_is_paged_from_the_newest_while_reports_arrive(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = []
    for _ in range(5):
        clock.advance(minutes=1)
        filed.append(file().id)
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        answer = client.get(f"/api/v1/staff/reports?limit=2{cursor}", headers=officer).json
        seen += [item["id"] for item in answer["items"]]
        cursor = f"&cursor={answer['next_cursor']}"
        file()
    assert seen == filed[::-1]
    assert answer["next_cursor"] is None


def test_a_report_is_late_once_its_promise_has_passed(
    client: FlaskClient, officer: Headers, file: FileReport, clock: TurnableClock
) -> None:
    filed = file()
    assert client.get(filed.staff_address, headers=officer).json["is_late"] is False
    clock.advance(days=6)
    assert client.get(filed.staff_address, headers=officer).json["is_late"] is True


def test_a_criterion_that_means_nothing_is_refused_by_its_name(
    client: FlaskClient, officer: Headers
) -> None:
    for query, field in (("status=lost", "status"), ("limit=0", "limit"), ("cursor=a", "cursor")):
        answer = client.get(f"/api/v1/staff/reports?{query}", headers=officer)
        assert answer.status_code == 422
        assert field in answer.json["errors"]
