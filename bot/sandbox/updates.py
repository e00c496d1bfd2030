"""One bot's queue of updates: order, redelivery until confirmed, expiry, and a single long poll."""

import asyncio
from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from bot.sandbox.wire import ApiError, conflict

# https://core.telegram.org/bots/api#getupdates: these come only to a bot that asks for them by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

KEPT_S = 24 * 3600.0
"""How long Telegram keeps an update that nobody fetches."""
TAP_KEPT_S = 150.0
"""How long Telegram keeps a tap on a button, and accepts an answer to it."""

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"


class Pending(NamedTuple):
    """An update that is not confirmed yet; `text` is its JSON, `expires_at` in seconds of the sandbox's clock."""

    update_id: int
    expires_at: float
    lane: int
    text: str


class UpdateQueue:
    """The updates that a bot has not confirmed, oldest first."""

    def __init__(self, first_id: int) -> None:
        self.next_id = first_id
        self.allowed: frozenset[str] | None = None
        """The kinds that the bot asked for, or None: all but those only on request."""
        self._waiting: deque[Pending] = deque()
        self._poller: asyncio.Future[ApiError | None] | None = None
        self.polling = asyncio.Event()
        """Set while a long poll waits."""

    def __len__(self) -> int:
        return len(self._waiting)

    def allow(self, kinds: list[str]) -> None:
        """Remember `allowed_updates`; an empty list means the default. What waits already is not touched."""
        self.allowed = frozenset(kinds) or None

    def wants(self, kind: str) -> bool:
        """Whether an update of this kind is kept for the bot at all."""
        return kind not in ONLY_ON_REQUEST if self.allowed is None else kind in self.allowed

    def put(self, pending: Pending) -> None:
        """Append, and answer the long poll that waits."""
        self._waiting.append(pending)
        self._wake(None)

    def put_back(self, returned: Iterable[Pending]) -> None:
        """Take back what a webhook did not deliver, in the order of the ids."""
        self._waiting = deque(sorted([*self._waiting, *returned]))
        self._wake(None)

    def take_all(self) -> list[Pending]:
        """Hand everything over to a webhook."""
        taken = list(self._waiting)
        self._waiting.clear()
        return taken

    def clear(self) -> None:
        """Forget everything (`drop_pending_updates`)."""
        self._waiting.clear()

    def confirm_before(self, offset: int) -> None:
        """Forget all updates with an id below `offset`; a negative one keeps only that many of the newest."""
        waiting = self._waiting
        if offset < 0:
            while len(waiting) > -offset:
                waiting.popleft()
            return
        while waiting and waiting[0].update_id < offset:
            waiting.popleft()

    def peek(self, limit: int, now: float) -> list[str]:
        """Up to `limit` updates as JSON text; what has expired is dropped on the way."""
        found: list[str] = []
        expired = False
        for pending in self._waiting:
            if pending.expires_at <= now:
                expired = True
                continue
            found.append(pending.text)
            if len(found) == limit:
                break
        if expired:
            self._waiting = deque(pending for pending in self._waiting if pending.expires_at > now)
        return found

    async def wait(self, timeout_s: float) -> None:
        """Return when an update comes or the time is over; ApiError 409 if another poll takes the place."""
        loop = asyncio.get_running_loop()
        poller: asyncio.Future[ApiError | None] = loop.create_future()
        self._poller = poller
        self.polling.set()
        timer = loop.call_later(timeout_s, _finish, poller, None)
        try:
            ended_by = await poller
        finally:
            timer.cancel()
            if self._poller is poller:
                self._poller = None
                self.polling.clear()
        if ended_by is not None:
            raise ended_by

    def end_poll(self, reason: str | None = None) -> None:
        """End the waiting long poll: with a 409 of this reason, or with an empty answer."""
        self._wake(conflict(reason) if reason else None)

    def _wake(self, error: ApiError | None) -> None:
        if self._poller is not None:
            _finish(self._poller, error)
            self._poller = None
            self.polling.clear()


def _finish(future: "asyncio.Future[ApiError | None]", error: ApiError | None) -> None:
    if not future.done():
        future.set_result(error)
