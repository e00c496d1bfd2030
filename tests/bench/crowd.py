"""The other side of a bench, a process of its own: the sandbox, and people who write as soon as they are answered.

It is driven by lines of JSON on its standard input, and answers with lines of JSON (see `Told` and `Measured`).
A person is a callback in the sandbox's own loop, so that he costs the bot's process nothing.
"""

import argparse
import asyncio
import json
import sys
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from bot.sandbox.ledger import Ledger
from bot.sandbox.people import FIRST_PERSON_ID
from bot.sandbox.phone import Phone, text_content
from bot.sandbox.server import Sandbox

ANSWERS = 12  # a person answers so many items, then the next person takes his place
CARD = "📋"  # how a checklist card begins: it is beside the answer, not the answer


@dataclass(frozen=True)
class Told:
    """A line of standard input: let `at_once` people write to this bot for so many seconds."""

    bot: int
    seconds: float
    at_once: int


@dataclass
class Measured:
    """The answer: replies within the seconds, and all until nobody waited; each wait within them, in milliseconds."""

    replies: int = 0
    all_replies: int = 0
    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    unanswered: int = 0


class Watched(Ledger):
    """A ledger that keeps nothing, and tells who was shown something."""

    def __init__(self) -> None:
        super().__init__()
        self.crowds: dict[int, Crowd] = {}

    def add(self, at: float, bot_id: int, what: str, **row: Any) -> None:
        if what == "shown" and bot_id in self.crowds and not (row.get("text") or "").startswith(CARD):
            self.crowds[bot_id].answered(row["chat_id"])


class Crowd:
    """The people of one bot; each waits for a reply before he writes again."""

    def __init__(self, sandbox: Sandbox, bot_id: int, people: int) -> None:
        self._world = sandbox.world
        self._bot = sandbox.world.bots.by_id(bot_id)
        self._next_person = FIRST_PERSON_ID
        self._last_person = FIRST_PERSON_ID + people - 1
        self._given: dict[int, int] = {}
        self._since: dict[int, float] = {}
        self._here: list[int] = []
        self._measured = Measured()
        self._ends_at = 0.0
        self._quiet = asyncio.Event()

    async def write(self, told: Told) -> Measured:
        """Let them write, then wait until nobody waits any more."""
        loop = asyncio.get_running_loop()
        self._measured, started = Measured(), time.perf_counter()
        self._ends_at = started + told.seconds
        self._quiet.clear()
        while len(self._here) < told.at_once:
            self._here.append(self._arrive())
        for person_id in self._here[: told.at_once]:
            loop.call_soon(self._say, person_id)
        try:
            await asyncio.wait_for(self._quiet.wait(), told.seconds + 30)
        except TimeoutError:
            self._measured.unanswered = len(self._since)
            self._since.clear()
        self._measured.seconds = told.seconds
        return self._measured

    def answered(self, person_id: int) -> None:
        """Somebody was shown a reply: count it, and let him write again."""
        since = self._since.pop(person_id, None)
        if since is None:
            return
        now = time.perf_counter()
        self._measured.all_replies += 1
        if now <= self._ends_at:
            self._measured.replies += 1
            self._measured.waits.append((now - since) * 1000)
        self._given[person_id] += 1
        if self._given[person_id] == ANSWERS:
            self._here.remove(person_id)
            person_id = self._arrive()
            self._here.append(person_id)
        if now < self._ends_at:
            asyncio.get_running_loop().call_soon(self._say, person_id)
        elif not self._since:
            self._quiet.set()

    def _arrive(self) -> int:
        if self._next_person > self._last_person:
            raise SystemExit("the crowd has run out of people: give it more")
        person_id = self._next_person
        self._next_person += 1
        self._given[person_id] = 0
        return person_id

    def _say(self, person_id: int) -> None:
        """A number that grows, so that no two replies look the same."""
        phone = Phone(self._world, self._world.people.get(person_id), self._bot)
        self._since[person_id] = time.perf_counter()
        phone.put(text_content(str(10 + self._given[person_id])))


async def serve(port: int, people: int) -> None:
    sandbox = Sandbox()
    ledger = sandbox.world.ledger = Watched()
    for number in range(people):
        sandbox.world.people.add({"first_name": f"Rep {number}", "language_code": "en"})
    listening = await sandbox.start("127.0.0.1", port)
    print(json.dumps({"port": listening}), flush=True)
    commands = asyncio.StreamReader()
    loop = asyncio.get_running_loop()
    await loop.connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        told = Told(**json.loads(line))
        crowd = ledger.crowds.get(told.bot)
        if crowd is None:
            crowd = ledger.crowds[told.bot] = Crowd(sandbox, told.bot, people)
        print(json.dumps(asdict(await crowd.write(told))), flush=True)
    await sandbox.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--people", type=int, default=4000)
    arguments = parser.parse_args()
    asyncio.run(serve(arguments.port, arguments.people))


if __name__ == "__main__":
    main()
