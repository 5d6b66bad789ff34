"""An officer paints over faces and number plates at the console's desk."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image

from backend.accounts.roles import Role
from tests.console import Visitor
from tests.factories.feedback import NewReportFactory

Photo = dict[str, Any]


@pytest.fixture
def photo(client: FlaskClient, vocabularies: None) -> Photo:
    """A red photo of 300 by 200 pixels, the report that has it, and where it is on the desk."""
    filed = client.post("/api/v1/reports", json=NewReportFactory()).json
    red = io.BytesIO()
    Image.new("RGB", (300, 200), "red").save(red, "JPEG")
    red.seek(0)
    added = client.post(
        f"/api/v1/reports/{filed['id']}/photos",
        data={"photo": (red, "a.jpg")},
        headers={"X-Access-Token": filed["access_token"]},
    )
    [found] = added.json["photos"]
    desk = f"/console/reports/{filed['id']}/photos/{found['id']}"
    return {"url": found["url"], "desk": desk, "report": filed["id"]}


@pytest.fixture
def officer(client: FlaskClient, as_staff: Callable[..., dict[str, str]]) -> Visitor:
    return Visitor(client, as_staff(Role.OFFICER))


def colour(client: FlaskClient, photo: Photo, at: tuple[int, int]) -> str:
    """Whether the public sees red or grey there."""
    answer = client.get(photo["url"])
    assert answer.status_code == 200, answer.text
    pixel = Image.open(io.BytesIO(answer.data)).convert("RGB").getpixel(at)
    assert isinstance(pixel, tuple)
    return "red" if pixel[0] > 150 else "grey"


def show(officer: Visitor, photo: Photo) -> None:
    shown = officer.send(f"/console/reports/{photo['report']}/move", to="verified")
    assert shown.status == 200, shown.text
    file = photo["url"].rpartition("/")[2]
    assert officer.send(f"/console/reports/{photo['report']}/approve", photos=file).status == 200


def test_what_is_drawn_is_painted_over_and_can_be_changed_and_taken_back(
    client: FlaskClient, officer: Visitor, photo: Photo
) -> None:
    page = officer.open(f"/console/reports/{photo['report']}")
    assert photo["desk"] in page
    box = '{"x":40,"y":40,"width":30,"height":30}'
    done = officer.send(photo["desk"], boxes=box)
    assert "Painted over. The public is shown this copy alone" in done
    show(officer, photo)
    assert [colour(client, photo, at) for at in ((50, 50), (150, 50))] == ["grey", "red"]
    assert '"x":40' in officer.open(photo["desk"])

    by_numbers = {"box.0.x": "140", "box.0.y": "40", "box.0.width": "30", "box.0.height": "30"}
    officer.send(photo["desk"], boxes=box, **by_numbers)
    assert [colour(client, photo, at) for at in ((50, 50), (150, 50))] == ["grey", "grey"]

    back = officer.send(f"{photo['desk']}/uncover")
    assert "The public does not see this photo." in back
    assert client.get(photo["url"]).status_code == 403


def test_nothing_drawn_and_a_box_outside_are_refused_beside_the_photo(
    officer: Visitor, photo: Photo
) -> None:
    outside = '{"x":290,"y":0,"width":30,"height":5}'
    for boxes in ("", outside, "no box", '{"x":1}'):
        refused = officer.send(photo["desk"], boxes=boxes)
        assert refused.status == 422
        assert "Nothing was saved yet:" in refused


def test_who_may_not_see_originals_gets_no_page_to_cover(
    client: FlaskClient, as_staff: Callable[..., dict[str, str]], photo: Photo
) -> None:
    leader = Visitor(client, as_staff(Role.LEADER))
    assert leader.open(photo["desk"]).status == 403
    assert photo["desk"] not in leader.open(f"/console/reports/{photo['report']}")
