"""Works off the outbox: people before bulk, a chat's order kept, Telegram's limits held, nothing dropped."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from bot.telegram import outcomes
from bot.telegram.budget import Budget
from bot.telegram.delivery import Delivery
from bot.telegram.weather import Weather
from bot.telemetry.meters import Meters
from bot.telemetry.subject import about
from storage import claiming
from storage.claiming import Due
from storage.database import Connection, Database, DatabaseAway
from storage.outbox import Outgoing

log = logging.getLogger(__name__)

SURE_FOR = 30.0  # seconds between looks for messages that a process of before has claimed late
AT_ONCE = 32  # calls under way; more gain nothing below Telegram's ceiling
LAST_WORD = 0.5  # seconds of an end that are kept for what is written down last
LONGEST_SLEEP = 1.0  # seconds; a bell or a due message ends it earlier


@dataclass
class Sender:
    """One loop that claims, one task per message under way."""

    database: Database
    delivery: Delivery
    budget: Budget
    clock: Callable[[], datetime]
    meters: Meters = field(default_factory=Meters)

    def __post_init__(self) -> None:
        self._bell = asyncio.Event()
        self._weather = Weather(self.budget)
        self._busy: dict[int, float] = {}  # chat → when it may be looked at again (loop time), inf while a call is out
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_hand: deque[Outgoing] = deque()  # marked *sending* by who posted them, and not under way yet
        self._owed: set[int] = set()  # busy chats for which more waits: looked for as soon as the call is back
        self._held: set[bool] = set()  # whether people's messages or bulk waited for room when we last looked
        self._under_way: set[int] = set()
        self._is_in_doubt = False  # a claim failed at its COMMIT: it may have happened
        self._sure_until = 0.0  # loop time; a leader before us may have claimed after we looked
        self._at_work = False
        self._stopping = False
        self._ended = asyncio.Event()

    @property
    def takes(self) -> bool:
        """Whether messages may be posted into our hands: not where another process may have to take them up."""
        return self._at_work and not self._stopping and self.database.is_sqlite

    def take(self, messages: Sequence[Outgoing], chats: Collection[int] = ()) -> None:
        """These were posted into our hands; for `chats` there is something to look for in the outbox."""
        for message in messages:
            self._busy[message.chat_id] = float("inf")
            self._in_hand.append(message)
        self._start_in_hand()
        if chats:
            self._owed.update(chats)
            self.ring()

    def ring(self) -> None:
        """There is something new in the outbox."""
        self._bell.set()

    async def run(self) -> None:
        """Send until stopped."""
        await self.record(partial(claiming.take_up_uncertain, but=self._known()))
        self._at_work = True
        self._ended.clear()
        try:
            await self._send_all()
        finally:
            self._ended.set()

    async def _send_all(self) -> None:
        while not self._stopping:
            self._bell.clear()
            try:
                started = await self._claim_and_start()
            except DatabaseAway as error:
                log.warning("the outbox cannot be read: %s", error)
                self._is_in_doubt = not self.database.is_sqlite  # which keeps nothing of what failed
                started = False
            if not started:
                await self._sleep()

    async def stop(self, by: float | None = None) -> None:
        """Start nothing more, and let the calls that are out come back, `by` then (the loop's time)."""
        self._stopping = True
        self.ring()
        with suppress(TimeoutError):
            async with asyncio.timeout_at(by - LAST_WORD if by is not None else None):
                while self._tasks:
                    await asyncio.wait(self._tasks)
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._at_work:
            with suppress(TimeoutError, DatabaseAway):  # then the next start does it
                async with asyncio.timeout_at(by):
                    await self._ended.wait()  # a claim that was under way is in, and nothing of it was begun
                    await self.database.write(claiming.take_up_uncertain)

    def _start_in_hand(self) -> None:
        """What cannot go yet stays in hand, and its chat busy."""
        for _ in range(len(self._in_hand)):
            message = self._in_hand.popleft()
            if self._stopping or len(self._tasks) >= AT_ONCE or not self._has_budget(message):
                self._in_hand.append(message)
            else:
                self._start(message)

    def _known(self) -> frozenset[int]:
        """What is *sending* because we are about it."""
        return frozenset(self._under_way) | {message.id for message in self._in_hand}

    def _has_budget(self, message: Due | Outgoing) -> bool:
        # Telegram counts new messages; an edit disturbs nobody
        return self.budget.take(message.chat_id, bulk=message.bulk, counts=message.edits is None)

    def _start(self, message: Outgoing) -> None:
        self._under_way.add(message.id)
        self._busy[message.chat_id] = float("inf")
        task = asyncio.create_task(self._send(message), name=f"send {message.id}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _claim_and_start(self) -> bool:
        self._start_in_hand()
        now = asyncio.get_running_loop().time()
        self._busy = {chat: until for chat, until in self._busy.items() if until > now}
        if self._is_in_doubt or (now > self._sure_until and not self.database.is_sqlite):
            await self.database.write(partial(claiming.take_up_uncertain, but=self._known()))
            self._is_in_doubt, self._sure_until = False, now + SURE_FOR
        room = (1 if self._weather.is_bad else AT_ONCE) - len(self._tasks)
        if room <= 0 or self.budget.wait_for_anyone() > 0:
            return False
        busy, at = set(self._busy), self.clock()
        self._owed &= busy
        spent: list[int] = []
        self._held.clear()

        def has_budget(message: Due) -> bool:
            if self._has_budget(message):
                return True
            if self.budget.wait_for_anyone(bulk=message.bulk) <= 0:
                spent.append(message.chat_id)
            else:
                self._held.add(message.bulk)
            return False

        claimed = await self.database.write(
            lambda connection: claiming.claim_due(connection, at, busy=busy, limit=room, spare=has_budget)
        )
        for chat_id in spent:  # left out of the next claims, or they would fill their limit
            self._busy[chat_id] = now + self.budget.wait_for(chat_id)
        if self._stopping:
            return False  # `stop` lets them go
        for message in claimed:
            self._owed.add(message.chat_id)  # there may be more for it
            self._start(message)
        return bool(claimed or spent)

    async def _sleep(self) -> None:
        # not wait_for: before Python 3.12 it swallows a cancellation that comes with the bell
        with suppress(TimeoutError):
            async with asyncio.timeout(self._until_next()):
                await self._bell.wait()

    def _until_next(self) -> float:
        if any(self.budget.wait_for_anyone(bulk=bulk) <= 0 for bulk in self._held):
            return 0.0  # there is room by now
        waits = [self.budget.wait_for(chat) for chat in self._busy]
        waits += [self.budget.wait_for_anyone(), self.budget.wait_for_anyone(bulk=True), LONGEST_SLEEP]
        return max(0.01, min((wait for wait in waits if wait > 0), default=LONGEST_SLEEP))

    async def _send(self, message: Outgoing) -> None:
        now = self.clock()
        try:
            try:
                message_id = await self.delivery.deliver(message, now, _Pace(self, message))
            except Exception as error:  # noqa: BLE001 - the other edge: one message's fault must not stop the others
                self._owed.add(message.chat_id)
                self.meters.not_sent(outcomes.named(error))
                with about(message=message.id, person=message.person_id):
                    outcome = outcomes.of(message, error, now, self._weather)
            else:
                waited = (self.clock() - message.created_at).total_seconds()
                result = "sent" if message.edits is None or message_id != message.edits else "edited"
                self.meters.sent(result, bulk=message.bulk, seconds=waited)
                self._weather.arrived()
                outcome = outcomes.sent(message, message_id, now)
            await self.record(outcome)
        finally:
            was_full = len(self._tasks) >= AT_ONCE
            self._tasks.difference_update(filter(None, [asyncio.current_task()]))  # there is room from now on
            self._under_way.discard(message.id)
            self._busy.pop(message.chat_id, None)
            if self._in_hand:
                self._start_in_hand()
            if was_full or message.chat_id in self._owed:
                self.ring()

    async def record(self, unit: Callable[[Connection], Any]) -> None:
        """Write the outcome down; until that works nothing else goes to this chat, or it would be said twice."""
        while True:
            try:
                await self.database.write(unit, brief=True)
                return
            except DatabaseAway as error:
                log.warning("the outbox cannot be written: %s", error)
                await asyncio.sleep(1)


@dataclass(frozen=True)
class _Pace:
    """Makes room for the further parts of a message, and notes those that have arrived."""

    sender: Sender
    message: Outgoing

    async def make_room(self) -> None:
        budget, chat_id, bulk = self.sender.budget, self.message.chat_id, self.message.bulk
        while True:
            if budget.take(chat_id, bulk=bulk, counts=True):
                return
            await asyncio.sleep(max(budget.wait_for(chat_id), budget.wait_for_anyone(bulk=bulk), 0.01))

    async def note(self, parts: int) -> None:
        await self.sender.record(lambda connection: claiming.note_parts(connection, self.message.id, parts))
