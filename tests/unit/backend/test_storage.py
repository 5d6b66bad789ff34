"""Files in a folder and in another store: whole, or not there."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from backend.storage import Storage
from content.errors import NotFound


@pytest.fixture(params=["file", "memory"])
def storage(request: pytest.FixtureRequest, tmp_path: Path) -> Storage:
    """An empty storage, once of each kind."""
    if request.param == "file":
        return Storage.at(f"file://{tmp_path}/a folder? 100%")
    return Storage.at(f"memory://{uuid.uuid4()}/prefix")


def everything(storage: Storage) -> list[str]:
    found: list[str] = storage.filesystem.find(storage.root)
    return found


def test_what_is_put_is_read_until_it_is_removed(storage: Storage) -> None:
    with storage.writing() as writing:
        first, second = writing.put(b"one", ".jpg"), writing.put(b"one", ".jpg")
    assert first != second
    assert first.endswith(".jpg")
    assert (storage.holds(first), storage.read(first)) == (True, b"one")
    storage.remove(first)
    storage.remove(first)
    assert (storage.holds(first), storage.read(second)) == (False, b"one")
    with pytest.raises(NotFound):
        storage.read(first)
    with pytest.raises(NotFound):
        storage.read("never-there.jpg")


def test_nothing_stays_of_a_transaction_that_fails(storage: Storage) -> None:
    with storage.writing() as writing:
        kept = writing.put(b"kept", ".jpg")

    def fail() -> None:
        with storage.writing() as writing:
            writing.put(b"one", ".jpg")
            writing.put(b"two", ".pdf")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fail()
    assert everything(storage) == [storage.path(kept)]


def test_a_folder_that_cannot_be_written_leaves_nothing_half(tmp_path: Path) -> None:
    (tmp_path / "library").write_text("a file where the folder should be")
    storage = Storage.at(f"file://{tmp_path}/library")
    with pytest.raises(OSError, match="library"), storage.writing() as writing:
        writing.put(b"one", ".jpg")
