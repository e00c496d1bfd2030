"""Photos and files outside the database: a local folder or S3, named by what is in them."""

import asyncio
import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

import obstore
from obstore.exceptions import BaseError
from obstore.store import LocalStore, ObjectStore, from_url


class StoreAway(Exception):  # noqa: N818 - the worker's cue to try later
    """The store does not answer, or is full."""


class Blobs:
    """Keeps bytes under a key; the same bytes get the same key, so that keeping twice keeps once."""

    def __init__(self, place: str, access: Mapping[str, str] | None = None) -> None:
        """`place` is a folder, or a URL such as s3://bucket/prefix, which may need `access`: endpoint, access_key_id …

        Raises StoreAway where nothing can be kept.
        """
        try:
            self._store = _store(place, access or {})
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None

    async def keep(self, data: bytes, suffix: str) -> str:
        """Store and return the key: `ab/abcdef….jpg`."""
        digest = hashlib.sha256(data).hexdigest()
        key = f"{digest[:2]}/{digest}.{suffix}"
        try:
            await obstore.put_async(self._store, key, data)
        except (BaseError, OSError) as error:
            raise StoreAway(type(error).__name__) from None
        return key

    async def read(self, key: str) -> bytes:
        """The bytes under a key."""
        try:
            result = await obstore.get_async(self._store, key)
            return bytes(await result.bytes_async())
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


def _store(place: str, access: Mapping[str, str]) -> ObjectStore:
    if "://" in place:
        options: dict[str, Any] = dict(access)
        if access.get("endpoint", "").startswith("http://"):  # within one's own network; obstore wants to be told
            options["client_options"] = {"allow_http": True}
        return from_url(place, **options)
    Path(place).mkdir(parents=True, exist_ok=True)
    return LocalStore(prefix=place)
