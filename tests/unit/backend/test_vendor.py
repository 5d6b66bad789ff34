"""What the console serves of others is what the lock file names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from backend.settings import ROOT

LOCK = json.loads((ROOT / "backend/vendor/package-lock.json").read_text(encoding="utf-8"))
PACKAGES: dict[str, Any] = {
    name.removeprefix("node_modules/"): package
    for name, package in LOCK["packages"].items()
    if name
}


@pytest.mark.parametrize(
    ("package", "path", "pattern"),
    [
        ("@picocss/pico", "pico/pico.min.css", r"Pico CSS \S+ v([\d.]+)"),
        ("htmx.org", "htmx/htmx.min.js", r'version:"([\d.]+)"'),
        ("leaflet", "leaflet/leaflet.js", r"Leaflet ([\d.]+),"),
    ],
)
def test_the_files_are_of_the_locked_version(package: str, path: str, pattern: str) -> None:
    text = (ROOT / "backend/static/vendor" / path).read_text(encoding="utf-8")
    found = re.search(pattern, text)
    assert found
    assert found[1] == PACKAGES[package]["version"]


def test_every_package_comes_from_the_public_registry_with_its_hash() -> None:
    for package in PACKAGES.values():
        assert package["resolved"].startswith("https://registry.npmjs.org/")
        assert package["integrity"].startswith("sha512-")
