"""Whether the process can do its work: database, photo store, and how long things wait. Each is asked sparingly."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Generic, TypeVar

from storage.blobs import StoreAway
from storage.database import Database, DatabaseAway
from storage.waiting import Waiting, look

T = TypeVar("T")


@dataclass(frozen=True)
class Pace:
    """Seconds that an answer may take, and seconds for which it is good."""

    within: float
    fresh: float


DATABASE = Pace(within=3.0, fresh=2.0)
STORE = Pace(within=5.0, fresh=15.0)  # each time a blob is written and deleted
# How long things may wait before somebody should look. A digest to everybody takes 4 minutes for 6,000 people.
LIMITS = {
    "inbox": timedelta(minutes=1),
    "outbox": timedelta(minutes=5),
    "bulk": timedelta(hours=1),
    "jobs": timedelta(minutes=15),
}
TO_DO = {
    "inbox": "updates are not worked off: read this process's log, and look at its CPU and the database's",
    "outbox": "messages do not go out: read the log, and see that Telegram can be reached (rounds doctor)",
    "bulk": "digests do not go out: see whether Telegram slows us down (rounds_sends_total, result 429)",
    "jobs": "photos or lists are not worked on: read the log, and look at the photo store and at the workers",
}


@dataclass(frozen=True)
class Trouble:
    """What is wrong and what to do about it, without a secret in it."""

    what: str
    problem: str
    to_do: str


def age(since: datetime | None, now: datetime) -> float:
    """Seconds since then; 0 for nothing."""
    return max(0.0, (now - since).total_seconds()) if since is not None else 0.0


def late(queues: Mapping[str, Waiting], now: datetime, limits: Mapping[str, timedelta] = LIMITS) -> list[Trouble]:
    """The queues in which something has waited for too long; `what` is the queue's name."""
    return [trouble for name, queue in queues.items() for trouble in _of_queue(name, queue, now, limits[name])]


def _of_queue(name: str, queue: Waiting, now: datetime, limit: timedelta) -> list[Trouble]:
    # An update is given up after three tries, so the oldest counts; a message or a job may be tried for days
    waited = timedelta(seconds=age(queue.oldest_at if name == "inbox" else queue.most_at, now))
    if waited <= limit:
        return []
    problem = f"{queue.depth} wait, for {waited.total_seconds():.0f} s; {limit.total_seconds():.0f} s is the limit"
    return [Trouble(name, problem, TO_DO[name])]


class Sparing(Generic[T]):
    """Asks one question at a time, and not again while the answer is fresh: many probes make one call."""

    def __init__(self, ask: Callable[[], Awaitable[T]], pace: Pace) -> None:
        self._ask = ask
        self.pace = pace
        self._asking: asyncio.Future[T] | None = None
        self._answered_at = 0.0

    async def answer(self) -> T:
        """The newest answer. Raises what asking raised, or TimeoutError while there is none."""
        now = asyncio.get_running_loop().time()
        if self._asking is None or (self._asking.done() and now - self._answered_at >= self.pace.fresh):
            self._asking = asyncio.ensure_future(self._ask())
            self._asking.add_done_callback(self._note)
        # an answer that takes too long goes on being waited for, or each probe would add one more to a slow database
        await asyncio.wait({self._asking}, timeout=self.pace.within)
        if not self._asking.done():
            raise TimeoutError
        return self._asking.result()

    def close(self) -> None:
        """Nobody waits for it any more."""
        if self._asking is not None:
            self._asking.cancel()

    def _note(self, asked: asyncio.Future[T]) -> None:
        self._answered_at = asyncio.get_running_loop().time()
        if not asked.cancelled():
            asked.exception()  # it is told to whoever asks next, or to nobody


class Readiness:
    """Looks at what the process stands on. `check_store` raises StoreAway; `is_at_work` is False during the start."""

    def __init__(
        self,
        database: Database,
        check_store: Callable[[], Awaitable[None]],
        clock: Callable[[], datetime],
        is_at_work: Callable[[], bool],
        *,
        limits: Mapping[str, timedelta] = LIMITS,
        paces: tuple[Pace, Pace] = (DATABASE, STORE),
    ) -> None:
        self._clock = clock
        self._is_at_work = is_at_work
        self._limits = limits
        self._queues = Sparing(lambda: database.read(look), paces[0])
        self._store = Sparing(check_store, paces[1])

    async def examine(self) -> list[Trouble]:
        """Everything that is wrong now; nothing means ready."""
        troubles = await asyncio.gather(self._of_database(), self._of_store())
        return [*self._of_start(), *(trouble for found in troubles for trouble in found)]

    async def queues(self) -> dict[str, Waiting] | None:
        """What waits; None while the database does not answer."""
        try:
            return await self._queues.answer()
        except (DatabaseAway, TimeoutError):
            return None

    def age(self, since: datetime | None) -> float:
        """Seconds since then; 0 for nothing."""
        return age(since, self._clock())

    def close(self) -> None:
        """End what is still being asked."""
        self._queues.close()
        self._store.close()

    def _of_start(self) -> list[Trouble]:
        if self._is_at_work():
            return []
        return [Trouble("start", "has not ended", "wait; read the log: it says what the start is waiting for")]

    async def _of_database(self) -> list[Trouble]:
        to_do = "see that it runs and can be reached, and check ROUNDS_DATABASE_URL (rounds doctor)"
        try:
            queues = await self._queues.answer()
        except DatabaseAway as error:
            return [Trouble("database", f"cannot be used ({error})", to_do)]
        except TimeoutError:
            return [Trouble("database", f"no answer in {self._queues.pace.within:g} s", to_do)]
        return late(queues, self._clock(), self._limits)

    async def _of_store(self) -> list[Trouble]:
        to_do = "see that it runs, can be reached and has room, and check ROUNDS_PHOTO_STORE (rounds doctor)"
        try:
            await self._store.answer()
        except StoreAway as error:
            return [Trouble("photo store", f"nothing can be kept there ({error})", to_do)]
        except TimeoutError:
            return [Trouble("photo store", f"no answer in {self._store.pace.within:g} s", to_do)]
        return []
