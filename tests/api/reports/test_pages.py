"""Reporting by the public pages, as a browser without JavaScript gets them."""

from __future__ import annotations

import io
import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.feedback.models import Report, ReportContact, ReportPhoto
from tests.conftest import TurnableClock
from tests.pages import BROWSER


def photo() -> tuple[io.BytesIO, str]:
    data = io.BytesIO()
    Image.new("RGB", (32, 24), "navy").save(data, "JPEG")
    data.seek(0)
    return data, "rac.jpg"


def written(**changes: Any) -> dict[str, Any]:
    return {
        "key": str(uuid.uuid4()),
        "category": "101",
        "description": "Rác chất đống",
        "place_text": "Cạnh chợ Nghi Thủy",
    } | changes


def send(client: FlaskClient, form: dict[str, Any]) -> TestResponse:
    return client.post("/report", data=form, headers=BROWSER, content_type="multipart/form-data")


def code_in(answer: TestResponse) -> str:
    found = re.search(r"CL-[0-9A-Z]{4}-[0-9A-Z]{2}", answer.text)
    assert found
    return found[0]


class TestReporting:
    def test_one_chooses_the_kind_first_and_then_gets_its_form(self, page: Any) -> None:
        kinds = page("/report")
        assert 'href="/report?category=401"' in kinds
        form = page("/report?category=401")
        assert 'name="attributes.shop"' in form
        assert 'name="attributes.shop"' not in page("/report?category=101")

    def test_an_unknown_kind_leads_back_to_the_choice(self, client: FlaskClient) -> None:
        answer = client.get("/report?category=nonsense")
        assert (answer.status_code, answer.location) == (302, "/report")
        assert send(client, written(category="nonsense")).location == "/report"

    def test_a_report_with_photo_is_filed_without_javascript(
        self, client: FlaskClient, page: Any, session: Session
    ) -> None:
        answer = send(client, written(photos=[photo()]))
        assert answer.status_code == 200
        code = code_in(answer)
        assert "Received" in page(f"/reports/{code}")
        report = session.scalars(select(Report)).one()
        assert (report.code, report.source) == (code, "page")
        assert report.place_text == "Cạnh chợ Nghi Thủy"
        assert session.scalar(select(func.count(ReportPhoto.id))) == 1

    def test_a_report_that_is_sent_twice_is_filed_once(
        self, client: FlaskClient, session: Session, clock: TurnableClock
    ) -> None:
        form = written(**{"contact.phone": "0912345678", "consent": "yes"})
        first = send(client, dict(form))
        clock.advance(seconds=5)
        second = send(client, dict(form))
        assert code_in(first) == code_in(second)
        assert session.scalar(select(func.count(Report.id))) == 1

    def test_another_report_under_the_same_key_is_refused_and_nothing_is_lost(
        self, client: FlaskClient
    ) -> None:
        form = written()
        send(client, dict(form))
        answer = send(client, form | {"description": "Việc khác hẳn"})
        assert answer.status_code == 422
        assert "was used for another report" in answer.text
        assert "Việc khác hẳn" in answer.text

    @pytest.mark.parametrize(
        ("changes", "field"),
        [
            ({"description": ""}, "description"),
            ({"description": "x" * 4001}, "description"),
            ({"place_text": ""}, "place_text"),
            ({"quarter": "nowhere"}, "quarter"),
            ({"lat": "95", "lng": "105"}, "location.lat"),
            ({"contact.email": "nonsense", "consent": "yes"}, "contact.email"),
            ({"contact.phone": "12", "consent": "yes"}, "contact.phone"),
            ({"contact.phone": "0912345678"}, "consent"),
            ({"category": "401"}, "attributes.shop"),
        ],
    )
    def test_what_is_wrong_stands_next_to_its_field_and_what_was_written_stays(
        self, client: FlaskClient, session: Session, changes: dict[str, str], field: str
    ) -> None:
        form = written(**({"place_text": "Bãi tắm số 3"} | changes))
        answer = send(client, form)
        assert answer.status_code == 422
        place = "location" if field.startswith("location") else field
        error = re.search(rf'data-error-of="{re.escape(place)}">([^<]*)<', answer.text)
        assert error
        assert error[1]
        assert form["place_text"] in answer.text
        assert form["key"] in answer.text
        assert session.scalar(select(func.count(Report.id))) == 0

    def test_the_answers_to_a_kinds_questions_are_kept_numbers_as_numbers(
        self, client: FlaskClient, session: Session
    ) -> None:
        answers = {"shop": "Quán Mẫu", "item": "ghẹ", "price_asked": "1.500.000"}
        named = {f"attributes.{code}": answer for code, answer in answers.items()}
        assert send(client, written(category="401", **named)).status_code == 200
        report = session.scalars(select(Report)).one()
        assert report.attributes == answers | {"price_asked": 1500000}

    def test_consent_is_not_given_beforehand_and_goes_with_the_contact(
        self, client: FlaskClient, page: Any, session: Session
    ) -> None:
        box = re.search(r'<input id="consent"[^>]*>', page("/report?category=101"))
        assert box
        assert "checked" not in box[0]
        form = written(**{"contact.name": "Trần Văn Mẫu", "consent": "yes"})
        assert send(client, form).status_code == 200
        assert session.scalars(select(ReportContact)).one().name == "Trần Văn Mẫu"
        assert session.scalars(select(Report)).one().consent_version

    def test_a_bad_photo_does_not_undo_the_report(
        self, client: FlaskClient, session: Session
    ) -> None:
        bad = (io.BytesIO(b"not a photo"), "rac.jpg")
        answer = send(client, written(photos=[bad, photo()]))
        assert answer.status_code == 200
        assert "not all photos got through" in answer.text
        assert code_in(answer)
        assert session.scalar(select(func.count(ReportPhoto.id))) == 1

    def test_a_code_is_found_however_it_is_typed(self, client: FlaskClient, page: Any) -> None:
        code = code_in(send(client, written()))
        typed = code.lower().replace("-", " ")
        answer = client.get("/track", query_string={"code": typed})
        assert (answer.status_code, answer.location) == (302, f"/reports/{code}")
        assert "There is no report with this code." in page("/track?code=CL-0000-00", 404)

    def test_who_has_the_code_sees_where_it_stands_and_nothing_of_what_was_written(
        self, client: FlaskClient, page: Any, clock: TurnableClock
    ) -> None:
        form = written(**{"contact.name": "Trần Văn Mẫu", "consent": "yes"})
        code = code_in(send(client, form))
        status = page(f"/reports/{code}")
        assert "Received" in status
        assert "08:00 today" in status
        for secret in ("Rác chất đống", "Cạnh chợ", "Trần Văn Mẫu"):
            assert secret not in status
        assert "later than promised" not in status
        clock.moment += timedelta(days=10)
        assert "later than promised" in page(f"/reports/{code}")
