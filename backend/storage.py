"""Files that people send, kept under random names in a folder or in an S3-compatible store."""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl

from fsspec import AbstractFileSystem
from fsspec.core import url_to_fs
from fsspec.implementations.local import LocalFileSystem

from content.errors import N_, NotFound

GIVEN = re.compile(r"[0-9a-f]{32}\.[a-z0-9]+")


class Storage:
    """A place for files. A name is random, so that knowing one file tells nothing of another."""

    def __init__(self, filesystem: AbstractFileSystem, root: str) -> None:
        self.filesystem = filesystem
        self.root = root.rstrip("/")

    @classmethod
    def in_folder(cls, folder: Path) -> Storage:
        """A folder of this machine."""
        return cls(LocalFileSystem(), str(folder))

    @classmethod
    def at(cls, url: str) -> Storage:
        """What *url* names in fsspec's words, such as `s3://bucket/prefix?endpoint_url=https://…`.

        The query's parameters are options of the file system. Nothing is opened yet.
        """
        if url.startswith("file://"):
            return cls.in_folder(Path(url.removeprefix("file://")))
        address, _, query = url.partition("?")
        return cls(*url_to_fs(address, **dict(parse_qsl(query))))

    def path(self, name: str) -> str:
        """Where the file *name* lies, or would lie."""
        return f"{self.root}/{name[:2]}/{name}"

    def holds(self, name: str) -> bool:
        """Whether there is a file *name*."""
        return bool(self.filesystem.isfile(self.path(name)))

    def read(self, name: str) -> bytes:
        """What is in the file *name*. Raises NotFound."""
        try:
            return bytes(self.filesystem.cat_file(self.path(name)))
        except FileNotFoundError:
            raise NotFound(N_("The file is lost.")) from None

    def write(self, name: str, data: bytes) -> None:
        """Put *data* into the new file *name*; when this returns it survives a power cut."""
        if not isinstance(self.filesystem, LocalFileSystem):
            self.filesystem.pipe_file(self.path(name), data)
            return
        # fsspec leaves local files to the system, which writes them when it likes.
        path = Path(self.path(name))
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())

    def names(self) -> Iterator[str]:
        """The name of every file that lies here under a name that `Writing.put` gives."""
        for path in self.filesystem.find(self.root):
            name = str(path).rpartition("/")[2]
            if GIVEN.fullmatch(name):
                yield name

    def written_at(self, name: str) -> datetime:
        """When the file *name* was written. Raises NotFound."""
        try:
            moment: datetime = self.filesystem.modified(self.path(name))
        except FileNotFoundError:
            raise NotFound(N_("The file is lost.")) from None
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)

    def remove(self, name: str) -> None:
        """Remove the file *name*; nothing happens where there is none."""
        try:
            self.filesystem.rm_file(self.path(name))
        except FileNotFoundError:
            return

    @contextmanager
    def writing(self) -> Iterator[Writing]:
        """Write files that stay only if the block ends well: commit inside it."""
        writing = Writing(self)
        try:
            yield writing
        except BaseException:
            writing.discard()
            raise


class Writing:
    """The files that one transaction writes."""

    def __init__(self, storage: Storage) -> None:
        self.storage = storage
        self.names: list[str] = []

    def put(self, data: bytes, suffix: str) -> str:
        """Keep *data* for good, stored when this returns; the new file's name."""
        name = secrets.token_hex(16) + suffix
        self.names.append(name)
        self.storage.write(name, data)
        return name

    def discard(self) -> None:
        """Remove what was put, because nothing will refer to it."""
        while self.names:
            self.storage.remove(self.names.pop())
