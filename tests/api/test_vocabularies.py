"""The words that content and reports are filed under."""

from __future__ import annotations

from datetime import date

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from content.errors import Invalid
from content.vocabularies import queries

pytestmark = pytest.mark.usefixtures("vocabularies")


def test_a_reader_gets_every_vocabulary(client: FlaskClient) -> None:
    found = client.get("/api/v1/vocabularies?lang=en").json
    assert {quarter["code"] for quarter in found["quarters"]} >= {"nghi-thuy", "nghi-huong"}
    environment = found["categories"][0]
    assert environment["name"] == "Environment"
    assert {"code": "101", "name": "Rubbish"}.items() <= environment["children"][0].items()
    assert {language["code"] for language in found["languages"]} == {"vi", "en"}
    assert {"storm", "safety"} <= {topic["code"] for topic in found["topics"]}
    assert {"code": "heritage", "name": "Heritage"} in found["tags"]


def test_overcharging_asks_for_the_shop_the_item_and_the_price(client: FlaskClient) -> None:
    found = client.get("/api/v1/vocabularies").json
    leaves = {leaf["code"]: leaf for group in found["categories"] for leaf in group["children"]}
    attributes = {entry["code"]: entry["datatype"] for entry in leaves["401"]["attributes"]}
    assert attributes == {"shop": "string", "item": "string", "price_asked": "number"}


def test_a_wards_code_means_what_it_meant_on_the_day(session: Session) -> None:
    before = queries.ward_of_code(session, "16732", date(2025, 6, 30))
    after = queries.ward_of_code(session, "16732", date(2025, 7, 1))
    gone = queries.ward_of_code(session, "16717", date(2026, 1, 1))
    assert before is not None
    assert after is not None
    assert (before.name["vi"], after.name["vi"], gone) == ("Nghi Hương", "Cửa Lò", None)


def test_a_report_is_filed_under_a_leaf(session: Session) -> None:
    assert queries.report_category(session, "202").name["en"] == "Street light"
    for code in ("100", "999"):
        with pytest.raises(Invalid) as refused:
            queries.report_category(session, code)
        assert list(refused.value.errors) == ["category"]
