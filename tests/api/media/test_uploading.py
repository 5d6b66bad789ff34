"""What is taken into the library and how it is served; what is refused."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from PIL import ExifTags, Image, ImageCms
from sqlalchemy.orm import Session

from backend.settings import Settings
from tests.api.media.conftest import (
    SECRET,
    STAFF,
    TEXTS,
    Headers,
    Upload,
    fetched,
    files_in,
    on_record,
    opened,
    path_of,
    send,
    taken,
)
from tests.factories.content import PlaceFactory, keep
from tests.factories.files import (
    action,
    image,
    pdf,
    pdf_that_acts,
    pdf_that_opens,
    png_that_claims,
)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_a_picture_is_known_by_its_content_and_served_in_sizes(
    client: FlaskClient, upload: Upload, editor: Headers, format: str
) -> None:
    answer = upload(image(format, (2000, 1000)), "whatever.exe")
    assert answer.status_code == 201
    media = taken(answer)
    assert (media["kind"], media["mime"]) == ("image", "image/jpeg")
    assert media["name"] == "whatever.jpg"
    assert (media["width"], media["height"]) == (2000, 1000)
    assert media["alt"] == {"vi": "Bãi biển lúc bình minh", "en": "The beach at dawn"}
    assert opened(client, editor, media["url"]).format == "JPEG"
    sizes = {size["size"]: size for size in media["sizes"]}
    assert list(sizes) == ["original", "320", "800", "1600"]
    for width in (320, 800, 1600):
        shown = opened(client, editor, sizes[str(width)]["url"])
        assert (shown.format, shown.size) == ("WEBP", (width, width // 2))
        assert sizes[str(width)]["bytes"] == len(fetched(client, editor, sizes[str(width)]["url"]))


def test_a_picture_is_never_made_larger(
    client: FlaskClient, upload: Upload, editor: Headers
) -> None:
    media = taken(upload(image(size=(500, 40))))
    sizes = {size["size"]: (size["width"], size["height"]) for size in media["sizes"]}
    assert sizes == {
        "original": (500, 40), "320": (320, 26), "800": (500, 40), "1600": (500, 40),
    }  # fmt: skip
    assert opened(client, editor, media["sizes"][2]["url"]).size == (500, 40)


def test_where_and_with_what_a_picture_was_taken_is_gone_from_every_size(
    client: FlaskClient, upload: Upload, editor: Headers, settings: Settings
) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    exif[ExifTags.Base.Make] = SECRET.decode()
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (18.0, 47.0, 3.7)
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = SECRET
    sent = image(exif=exif, comment=SECRET, xmp=b"<x>" + SECRET + b"</x>", icc_profile=SECRET)
    assert Image.open(BytesIO(sent)).getexif().get_ifd(ExifTags.IFD.GPSInfo)
    media = taken(upload(sent))
    assert (media["width"], media["height"]) == (60, 80)
    for size in media["sizes"]:
        shown = opened(client, editor, size["url"])
        assert shown.size == (60, 80)
        assert not shown.getexif()
        assert not shown.getexif().get_ifd(ExifTags.IFD.GPSInfo)
        assert not {"exif", "xmp", "comment", "icc_profile"} & set(shown.info)
    assert len(files_in(settings)) == 4
    for kept in files_in(settings):
        assert SECRET not in kept.read_bytes()
        assert b"Exif" not in kept.read_bytes()


def test_colours_of_another_colour_space_are_shown_as_they_were_meant(
    client: FlaskClient, upload: Upload, editor: Headers
) -> None:
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    assert taken(upload(image(icc_profile=lab)))  # a profile that does not fit is left out
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    media = taken(upload(image("PNG", colour="#c02040", icc_profile=srgb)))
    shown = opened(client, editor, media["url"]).getpixel((5, 5))
    assert shown == pytest.approx((0xC0, 0x20, 0x40), abs=3)


def test_what_is_transparent_stays_so(client: FlaskClient, upload: Upload, editor: Headers) -> None:
    drawn = BytesIO()
    Image.new("RGBA", (20, 20), (255, 0, 0, 0)).save(drawn, "PNG")
    media = taken(upload(drawn.getvalue()))
    assert media["mime"] == "image/webp"
    for size in media["sizes"]:
        shown = opened(client, editor, size["url"]).convert("RGBA").getpixel((10, 10))
        assert isinstance(shown, tuple)
        assert shown[3] == 0


def test_what_was_hidden_behind_a_picture_is_gone(
    client: FlaskClient, upload: Upload, settings: Settings
) -> None:
    hidden = b"<script>alert(1)</script>PK\x03\x04" + SECRET
    for format in ("JPEG", "PNG", "WEBP"):
        taken(upload(image(format) + hidden))
    assert files_in(settings)
    for kept in files_in(settings):
        assert SECRET not in kept.read_bytes()


def test_of_an_animation_the_first_picture_is_shown(
    client: FlaskClient, upload: Upload, editor: Headers
) -> None:
    file = BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    shown = opened(client, editor, taken(upload(file.getvalue()))["url"])
    assert getattr(shown, "n_frames", 1) == 1
    red, _, blue = shown.convert("RGB").getpixel((20, 20))  # type: ignore[misc]
    assert red > 200 > blue


def test_a_document_is_handed_out_as_it_came_and_nothing_runs_in_it(
    client: FlaskClient, upload: Upload, editor: Headers
) -> None:
    sent = pdf_that_acts("URI", URI="https://example.org/")
    media = taken(upload(sent, "Kế hoạch 2026.docx"))
    assert (media["kind"], media["mime"]) == ("document", "application/pdf")
    assert (media["width"], media["height"]) == (None, None)
    assert [size["size"] for size in media["sizes"]] == ["original"]
    answer = client.get(path_of(media["url"]), headers=editor)
    assert answer.data == sent
    assert answer.content_type == "application/pdf"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert "K%E1%BA%BF%20ho%E1%BA%A1ch%202026.pdf" in answer.headers["Content-Disposition"]


def test_a_picture_is_kept_by_caches_for_good(
    client: FlaskClient, upload: Upload, session: Session
) -> None:
    media = taken(upload(image()))
    keep(session, PlaceFactory(images=[{"media_id": media["id"]}]))
    for size in media["sizes"]:
        answer = client.get(path_of(size["url"]))
        assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert answer.content_type == size["mime"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "script-src" not in answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert "Set-Cookie" not in answer.headers
        again = client.get(path_of(size["url"]), headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304


@pytest.mark.parametrize(
    "path",
    [
        "{id}/640.webp",
        "{id}/original.png",
        "{id}/800.jpg",
        "{id}/..%2f..%2ftown.db",
        "00000000-0000-4000-8000-000000000000/original.jpg",
        "no-id/original.jpg",
    ],
)
def test_there_is_nothing_under_other_addresses(
    client: FlaskClient, upload: Upload, path: str
) -> None:
    media = taken(upload(image()))
    assert client.get(f"/media/{path.format(id=media['id'])}").status_code == 404


def _attached(writer: Any) -> None:
    writer.add_attachment("a.exe", b"MZ")


def _encrypted(writer: Any) -> None:
    writer.encrypt("password")


REFUSED = {
    "nothing": b"",
    "text": b"This is text and no picture.",
    "a drawing": b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
    "a drawing with a prolog": b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
    "a page": b"<!doctype html><script>alert(1)</script>",
    "GIF": image("GIF"),
    "TIFF": image("TIFF"),
    "BMP": image("BMP"),
    "a program": b"MZ" + b"\x00" * 500,
    "an archive": b"PK\x03\x04" + b"\x00" * 500,
    "half a JPEG": image()[:300],
    "half a PNG": image("PNG")[:60],
    "half a WebP": image("WEBP")[:40],
    "first bytes of a JPEG": b"\xff\xd8\xff",
    "first bytes of a PNG": b"\x89PNG\r\n\x1a\n",
    "fewer pixels than promised": png_that_claims(100, 100),
    "no pixels": png_that_claims(0, 10),
    "50 million pixels in a few bytes": png_that_claims(10_000, 5_000),
    "3.6 billion pixels": png_that_claims(60_000, 60_000),
    "as many pixels as can be promised": png_that_claims(2**31 - 1, 2**31 - 1),
    "first bytes of a PDF": b"%PDF-1.7\n",
    "a PDF of nothing": b"%PDF-1.7\n%%EOF",
    "a PDF of zeros": b"%PDF-1.7\n" + b"\x00" * 1000 + b"%%EOF",
    "half a PDF": pdf(pages=5)[:400],
    "a PDF without its middle": pdf(pages=9)[:500] + pdf(pages=9)[-40:],
    "a PDF with an archive behind": pdf() + b"PK\x03\x04" + b"\x00" * 50,
    "a PDF with a page in front": b"<script>alert(1)</script>" + pdf(),
    "a PDF without pages": pdf(pages=0),
    "a PDF with a password": pdf(_encrypted),
    "a PDF with another file inside": pdf(_attached),
    "a PDF that runs a script as it opens": pdf_that_opens("JavaScript", JS="app.alert(1)"),
    "a PDF with a script in a link": pdf_that_acts("JavaScript", JS="app.alert(1)"),
    "a PDF with a script under a disguised name": pdf_that_acts(
        "JavaScript", JS="app.alert(1)"
    ).replace(b"/JavaScript", b"/J#61vaScrip#74").replace(b"/JS", b"/J#53"),
    "a PDF that starts a program": pdf_that_acts("Launch", F="cmd.exe"),
    "a PDF that sends a form": pdf_that_acts("SubmitForm", F="https://example.org/"),
}  # fmt: skip


def test_what_is_neither_a_whole_picture_nor_a_harmless_document_is_refused_whatever_its_name(
    upload: Upload, session: Session, settings: Settings, subtests: pytest.Subtests
) -> None:
    for what, content in REFUSED.items():
        for name in ("picture.jpg", "document.pdf"):
            with subtests.test(what, name=name):
                answer = upload(content, name)
                assert answer.status_code == 422, answer.text
                assert answer.content_type == "application/problem+json"
                assert list(answer.json["errors"]) == ["file"]
                assert len(answer.json["errors"]["file"][0]) > 10
    assert (on_record(session), files_in(settings)) == (0, [])


def test_a_script_that_nothing_refers_to_is_found(upload: Upload) -> None:
    orphaned = pdf(lambda writer: writer._add_object(action("JavaScript", JS="app.alert(1)")))
    assert upload(orphaned).status_code == 422


@pytest.mark.parametrize("missing", ["alt.vi", "licence", "credit"])
@pytest.mark.parametrize("value", [None, "", "  "])
def test_nothing_is_taken_in_without_saying_what_it_is_and_who_has_the_rights(
    upload: Upload, session: Session, missing: str, value: str | None
) -> None:
    answer = upload(image(), **{missing: value})
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == [missing.partition(".")[0]]
    assert on_record(session) == 0


def test_alt_may_come_as_json(upload: Upload) -> None:
    without: dict[str, Any] = {"alt.vi": None, "alt.en": None}
    media = taken(upload(image(), **without, alt='{"vi": "Biển", "en": "Sea"}'))
    assert media["alt"] == {"vi": "Biển", "en": "Sea"}
    for wrong in ("Biển", '["vi"]', '{"en": "Sea"}', '{"vi": 1}', '{"vi": "Biển", "xx": "?"}'):
        answer = upload(image(colour="blue"), **without, alt=wrong)
        assert (answer.status_code, list(answer.json["errors"])) == (422, ["alt"]), wrong


def test_a_call_that_is_no_upload_is_refused(client: FlaskClient, editor: Headers) -> None:
    calls: list[tuple[dict[str, Any], int, str | None]] = [
        ({"json": {"file": "a"}}, 415, None),
        ({"data": TEXTS}, 415, None),
        ({"data": TEXTS, "content_type": "multipart/form-data"}, 422, "file"),
        ({"data": {**TEXTS, "file": "text"}, "content_type": "multipart/form-data"}, 422, "file"),
        ({"data": {**TEXTS, "surprise": "1", "file": (BytesIO(image()), "a.jpg")}}, 422,
         "surprise"),
        ({"data": {**TEXTS, "file": [(BytesIO(image()), "a.jpg"), (BytesIO(image()), "b.jpg")]}},
         422, "file"),
        ({"data": b"broken", "content_type": "multipart/form-data; boundary=x"}, 422, "file"),
    ]  # fmt: skip
    for call, status, field in calls:
        answer = client.post(STAFF, headers=editor, **call)
        assert answer.status_code == status, (call, answer.text)
        assert answer.content_type == "application/problem+json"
        assert field is None or field in answer.json["errors"]


def test_a_file_that_is_too_large_is_refused_and_one_larger_than_other_bodies_is_not(
    make_app: Callable[..., Flask], editor: Headers
) -> None:
    client = make_app(max_body_bytes=100_000, max_media_bytes=300_000).test_client()
    middling, large = BytesIO(), BytesIO()
    noise = Image.effect_noise((400, 400), 90)
    noise.save(middling, "PNG")
    noise.resize((600, 600)).save(large, "PNG")
    assert 100_000 < len(middling.getvalue()) < 300_000 < len(large.getvalue())
    assert send(client, editor, middling.getvalue()).status_code == 201
    refused = send(client, editor, large.getvalue())
    assert refused.status_code == 413
    assert refused.content_type == "application/problem+json"
