"""Works off the outbox: people before bulk, a chat's order kept, Telegram's limits held, nothing dropped."""

import asyncio
import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError, TimedOut

from bot.telegram.budget import Budget
from bot.telegram.delivery import Delivery, Gone
from bot.telegram.polling import seconds_of
from storage import outbox
from storage.blobs import StoreAway
from storage.database import Connection, Database, DatabaseAway
from storage.outbox import Due, Outgoing

log = logging.getLogger(__name__)

AT_ONCE = 32  # calls under way; more gain nothing below Telegram's ceiling
LONGEST_SLEEP = 1.0  # seconds; a bell or a due message ends it earlier
SERVER_AWAY = timedelta(seconds=2)
FOREVER = 8  # attempts of a message that Telegram's server fails on, before it is tried only every few minutes


@dataclass
class Sender:
    """One loop that claims, one task per message under way."""

    database: Database
    delivery: Delivery
    budget: Budget
    clock: Callable[[], datetime]

    def __post_init__(self) -> None:
        self._bell = asyncio.Event()
        self._busy: dict[int, float] = {}  # chat → when it may be looked at again (loop time), inf while a call is out
        self._tasks: set[asyncio.Task[None]] = set()
        self._stopping = False

    def ring(self) -> None:
        """There is something new in the outbox."""
        self._bell.set()

    async def run(self) -> None:
        """Send until stopped."""
        await self._record(outbox.take_up_uncertain)
        while not self._stopping:
            self._bell.clear()
            try:
                started = await self._claim_and_start()
            except DatabaseAway as error:
                log.warning("the outbox cannot be read: %s", error)
                started = False
            if not started:
                await self._sleep()

    async def stop(self) -> None:
        """Start nothing more, and let the calls that are out come back."""
        self._stopping = True
        self.ring()
        if self._tasks:
            await asyncio.wait(self._tasks, timeout=4)
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _claim_and_start(self) -> bool:
        now = asyncio.get_running_loop().time()
        self._busy = {chat: until for chat, until in self._busy.items() if until > now}
        room = AT_ONCE - len(self._tasks)
        if room <= 0 or self.budget.wait_for_anyone() > 0:
            return False
        busy, at = list(self._busy), self.clock()
        spent: list[int] = []

        def has_budget(message: Due) -> bool:
            if self.budget.wait_for_anyone(bulk=message.bulk) > 0:
                return False
            if self.budget.wait_for(message.chat_id) > 0:
                spent.append(message.chat_id)
                return False
            if message.edits is None:  # Telegram counts new messages; an edit disturbs nobody
                self.budget.spend(message.chat_id)
            return True

        claimed = await self.database.write(
            lambda connection: outbox.claim_due(connection, at, busy=busy, limit=room, spare=has_budget)
        )
        for chat_id in spent:  # left out of the next claims, or they would fill their limit
            self._busy[chat_id] = now + self.budget.wait_for(chat_id)
        for message in claimed:
            self._busy[message.chat_id] = float("inf")
            task = asyncio.create_task(self._send(message), name=f"send {message.id}")
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        return bool(claimed or spent)

    async def _sleep(self) -> None:
        # not wait_for: before Python 3.12 it swallows a cancellation that comes with the bell
        with suppress(TimeoutError):
            async with asyncio.timeout(self._until_next()):
                await self._bell.wait()

    def _until_next(self) -> float:
        waits = [self.budget.wait_for(chat) for chat in self._busy]
        waits += [self.budget.wait_for_anyone(), self.budget.wait_for_anyone(bulk=True), LONGEST_SLEEP]
        return max(0.01, min((wait for wait in waits if wait > 0), default=LONGEST_SLEEP))

    async def _send(self, message: Outgoing) -> None:
        try:
            outcome = await self._deliver(message)
            await self._record(outcome)
        finally:
            self._busy.pop(message.chat_id, None)
            self.ring()

    async def _deliver(self, message: Outgoing) -> Callable[[Connection], Any]:
        """Make the call and say what has to be written down of it."""
        now = self.clock()
        try:
            message_id = await self.delivery.deliver(message, now)
        except RetryAfter as error:
            wait = seconds_of(error)
            self.budget.pause(wait, message.chat_id)
            return lambda c: outbox.put_back(c, message.id, not_before=now + timedelta(seconds=wait), error="429")
        except ChatMigrated as error:
            new = error.new_chat_id

            def follow(connection: Connection) -> None:
                outbox.put_back(connection, message.id, not_before=now, error="migrated")
                outbox.move_chat(connection, message.chat_id, new)

            return follow
        except Forbidden as error:
            reason = str(error)
            return lambda c: _park(c, message, reason)
        except Gone:
            return lambda c: outbox.show_anew(c, message)
        except BadRequest as error:
            log.error("message %d (%s) was refused: %s", message.id, message.message, error)
            reason = str(error)
            return lambda c: outbox.mark_refused(c, message.id, reason)
        except (TelegramError, StoreAway) as error:
            return self._again(message, error, now)
        except Exception as error:  # the other edge: a template's fault must not stop the others
            log.exception("message %d (%s) cannot be said", message.id, message.message)
            reason = type(error).__name__
            return lambda c: outbox.mark_refused(c, message.id, reason)
        return lambda c: outbox.mark_sent(c, message, message_id, now)

    def _again(self, message: Outgoing, error: Exception, now: datetime) -> Callable[[Connection], Any]:
        """Later once more; but a digest whose answer was lost twice has arrived rather than not."""
        reason = type(error).__name__
        if message.bulk and isinstance(error, TimedOut) and message.last_error == reason:
            return lambda c: outbox.mark_refused(c, message.id, f"uncertain: {reason}")
        wait = SERVER_AWAY * min(2 ** (message.attempts - 1), 2**FOREVER)
        return lambda c: outbox.put_back(c, message.id, not_before=now + wait, error=reason)

    async def _record(self, unit: Callable[[Connection], Any]) -> None:
        """Write the outcome down; until that works nothing else goes to this chat, or it would be said twice."""
        while True:
            try:
                await self.database.write(unit)
                return
            except DatabaseAway as error:
                log.warning("the outbox cannot be written: %s", error)
                await asyncio.sleep(1)


def _park(connection: Connection, message: Outgoing, reason: str) -> None:
    if message.person_id is None:
        outbox.mark_refused(connection, message.id, reason)
    else:
        outbox.park(connection, message.person_id)
