"""Finds the lanes that nobody works on, where several processes share the inbox."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

from storage import lanes
from storage.database import Database, DatabaseAway
from storage.inbox import Received

log = logging.getLogger(__name__)

AT_ONCE = 16  # lanes in hand: twice the connections, so that none of them waits for the event loop
WORTH_A_LOOK = 4  # free hands: under load one statement fetches several
LOOK_EVERY = 1.0  # seconds between looks that nobody asked for, and between signs of life
SETTLING = 0.02  # seconds between looks whether everything is worked off


class Heads:
    """Claims the oldest update of each free lane and hands it to `begin`; whoever began it calls `left` at its end.

    `convict` puts aside an update with which one worker after the other has died.
    """

    def __init__(
        self, database: Database, begin: Callable[[Received], None], convict: Callable[[Received], Awaitable[None]]
    ) -> None:
        self._database = database
        self._begin = begin
        self._convict = convict
        self._in_hand: set[int] = set()
        self._alone = False  # a suspect is in hand, or next: nothing else may die with it
        self._looked_at = 0.0
        self._bell = asyncio.Event()
        self._running: asyncio.Task[None] | None = None

    def ring(self) -> None:
        """There may be something new."""
        self._bell.set()

    def start(self) -> None:
        """Begin to look; again is harmless."""
        if self._running is None:
            self._running = asyncio.create_task(self._run(), name="heads")
        self.ring()

    def left(self, seq: int) -> None:
        """It is worked off, or another worker's: the next of its lane may be free now."""
        self._in_hand.discard(seq)
        if not self._in_hand:
            self._alone = False
        self.ring()

    async def settled(self) -> None:
        """Wait until all that is in the inbox now is worked off, by whomever."""
        newest = await self._surely(lanes.find_newest)
        while self._in_hand or await self._surely(partial(lanes.has_waiting, until=newest)):  # noqa: ASYNC110 - others work there too
            await asyncio.sleep(SETTLING)

    async def stop(self) -> None:
        """Claim nothing more."""
        if self._running is not None:
            self._running.cancel()
            await asyncio.gather(self._running, return_exceptions=True)

    async def let_go(self) -> None:
        """Leave to others what was not worked off."""
        if self._in_hand:
            seqs = sorted(self._in_hand)
            with suppress(DatabaseAway):  # then the claims end by themselves
                await self._database.write(partial(lanes.let_go, seqs=seqs))

    async def _run(self) -> None:
        while True:
            self._bell.clear()
            try:
                await self._look()
            except DatabaseAway as error:
                log.warning("the inbox cannot be read: %s", error)
            # not wait_for: before Python 3.12 it swallows a cancellation that comes with the bell
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_EVERY):
                    await self._bell.wait()

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._looked_at >= LOOK_EVERY:
            self._looked_at = now
            await self._look_around()
        room = AT_ONCE - len(self._in_hand)
        if self._alone or room < WORTH_A_LOOK:
            return
        for row in await self._database.write(partial(lanes.claim_heads, most=room)):
            self._take(row)

    async def _look_around(self) -> None:
        """Say that we are still alive, and at what; and see whether there is something that others have died of."""
        if self._in_hand:
            await self._database.write(partial(lanes.hold_on, seqs=sorted(self._in_hand)))
            found = await self._database.read(lanes.has_suspect)
            self._alone = bool(self._in_hand) and (self._alone or found)  # which may have changed meanwhile
        elif await self._database.read(lanes.has_suspect):
            await self._try_suspect()

    async def _try_suspect(self) -> None:
        found = await self._database.write(lanes.claim_suspect)
        if found is None:
            return
        row, is_convicted = found
        if is_convicted:
            log.error("one worker after the other has died with update %d", row.seq)
            await self._convict(row)
        else:
            log.warning("several workers have died with update %d in hand; it is tried alone", row.seq)
            self._alone = True
            self._take(row)

    def _take(self, row: Received) -> None:
        if row.seq not in self._in_hand:  # our own claim may have run out while the database was away
            self._in_hand.add(row.seq)
            self._begin(row)

    async def _surely(self, unit: Callable[..., int]) -> int:
        while True:
            try:
                return await self._database.read(unit)
            except DatabaseAway:
                await asyncio.sleep(SETTLING)
