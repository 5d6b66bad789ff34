import json
from pathlib import Path

import httpx

from components.linker import Names

TOWN = {"places": [{"slug": "den-van-loc", "name": "Đền Vạn Lộc"}]}


def _down():
    raise httpx.ConnectError("no backend")


def test_names_are_renewed_and_kept_for_when_the_backend_is_down(tmp_path: Path):
    kept = tmp_path / "names.json"
    Names(kept, lambda: TOWN, every=60).renew()
    assert json.loads(kept.read_text("utf-8")) == TOWN

    later = Names(kept, _down, every=60)
    later.renew()
    entry = later.now().find("den van loc", "place_name")
    assert entry is not None
    assert entry.id == "den-van-loc"


def test_without_backend_and_without_a_copy_nothing_is_known_and_nothing_fails(tmp_path: Path):
    names = Names(tmp_path / "names.json", _down, every=60)
    names.renew()
    assert names.now().find("den van loc", "place_name") is None
