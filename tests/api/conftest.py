"""A town with its vocabularies, and its public pages as a browser shows them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask.testing import FlaskClient

from tests.fakes.chatbot import FakeChatbot
from tests.pages import BROWSER, shown


@pytest.fixture
def chatbot() -> Iterator[FakeChatbot]:
    """A chatbot that answers what the test says; `settings` of the test name its address."""
    with FakeChatbot() as chatbot:
        yield chatbot


@pytest.fixture
def page(client: FlaskClient) -> Any:
    """What a browser set to English shows at an address."""

    def get(address: str, status: int = 200, **headers: str) -> str:
        answer = client.get(address, headers=BROWSER | headers)
        assert answer.status_code == status, answer.text
        assert answer.mimetype == "text/html"
        return shown(answer)

    return get
