"""The library as it is kept: searched, described, removed, stored."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from backend.accounts.roles import Role
from backend.media import library
from backend.settings import Settings
from backend.work import handlers
from notifications import worker
from tests.api.media.conftest import (
    STAFF,
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
from tests.conftest import TurnableClock
from tests.factories.content import ArticleFactory, PlaceFactory, keep
from tests.factories.files import (
    image,
    pdf,
)


def test_the_same_file_again_is_the_one_that_is_there(
    upload: Upload, session: Session, settings: Settings
) -> None:
    first = upload(image())
    again = upload(image(), "other.jpg", licence="CC0")
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert (on_record(session), len(files_in(settings))) == (1, 4)


def test_the_same_file_sent_many_times_at_once_is_taken_in_once(
    app: Flask, editor: Headers, session: Session, settings: Settings
) -> None:
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda _: send(app.test_client(), editor, image()), range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json["id"] for answer in answers}) == 1
    assert (on_record(session), len(files_in(settings))) == (1, 4)


def test_a_lost_file_comes_back_when_it_is_uploaded_again(
    client: FlaskClient, upload: Upload, editor: Headers, settings: Settings
) -> None:
    media = taken(upload(image()))
    for path in files_in(settings):
        path.unlink()
    assert client.get(path_of(media["url"]), headers=editor).status_code == 404
    again = upload(image())
    assert (again.status_code, again.json["id"]) == (200, media["id"])
    assert fetched(client, editor, media["url"])


def test_the_library_is_searched_with_marks_or_without_and_paged(
    client: FlaskClient, upload: Upload, editor: Headers, clock: TurnableClock
) -> None:
    for number, name in enumerate(("Đảo Ngư", "Chợ cá", "Bãi biển")):
        clock.advance(minutes=1)
        taken(upload(image(size=(20 + number, 20)), **{"alt.vi": name}))
    clock.advance(minutes=1)
    taken(upload(pdf(), "ke-hoach.pdf", **{"alt.vi": "Kế hoạch"}))

    def found(**query: Any) -> list[str]:
        answer = client.get(STAFF, query_string=query, headers=editor)
        assert answer.status_code == 200, answer.text
        return [item["alt"]["vi"] for item in answer.json["items"]]

    assert found() == ["Kế hoạch", "Bãi biển", "Chợ cá", "Đảo Ngư"]
    assert found(q="dao ngu") == found(q="ĐẢO") == ["Đảo Ngư"]
    assert found(q="ke-hoach") == found(kind="document") == ["Kế hoạch"]
    assert found(q="%") == found(q="") == found()
    assert found(q="cc by", kind="image") == ["Bãi biển", "Chợ cá", "Đảo Ngư"]
    first = client.get(STAFF, query_string={"limit": 3}, headers=editor).json
    rest = {"limit": 3, "cursor": first["next_cursor"]}
    second = client.get(STAFF, query_string=rest, headers=editor).json
    assert [item["alt"]["vi"] for item in second["items"]] == ["Đảo Ngư"]
    assert client.get(STAFF, query_string={"kind": "film"}, headers=editor).status_code == 422


def test_texts_are_changed_one_by_one(
    client: FlaskClient, upload: Upload, editor: Headers, clock: TurnableClock
) -> None:
    media = taken(upload(image()))
    clock.advance(hours=1)
    address = f"{STAFF}/{media['id']}"
    changed = client.patch(
        address, json={"credit": "Người chụp mẫu", "name": "../a\r\nb.exe"}, headers=editor
    )
    assert changed.status_code == 200, changed.text
    assert changed.json["credit"] == "Người chụp mẫu"
    assert changed.json["licence"] == "CC BY 4.0"
    assert changed.json["name"] == "ab.jpg"
    assert changed.json["updated_at"] > media["updated_at"]
    assert client.get(path_of(media["url"]), headers=editor).status_code == 200
    found = client.get(STAFF, query_string={"q": "nguoi chup"}, headers=editor).json
    assert len(found["items"]) == 1
    for wrong in ({"alt": {"en": "Sea"}}, {"licence": " "}, {"mime": "text/html"}, {"url": "x"}):
        refused = client.patch(address, json=wrong, headers=editor)
        assert (refused.status_code, set(refused.json["errors"])) == (422, set(wrong))


def test_what_is_used_nowhere_is_removed_with_its_files(
    client: FlaskClient,
    app: Flask,
    upload: Upload,
    editor: Headers,
    session: Session,
    settings: Settings,
    clock: TurnableClock,
) -> None:
    media = taken(upload(image()))
    assert client.delete(f"{STAFF}/{media['id']}", headers=editor).status_code == 204
    assert client.get(path_of(media["url"]), headers=editor).status_code == 404
    assert client.get(f"{STAFF}/{media['id']}", headers=editor).status_code == 404
    worker.work_off(app.extensions["sessions"], handlers(settings), clock)
    assert (on_record(session), files_in(settings)) == (0, [])
    assert upload(image()).status_code == 201


def test_what_is_used_is_not_removed_and_says_where(
    client: FlaskClient, upload: Upload, editor: Headers, session: Session
) -> None:
    media = taken(upload(image()))
    address = f"{STAFF}/{media['id']}"
    keep(
        session,
        PlaceFactory(name={"vi": "Đảo Ngư"}, slug="dao-ngu", images=[{"media_id": media["id"]}]),
        ArticleFactory(
            title={"vi": "Lễ hội"}, state="draft", body={"vi": f"![](media:{media['id'].upper()})"}
        ),
        ArticleFactory(title={"vi": "Khác"}),
    )
    used = client.get(address, headers=editor).json["used_in"]
    assert [(use["type"], use["title"]) for use in used] == [
        ("article", "Lễ hội"),
        ("place", "Đảo Ngư"),
    ]
    refused = client.delete(address, headers=editor)
    assert refused.status_code == 409
    assert "Lễ hội; Đảo Ngư" in refused.json["detail"]
    assert fetched(client, editor, media["url"])


def test_what_only_a_draft_of_changes_uses_is_not_removed(
    client: FlaskClient, upload: Upload, editor: Headers, session: Session
) -> None:
    media = taken(upload(image()))
    keep(session, ArticleFactory(title={"vi": "Lễ hội"}, slug="le-hoi"))
    article = "/api/v1/staff/articles/le-hoi"
    body = {"vi": f"![Biển](/media/{media['id']}/800.webp)"}
    assert client.patch(article, json={"body": body}, headers=editor).status_code == 200
    address = f"{STAFF}/{media['id']}"
    refused = client.delete(address, headers=editor)
    assert (refused.status_code, "Lễ hội" in refused.json["detail"]) == (409, True)
    without = {"body": {"vi": "Không còn ảnh."}}
    assert client.patch(article, json=without, headers=editor).status_code == 200
    assert client.delete(address, headers=editor).status_code == 204


def test_only_who_writes_content_sees_and_fills_the_library(
    client: FlaskClient, as_staff: Callable[..., Headers], session: Session
) -> None:
    for headers, status in (({}, 401), (as_staff(Role.OFFICER), 403), (as_staff(Role.LEADER), 403)):
        nothing = f"{STAFF}/{uuid.uuid4()}"
        assert send(client, headers, image()).status_code == status
        assert client.get(STAFF, headers=headers).status_code == status
        assert client.patch(nothing, json={}, headers=headers).status_code == status
        assert client.delete(nothing, headers=headers).status_code == status
    assert on_record(session) == 0


def test_the_library_may_lie_in_another_store(
    make_app: Callable[..., Flask],
    editor: Headers,
    session: Session,
    settings: Settings,
    clock: TurnableClock,
) -> None:
    url = f"memory://bucket-{uuid.uuid4()}/prefix"
    app = make_app(media_url=url)
    client = app.test_client()
    media = taken(send(client, editor, image(size=(900, 300))))
    assert opened(client, editor, media["sizes"][2]["url"]).size == (800, 267)
    assert files_in(settings) == []
    storage = app.extensions["library"]
    assert len(storage.filesystem.find(storage.root)) == 4
    assert send(client, editor, image(size=(900, 300))).status_code == 200
    assert client.delete(f"{STAFF}/{media['id']}", headers=editor).status_code == 204
    made = handlers(app.extensions["settings"])
    worker.work_off(app.extensions["sessions"], made, clock)
    assert storage.filesystem.find(storage.root) == []


def test_what_a_killed_upload_left_is_swept_away_every_day(
    app: Flask,
    upload: Upload,
    session: Session,
    settings: Settings,
    clock: TurnableClock,
) -> None:
    taken(upload(image()))
    kept = set(files_in(settings))
    folder = min(kept).parent.parent
    left, fresh = folder / "aa" / f"{'a' * 32}.jpg", folder / "bb" / f"{'b' * 32}.webp"
    foreign = folder / "aa" / "of-somebody-else.jpg"
    for path, hours in ((left, 25), (fresh, 1), (foreign, 25), *((path, 99) for path in kept)):
        path.parent.mkdir(exist_ok=True)
        path.touch()
        written = (clock() - timedelta(hours=hours)).timestamp()
        os.utime(path, (written, written))
    library.plan(session, clock())
    session.commit()
    worker.work_off(app.extensions["sessions"], handlers(settings), clock)
    assert set(files_in(settings)) == kept | {fresh, foreign}
    clock.advance(days=1)  # the job has put its successor
    worker.work_off(app.extensions["sessions"], handlers(settings), clock)
    assert set(files_in(settings)) == kept | {foreign}
