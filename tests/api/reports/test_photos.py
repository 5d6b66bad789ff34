"""Photos of reports: what is kept of them, and what is refused."""

from __future__ import annotations

import dataclasses
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import ExifTags, Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse

from backend.feedback.models import ReportPhoto
from backend.settings import Settings
from tests.api.reports.conftest import Filed, FileReport, Headers
from tests.factories.feedback import NewReportFactory
from tests.factories.files import image, png_that_claims

MARKER = b"Secret 7353"


def send(client: FlaskClient, filed: Filed, *photos: bytes, name: str = "a.jpg") -> TestResponse:
    files = MultiDict(("photo", (BytesIO(photo), name)) for photo in photos)
    return client.post(f"{filed.address}/photos", data=files, headers=filed.headers)


def kept_files(settings: Settings) -> list[Path]:
    return [path for path in settings.photos_dir.rglob("*") if path.is_file()]


def kept_photos(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(ReportPhoto)) or 0


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_as_jpeg_for_its_reporter_and_the_staff(
    client: FlaskClient, file: FileReport, officer: Headers, format: str
) -> None:
    filed = file()
    answer = send(client, filed, image(format), name="whatever.txt")
    assert answer.status_code == 201
    (photo,) = answer.json["photos"]
    assert (photo["width"], photo["height"]) == (80, 60)
    for_staff = client.get(filed.staff_address, headers=officer).json["photos"][0]
    for address, headers in ((photo, filed.headers), (for_staff, officer)):
        shown = client.get(address["url"], headers=headers)
        assert shown.content_type == "image/jpeg"
        assert shown.headers["Cache-Control"] == "no-store"
        assert Image.open(BytesIO(shown.data)).format == "JPEG"


def test_photos_of_every_kind_of_colour_are_kept(client: FlaskClient, file: FileReport) -> None:
    for format, modes in {
        "PNG": ("1", "L", "LA", "P", "I;16", "RGBA"),
        "JPEG": ("CMYK", "L"),
    }.items():
        for mode in modes:
            drawn = BytesIO()
            Image.new(mode, (30, 20)).save(drawn, format)
            answer = send(client, file(), drawn.getvalue())
            assert answer.status_code == 201, (format, mode, answer.text)


def test_nobody_else_sees_a_photo(client: FlaskClient, file: FileReport) -> None:
    filed, other = file(), file()
    (photo,) = send(client, filed, image()).json["photos"]
    assert client.get(photo["url"]).status_code == 403
    assert client.get(photo["url"], headers=other.headers).status_code == 403
    borrowed = photo["url"].replace(filed.id, other.id)
    assert client.get(borrowed, headers=other.headers).status_code == 404
    assert photo["id"] not in client.get(filed.tracking).text


def test_a_large_photo_is_made_smaller_and_has_a_thumbnail(
    client: FlaskClient, file: FileReport
) -> None:
    filed = file()
    (photo,) = send(client, filed, image(size=(4000, 3000))).json["photos"]
    assert (photo["width"], photo["height"]) == (2048, 1536)
    small = client.get(photo["thumbnail_url"], headers=filed.headers)
    assert Image.open(BytesIO(small.data)).size == (400, 300)


def test_a_photo_is_turned_upright_and_loses_all_its_metadata(
    client: FlaskClient, file: FileReport, settings: Settings
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = MARKER.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (18.0, 47.0, 3.7)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = MARKER
    metadata = {"exif": exif, "comment": MARKER, "xmp": b"<x>" + MARKER + b"</x>"}
    sent = image(**metadata, icc_profile=MARKER)
    assert sent.count(MARKER) >= 4
    filed = file()
    (photo,) = send(client, filed, sent).json["photos"]
    assert (photo["width"], photo["height"]) == (60, 80)
    shown = Image.open(BytesIO(client.get(photo["url"], headers=filed.headers).data))
    assert shown.size == (60, 80)
    assert not shown.getexif()
    assert set(shown.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
    assert len(kept_files(settings)) == 2
    for kept in kept_files(settings):
        assert MARKER not in kept.read_bytes()
        assert b"Exif" not in kept.read_bytes()


def test_what_was_transparent_is_white(client: FlaskClient, file: FileReport) -> None:
    drawn = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(drawn, "PNG")
    filed = file()
    (photo,) = send(client, filed, drawn.getvalue()).json["photos"]
    shown = client.get(photo["url"], headers=filed.headers).data
    assert Image.open(BytesIO(shown)).getpixel((10, 10)) == (255, 255, 255)


NO_PHOTOS = {
    "empty": b"",
    "text": b"This is text and not a photo.",
    "drawing": b"<svg xmlns='http://www.w3.org/2000/svg'/>",
    "other formats": image("GIF"),
    "TIFF": image("TIFF"),
    "PDF": image("PDF"),
    "half a JPEG": image()[:200],
    "half a PNG": image("PNG")[:60],
    "half a WebP": image("WEBP")[:40],
    "first bytes of a JPEG": b"\xff\xd8\xff",
    "first bytes of a PNG": b"\x89PNG\r\n\x1a\n",
    "fewer pixels than promised": png_that_claims(100, 100),
    "no pixels": png_that_claims(0, 10),
    "81 million pixels in a few bytes": png_that_claims(9000, 9000),
    "100 million pixels": png_that_claims(10_000, 10_000),
    "3.6 billion pixels": png_that_claims(60_000, 60_000),
    "as many pixels as can be promised": png_that_claims(2**31 - 1, 2**31 - 1),
}


def test_what_is_no_whole_photo_or_unpacks_to_a_huge_one_is_refused_whatever_its_name(
    client: FlaskClient,
    file: FileReport,
    session: Session,
    settings: Settings,
    subtests: pytest.Subtests,
) -> None:
    filed = file()
    for what, content in NO_PHOTOS.items():
        with subtests.test(what):
            answer = send(client, filed, content, name="photo.jpg")
            assert answer.status_code == 422
            assert "photo" in answer.json["errors"]
    assert (kept_photos(session), kept_files(settings)) == (0, [])


def test_the_same_photo_sent_again_is_the_same_photo(
    client: FlaskClient, file: FileReport, session: Session, settings: Settings
) -> None:
    filed = file()
    first, again = send(client, filed, image()), send(client, filed, image())
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert (kept_photos(session), len(kept_files(settings))) == (1, 2)


def test_a_photo_whose_file_was_lost_is_kept_when_it_is_sent_again(
    client: FlaskClient, file: FileReport, settings: Settings
) -> None:
    filed = file()
    first = send(client, filed, image())
    for path in kept_files(settings):
        path.unlink()
    again = send(client, filed, image())
    assert again.json == first.json
    shown = client.get(again.json["photos"][0]["url"], headers=filed.headers)
    assert shown.status_code == 200


def test_the_same_photo_sent_many_times_at_once_is_kept_once(
    app: Flask, file: FileReport, session: Session, settings: Settings
) -> None:
    filed = file()
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: send(app.test_client(), filed, image()), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.data for answer in answers}) == 1
    assert (kept_photos(session), len(kept_files(settings))) == (1, 2)


def test_a_report_has_at_most_five_photos_also_when_they_come_at_once(
    app: Flask, file: FileReport, session: Session, settings: Settings
) -> None:
    filed = file()
    photos = [image(size=(20 + number, 20)) for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda photo: send(app.test_client(), filed, photo), photos))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [409] * 3
    assert (kept_photos(session), len(kept_files(settings))) == (5, 10)


def test_photos_of_one_call_are_kept_all_or_none(
    client: FlaskClient, file: FileReport, session: Session, settings: Settings
) -> None:
    filed = file()
    photos = [image(size=(20 + number, 20)) for number in range(6)]
    assert send(client, filed, *photos[:2], b"no photo").status_code == 422
    assert send(client, filed, *photos).status_code == 422
    assert (kept_photos(session), kept_files(settings)) == (0, [])
    assert len(send(client, filed, *photos[:4]).json["photos"]) == 4
    assert send(client, filed, *photos[4:]).status_code == 409
    assert (kept_photos(session), len(kept_files(settings))) == (4, 8)


def test_a_closed_report_takes_no_more_photos(client: FlaskClient, file: FileReport) -> None:
    filed = file()
    client.post(f"{filed.address}/withdraw", json={}, headers=filed.headers)
    assert send(client, filed, image()).status_code == 409


@pytest.mark.parametrize("token", ["", "wrong"])
def test_only_the_reporter_adds_photos(
    client: FlaskClient, file: FileReport, session: Session, token: str
) -> None:
    stranger = dataclasses.replace(file(), token=token)
    assert send(client, stranger, image()).status_code == 403
    nowhere = dataclasses.replace(stranger, id=str(uuid.uuid4()))
    assert send(client, nowhere, image()).status_code == 404
    assert kept_photos(session) == 0


def test_a_call_without_photos_is_refused(
    client: FlaskClient, file: FileReport, subtests: pytest.Subtests
) -> None:
    filed = file()
    multipart = "multipart/form-data"
    calls: list[tuple[dict[str, Any], int, str | None]] = [
        ({"data": {}}, 415, None),
        ({"json": {"photo": "a"}}, 415, None),
        ({"data": {"other": (BytesIO(image()), "a.jpg")}}, 422, "other"),
        ({"data": {"photo": "text", "other": (BytesIO(image()), "a.jpg")}}, 422, "other"),
        ({"data": {"photo": "text"}, "content_type": multipart}, 422, "photo"),
        ({"data": b"broken", "content_type": f"{multipart}; boundary=x"}, 422, "photo"),
        ({"data": b"broken", "content_type": multipart}, 422, "photo"),
    ]
    for call, status, field in calls:
        with subtests.test(call=str(call)):
            answer = client.post(f"{filed.address}/photos", headers=filed.headers, **call)
            assert answer.status_code == status, answer.text
            assert answer.content_type == "application/problem+json"
            assert field is None or field in answer.json["errors"]


def test_only_this_address_takes_bodies_as_large_as_photos(
    make_app: Callable[..., Flask],
) -> None:
    client = make_app(max_body_bytes=100_000, max_photo_bytes=300_000).test_client()
    body = client.post("/api/v1/reports", json=NewReportFactory()).json
    filed = Filed(body["id"], body["code"], body["access_token"])
    noise = Image.effect_noise((400, 400), 90)
    middling, large = BytesIO(), BytesIO()
    noise.save(middling, "PNG")
    noise.resize((600, 600)).save(large, "PNG")
    assert len(middling.getvalue()) > 100_000
    assert len(large.getvalue()) > 300_000
    assert send(client, filed, middling.getvalue()).status_code == 201
    refused = send(client, filed, large.getvalue())
    assert refused.status_code == 413
    assert refused.content_type == "application/problem+json"
    long = client.post("/api/v1/reports", json=NewReportFactory(description="x" * 110_000))
    assert long.status_code == 413
