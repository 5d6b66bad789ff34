"""Where a report is about, found by point, by name or by words; and the posted price beside it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from content.prices.models import Price
from content.publishing import State, reindex
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.factories.content import LONG_AGO, PlaceFactory
from tests.factories.feedback import NewReportFactory
from tests.pages import BROWSER, shown

SQUARE = [[105.70, 18.80], [105.72, 18.80], [105.72, 18.82], [105.70, 18.82], [105.70, 18.80]]
HOLE = [
    [105.709, 18.809],
    [105.711, 18.809],
    [105.711, 18.811],
    [105.709, 18.811],
    [105.709, 18.809],
]

Load = Callable[..., Any]


def feature(code: str, kind: str, coordinates: Any) -> dict[str, Any]:
    return {
        "type": "Feature",
        "properties": {"code": code},
        "geometry": {"type": kind, "coordinates": coordinates},
    }


@pytest.fixture
def load(app: Flask, tmp_path: Path) -> Load:
    """Run `flask quarters load` on these features."""

    def run(*features: Any) -> Any:
        file = tmp_path / "quarters.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
        return app.test_cli_runner().invoke(args=["quarters", "load", str(file)])

    return run


@pytest.fixture
def places(session: Session) -> dict[str, str]:
    """Places of the town, and one that is not; their ids by slugs."""
    made = [
        PlaceFactory(
            name={"vi": "Quảng trường Bình Minh", "en": "Binh Minh Square"},
            lat=18.81,
            lng=105.715,
            quarter="thu-thuy",
        ),
        PlaceFactory(name={"vi": "Đảo Ngư", "en": "Ngu Island"}, lat=18.8, lng=105.783),
        PlaceFactory(name={"vi": "Chùa Đảo Ngư", "en": "Ngu Pagoda"}, lat=18.801, lng=105.78),
        PlaceFactory(name={"vi": "Nhà hàng Mẫu Sóng Xanh", "en": "Blue Wave One"}, slug="mot"),
        PlaceFactory(name={"vi": "Nhà hàng Mẫu Sóng Bạc", "en": "Silver Wave"}, slug="hai"),
        PlaceFactory(
            name={"vi": "Bãi Lữ", "en": "Bai Lu"},
            tags=["out-of-town"],
            address={"vi": "xã Hải Lộc, tỉnh Nghệ An"},
        ),
    ]
    session.add_all(made)
    session.flush()
    for place in made:
        reindex(session, place)
    session.commit()
    return {place.slug: str(place.id) for place in made}


def seen(client: FlaskClient, filed: Filed) -> dict[str, Any]:
    body: dict[str, Any] = client.get(filed.tracking, headers=filed.headers).json
    return body


def meant(client: FlaskClient, **query: str) -> dict[str, Any]:
    answer = client.get("/api/v1/reports/place", query_string=query)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json
    return body


def refused(client: FlaskClient, **changes: Any) -> TestResponse:
    answer = client.post("/api/v1/reports", json=NewReportFactory(**changes))
    assert answer.status_code == 422, answer.text
    return answer


class TestQuarters:
    """By area, else by the nearest point, else none."""

    def test_a_point_is_in_the_quarter_whose_area_holds_it(
        self, client: FlaskClient, file: FileReport, load: Load
    ) -> None:
        loaded = load(
            feature("nghi-thu", "Polygon", [SQUARE, HOLE]),
            feature("Nghi Hương", "MultiPolygon", [[HOLE]]),
        )
        assert loaded.exit_code == 0, loaded.output
        for lat, lng, quarter in [
            (18.805, 105.705, "nghi-thu"),
            (18.81, 105.71, "nghi-huong"),
            (18.83, 105.71, None),
        ]:
            filed = file(location={"lat": lat, "lng": lng}, place_text="")
            assert seen(client, filed)["quarter"] == quarter
        said = file(location={"lat": 18.805, "lng": 105.705}, quarter="nghi-tan")
        assert seen(client, said)["quarter"] == "nghi-tan"
        assert meant(client, point="18.805,105.705")["quarter"] == "nghi-thu"

    def test_without_an_area_it_is_in_the_nearest_quarter(
        self, client: FlaskClient, file: FileReport, load: Load
    ) -> None:
        load(
            feature("nghi-thu", "Point", [105.71, 18.80]),
            feature("nghi-tan", "Point", [105.71, 18.84]),
        )
        filed = file(location={"lat": 18.835, "lng": 105.712})
        assert seen(client, filed)["quarter"] == "nghi-tan"
        far = file(location={"lat": 18.72, "lng": 105.71})
        assert seen(client, far)["quarter"] is None

    @pytest.mark.parametrize(
        "wrong",
        [
            feature("nowhere", "Polygon", [SQUARE]),
            feature("nghi-tan", "LineString", SQUARE),
            feature("nghi-tan", "Polygon", [SQUARE[:-1]]),
            feature("nghi-tan", "Polygon", [[[18.8, 1058.0]] * 4]),
            feature("nghi-tan", "Polygon", "x"),
            "x",
        ],
    )
    def test_a_file_with_one_wrong_feature_changes_nothing_and_names_it(
        self, client: FlaskClient, load: Load, wrong: Any
    ) -> None:
        load(feature("nghi-thu", "Polygon", [SQUARE]))
        result = load(feature("nghi-tan", "Polygon", [SQUARE]), wrong)
        assert result.exit_code == 1
        assert "features.1" in result.output
        assert meant(client, point="18.805,105.705")["quarter"] == "nghi-thu"

    def test_words_that_name_one_quarter_say_which(
        self, client: FlaskClient, file: FileReport
    ) -> None:
        for words, quarter in [
            ("khối 4, nghi thuỷ, gần chợ", "nghi-thuy"),
            ("khoi 2 nghi thu", "nghi-thu"),
            ("giữa Nghi Thu và Nghi Hương", None),
            ("cạnh chợ", None),
        ]:
            assert seen(client, file(place_text=words))["quarter"] == quarter


class TestPlaces:
    """By the name of a place that the town tells of."""

    def test_a_place_gives_its_point_and_quarter(
        self, client: FlaskClient, file: FileReport, places: dict[str, str]
    ) -> None:
        for place in ("quang-truong-binh-minh", places["quang-truong-binh-minh"]):
            filed = seen(client, file(place=place, place_text=""))
            assert filed["location"] == {"lat": 18.81, "lng": 105.715}
            assert filed["quarter"] == "thu-thuy"
            assert filed["place_text"] == "Quảng trường Bình Minh"
        unknown = client.post("/api/v1/reports", json=NewReportFactory(place="nowhere"))
        assert unknown.status_code == 404

    def test_the_one_name_that_stands_in_the_words_is_meant(
        self, client: FlaskClient, file: FileReport, places: dict[str, str]
    ) -> None:
        filed = seen(client, file(place_text="Ngay sau quang truong Binh Minh"))
        assert filed["location"] == {"lat": 18.81, "lng": 105.715}
        assert filed["place_text"] == "Ngay sau quang truong Binh Minh"
        pagoda = seen(client, file(place_text="Trước cổng chùa Đảo Ngư"))
        assert pagoda["location"] == {"lat": 18.801, "lng": 105.78}
        assert seen(client, file(place_text="Nhà số 5"))["location"] is None

    def test_what_the_reporter_said_is_not_changed(
        self, client: FlaskClient, file: FileReport, places: dict[str, str]
    ) -> None:
        here = {"lat": 18.805, "lng": 105.72}
        filed = file(location=here, place_text="Quảng trường Bình Minh", quarter="nghi-tan")
        assert seen(client, filed)["location"] == here
        assert seen(client, filed)["quarter"] == "nghi-tan"

    def test_words_that_may_mean_several_places_are_asked_back(
        self, client: FlaskClient, places: dict[str, str]
    ) -> None:
        asked = meant(client, text="nhà hàng Mẫu Sóng")
        assert asked["outcome"] == "ambiguous"
        assert asked["message"]
        assert {each["slug"] for each in asked["candidates"]} == {"mot", "hai"}
        found = meant(client, text="quảng trường Bình Minh")
        assert (found["outcome"], found["quarter"]) == ("found", "thu-thuy")
        assert found["place"]["location"] == {"lat": 18.81, "lng": 105.715}
        assert meant(client, text="xyz")["outcome"] == "unknown"
        assert client.get("/api/v1/reports/place").status_code == 422


class TestOutside:
    """What lies outside the town is answered with who may be responsible."""

    def test_a_point_outside_is_refused_with_whom_to_tell(self, client: FlaskClient) -> None:
        answer = refused(client, location={"lat": 21.03, "lng": 105.85})
        assert "Ủy ban nhân dân" in answer.json["errors"]["location"][0]
        assert meant(client, point="21.03,105.85")["outcome"] == "outside"

    def test_a_place_outside_is_refused_with_where_it_lies(
        self, client: FlaskClient, file: FileReport, places: dict[str, str]
    ) -> None:
        answer = refused(client, place="bai-lu")
        assert "xã Hải Lộc" in answer.json["errors"]["place_text"][0]
        refused(client, place_text="Bãi Lữ")
        assert meant(client, text="Bãi Lữ")["outcome"] == "outside"
        assert seen(client, file(place_text="Đường ra Bãi Lữ, gần chợ Nghi Thủy"))["code"]

    def test_the_town_says_where_it_ends(self, make_app: Callable[..., Flask]) -> None:
        client = make_app(town_box=(105.84, 21.0, 105.86, 21.1)).test_client()
        body = NewReportFactory(location={"lat": 21.03, "lng": 105.85})
        assert client.post("/api/v1/reports", json=body).status_code == 201
        refused(client, location={"lat": 18.81, "lng": 105.71})


class TestPostedPrices:
    """Overcharging: what was asked, and what is posted."""

    @pytest.fixture
    def posted(self, session: Session, places: dict[str, str]) -> None:
        for place, price in ((None, 300_000), (UUID(places["mot"]), 350_000)):
            row = Price(
                slug=f"ghe-{price}",
                item={"vi": "Ghẹ hấp Mẫu", "en": "Sample crab"},
                unit={"vi": "kg", "en": "kg"},
                price_vnd=price,
                place_id=place,
                source="Bảng giá mẫu",
                is_sample=True,
                state=State.PUBLISHED,
                published_at=LONG_AGO,
            )
            session.add(row)
            session.flush()
            reindex(session, row)
        session.commit()

    def overcharged(self, **answers: Any) -> dict[str, Any]:
        given = {"shop": "Sóng Xanh", "item": "ghẹ hấp", "price_asked": 700_000} | answers
        attributes = {name: value for name, value in given.items() if value is not None}
        return NewReportFactory(category="401", attributes=attributes)

    def test_the_answer_and_both_sides_show_the_posted_price(
        self, client: FlaskClient, officer: Headers, posted: None
    ) -> None:
        filed = client.post("/api/v1/reports", json=self.overcharged()).json
        token = {"X-Access-Token": filed["access_token"]}
        own = client.get(f"/api/v1/reports/{filed['code']}", headers=token).json
        staff = client.get(f"/api/v1/staff/reports/{filed['id']}", headers=officer).json
        for answer in (filed, own, staff):
            prices = answer["posted_prices"]
            assert [price["price_vnd"] for price in prices] == [350_000, 300_000]
            assert [price["times"] for price in prices] == [2.0, 2.3]
            assert prices[0]["place"] == "Nhà hàng Mẫu Sóng Xanh"
            assert prices[0]["is_sample"] is True
        assert "posted_prices" not in client.get(f"/api/v1/reports/{filed['code']}").json

    def test_another_shop_is_measured_by_the_towns_price_first(
        self, client: FlaskClient, posted: None
    ) -> None:
        body = self.overcharged(shop="Quán khác", price_asked=None)
        prices = client.post("/api/v1/reports", json=body).json["posted_prices"]
        assert [price["price_vnd"] for price in prices] == [300_000, 350_000]
        assert prices[0]["times"] is None

    def test_what_has_no_posted_price_is_filed_without(
        self, client: FlaskClient, posted: None
    ) -> None:
        filed = client.post("/api/v1/reports", json=self.overcharged(item="cốc nước dừa")).json
        assert "posted_prices" not in filed

    def test_the_page_shows_it_too(self, client: FlaskClient, posted: None) -> None:
        answers = {"shop": "Sóng Xanh", "item": "ghẹ hấp", "price_asked": "700.000"}
        form = {"category": "401", "description": "Đắt", "place_text": "Chợ"}
        form |= {f"attributes.{name}": value for name, value in answers.items()}
        page = shown(client.post("/report", data=form, headers=BROWSER))
        assert "350,000" in page
        assert "2.0 times as much was asked" in page
