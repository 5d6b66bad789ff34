"""Files that people send, kept in a folder under random names."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class Storage:
    """A folder of files. A name is random, so that knowing one file tells nothing of another."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str) -> Path:
        """Where the file *name* lies, or would lie."""
        return self.folder / name[:2] / name

    def holds(self, name: str) -> bool:
        """Whether there is a file *name*."""
        return self.path(name).is_file()

    def read(self, name: str) -> bytes:
        """What is in the file *name*."""
        return self.path(name).read_bytes()

    def remove(self, name: str) -> None:
        """Remove the file *name*; nothing happens where there is none."""
        self.path(name).unlink(missing_ok=True)

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write files that stay only if the block ends well: commit inside it."""
        writing = Writing(self)
        try:
            yield writing
        except BaseException:
            for name in writing.names:
                self.remove(name)
            raise


class Writing:
    """The files that one transaction writes."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.names: list[str] = []

    def put(self, data: bytes, suffix: str) -> str:
        """Keep *data* for good, on the disk when this returns; the new file's name."""
        name = secrets.token_hex(16) + suffix
        path = self.storage.path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        self.names.append(name)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        return name
