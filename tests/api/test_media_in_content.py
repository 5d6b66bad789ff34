"""Pictures and documents of the library in places, articles and pages."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, EventFactory, PlaceFactory, keep
from tests.factories.files import image, pdf

Headers = dict[str, str]
Media = dict[str, Any]

BASE = "http://127.0.0.1:8000"
ELSEWHERE = {
    "url": "https://example.org/a.jpg",
    "width": 800,
    "height": 600,
    "alt": {"vi": "Cổng đền"},
    "licence": "CC0",
    "credit": "Mẫu",
}


pytestmark = pytest.mark.usefixtures("vocabularies")


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


@pytest.fixture
def upload(client: FlaskClient, editor: Headers) -> Callable[..., Media]:
    """Put a file into the library."""

    def upload(data: bytes, **texts: str) -> Media:
        about = {"alt.vi": "Đảo Ngư", "alt.en": "Ngu island", "licence": "CC BY 4.0"}
        form = about | {"credit": "Người chụp mẫu"} | texts
        answer = client.post(
            "/api/v1/staff/media", data={**form, "file": (BytesIO(data), "a")}, headers=editor
        )
        assert answer.status_code == 201, answer.text
        media: Media = answer.json
        return media

    return upload


@pytest.fixture
def photo(upload: Callable[..., Media]) -> Media:
    """A picture of the library, 1000 pixels wide."""
    return upload(image(size=(1000, 500)))


@pytest.fixture
def plan(upload: Callable[..., Media]) -> Media:
    """A document of the library."""
    return upload(pdf(), **{"alt.vi": "Kế hoạch mẫu", "alt.en": "Sample plan"})


Change = Callable[..., Any]


@pytest.fixture
def change(client: FlaskClient, editor: Headers) -> Change:
    """Change a piece of content and publish that; the answer to the last call."""

    def change(path: str, **fields: Any) -> Any:
        address = f"/api/v1/staff/{path}"
        changed = client.patch(address, json=fields, headers=editor)
        if changed.status_code != 200:
            return changed
        published = client.post(f"{address}/publish", json={}, headers=editor)
        if published.status_code == 415:  # other kinds take no body
            published = client.post(f"{address}/publish", headers=editor)
        return published

    return change


@pytest.fixture
def place(session: Session) -> str:
    """A published place: where readers get it."""
    keep(session, PlaceFactory(slug="dao-ngu", name={"vi": "Đảo Ngư"}))
    return "/api/v1/places/dao-ngu"


@pytest.fixture
def article(session: Session) -> str:
    """A published announcement: where readers get it."""
    keep(session, ArticleFactory(slug="le-hoi", title={"vi": "Lễ hội", "en": "Festival"}))
    return "/api/v1/articles/le-hoi"


def test_a_place_shows_a_picture_as_the_library_describes_it(
    client: FlaskClient, change: Change, place: str, photo: Media
) -> None:
    assert change("places/dao-ngu", images=[{"media_id": photo["id"]}]).status_code == 200
    (shown,) = client.get(f"{place}?lang=en").json["images"]
    sizes = shown.pop("sizes")
    assert shown == {
        "url": f"{BASE}/media/{photo['id']}/original.jpg",
        "width": 1000,
        "height": 500,
        "alt": "Ngu island",
        "licence": "CC BY 4.0",
        "credit": "Người chụp mẫu",
    }
    assert [(size["width"], size["height"]) for size in sizes] == [
        (320, 160),
        (800, 400),
        (1000, 500),
    ]
    for size in sizes:
        answer = client.get(size["url"].removeprefix(BASE))
        assert answer.content_type == "image/webp"
    (listed,) = client.get("/api/v1/places").json["items"]
    assert listed["images"][0]["alt"] == "Đảo Ngư"


def test_what_the_library_says_anew_is_said_by_all_content_at_once(
    client: FlaskClient,
    editor: Headers,
    change: Change,
    place: str,
    photo: Media,
    clock: TurnableClock,
) -> None:
    change("places/dao-ngu", images=[{"media_id": photo["id"]}])
    before = client.get(place)
    cursor = client.get("/api/v1/sync").json["cursor"]
    revision = client.get("/api/v1/staff/places/dao-ngu", headers=editor).json["revision"]
    clock.advance(hours=1)
    client.patch(
        f"/api/v1/staff/media/{photo['id']}", json={"credit": "Người khác"}, headers=editor
    )
    after = client.get(place, headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert after.json["images"][0]["credit"] == "Người khác"
    assert after.json["updated_at"] > before.json["updated_at"]
    synced = client.get("/api/v1/sync", query_string={"since": cursor}).json["changed"]["places"]
    assert [one["images"][0]["credit"] for one in synced] == ["Người khác"]
    now = client.get("/api/v1/staff/places/dao-ngu", headers=editor).json["revision"]
    assert now == revision


def test_a_picture_that_lies_elsewhere_is_shown_with_all_that_is_needed(
    client: FlaskClient, change: Change, place: str
) -> None:
    assert change("places/dao-ngu", images=[ELSEWHERE]).status_code == 200
    (shown,) = client.get(place).json["images"]
    assert shown == {**ELSEWHERE, "alt": "Cổng đền", "sizes": []}


@pytest.mark.parametrize("missing", ELSEWHERE)
def test_a_picture_that_lacks_something_is_refused(
    change: Change, place: str, article: str, missing: str
) -> None:
    incomplete = {name: value for name, value in ELSEWHERE.items() if name != missing}
    refused = change("places/dao-ngu", images=[ELSEWHERE, incomplete])
    assert refused.status_code == 422
    assert list(refused.json["errors"]["images"]["1"]) == [missing]
    refused = change("articles/le-hoi", image=incomplete)
    assert (refused.status_code, list(refused.json["errors"]["image"])) == (422, [missing])


def test_what_is_no_reference_to_the_library_is_refused(
    change: Change, place: str, article: str, photo: Media
) -> None:
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("places/dao-ngu", {"images": [{"media_id": "7"}]}),
        ("places/dao-ngu", {"images": [{"media_id": photo["id"], "credit": "Tôi"}]}),
        ("places/dao-ngu", {"images": [{"media_id": None}]}),
        ("articles/le-hoi", {"image": {}}),
        ("articles/le-hoi", {"image": photo["id"]}),
        ("articles/le-hoi", {"attachments": [{"title": {"vi": "A"}}]}),
        ("articles/le-hoi", {"attachments": [{"media_id": photo["id"], "url": "https://x.org"}]}),
        ("articles/le-hoi", {"attachments": [{"media_id": photo["id"]}] * 21}),
    ]
    for path, fields in wrong:
        refused = change(path, **fields)
        assert (refused.status_code, set(refused.json["errors"])) == (422, set(fields)), fields


def test_an_article_leads_with_a_picture_and_has_documents_attached(
    client: FlaskClient, change: Change, article: str, photo: Media, plan: Media
) -> None:
    changed = change(
        "articles/le-hoi",
        image={"media_id": photo["id"]},
        attachments=[
            {"media_id": plan["id"]},
            {"media_id": plan["id"].upper(), "title": {"vi": "Lịch", "en": "Dates"}},
        ],
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["image"] == {"media_id": photo["id"]}
    listed = client.get("/api/v1/articles?lang=en").json["items"][0]
    synced = client.get("/api/v1/sync?lang=en").json["changed"]["articles"][0]
    for shown in (client.get(f"{article}?lang=en").json, listed, synced):
        assert shown["image"]["alt"] == "Ngu island"
        assert shown["image"]["sizes"][0]["width"] == 320
        document = {
            "url": f"{BASE}/media/{plan['id']}/original.pdf",
            "mime": "application/pdf",
            "bytes": plan["bytes"],
        }
        assert shown["attachments"] == [
            {**document, "title": "Sample plan"},
            {**document, "title": "Dates"},
        ]


def test_an_article_without_pictures_says_so(client: FlaskClient, article: str) -> None:
    shown = client.get(article).json
    assert (shown["image"], shown["attachments"]) == (None, [])


def test_nothing_is_published_that_names_what_the_library_has_not(
    client: FlaskClient, editor: Headers, change: Change, place: str, article: str, plan: Media
) -> None:
    nothing = str(uuid.uuid4())
    wrong: list[tuple[str, dict[str, Any]]] = [
        ("places/dao-ngu", {"images": [{"media_id": nothing}]}),
        ("places/dao-ngu", {"images": [{"media_id": plan["id"]}]}),
        ("places/dao-ngu", {"description": {"vi": f"![Biển](media:{nothing})"}}),
        ("articles/le-hoi", {"image": {"media_id": plan["id"]}}),
        ("articles/le-hoi", {"attachments": [{"media_id": nothing}]}),
        ("articles/le-hoi", {"body": {"vi": f"![Biển](/media/{nothing}/800.webp)"}}),
    ]
    for path, fields in wrong:
        address = f"/api/v1/staff/{path}"
        revision = client.get(f"{address}/revisions", headers=editor).json["items"]
        refused = change(path, **fields)
        assert refused.status_code == 422, (path, fields)
        assert set(refused.json["errors"]) == set(fields)
        # It is saved, for somebody to set it right; the public sees what it saw.
        kept = client.get(address, headers=editor).json
        assert all(kept[name] == value for name, value in fields.items())
        first = {"images": [], "image": None, "attachments": [], "description": {}}
        restored = first | {"body": {"vi": "Nội dung."}}
        client.patch(address, json={name: restored[name] for name in fields}, headers=editor)
        assert len(client.get(f"{address}/revisions", headers=editor).json["items"]) > len(revision)
    assert client.get(place).json["images"] == []
    assert "img" not in client.get(article).json["body_html"]


def test_markdown_names_pictures_and_documents_of_the_library(
    client: FlaskClient, change: Change, article: str, photo: Media, plan: Media
) -> None:
    body = (
        f"![](media:{photo['id']})\n\n![Hòn đảo](/media/{photo['id']}/320.webp)\n\n"
        f"[Kế hoạch](media:{plan['id']})\n\n![Tờ rơi](media:{plan['id']})"
    )
    assert change("articles/le-hoi", body={"vi": body}).status_code == 200
    html = client.get(article).json["body_html"]
    assert html.count("<img") == 2
    assert 'alt="Đảo Ngư"' in html
    assert 'alt="Hòn đảo"' in html
    picture = f"{BASE}/media/{photo['id']}"
    assert html.count(f'src="{picture}/800.webp"') == 2
    assert f"{picture}/320.webp 320w, {picture}/800.webp 800w" in html
    assert html.count('loading="lazy"') == html.count('width="1000"') == 2
    assert html.count("Ảnh: Người chụp mẫu (CC BY 4.0)") == 2
    link = f'<a href="{BASE}/media/{plan["id"]}/original.pdf"'
    assert html.count(link) == 2
    page = client.get("/announcements/le-hoi").text
    assert f'src="/media/{photo["id"]}/800.webp"' in page
    assert f'<a href="/media/{plan["id"]}/original.pdf"' in page


def test_an_event_shows_pictures_in_its_description(
    client: FlaskClient, change: Change, session: Session, photo: Media
) -> None:
    keep(session, EventFactory(slug="ram", title={"vi": "Rằm"}))
    missing = {"vi": f"![Rằm](media:{uuid.uuid4()})"}
    assert list(change("events/ram", description=missing).json["errors"]) == ["description"]
    there = {"vi": f"![Rằm](media:{photo['id']})"}
    assert change("events/ram", description=there).status_code == 200
    shown = client.get("/api/v1/events/ram").json["description_html"]
    assert f"{BASE}/media/{photo['id']}/800.webp" in shown


def test_of_what_the_library_has_no_more_the_words_stay(
    client: FlaskClient, session: Session
) -> None:
    gone = uuid.uuid4()
    body = f"![Bãi <b>biển</b>](media:{gone})\n\n[Kế hoạch](media:{gone})"
    keep(
        session,
        ArticleFactory(
            slug="cu",
            body={"vi": body},
            image={"media_id": str(gone)},
            attachments=[{"media_id": str(gone)}],
        ),
        PlaceFactory(slug="cu", images=[{"media_id": str(gone)}, ELSEWHERE]),
    )
    shown = client.get("/api/v1/articles/cu").json
    assert (shown["image"], shown["attachments"]) == (None, [])
    assert "<img" not in shown["body_html"]
    assert "media:" not in shown["body_html"]
    assert "Bãi &lt;b&gt;biển&lt;/b&gt;" in shown["body_html"]
    assert "Kế hoạch" in shown["body_html"]
    assert len(client.get("/api/v1/places/cu").json["images"]) == 1
    for page in ("/announcements/cu", "/places/cu", "/places"):
        assert client.get(page).status_code == 200


def test_texts_of_the_library_put_no_marks_into_pages(
    client: FlaskClient, change: Change, place: str, article: str, upload: Callable[..., Media]
) -> None:
    attack = '"><script>alert(1)</script>'
    media = upload(image(), **{"alt.vi": attack, "credit": attack, "licence": attack})
    change("places/dao-ngu", images=[{"media_id": media["id"]}])
    body = {"vi": f"![](media:{media['id']})"}
    change("articles/le-hoi", image={"media_id": media["id"]}, body=body)
    for path in ("/places/dao-ngu", "/announcements/le-hoi", "/places"):
        assert "<script>alert" not in client.get(path).text
    assert "<script" not in client.get(article).json["body_html"]


def test_pages_show_pictures_with_whom_to_credit_and_what_is_attached(
    client: FlaskClient, change: Change, place: str, article: str, photo: Media, plan: Media
) -> None:
    change("places/dao-ngu", images=[{"media_id": photo["id"]}, ELSEWHERE])
    change(
        "articles/le-hoi",
        image={"media_id": photo["id"]},
        attachments=[{"media_id": plan["id"]}],
    )
    for path in ("/places/dao-ngu", "/announcements/le-hoi"):
        page = client.get(f"{path}?lang=en").text
        assert f'src="/media/{photo["id"]}/800.webp"' in page
        assert 'alt="Ngu island"' in page
        assert "Picture: Người chụp mẫu (CC BY 4.0)" in page
    # The pages' own policy forbids pictures of other sites.
    assert '<a href="https://example.org/a.jpg"' in client.get("/places/dao-ngu").text
    page = client.get("/announcements/le-hoi").text
    assert f'<a href="/media/{plan["id"]}/original.pdf">Sample plan</a>' in page
    assert "(PDF, 1 KB)" in page
    assert f"/media/{photo['id']}/320.webp" in client.get("/places").text


def test_a_preview_shows_the_pictures_of_a_draft(
    client: FlaskClient, editor: Headers, article: str, photo: Media
) -> None:
    address = "/api/v1/staff/articles/le-hoi"
    client.patch(address, json={"image": {"media_id": photo["id"]}}, headers=editor)
    link = client.post(f"{address}/preview", headers=editor).json
    shown = client.get(link["api_url"].removeprefix(BASE)).json
    assert shown["image"]["width"] == 1000
    assert photo["id"] in client.get(link["url"].removeprefix(BASE)).text
    assert client.get(article).json["image"] is None


def test_the_pictures_of_a_whole_list_are_looked_up_at_once(
    app: Flask, client: FlaskClient, session: Session, upload: Callable[..., Media]
) -> None:
    photos = [upload(image(size=(20 + number, 20))) for number in range(12)]
    keep(session, *(PlaceFactory(images=[{"media_id": photo["id"]}]) for photo in photos))
    asked: list[str] = []
    event.listen(
        app.extensions["engine"],
        "before_cursor_execute",
        lambda _c, _cursor, statement, *_: asked.append(statement),
    )
    for path in ("/api/v1/places", "/api/v1/sync", "/places"):
        asked.clear()
        answer = client.get(path)
        assert answer.status_code == 200
        assert all(photo["id"] in answer.text for photo in photos)
        assert len([statement for statement in asked if "FROM media" in statement]) == 1
