"""A file of the library is for staff until the public has been shown it."""

from __future__ import annotations

import html
import re
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.api.media.conftest import Headers, Upload, path_of, taken
from tests.conftest import TurnableClock
from tests.factories.content import PlaceFactory, keep
from tests.factories.files import image

PLACE = "/api/v1/staff/places/bai-mau"
BASE = "http://127.0.0.1:8000"
FOR_GOOD = "public, max-age=31536000, immutable"


@pytest.fixture
def photo(upload: Upload) -> dict[str, Any]:
    """A picture that nothing shows yet."""
    return taken(upload(image()))


@pytest.fixture
def place(session: Session) -> None:
    """A place that the public sees, without a picture."""
    keep(session, PlaceFactory(slug="bai-mau"))


def caching(client: FlaskClient, url: str, headers: Headers | None = None) -> str | None:
    """How long an answer may be kept; None where there is nothing to see."""
    answer = client.get(path_of(url), headers=headers)
    if answer.status_code == 404:
        return None
    assert answer.status_code == 200, answer.text
    assert answer.mimetype.startswith("image/")
    return answer.headers["Cache-Control"]


def draw(client: FlaskClient, editor: Headers, photo: dict[str, Any]) -> None:
    """Draft the picture into the place."""
    answer = client.patch(PLACE, json={"images": [{"media_id": photo["id"]}]}, headers=editor)
    assert answer.status_code == 200, answer.text


def act(client: FlaskClient, editor: Headers, name: str, **body: Any) -> Any:
    answer = client.post(f"{PLACE}/{name}", json=body or None, headers=editor)
    assert answer.status_code == 200, answer.text
    return answer.json


def test_what_nothing_shows_is_for_staff_alone(
    client: FlaskClient, editor: Headers, photo: dict[str, Any]
) -> None:
    for size in photo["sizes"]:
        assert caching(client, size["url"]) is None
        assert caching(client, size["url"], editor) == "private, max-age=300"


@pytest.mark.usefixtures("place")
def test_a_picture_of_a_draft_is_public_once_that_is_published_and_stays_so(
    client: FlaskClient, editor: Headers, photo: dict[str, Any]
) -> None:
    draw(client, editor, photo)
    assert caching(client, photo["url"]) is None
    act(client, editor, "publish")
    assert caching(client, photo["url"]) == FOR_GOOD
    act(client, editor, "unpublish")
    assert caching(client, photo["sizes"][1]["url"]) == FOR_GOOD


@pytest.mark.usefixtures("place")
def test_a_picture_appears_with_what_was_scheduled(
    client: FlaskClient, editor: Headers, photo: dict[str, Any], clock: TurnableClock
) -> None:
    draw(client, editor, photo)
    act(client, editor, "schedule", at="2026-07-02T08:00:00+07:00")
    assert caching(client, photo["url"]) is None
    clock.advance(days=1, minutes=1)
    assert caching(client, photo["url"]) == FOR_GOOD


@pytest.mark.usefixtures("place")
def test_whoever_has_a_preview_sees_its_pictures_until_it_lapses(
    client: FlaskClient, editor: Headers, photo: dict[str, Any], clock: TurnableClock
) -> None:
    draw(client, editor, photo)
    preview = act(client, editor, "preview")
    page = client.get(path_of(preview["url"]))
    assert photo["id"] in page.text
    (shown,) = client.get(path_of(preview["api_url"])).json["images"]
    addresses = [shown["url"], *(size["url"] for size in shown["sizes"])]
    for url in addresses:
        assert caching(client, url) == "private, max-age=300"
    signed = re.findall(
        rf'/media/{photo["id"]}/[^" ]+', html.unescape(page.text).replace("\\u0026", "&")
    )
    assert len(signed) > 1
    assert {caching(client, BASE + path) for path in signed} == {"private, max-age=300"}
    clock.advance(days=8)
    assert {caching(client, url) for url in addresses} == {None}


@pytest.mark.usefixtures("place")
def test_a_signature_opens_one_picture_for_its_time(
    client: FlaskClient, editor: Headers, photo: dict[str, Any], upload: Upload
) -> None:
    other = taken(upload(image(size=(90, 60))))
    draw(client, editor, photo)
    preview = client.get(path_of(act(client, editor, "preview")["api_url"])).json
    signed = dict(parse_qsl(urlsplit(preview["images"][0]["url"]).query))
    later = str(int(signed["until"]) + 86_400)
    for url, query in [
        (other["url"], signed),
        (photo["url"], signed | {"until": later}),
        (photo["url"], signed | {"key": "guessed"}),
        (photo["url"], signed | {"until": "9" * 40}),
        (photo["url"], {"until": signed["until"]}),
        (photo["url"], signed | {"key": "é\ud7ff"}),
    ]:
        assert client.get(path_of(url), query_string=query).status_code == 404
    assert client.get(path_of(photo["url"]), query_string=signed).status_code == 200
