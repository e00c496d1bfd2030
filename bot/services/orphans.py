"""Sweeps the photo store: blobs that no row names, left by a process that died between keeping and committing.

A blob is kept before its row is committed, so that no row is without its photo; the price are orphans. They
cost a little room and nothing else, so the sweep is slow and careful: a step looks at one of the store's 256
folders, and listing them all costs an S3 store some hundred requests a day.
"""

import asyncio
import logging
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial

from storage.blob_names import find_unnamed, own_name
from storage.blobs import FOLDERS, Blobs, StoreAway
from storage.database import Database, DatabaseAway
from storage.leadership import Leadership

log = logging.getLogger(__name__)

# A job keeps its blobs minutes before its row, and a backup reads them hours after it at most; but who has restored
# a database of some days ago finds the photos that it does not name yet only here.
GRACE = timedelta(days=7)
EVERY = timedelta(minutes=5)  # 256 folders: once round in 21 hours, so that a nightly restart skips none for ever
OURS = re.compile(r"[0-9a-f]{2}/[0-9a-f]{64}\.\w+")


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Orphans:
    """One process at a time sweeps. `clock` has to be the real one, as the store's is."""

    def __init__(
        self, database: Database, blobs: Blobs, leads: Leadership, *, clock: Callable[[], datetime] = _utc_now
    ) -> None:
        self._database = database
        self._blobs = blobs
        self._leads = leads
        self._clock = clock
        self._is_told = False

    async def run(self) -> None:
        """Sweep for ever."""
        while True:
            await asyncio.sleep(EVERY.total_seconds())
            if self._leads.is_held:
                try:
                    await self.sweep(FOLDERS[int(self._clock().timestamp() // EVERY.total_seconds()) % len(FOLDERS)])
                except (DatabaseAway, StoreAway) as error:
                    log.info("the photo store was not swept: %s", type(error).__name__)

    async def sweep(self, folder: str) -> int:
        """Delete the old orphans of one folder; returns how many. Raises DatabaseAway and StoreAway."""
        now = self._clock()
        name = await self._database.write(partial(own_name, now=now))
        if not await self._blobs.belongs_to(name):
            if not self._is_told:
                log.warning("the photo store is another database's: what this one does not name is left there")
                self._is_told = True
            return 0
        before, dropped = now - GRACE, 0
        async for batch in self._blobs.list_folder(folder):
            old = [blob.key for blob in batch if blob.kept_at < before and OURS.fullmatch(blob.key)]
            for key in await self._database.read(partial(find_unnamed, keys=old)) if old else ():
                dropped += await self._blobs.drop(key, kept_before=before)
        dropped += await self._blobs.drop_torn(folder, kept_before=before)
        if dropped:
            log.info("%d photos that nothing refers to were deleted", dropped)
        return dropped
