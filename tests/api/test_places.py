"""Places: which, where, how far, open or not; and editors' work on them."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from content.publishing import State
from tests.conftest import TurnableClock
from tests.factories.content import PlaceFactory, keep

Headers = dict[str, str]


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def town(session: Session) -> None:
    """Some places of the town."""
    keep(
        session,
        PlaceFactory(
            slug="den-van-loc",
            name={"vi": "Đền Vạn Lộc", "en": "Van Loc Temple"},
            category="temple",
            tags=["free", "heritage"],
            quarter="nghi-tan",
            opening_hours="07:00-18:00",
            lat=18.80,
            lng=105.70,
            description={"vi": "Đền thờ."},
            sources=[{"fact": "Giờ mở cửa", "source": "Một nguồn", "confidence": "M"}],
        ),
        PlaceFactory(
            slug="dao-ngu",
            name={"vi": "Đảo Ngư", "en": "Ngu Island"},
            category="island",
            lat=18.80,
            lng=105.783,
        ),
        PlaceFactory(
            slug="dao-mat", name={"vi": "Đảo Mắt"}, category="island", opening_hours="off"
        ),
        PlaceFactory(slug="nhap", name={"vi": "Chưa đăng"}, state=State.DRAFT),
        PlaceFactory(
            slug="quan-an",
            name={"vi": "Quán ăn"},
            category="restaurant",
            opening_hours="Mo-Su 10:00-22:00",
            lat=18.801,
            lng=105.70,
        ),
    )


def slugs(client: FlaskClient, **query: str) -> list[str]:
    answer = client.get("/api/v1/places", query_string=query)
    assert answer.status_code == 200, answer.json
    return [item["slug"] for item in answer.json["items"]]


def test_only_what_is_published_is_listed(client: FlaskClient, town: None) -> None:
    assert slugs(client) == ["dao-mat", "dao-ngu", "den-van-loc", "quan-an"]
    assert client.get("/api/v1/places/nhap").status_code == 404


def test_a_place_is_read_by_its_address_and_by_its_id(client: FlaskClient, town: None) -> None:
    found = client.get("/api/v1/places/den-van-loc?lang=en").json
    assert (found["name"], found["open_now"]) == ("Van Loc Temple", True)
    assert found["location"] == {"lat": 18.8, "lng": 105.7}
    assert found["sources"][0]["confidence"] == "M"
    assert found["prices"] == []
    assert client.get(f"/api/v1/places/{found['id']}?lang=en").json == found


def test_an_unknown_place_is_not_found(client: FlaskClient) -> None:
    for key in ("khong-co", "00000000-0000-4000-8000-000000000000", "%00", "a" * 500):
        answer = client.get(f"/api/v1/places/{key}")
        assert answer.status_code == 404
        assert answer.content_type == "application/problem+json"


def test_a_reader_who_has_the_list_gets_304(client: FlaskClient, town: None) -> None:
    first = client.get("/api/v1/places")
    again = client.get("/api/v1/places", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"category": "temple"}, ["den-van-loc"]),
        ({"category": "sight"}, ["dao-mat", "dao-ngu", "den-van-loc"]),
        ({"category": "spaceport"}, []),
        ({"tag": "free"}, ["den-van-loc"]),
        ({"tag": "fre"}, []),
        ({"quarter": "nghi-tan"}, ["den-van-loc"]),
        ({"bbox": "105.6,18.7,105.75,18.9"}, ["den-van-loc", "quan-an"]),
        ({"q": "dao"}, ["dao-mat", "dao-ngu"]),
        ({"q": "den van loc"}, ["den-van-loc"]),
        ({"q": "den van lok"}, ["den-van-loc"]),
        ({"q": ""}, ["dao-mat", "dao-ngu", "den-van-loc", "quan-an"]),
        ({"q": "?!"}, []),
        ({"q": "tàu vũ trụ"}, []),
        ({"open_now": "true"}, ["den-van-loc"]),
        ({"open_now": "false"}, ["dao-mat", "quan-an"]),
    ],
)
def test_places_are_narrowed(
    client: FlaskClient, town: None, query: dict[str, str], expected: list[str]
) -> None:
    assert sorted(slugs(client, **query)) == expected


def test_the_nearest_place_comes_first_with_its_distance(client: FlaskClient, town: None) -> None:
    found = client.get("/api/v1/places?near=18.8,105.701").json["items"]
    assert [item["slug"] for item in found] == ["den-van-loc", "quan-an", "dao-ngu"]
    # by the haversine formula, in metres
    assert [item["distance_m"] for item in found] == pytest.approx([105, 153, 8631], abs=2)
    assert slugs(client, near="18.8,105.701", radius="120") == ["den-van-loc"]
    assert client.get("/api/v1/places/den-van-loc").json["distance_m"] is None


def test_open_now_follows_the_clock_and_is_null_when_unknown(
    client: FlaskClient, town: None, clock: TurnableClock
) -> None:
    def state(slug: str) -> bool | None:
        answer: bool | None = client.get(f"/api/v1/places/{slug}").json["open_now"]
        return answer

    assert (state("den-van-loc"), state("quan-an"), state("dao-ngu")) == (True, False, None)
    clock.advance(hours=12)
    assert (state("den-van-loc"), state("quan-an"), state("dao-ngu")) == (False, True, None)


@pytest.mark.parametrize(
    "query", ["", "&near=18.8,105.7", "&q=dao", "&open_now=false", "&q=quan dao den"]
)
def test_pages_follow_each_other_without_gap_or_repeat(
    client: FlaskClient, town: None, query: str
) -> None:
    whole = client.get(f"/api/v1/places?limit=100{query}").json
    assert whole["next_cursor"] is None
    collected, cursor = [], ""
    while cursor is not None:
        page = client.get(f"/api/v1/places?limit=1{query}&cursor={cursor}").json
        collected += page["items"]
        cursor = page["next_cursor"]
    assert collected == whole["items"]


def test_suggestions_come_as_one_types(client: FlaskClient, town: None) -> None:
    for typed in ("đền v", "den v", "van l"):
        found = client.get("/api/v1/places/suggest", query_string={"q": typed}).json["items"]
        assert [item["name"] for item in found] == ["Đền Vạn Lộc"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("near=18.8", "near"),
        ("near=a,b", "near"),
        ("near=91,0", "near"),
        ("near=nan,0", "near"),
        ("near=18.8,105.7&radius=-1", "radius"),
        ("near=18.8,105.7&radius=x", "radius"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=105,19,106,18", "bbox"),
        ("open_now=maybe", "open_now"),
        ("limit=0", "limit"),
        ("limit=1000", "limit"),
        ("lang=fr", "lang"),
        ("cursor=abc", "cursor"),
        ("cursor=WzFd", "cursor"),
        ("cursor=W251bGxd", "cursor"),
        ("near=18.8,105.7&cursor=WyJhIiwiYiJd", "cursor"),
    ],
)
def test_a_bad_parameter_is_named(client: FlaskClient, query: str, field: str) -> None:
    answer = client.get(f"/api/v1/places?{query}")
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


DRAFT = {
    "name": {"vi": "Chùa Mẫu", "en": "Sample Pagoda"},
    "category": "pagoda",
    "location": {"lat": 18.8, "lng": 105.7},
    "opening_hours": "Mo-Su 07:00-18:00",
    "tags": ["free"],
}


def test_an_editor_writes_publishes_corrects_and_takes_back_a_place(
    client: FlaskClient, editor: Headers
) -> None:
    made = client.post("/api/v1/staff/places", json=DRAFT, headers=editor)
    assert made.status_code == 201
    address = f"/api/v1/staff/places/{made.json['id']}"
    assert (made.json["slug"], made.json["state"]) == ("chua-mau", "draft")
    assert slugs(client) == []

    assert client.post(f"{address}/publish", headers=editor).json["state"] == "published"
    assert slugs(client, q="chua mau") == ["chua-mau"]

    changed = client.patch(address, json={"name": {"vi": "Chùa Mới"}}, headers=editor)
    assert changed.json["location"] == DRAFT["location"]
    assert client.get("/api/v1/places/chua-mau").json["name"] == "Chùa Mẫu"
    assert client.post(f"{address}/publish", headers=editor).status_code == 200
    assert client.get("/api/v1/places/chua-mau").json["name"] == "Chùa Mới"
    assert slugs(client, q="chua moi") == ["chua-mau"]

    assert client.post(f"{address}/unpublish", headers=editor).status_code == 200
    assert client.get("/api/v1/places/chua-mau").status_code == 404
    assert slugs(client, q="chua moi") == []
    again = client.post(f"{address}/unpublish", headers=editor)
    assert again.status_code == 409

    assert client.post(f"{address}/archive", headers=editor).json["state"] == "archived"
    listed = client.get("/api/v1/staff/places?state=archived", headers=editor).json["items"]
    assert [item["slug"] for item in listed] == ["chua-mau"]
    assert listed[0]["name"] == {"vi": "Chùa Mới"}


def test_a_change_on_old_ground_is_refused(client: FlaskClient, editor: Headers) -> None:
    made = client.post("/api/v1/staff/places", json=DRAFT, headers=editor).json
    address = f"/api/v1/staff/places/{made['id']}"
    first = {"revision": made["revision"], "phone": "0912345678"}
    assert client.patch(address, json=first, headers=editor).status_code == 200
    assert client.patch(address, json=first, headers=editor).status_code == 409
    stale = editor | {"If-Match": str(made["revision"])}
    assert client.patch(address, json={"phone": "0912345679"}, headers=stale).status_code == 409
    nonsense = editor | {"If-Match": "x"}
    assert client.patch(address, json={"phone": "0912345679"}, headers=nonsense).status_code == 422
    fresh = editor | {"If-Match": f'"{made["revision"] + 1}"'}
    assert (
        client.patch(address, json={"phone": "0912345679"}, headers=fresh).json["phone"]
        == "+84912345679"
    )


def test_two_places_of_one_name_get_two_addresses(client: FlaskClient, editor: Headers) -> None:
    made = [client.post("/api/v1/staff/places", json=DRAFT, headers=editor) for _ in range(3)]
    assert [answer.json["slug"] for answer in made] == ["chua-mau", "chua-mau-2", "chua-mau-3"]
    taken = client.post("/api/v1/staff/places", json=DRAFT | {"slug": "chua-mau"}, headers=editor)
    assert taken.status_code == 409
    moved = client.patch(
        f"/api/v1/staff/places/{made[1].json['id']}", json={"slug": "chua-mau"}, headers=editor
    )
    assert moved.status_code == 409


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"name": "text"}, "name"),
        ({"category": "spaceport"}, "category"),
        ({"quarter": "atlantis"}, "quarter"),
        ({"location": {"lat": 100, "lng": 0}}, "location"),
        ({"opening_hours": "whenever"}, "opening_hours"),
        ({"price_from": -1}, "price_from"),
        ({"price_from": "10"}, "price_from"),
        ({"slug": "Not A Slug"}, "slug"),
        ({"state": "published"}, "state"),
        ({"images": [{"url": "javascript:1"}]}, "images"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_written(
    client: FlaskClient, editor: Headers, change: dict[str, object], field: str
) -> None:
    answer = client.post("/api/v1/staff/places", json=DRAFT | change, headers=editor)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [field]
    assert client.get("/api/v1/staff/places", headers=editor).json["items"] == []


def test_only_editors_write(client: FlaskClient, as_staff: Callable[..., Headers]) -> None:
    assert client.post("/api/v1/staff/places", json=DRAFT).status_code == 401
    officer = as_staff(Role.OFFICER)
    assert client.post("/api/v1/staff/places", json=DRAFT, headers=officer).status_code == 403
    assert client.get("/api/v1/staff/places", headers=officer).status_code == 403
