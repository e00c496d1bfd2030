"""The sandbox with people at their own pace, a process of its own: they read, think, and write again.

Driven by lines of JSON on standard input, each answered by one line. `talk`: so many "probes", whose waits are told
one by one, and so many others write to a bot; `bulk`: which chats are shown something without having written.
"""

import argparse
import asyncio
import io
import json
import random
import statistics
import sys
import time
from itertools import count
from pathlib import Path
from typing import Any

from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from bot.sandbox.files import Upload
from bot.sandbox.ledger import Ledger
from bot.sandbox.media import stored_photo
from bot.sandbox.people import FIRST_PERSON_ID
from bot.sandbox.phone import Phone, text_content
from bot.sandbox.server import Sandbox
from bot.sandbox.wire import ApiError

ANSWERS = 12  # of a checklist; then the next person takes his place
PATIENCE = 180.0  # seconds; beside a peer's digests a person waits for minutes
CARD = "📋"  # how a checklist card begins: it is beside the answer, not the answer


class Watched(Ledger):
    """A ledger that keeps nothing, and tells who was shown something."""

    def __init__(self) -> None:
        super().__init__()
        self.towns: dict[int, Town] = {}

    def add(self, at: float, bot_id: int, what: str, **row: Any) -> None:
        town = self.towns.get(bot_id)
        if what != "shown" or town is None or (row.get("text") or "").startswith(CARD):
            return
        town.shown(row["chat_id"], time.perf_counter())
        town.marked += (row.get("more") or {}).get("kind") == "photo"


class Town:
    """Everybody who talks with one bot: reps from the first id on, those who only receive from `readers_from` on."""

    def __init__(self, sandbox: Sandbox, bot_id: int, reps: int, readers: int) -> None:
        self._world = sandbox.world
        self.bot = sandbox.world.bots.by_id(bot_id)
        self._fresh = iter(range(FIRST_PERSON_ID, FIRST_PERSON_ID + reps))
        self.readers = range(FIRST_PERSON_ID + reps, FIRST_PERSON_ID + reps + readers)
        for reader in self.readers:
            self._world.private_chat(self.bot, self._world.people.get(reader))
        self._waiting: dict[int, asyncio.Future[float]] = {}
        self.unanswered = 0
        self._given: dict[int, int] = {}
        self._places: dict[str, int] = {}
        self.read_at: list[tuple[int, float]] = []
        self._senders: list[int] = []
        self._photos = count()
        self.marked = 0

    def shown(self, chat_id: int, at: float) -> None:
        if chat_id in self.readers:
            self.read_at.append((chat_id, at))
        waiting = self._waiting.pop(chat_id, None)
        if waiting is not None and not waiting.done():
            waiting.set_result(at)

    async def talk(self, seconds: float, probes: int, probe_pause: float, others: int, pause: float) -> dict[str, Any]:
        """Let them talk; a pause is half as long to half as long again, so that nobody keeps step."""
        ends_at = time.perf_counter() + seconds
        measured: list[float] = []
        rest: list[float] = []
        people = [self._person(f"probe {n}", ends_at, probe_pause, measured) for n in range(probes)]
        people += [self._person(f"other {n}", ends_at, pause, rest) for n in range(others)]
        await asyncio.gather(*people)
        others = {"others": len(rest), "others_p50": statistics.median(rest) if rest else 0.0}
        return {"waits": measured, "unanswered": self.unanswered, **others}

    async def _person(self, place: str, ends_at: float, pause: float, waits: list[float]) -> None:
        if pause:
            await asyncio.sleep(random.random() * pause)
        while time.perf_counter() < ends_at:
            waits.append(await self._say(place))
            if pause:
                await asyncio.sleep(pause * random.uniform(0.5, 1.5))

    async def _say(self, place: str) -> float:
        """A number that grows, so that no two replies look the same; the wait for the reply in milliseconds."""
        person_id = self._places.get(place)
        if person_id is None or self._given[person_id] == ANSWERS:
            person_id = self._places[place] = next(self._fresh)
            self._given[person_id] = 0
        self._given[person_id] += 1
        answer = self._waiting[person_id] = asyncio.get_running_loop().create_future()
        phone = Phone(self._world, self._world.people.get(person_id), self.bot)
        began = time.perf_counter()
        phone.put(text_content(str(10 + self._given[person_id])))
        try:
            return (await asyncio.wait_for(answer, PATIENCE) - began) * 1000
        except TimeoutError:
            self.unanswered += 1
            return PATIENCE * 1000

    def read(self, since: float, until: float) -> dict[str, Any]:
        """What the readers were shown in a span of time, and the longest time in which nobody was shown anything."""
        times = [at for _, at in self.read_at if since <= at <= until]
        gaps = [later - earlier for earlier, later in zip([since, *times], [*times, until], strict=True)]
        return {"read": len(times), "longest_gap": max(gaps), "seconds": until - since}

    async def send_photos(self, seconds: float, people: int, every: float) -> dict[str, Any]:
        """From each of so many people a photo every so many seconds; how many were sent, and came back marked."""
        ends_at, sent = time.perf_counter() + seconds, 0
        self.marked = 0
        if not self._senders:
            self._senders = [next(self._fresh) for _ in range(people)]

        async def send(person_id: int) -> None:
            nonlocal sent
            await asyncio.sleep(random.random() * every)
            while time.perf_counter() < ends_at:
                began = time.perf_counter()
                sent += 1
                upload = Upload("photo.jpg", "image/jpeg", await asyncio.to_thread(_photo, next(self._photos)))
                sizes = await stored_photo(self._world.files, upload)
                Phone(self._world, self._world.people.get(person_id), self.bot).put({"photo": sizes})
                await asyncio.sleep(max(0.0, began + every - time.perf_counter()))

        await asyncio.gather(*(send(person_id) for person_id in self._senders))
        return {"sent": sent, "marked": self.marked}


def _photo(number: int) -> io.BytesIO:
    """1280 x 960, as a telephone's photo reaches a bot; none like another."""
    image = Image.effect_noise((160, 120), 60).resize((1280, 960)).convert("RGB")
    image.paste((number % 256, number // 256 % 256, 90), (number % 1200, 0, number % 1200 + 40, 40))
    out = io.BytesIO()
    image.save(out, "JPEG", quality=85)
    out.seek(0)
    return out


class Telegram:
    """What a line of standard input may ask for."""

    def __init__(self, reps: int, readers: int) -> None:
        self.sandbox = Sandbox()
        self._reps, self._readers = reps, readers
        self.ledger = self.sandbox.world.ledger = Watched()
        self.refused = self.taken = 0
        for number in range(reps + readers):
            self.sandbox.world.people.add({"first_name": f"Rep {number}", "language_code": "en"})
        limits = self.sandbox.world.limits
        spend = limits.spend

        def counted(bot_id: int, chat_id: int) -> None:
            try:
                spend(bot_id, chat_id)
                self.taken += 1
            except ApiError:
                self.refused += 1
                raise

        self.sandbox.world.limits = _Counting(limits, counted)  # type: ignore[assignment]

    def town(self, bot_id: int) -> Town:
        if bot_id not in self.ledger.towns:
            self.ledger.towns[bot_id] = Town(self.sandbox, bot_id, self._reps, self._readers)
        return self.ledger.towns[bot_id]

    async def do(self, told: dict[str, Any]) -> dict[str, Any]:
        what, town = told.pop("do"), self.town(told.pop("bot"))
        match what:
            case "talk":
                began, refused, taken = time.perf_counter(), self.refused, self.taken
                measured = await town.talk(**told)
                ended = time.perf_counter()
                counts = {"refused": self.refused - refused, "calls": self.taken - taken}
                return {**measured, **town.read(began, ended), **counts}
            case "photos":
                return await town.send_photos(**told)
            case "limits":
                self.sandbox.world.limits.inner.enabled = told["enabled"]  # type: ignore[attr-defined]
                return {}
            case "refuse":  # each of these readers' next message, once
                told_of = {chat for chat, _ in town.read_at}
                coming = [reader for reader in town.readers if reader not in told_of][told["after"] :]
                for chat_id in coming[: told["chats"] * told["step"] : told["step"]]:
                    fault = {"method": "sendMessage", "kind": "429", "retry_after": told["seconds"], "chat_id": chat_id}
                    self.sandbox.world.faults.add(fault)
                return {}
            case "read":
                return {"read": len(town.read_at)}
        raise ValueError(what)


class _Counting:
    """The sandbox's limits, with a count of what they refuse."""

    def __init__(self, inner: Any, spend: Any) -> None:
        self.inner = inner
        self.spend = spend

    @property
    def enabled(self) -> bool:
        return bool(self.inner.enabled)


async def serve(reps: int, readers: int) -> None:
    telegram = Telegram(reps, readers)
    print(json.dumps({"port": await telegram.sandbox.start("127.0.0.1", 0)}), flush=True)
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        print(json.dumps(await telegram.do(json.loads(line))), flush=True)
    await telegram.sandbox.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reps", type=int, default=6000)
    parser.add_argument("--readers", type=int, default=3000)
    chosen = parser.parse_args()
    asyncio.run(serve(chosen.reps, chosen.readers))


if __name__ == "__main__":
    main()
