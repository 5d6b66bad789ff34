"""Photos over connections that break: the tus protocol as a client speaks it."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import ExifTags, Image
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.feedback import uploading
from backend.feedback.photos import MOST_PHOTOS
from backend.settings import Settings
from notifications import worker
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.conftest import TurnableClock
from tests.factories.files import image

TUS = {"Tus-Resumable": "1.0.0"}
PHOTO = image(size=(300, 200))
LENGTH = len(PHOTO)


@pytest.fixture
def filed(file: FileReport) -> Filed:
    return file()


def begin(client: FlaskClient, filed: Filed, length: Any = LENGTH) -> TestResponse:
    headers = TUS | filed.headers | {"Upload-Length": str(length)}
    return client.post(f"{filed.address}/photos/uploads", headers=headers)


def begun(client: FlaskClient, filed: Filed, length: int = LENGTH) -> str:
    answer = begin(client, filed, length)
    assert answer.status_code == 201, answer.text
    return answer.headers["Location"]


def send(
    client: FlaskClient, filed: Filed, address: str, offset: int, piece: bytes, **more: Any
) -> TestResponse:
    headers = TUS | filed.headers | {"Upload-Offset": str(offset)}
    kind = "application/offset+octet-stream"
    return client.patch(address, headers=headers, data=piece, content_type=kind, **more)


def photos(client: FlaskClient, filed: Filed) -> list[dict[str, Any]]:
    shown: list[dict[str, Any]] = client.get(filed.tracking, headers=filed.headers).json["photos"]
    return shown


def test_a_photo_comes_in_pieces_and_goes_on_where_it_broke_off(
    client: FlaskClient, filed: Filed, settings: Settings
) -> None:
    address = begun(client, filed)
    first = send(client, filed, address, 0, PHOTO[:400])
    assert (first.status_code, first.headers["Upload-Offset"]) == (204, "400")
    asked = client.head(address, headers=TUS | filed.headers)
    assert asked.headers["Upload-Offset"] == "400"
    assert asked.headers["Upload-Length"] == str(len(PHOTO))
    assert asked.headers["Cache-Control"] == "no-store"
    assert photos(client, filed) == []
    last = send(client, filed, address, 400, PHOTO[400:])
    assert last.headers["Upload-Offset"] == str(len(PHOTO))
    [photo] = photos(client, filed)
    assert photo["id"] == last.headers["X-Photo-Id"]
    assert (photo["width"], photo["height"]) == (300, 200)
    assert Image.open(BytesIO(client.get(photo["url"], headers=filed.headers).data)).size == (
        300,
        200,
    )
    assert list(settings.uploads_dir.glob("*")) == []


def test_a_piece_that_breaks_off_is_kept_as_far_as_it_came(
    client: FlaskClient, filed: Filed
) -> None:
    address = begun(client, filed)
    broken = _broken(client, filed, address)
    assert broken.headers["Upload-Offset"] == "100"
    assert send(client, filed, address, 100, PHOTO[100:]).status_code == 204
    assert len(photos(client, filed)) == 1


def _broken(client: FlaskClient, filed: Filed, address: str) -> TestResponse:
    headers = TUS | filed.headers | {"Upload-Offset": "0"}
    return client.patch(
        address,
        headers=headers,
        input_stream=BytesIO(PHOTO[:100]),
        content_type="application/offset+octet-stream",
        environ_overrides={"CONTENT_LENGTH": "400"},
    )


def test_a_piece_from_elsewhere_than_where_it_stands_is_refused(
    client: FlaskClient, filed: Filed
) -> None:
    address = begun(client, filed)
    send(client, filed, address, 0, PHOTO[:100])
    for offset in (0, 99, 101):
        assert send(client, filed, address, offset, PHOTO[offset:]).status_code == 409
    assert send(client, filed, address, 100, PHOTO[100:] + b"more").status_code == 409
    assert send(client, filed, address, 100, PHOTO[100:]).status_code == 204
    assert len(photos(client, filed)) == 1


def test_what_turns_out_to_be_no_photo_is_refused_and_forgotten(
    client: FlaskClient, filed: Filed, settings: Settings
) -> None:
    address = begun(client, filed, 9)
    refused = send(client, filed, address, 0, b"no photo!")
    assert refused.status_code == 422
    assert refused.json["errors"].keys() == {"photo"}
    assert client.head(address, headers=TUS | filed.headers).status_code == 404
    assert list(settings.uploads_dir.glob("*")) == []


def test_only_the_reporter_sends_and_asks(client: FlaskClient, filed: Filed) -> None:
    address = begun(client, filed)
    stranger = Filed(filed.id, filed.code, "")
    assert begin(client, stranger).status_code == 403
    assert send(client, stranger, address, 0, PHOTO).status_code == 403
    assert client.head(address, headers=TUS).status_code == 403
    assert client.delete(address, headers=TUS).status_code == 403


def test_what_is_not_the_protocol_is_refused(client: FlaskClient, filed: Filed) -> None:
    uploads = f"{filed.address}/photos/uploads"
    spoken = client.options(uploads)
    assert spoken.headers["Tus-Version"] == "1.0.0"
    assert int(spoken.headers["Tus-Max-Size"]) > 1_000_000
    assert client.post(uploads, headers=filed.headers).status_code == 412
    for length, status in (("-1", 422), ("x", 422), ("0", 422), ("9" * 12, 413)):
        assert begin(client, filed, length).status_code == status
    address = begun(client, filed)
    headers = TUS | filed.headers | {"Upload-Offset": "0"}
    assert client.patch(address, headers=headers, json={}).status_code == 415
    assert client.patch(address, headers=filed.headers, data=b"").status_code == 412


def test_no_more_photos_are_begun_than_a_report_has(client: FlaskClient, filed: Filed) -> None:
    addresses = [begun(client, filed) for _ in range(MOST_PHOTOS)]
    assert begin(client, filed).status_code == 409
    client.delete(addresses[0], headers=TUS | filed.headers)
    assert begin(client, filed).status_code == 201


def test_what_never_came_whole_is_forgotten_after_a_day(
    app: Flask,
    client: FlaskClient,
    filed: Filed,
    session: Session,
    clock: TurnableClock,
    settings: Settings,
) -> None:
    old = begun(client, filed)
    send(client, filed, old, 0, PHOTO[:100])
    clock.advance(hours=23)
    young = begun(client, filed)
    send(client, filed, young, 0, PHOTO[:200])
    clock.advance(hours=1)
    assert client.head(old, headers=TUS | filed.headers).status_code == 404
    uploading.plan(session, clock())
    session.commit()
    handlers = uploading.handlers(settings.uploads_dir)
    worker.work_off(app.extensions["sessions"], handlers, clock)
    [left] = settings.uploads_dir.glob("*")
    assert left.stat().st_size == 200
    assert send(client, filed, young, 200, PHOTO[200:]).status_code == 204


class TestHint:
    """Where the camera says that it stood: for the staff alone."""

    def sent(self, client: FlaskClient, filed: Filed, **gps: Any) -> None:
        exif = Image.Exif()
        said = {"GPSLatitudeRef": "N", "GPSLongitudeRef": "E"} | gps
        for name, value in said.items():
            exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS[name]] = value
        files = {"photo": (BytesIO(image(exif=exif)), "a.jpg")}
        answer = client.post(f"{filed.address}/photos", data=files, headers=filed.headers)
        assert answer.status_code == 201
        assert "hint" not in answer.text

    def hint(self, client: FlaskClient, filed: Filed, officer: Headers) -> Any:
        return client.get(filed.staff_address, headers=officer).json["photos"][0]["hint"]

    def test_the_staff_see_it(self, client: FlaskClient, filed: Filed, officer: Headers) -> None:
        self.sent(client, filed, GPSLatitude=(18.0, 48.0, 36.0), GPSLongitude=(105.0, 43.0, 12.0))
        assert self.hint(client, filed, officer) == {"lat": 18.81, "lng": 105.72}
        assert "18.81" not in client.get(filed.tracking, headers=filed.headers).text

    @pytest.mark.parametrize(
        "gps",
        [
            {"GPSLatitude": (0.0, 0.0, 0.0), "GPSLongitude": (0.0, 0.0, 0.0)},
            {"GPSLatitude": (98.0, 0.0, 0.0), "GPSLongitude": (105.0, 0.0, 0.0)},
            {"GPSLatitude": (18.0, 0.0, 0.0)},
        ],
    )
    def test_what_is_no_place_is_none(
        self, client: FlaskClient, filed: Filed, officer: Headers, gps: dict[str, Any]
    ) -> None:
        self.sent(client, filed, **gps)
        assert self.hint(client, filed, officer) is None


class TestCover:
    """Faces and number plates painted over by the staff."""

    @pytest.fixture
    def photo(self, client: FlaskClient, filed: Filed, officer: Headers) -> dict[str, Any]:
        files = {"photo": (BytesIO(PHOTO), "a.jpg")}
        client.post(f"{filed.address}/photos", data=files, headers=filed.headers)
        move = {"to": "verified"}
        client.post(f"{filed.staff_address}/transition", json=move, headers=officer)
        [photo] = client.get(filed.staff_address, headers=officer).json["photos"]
        approval = {"photos": [photo["id"]]}
        client.post(f"{filed.staff_address}/approve", json=approval, headers=officer)
        found: dict[str, Any] = photo
        return found

    def cover(self, client: FlaskClient, officer: Headers, photo: Any, *boxes: Any) -> TestResponse:
        names = ("x", "y", "width", "height")
        body = {"boxes": [dict(zip(names, box, strict=True)) for box in boxes]}
        return client.post(f"{photo['url']}/cover", json=body, headers=officer)

    def pixel(self, answer: TestResponse, at: tuple[int, int]) -> tuple[int, ...]:
        assert answer.status_code == 200, answer.text
        found = Image.open(BytesIO(answer.data)).getpixel(at)
        assert isinstance(found, tuple)
        return tuple(round(value / 64) for value in found)

    def test_everybody_sees_the_covered_copy_alone(
        self, client: FlaskClient, officer: Headers, filed: Filed, photo: dict[str, Any]
    ) -> None:
        red, grey = (4, 0, 0), (1, 1, 1)
        public = photo["url"].replace("/staff", "")
        assert self.pixel(client.get(public), (50, 50)) == red
        covered = self.cover(client, officer, photo, (40, 40, 30, 30), (200, 100, 100, 100))
        assert covered.status_code == 200
        assert covered.json["photos"][0]["is_covered"] is True
        for answer in (client.get(public), client.get(photo["url"], headers=officer)):
            assert self.pixel(answer, (50, 50)) == grey
            assert self.pixel(answer, (290, 190)) == grey
            assert self.pixel(answer, (10, 10)) == red
        small = client.get(f"{public}?size=thumbnail")
        assert self.pixel(small, (50, 50)) == grey
        original = client.get(f"{photo['url']}?version=original", headers=officer)
        assert self.pixel(original, (50, 50)) == red
        assert self.pixel(client.get(public, headers=filed.headers), (50, 50)) == red

    def test_covering_again_begins_with_the_original(
        self, client: FlaskClient, officer: Headers, photo: dict[str, Any]
    ) -> None:
        self.cover(client, officer, photo, (40, 40, 30, 30))
        self.cover(client, officer, photo, (100, 100, 30, 30))
        shown = client.get(photo["url"], headers=officer)
        assert self.pixel(shown, (50, 50)) == (4, 0, 0)
        assert self.pixel(shown, (110, 110)) == (1, 1, 1)

    def test_who_may_not_see_originals_neither_sees_nor_covers(
        self, client: FlaskClient, leader: Headers, officer: Headers, photo: dict[str, Any]
    ) -> None:
        assert self.cover(client, leader, photo, (0, 0, 9, 9)).status_code == 403
        self.cover(client, officer, photo, (40, 40, 30, 30))
        assert client.get(photo["url"], headers=leader).status_code == 200
        original = client.get(f"{photo['url']}?version=original", headers=leader)
        assert original.status_code == 403

    def test_a_box_outside_the_photo_is_refused(
        self, client: FlaskClient, officer: Headers, photo: dict[str, Any]
    ) -> None:
        refused = self.cover(client, officer, photo, (0, 0, 5, 5), (290, 0, 20, 5))
        assert refused.status_code == 422
        assert refused.json["errors"].keys() == {"boxes.1"}
        assert self.cover(client, officer, photo).status_code == 422

    def test_what_is_painted_over_is_known_and_taken_back_without_being_shown(
        self, client: FlaskClient, officer: Headers, photo: dict[str, Any]
    ) -> None:
        public, box = photo["url"].replace("/staff", ""), (40, 40, 30, 30)
        covered = self.cover(client, officer, photo, box).json["photos"][0]
        assert covered["covers"] == [{"x": 40, "y": 40, "width": 30, "height": 30}]
        bare = client.delete(f"{photo['url']}/cover", headers=officer).json["photos"][0]
        assert (bare["is_covered"], bare["covers"], bare["is_public"]) == (False, [], False)
        assert client.get(public).status_code == 403
        assert self.pixel(client.get(photo["url"], headers=officer), (50, 50)) == (4, 0, 0)
        assert client.delete(f"{photo['url']}/cover", headers=officer).status_code == 409
