"""Delivers a bot's updates to its webhook: in order within a chat, side by side across chats, until a 2xx."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import aiohttp

from bot.sandbox.clock import SandboxClock
from bot.sandbox.updates import Pending, UpdateQueue
from bot.sandbox.wire import JSON

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 (the header's name)
ANSWER_WITHIN_S = 60.0
MAX_CONNECTIONS = 40
"""Telegram's default for setWebhook."""
LONGEST_PAUSE_S = 30.0

OnReply = Callable[[JSON], Awaitable[None]]


@dataclass(slots=True)
class Webhook:
    """Where and how a bot wants its updates; the last error as getWebhookInfo tells it."""

    url: str
    secret: str
    max_connections: int = MAX_CONNECTIONS
    last_error_at: int | None = None
    last_error: str = ""
    has_certificate: bool = False


@dataclass(slots=True)
class Courier:
    """Takes updates out of the queue into a lane per chat; what is not delivered goes back when it stops."""

    webhook: Webhook
    queue: UpdateQueue
    clock: SandboxClock
    on_reply: OnReply
    """Called with the JSON body of an answer that names a `method`: a call made in the reply."""
    first_pause_s: float
    """The pause before the first repetition; it doubles up to `LONGEST_PAUSE_S`."""
    _lanes: dict[int, deque[Pending]] = field(default_factory=dict)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _session: aiohttp.ClientSession | None = None
    _places: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        self._places = asyncio.Semaphore(self.webhook.max_connections)

    def pending_count(self) -> int:
        """Updates that are under way or wait for their turn."""
        return sum(len(lane) for lane in self._lanes.values())

    def collect(self) -> None:
        """Take over what the queue holds."""
        for pending in self.queue.take_all():
            lane = self._lanes.get(pending.lane)
            if lane is None:
                lane = self._lanes[pending.lane] = deque()
                task = asyncio.create_task(self._deliver_lane(pending.lane, lane))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)
            lane.append(pending)

    async def idle(self) -> None:
        """Return when nothing is under way any more."""
        await asyncio.gather(*self._tasks)

    async def stop(self) -> None:
        """End all deliveries and put back what has not been taken."""
        # A bot may delete its webhook in the answer to an update: that delivery does not wait for itself.
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for lane in self._lanes.values():
            self.queue.put_back(lane)
            lane.clear()
        self._lanes.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _deliver_lane(self, name: int, lane: deque[Pending]) -> None:
        pause = self.first_pause_s
        while lane:
            pending = lane[0]
            if pending.expires_at <= self.clock.timestamp():
                lane.popleft()
                continue
            async with self._places:
                failure, reply = await self._post(pending.text)
            if failure is None:
                lane.popleft()
                pause = self.first_pause_s
                if reply is not None:
                    await self.on_reply(reply)
                continue
            self.webhook.last_error = failure
            self.webhook.last_error_at = int(self.clock.timestamp())
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_S)
        self._lanes.pop(name, None)

    async def _post(self, text: str) -> tuple[str | None, JSON | None]:
        """Post one update: the error in Telegram's words or None when it was taken, and a call made in the answer."""
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ANSWER_WITHIN_S))
        headers = {"Content-Type": "application/json"}
        if self.webhook.secret:
            headers[SECRET_HEADER] = self.webhook.secret
        try:
            async with self._session.post(self.webhook.url, data=text.encode(), headers=headers) as answer:
                if answer.status // 100 != 2:
                    return f"Wrong response from the webhook: {answer.status} {answer.reason}", None
                reply = await answer.json() if answer.content_type == "application/json" else None
        except TimeoutError:
            return "Read timeout expired", None
        except aiohttp.ClientConnectorError:
            return "Connection refused", None
        except (aiohttp.ClientError, ValueError) as error:
            return f"Connection failed: {type(error).__name__}", None
        return None, reply if isinstance(reply, dict) and "method" in reply else None
