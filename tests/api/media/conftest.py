"""An editor who uploads, and what lies in the store."""

from __future__ import annotations

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from PIL import Image
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from backend.accounts.roles import Role
from backend.settings import Settings
from content.media.models import Media

Headers = dict[str, str]
TEXTS = {
    "alt.vi": "Bãi biển lúc bình minh",
    "alt.en": "The beach at dawn",
    "licence": "CC BY 4.0",
    "credit": "Ảnh mẫu",
}
STAFF = "/api/v1/staff/media"
SECRET = b"Secret 7353"


@pytest.fixture
def editor(as_staff: Callable[..., Headers]) -> Headers:
    """An editor."""
    return as_staff(Role.EDITOR)


Upload = Callable[..., TestResponse]


@pytest.fixture
def upload(client: FlaskClient, editor: Headers) -> Upload:
    """Upload a file as an editor, with texts that say what is needed but for what is given."""

    def upload(data: bytes, name: str = "bien.jpg", **texts: Any) -> TestResponse:
        return send(client, editor, data, name, **texts)

    return upload


def send(
    client: FlaskClient, headers: Headers, data: bytes, name: str = "bien.jpg", **texts: Any
) -> TestResponse:
    form = {k: v for k, v in (TEXTS | texts).items() if v is not None}
    return client.post(STAFF, data={**form, "file": (BytesIO(data), name)}, headers=headers)


def taken(answer: TestResponse) -> dict[str, Any]:
    assert answer.status_code in (200, 201), answer.text
    media: dict[str, Any] = answer.json
    return media


def path_of(url: str) -> str:
    return "/" + url.split("/", 3)[3]


def fetched(client: FlaskClient, headers: Headers, url: str) -> bytes:
    answer = client.get(path_of(url), headers=headers)
    assert answer.status_code == 200, answer.text
    return answer.data


def opened(client: FlaskClient, headers: Headers, url: str) -> Image.Image:
    return Image.open(BytesIO(fetched(client, headers, url)))


def files_in(settings: Settings) -> list[Path]:
    folder = Path(settings.library_url.removeprefix("file://"))
    return [path for path in folder.rglob("*") if path.is_file()]


def on_record(session: Session) -> int:
    session.rollback()
    return session.scalar(select(func.count()).select_from(Media)) or 0
