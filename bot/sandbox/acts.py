"""Acts: scripted scenes that somebody can start from the page, one run of each at a time."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.sandbox.events import Events
from bot.sandbox.wire import JSON, SimError

_log = logging.getLogger(__name__)

Start = Callable[[], Awaitable[object]]


@dataclass(slots=True)
class Act:
    """A scene; `title` by language (`en`, `zh`)."""

    id: str
    title: dict[str, str]
    start: Start
    task: "asyncio.Task[object] | None" = None
    failed: str = ""

    def described(self) -> JSON:
        """What /sim/acts tells."""
        running = self.task is not None and not self.task.done()
        return {"id": self.id, "title": self.title, "running": running, "failed": self.failed}


class Acts:
    """All acts, in the order in which they were added."""

    def __init__(self, events: Events) -> None:
        self._events = events
        self._acts: dict[str, Act] = {}

    def add(self, act_id: str, title: dict[str, str], start: Start) -> None:
        """Offer a scene; `start` is called without arguments and awaited."""
        self._acts[act_id] = Act(act_id, title, start)

    def start(self, act_id: str) -> Act:
        """Begin a scene; SimError 404 for an unknown one, 409 while it runs."""
        act = self._acts.get(act_id)
        if act is None:
            raise SimError(404, f"there is no act {act_id}")
        if act.task is not None and not act.task.done():
            raise SimError(409, f"act {act_id} is running")
        act.failed = ""
        act.task = asyncio.ensure_future(act.start())
        act.task.add_done_callback(lambda task: self._ended(act, task))
        self._announce()
        return act

    def all(self) -> list[JSON]:
        """All acts as JSON."""
        return [act.described() for act in self._acts.values()]

    async def stop(self) -> None:
        """End what runs."""
        tasks = [act.task for act in self._acts.values() if act.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _ended(self, act: Act, task: "asyncio.Future[object]") -> None:
        if not task.cancelled() and (error := task.exception()) is not None:
            act.failed = str(error) or type(error).__name__
            _log.error("act %s failed", act.id, exc_info=error)
        self._announce()

    def _announce(self) -> None:
        self._events.announce({"kind": "act", "person_id": None, "version": 0})
