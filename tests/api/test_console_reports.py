"""An officer works on reports at the console's desk."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.console import Page, Visitor
from tests.factories.feedback import NewReportFactory, contact
from tests.factories.files import image

File = Callable[..., dict[str, Any]]


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def officer(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.OFFICER))


@pytest.fixture
def file(client: FlaskClient) -> File:
    def file(**changes: Any) -> dict[str, Any]:
        answer = client.post("/api/v1/reports", json=NewReportFactory(**changes))
        assert answer.status_code == 201, answer.text
        filed: dict[str, Any] = answer.json
        return filed

    return file


def codes(page: Page) -> list[str]:
    return re.findall(r"<strong>(CL-[^<]+)</strong>", page.text)


def do(officer: Visitor, filed: dict[str, Any], act: str, **fields: Any) -> Page:
    return officer.send(f"/console/reports/{filed['id']}/{act}", **fields)


def test_what_is_filed_waits_until_somebody_takes_it(officer: Visitor, file: File) -> None:
    filed = file()
    assert codes(officer.open("/console/reports")) == [filed["code"]]
    page = do(officer, filed, "take")
    assert page.status == 200
    assert "You work on it now." in page
    assert codes(officer.open("/console/reports")) == []
    assert codes(officer.open("/console/reports", view="mine")) == [filed["code"]]


def test_what_is_late_is_on_a_list_of_its_own(
    officer: Visitor, file: File, clock: TurnableClock
) -> None:
    filed = file()
    assert codes(officer.open("/console/reports", view="late")) == []
    clock.advance(days=30)
    late = officer.open("/console/reports", view="late")
    assert codes(late) == [filed["code"]]
    assert "late: promised for" in late


def test_the_list_is_searched_and_narrowed_and_kept_under_a_name(
    officer: Visitor, file: File
) -> None:
    here, there = file(quarter="nghi-huong"), file(category="201", description="Đèn hỏng")
    assert codes(officer.open("/console/reports", q="den hong")) == [there["code"]]
    assert codes(officer.open("/console/reports", quarter="nghi-huong")) == [here["code"]]
    kept = officer.send("/console/reports/filters", name="Đèn", query="view=open&q=den+hong&evil=1")
    assert codes(kept) == [there["code"]]
    assert "view=open&q=den+hong" in kept.text
    assert "evil" not in kept.text


def test_a_report_lies_open_beside_the_list_and_stays_open_after_an_act(
    officer: Visitor, file: File
) -> None:
    filed = file(description="Cống <b>tắc</b>")
    page = officer.open("/console/reports", id=filed["id"])
    assert "Cống <b>tắc</b>" in page  # escaped in the source
    assert "<b>tắc" not in page.source
    assert "(by app)" in page
    after = do(officer, filed, "note", text="Đã gọi điện", back="view=open")
    assert after.path == "/console/reports"
    assert "Đã gọi điện" in after


def test_the_reporter_reads_a_reply_with_its_photo(
    officer: Visitor, client: FlaskClient, file: File
) -> None:
    filed = file()
    page = do(
        officer,
        filed,
        "reply",
        **{"text.vi": "Đã dọn xong", "text.en": "Done", "photos": (io.BytesIO(image()), "a.jpg")},
    )
    assert "The reply is with the reporter." in page
    headers = {"X-Access-Token": filed["access_token"]}
    [reply] = client.get(f"/api/v1/reports/{filed['code']}", headers=headers).json["replies"]
    assert reply["text"] == "Đã dọn xong"
    assert len(reply["photos"]) == 1


def test_a_move_that_needs_a_reason_is_refused_without_and_nothing_changes(
    officer: Visitor, client: FlaskClient, file: File
) -> None:
    filed = file()
    page = do(officer, filed, "move", to="rejected", version="1")
    assert page.status == 422
    assert "Say why." in page
    assert client.get(f"/api/v1/reports/{filed['code']}").json["status"] == "received"


def test_a_report_that_changed_meanwhile_is_not_moved(officer: Visitor, file: File) -> None:
    filed = file()
    do(officer, filed, "note", text="Vì")
    page = do(officer, filed, "move", to="verified", version="1")
    assert page.status == 422
    assert "Somebody else has changed the report since" in page


def test_many_are_verified_at_once_and_taken_back(
    officer: Visitor, client: FlaskClient, file: File
) -> None:
    filed = [file(), file()]

    def states() -> list[str]:
        return [client.get(f"/api/v1/reports/{one['code']}").json["status"] for one in filed]

    done = officer.send("/console/reports/bulk", act="verify", reports=[one["id"] for one in filed])
    assert "Done to 2 reports." in done
    assert states() == ["verified", "verified"]
    officer.send("/console/reports/bulk/undo")
    assert states() == ["received", "received"]


def test_what_is_no_report_and_no_photo_is_refused(officer: Visitor, file: File) -> None:
    refused = officer.send("/console/reports/bulk", act="verify", reports=["no id"])
    assert refused.status == 200
    assert "Choose one of these." in refused
    filed = file()
    do(officer, filed, "move", to="verified", version="1")
    assert do(officer, filed, "approve", photos=["no id"]).status == 422


def test_many_need_a_tick(officer: Visitor) -> None:
    assert "Tick the reports first." in officer.send("/console/reports/bulk", act="verify")


def test_what_may_be_the_same_is_shown_beside_the_case_and_joined(
    officer: Visitor, file: File
) -> None:
    here = {"location": {"lat": 18.8, "lng": 105.72}}
    first, second = file(**here), file(**here)
    far = file(location={"lat": 18.9, "lng": 105.75})
    case = officer.open(f"/console/reports/{second['id']}")
    assert "May be the same" in case
    assert first["code"] in case
    assert far["code"] not in case
    joined = do(officer, second, "merge", code=first["code"], reason="Đã có")
    assert "Joined with the other report; its followers are told." in joined
    assert "May be the same" not in officer.open(f"/console/reports/{first['id']}")


def test_words_for_replies_are_kept_changed_and_removed(officer: Visitor, file: File) -> None:
    added = officer.send(
        "/console/reply-templates", name="Cảm ơn", **{"text.vi": "Cảm ơn bạn", "text.en": "Thanks"}
    )
    assert "Thanks" in added
    filed = file()
    assert "Cảm ơn" in officer.open(f"/console/reports/{filed['id']}")
    refused = officer.send("/console/reply-templates", name="Cảm ơn", **{"text.vi": "Khác"})
    assert refused.status == 422
    [address] = set(re.findall(r"/console/reply-templates/[0-9a-f-]{36}(?=\")", added.text))
    officer.send(address, name="Cảm ơn", **{"text.vi": "Xin cảm ơn"})
    assert "Xin cảm ơn" in officer.open(address)
    assert "Xin cảm ơn" not in officer.send(f"{address}/remove")


def test_words_for_the_reports_category_or_its_group_are_offered_first(
    officer: Visitor, file: File
) -> None:
    for name, categories in (("Chung", []), ("Rác", ["101"]), ("Môi trường", ["100"])):
        words = {"text.vi": "Xin chào", "categories": categories}
        officer.send("/console/reply-templates", name=name, **words)
    case = officer.open(f"/console/reports/{file(category='101')['id']}").text
    first = case[case.index('<optgroup label="For this category">') : case.index("</optgroup>")]
    assert ("Rác<" in first, "Môi trường<" in first, "Chung<" in first) == (True, True, False)
    assert case.count(">Rác</option>") == 1
    other = officer.open(f"/console/reports/{file(category='202')['id']}")
    assert "For this category" not in other
    wrong = officer.send("/console/reply-templates", name="X", **words | {"categories": ["x"]})
    assert wrong.status == 422


def test_a_case_is_printed_with_all_that_happened(officer: Visitor, file: File) -> None:
    filed = file()
    do(officer, filed, "take")
    page = officer.open(f"/console/reports/{filed['id']}/print")
    assert filed["code"] in page
    assert "Nguyễn Thị Mẫu" in page


def test_a_contact_is_shown_for_a_reason_that_the_reporter_can_read(
    officer: Visitor, client: FlaskClient, file: File
) -> None:
    filed = file(**contact())
    assert "Trần Văn Mẫu" not in officer.open(f"/console/reports/{filed['id']}")
    assert do(officer, filed, "contact").status == 422
    shown = do(officer, filed, "contact", contact_reason="Gọi hỏi đường")
    assert "Trần Văn Mẫu" in shown
    assert "0912 345 678" in shown
    headers = {"X-Access-Token": filed["access_token"]}
    log = client.get(f"/api/v1/reports/{filed['id']}/access-log", headers=headers)
    assert "Gọi hỏi đường" in log.text


def test_who_stays_unknown_is_not_shown_to_officers(officer: Visitor, file: File) -> None:
    filed = file(anonymous=True, **contact())
    assert "Who reported" not in officer.open(f"/console/reports/{filed['id']}")
    assert do(officer, filed, "contact", contact_reason="Vì").status == 403


def test_an_editor_has_no_business_here(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]]
) -> None:
    editor = Visitor(client, as_staff(Role.EDITOR))
    assert editor.open("/console/reports").status == 403
    assert "/console/reports" not in editor.open("/console").text
