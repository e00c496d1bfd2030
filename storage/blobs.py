"""Photos and files outside the database: a local folder or S3, named by what is in them."""

import asyncio
import hashlib
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError, NotFoundError
from obstore.store import LocalStore, ObjectStore, from_url

OWNER = "owner"  # a blob of its own: which database may clear the store up
LISTED = 1000  # blobs in memory at once, and what one S3 request lists
FOLDERS = tuple(f"{number:02x}" for number in range(256))  # the first two digits of a key
# A job tries again by itself, and says "syncing" meanwhile; obstore's own patience is three minutes
PATIENCE: dict[str, Any] = {"max_retries": 2, "retry_timeout": timedelta(seconds=20)}


class StoreAway(Exception):  # noqa: N818 - the worker's cue to try later
    """The store does not answer, or is full."""


class BlobMissing(StoreAway):
    """The store answers, and does not have this blob."""


@dataclass(frozen=True)
class Stored:
    """A blob that is there, and when it was kept last, by the store's clock."""

    key: str
    kept_at: datetime


class Blobs:
    """Keeps bytes under a key; the same bytes get the same key, so that keeping twice keeps once."""

    def __init__(self, place: str, access: Mapping[str, str] | None = None) -> None:
        """`place` is a folder, or a URL such as s3://bucket/prefix, which may need `access`: endpoint, access_key_id …

        Raises StoreAway where nothing can be kept.
        """
        self._folder = None if "://" in place else Path(place)
        try:
            self._store = _store(place, access or {})
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def keep(self, data: bytes, suffix: str) -> str:
        """Store and return the key: `ab/abcdef….jpg`. A power cut after this takes nothing away."""
        digest = hashlib.sha256(data).hexdigest()
        key = f"{digest[:2]}/{digest}.{suffix}"
        try:
            # In one piece: what is killed halfway through several leaves parts that S3 charges for and does not list
            await obstore.put_async(self._store, key, data, use_multipart=False)
            if self._folder is not None:
                await asyncio.to_thread(_to_the_disk, self._folder / key)
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None
        return key

    async def read(self, key: str) -> bytes:
        """The bytes under a key; raises BlobMissing or StoreAway."""
        try:
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())
        except (NotFoundError, FileNotFoundError):
            raise BlobMissing(key) from None
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def list_folder(self, folder: str) -> AsyncIterator[list[Stored]]:
        """What one of FOLDERS holds, a thousand at a time, in no order."""
        try:
            async for batch in obstore.list(self._store, f"{folder}/", chunk_size=LISTED):
                yield [Stored(found["path"], found["last_modified"]) for found in batch]
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def drop(self, key: str, *, kept_before: datetime) -> bool:
        """Delete a blob; False when it is gone, or was kept once more since."""
        try:
            if (await obstore.head_async(self._store, key))["last_modified"] >= kept_before:
                return False
            await obstore.delete_async(self._store, key)
        except (NotFoundError, FileNotFoundError):
            return False
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None
        return True

    async def drop_torn(self, folder: str, *, kept_before: datetime) -> int:
        """Delete the pieces (`….jpg#1`) that a process left which died as it wrote; only a local folder has them."""
        if self._folder is None:
            return 0
        try:
            return await asyncio.to_thread(_drop_torn, self._folder / folder, kept_before)
        except OSError as error:
            raise StoreAway(type(error).__name__) from None

    async def belongs_to(self, owner: str) -> bool:
        """Whether this is the database that the store is kept for: the first one to ask, from then on."""
        try:
            with suppress(AlreadyExistsError, FileExistsError):
                await obstore.put_async(self._store, OWNER, owner.encode(), mode="create", use_multipart=False)
            found = await obstore.get_async(self._store, OWNER)
            return bytes(await found.bytes_async()) == owner.encode()
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def check(self) -> None:
        """Write and delete a small blob; raises StoreAway."""
        try:
            async with asyncio.timeout(10):
                # another one each time: of two processes that check at once, one would delete the other's
                key = await self.keep(uuid4().bytes, "check")
                await obstore.delete_async(self._store, key)
        except (BaseError, OSError, TimeoutError) as error:
            raise StoreAway(type(error).__name__) from None


def digest_of(key: str) -> str:
    """The SHA-256 that a key is made of."""
    return key.rpartition("/")[2].partition(".")[0]


def _store(place: str, access: Mapping[str, str]) -> ObjectStore:
    if "://" in place:
        options: dict[str, Any] = {**access, "retry_config": PATIENCE}
        if access.get("endpoint", "").startswith("http://"):  # within one's own network; obstore wants to be told
            options["client_options"] = {"allow_http": True}
        return from_url(place, **options)
    Path(place).mkdir(parents=True, exist_ok=True)
    return LocalStore(prefix=place)


def _to_the_disk(path: Path) -> None:
    """obstore leaves it to the system when a file reaches the disk; its row must not come first."""
    for place in (path, path.parent, path.parent.parent):
        number = os.open(place, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _drop_torn(folder: Path, kept_before: datetime) -> int:
    dropped = 0
    for path in folder.glob("*#*"):
        if datetime.fromtimestamp(path.stat().st_mtime, UTC) < kept_before:
            path.unlink(missing_ok=True)
            dropped += 1
    return dropped
