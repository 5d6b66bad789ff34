"""Every text that people read is there in Vietnamese too."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po

from backend.settings import ROOT

VIETNAMESE = ROOT / "backend" / "translations" / "vi" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w*\}")


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    """The texts of code and templates, collected as `make translations` collects them."""
    collected = tmp_path_factory.mktemp("texts") / "messages.pot"
    rooms = [str(ROOT / room) for room in ("backend", "content", "notifications")]
    mapping = str(ROOT / "pyproject.toml")
    options = ["-q", "extract", "-F", mapping, "-k", "lazy_gettext", "-o", str(collected)]
    CommandLineInterface().run(["pybabel", *options, *rooms])
    return read(collected)


@pytest.fixture(scope="module")
def vietnamese() -> Catalog:
    return read(VIETNAMESE)


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale="vi")


def test_the_texts_are_found(texts: Catalog) -> None:
    assert {"Not found", "Home", "Resolved"} <= {message.id for message in texts}


def test_every_text_is_translated(texts: Catalog, vietnamese: Catalog) -> None:
    missing = []
    for message in texts:
        known = vietnamese.get(message.id, message.context)
        if message.id and (known is None or not known.string or known.fuzzy):
            missing.append(message.id)
    assert missing == []


def test_every_translation_has_the_places_of_its_text(vietnamese: Catalog) -> None:
    broken = [
        message.id
        for message in vietnamese
        if message.id
        and sorted(PLACEHOLDER.findall(str(message.id)))
        != sorted(PLACEHOLDER.findall(str(message.string)))
    ]
    assert broken == []
