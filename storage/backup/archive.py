"""The file of a backup: a tar with a header first, rows and photos, and a manifest last that proves it is whole."""

import io
import json
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

FORMAT = 1
HEADER, MANIFEST = "rounds.json", "manifest.json"
LARGEST = 256 * 1024 * 1024  # bytes of one member; we write none above 25 MB


class BrokenArchive(Exception):  # noqa: N818 - a sentence for the operator
    """The file is no archive of ours, is damaged, or was not finished."""


class ArchiveWriter:
    """Adds members one after the other; what is added is not held in memory."""

    def __init__(self, tar: tarfile.TarFile, made_at: datetime) -> None:
        self._tar = tar
        self._made_at = made_at.timestamp()

    def add(self, name: str, data: bytes) -> None:
        """Write a member."""
        member = tarfile.TarInfo(name)
        member.size, member.mtime, member.mode = len(data), int(self._made_at), 0o600
        self._tar.addfile(member, io.BytesIO(data))
        _forget(self._tar)

    def add_json(self, name: str, content: dict[str, Any]) -> None:
        """Write a member of JSON."""
        self.add(name, json.dumps(content, ensure_ascii=False, indent=1).encode())


@contextmanager
def writing(path: Path, made_at: datetime) -> Iterator[ArchiveWriter]:
    """A new archive that only its owner may read; it has its name once it is whole and on the disk.

    Raises FileExistsError rather than overwrite one, and OSError where it does not fit.
    """
    if path.exists():
        raise FileExistsError(path)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
            with tarfile.open(fileobj=file, mode="w|", format=tarfile.USTAR_FORMAT, bufsize=1024 * 1024) as tar:
                yield ArchiveWriter(tar, made_at)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


def reading(path: Path) -> Iterator[tuple[str, bytes]]:
    """The members in their order, one in memory at a time. Raises BrokenArchive, or OSError when there is no file."""
    try:
        with path.open("rb") as file, tarfile.open(fileobj=file, mode="r|", bufsize=1024 * 1024) as tar:
            while (member := tar.next()) is not None:
                _forget(tar)
                content = tar.extractfile(member)
                if content is None or member.size > LARGEST:
                    raise BrokenArchive(f"{member.name} does not belong into a backup")
                yield member.name, content.read()
    except (tarfile.TarError, EOFError) as error:
        raise BrokenArchive(f"the file is cut off, damaged or no backup of Rounds ({error})") from None


def _forget(tar: tarfile.TarFile) -> None:
    """tarfile remembers every member, and there may be a million photos."""
    tar.members.clear()  # type: ignore[attr-defined]


def as_json(name: str, data: bytes) -> dict[str, Any]:
    """A member of JSON; raises BrokenArchive."""
    try:
        content = json.loads(data)
    except ValueError:
        content = None
    if not isinstance(content, dict):
        raise BrokenArchive(f"{name} is damaged")
    return content
