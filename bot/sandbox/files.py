"""The files that people and bots have sent: their bytes, and the ids under which Telegram knows them."""

import asyncio
import base64
import hashlib
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from bot.sandbox.wire import JSON

DOWNLOAD_LIMIT = 20 * 1024 * 1024
"""https://core.telegram.org/bots/api#getfile"""
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024

# What is larger lies in a temporary folder: a day of photos must not fill the memory.
IN_MEMORY_BYTES = 64 * 1024
_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request, spooled by the server; `source` is at its beginning."""

    name: str
    mime_type: str
    source: BinaryIO

    def size(self) -> int:
        """Bytes."""
        here = self.source.tell()
        end = self.source.seek(0, 2)
        self.source.seek(here)
        return end

    def read(self) -> bytes:
        """All bytes."""
        self.source.seek(0)
        return self.source.read()


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file with its ids; the bytes are in `content` or, when large, at `place`."""

    file_id: str
    unique_id: str
    file_path: str
    size: int
    mime_type: str
    content: bytes | None
    place: Path | None

    def ids(self) -> JSON:
        """The fields that every object of a file begins with."""
        return {"file_id": self.file_id, "file_unique_id": self.unique_id, "file_size": self.size}

    def read(self) -> bytes:
        """All bytes."""
        if self.content is not None:
            return self.content
        assert self.place is not None, "a file has its bytes in memory or on disk"
        return self.place.read_bytes()


class FileStore:
    """All files, by id and by path. `media` tells of a file_id as what it was sent (kind and object)."""

    def __init__(self) -> None:
        self._by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, StoredFile] = {}
        self._folder: Path | None = None
        self.media: dict[str, tuple[str, object]] = {}

    async def add(self, source: bytes | BinaryIO, folder: str, suffix: str, mime_type: str) -> StoredFile:
        """Keep a file. Identical bytes of the same kind get the same unique id, and a new file_id."""
        number = len(self._by_id) + 1
        file_path = f"{folder}/file_{number}{suffix}"
        # A placeholder keeps the number: another file may come while this one is written.
        file_id = _file_id(folder, number)
        self._by_id[file_id] = stored = StoredFile(file_id, "", file_path, 0, mime_type, b"", None)
        content: bytes | None
        if isinstance(source, bytes) and len(source) <= IN_MEMORY_BYTES:
            content, place, size, digest = source, None, len(source), hashlib.sha256(source).digest()
        else:
            content = None
            place = self._new_place(number)
            size, digest = await asyncio.to_thread(_write, source, place)
        unique_id = base64.urlsafe_b64encode(folder[:1].encode() + digest[:11]).decode()
        stored = StoredFile(file_id, unique_id, file_path, size, mime_type, content, place)
        self._by_id[file_id] = self._by_path[file_path] = stored
        return stored

    def find(self, file_id: str) -> StoredFile | None:
        """The file of an id."""
        return self._by_id.get(file_id)

    def at(self, file_path: str) -> StoredFile | None:
        """The file of a path as getFile gave it."""
        return self._by_path.get(file_path)

    def remove(self) -> None:
        """Delete what lies on disk."""
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _new_place(self, number: int) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="sandbox-files-"))
        return self._folder / str(number)


def _file_id(folder: str, number: int) -> str:
    digest = hashlib.sha256(f"{folder}/{number}".encode()).digest()
    return "AgACAg" + base64.urlsafe_b64encode(digest + number.to_bytes(4, "big")).decode().rstrip("=")


def _write(source: bytes | BinaryIO, place: Path) -> tuple[int, bytes]:
    """Copy to disk; returns the size and the SHA-256."""
    digest = hashlib.sha256()
    size = 0
    with place.open("wb") as target:
        if isinstance(source, bytes):
            target.write(source)
            return len(source), hashlib.sha256(source).digest()
        source.seek(0)
        while chunk := source.read(_CHUNK):
            digest.update(chunk)
            target.write(chunk)
            size += len(chunk)
    return size, digest.digest()
