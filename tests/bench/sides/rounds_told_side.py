"""Rounds itself, as `rounds run` runs it, that does what a line of JSON on its standard input asks for.

`digests` posts so many and holds them, `go` lets them go, `hold` holds what is left; `lag` begins to measure how late
the event loop is, `lagged` tells; `memory` tells what the process and its workers hold.
"""

import asyncio
import json
import sys
import time
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import psutil
from in_the_field import checked_in, on_a_file, without_ceilings
from side import FIRST_PERSON_ID, Side, asked, ready
from sqlalchemy import insert, select, text

from bot.app import Rounds, running
from bot.domain.checklist import Item, Kind, Sop
from bot.lifetime import keep_what_stands, until_stopped
from bot.services import digests
from bot.services.turn import Turn
from bot.telegram.polling import Polling
from storage import people, sops
from storage.database import Connection
from storage.tables import OutboxRow, PersonRow, table

BEAT = 0.002  # seconds between two looks at the event loop
MANAGER = 900_000_000
TEAM = 8  # reps of the manager whose digest is sent to everybody


class Told:
    """The commands."""

    def __init__(self, rounds: Rounds, side: Side) -> None:
        self._rounds = rounds
        self._side = side
        self._lags: list[float] = []
        self._own: list[float] = []
        self._beating: asyncio.Task[None] | None = None

    async def do(self, told: dict[str, Any]) -> dict[str, Any]:
        match told["do"]:
            case "digests":
                await self._post_digests(told["count"])
            case "go":
                await self._set("parked", "waiting")
                self._rounds.sender.ring()
            case "hold":
                await self._set("waiting", "parked")
            case "lag":
                self._lags, self._own = [], []
                self._beating = asyncio.create_task(self._beat())
            case "lagged":
                assert self._beating is not None
                self._beating.cancel()
                return {"lags": self._lags, "own": self._own}
            case "memory":
                own = psutil.Process()
                return {
                    "rss": own.memory_info().rss,
                    "workers": [child.memory_info().rss for child in own.children(recursive=True)],
                }
        return {}

    async def _beat(self) -> None:
        while True:
            began, used = time.perf_counter(), time.thread_time()
            await asyncio.sleep(BEAT)
            self._lags.append((time.perf_counter() - began - BEAT) * 1000)
            self._own.append((time.thread_time() - used) * 1000)

    async def _set(self, old: str, new: str) -> None:
        words = text("UPDATE outbox SET state = :new WHERE state = :old AND bulk")
        await self._rounds.database.write(lambda connection: connection.execute(words, {"old": old, "new": new}))

    async def _post_digests(self, count: int) -> None:
        """One real digest, of a team at work, to each of the readers; held until they are let go."""
        first = FIRST_PERSON_ID + self._side.people

        def post(turn: Turn) -> None:
            outbox, today = table(OutboxRow), turn.today
            team = people.add_team(turn.connection, "Downtown", 1)
            told = {"telegram_id": MANAGER, "name": "Chen", "phone": "", "language": "en", "team_id": team,
                    "time_zone": "Asia/Shanghai", "roles": "manager", "status": "active", "reachable": True,
                    "wrong_tokens": 0}  # fmt: skip
            manager_id = turn.connection.execute(
                insert(table(PersonRow)).values(told).returning(table(PersonRow).c.id)
            ).scalar_one()
            turn.connection.execute(
                text("UPDATE person SET team_id = :team WHERE id > :last - :most AND id <= :last AND roles = 'rep'"),
                {"team": team, "last": self._side.people, "most": TEAM},
            )
            digests.post(turn, people.get(turn.connection, manager_id), today)
            row = turn.connection.execute(select(outbox).where(outbox.c.chat_id == MANAGER)).one()
            kept = {name: value for name, value in row._mapping.items() if name not in ("id", "key", "chat_id")}
            held = {**kept, "person_id": None, "state": "parked", "bulk": True}
            turn.connection.execute(outbox.delete().where(outbox.c.chat_id == MANAGER))
            turn.in_hand.clear()  # that one is nobody's to send
            turn.connection.execute(
                insert(outbox), [{**held, "key": f"digest:{n}", "chat_id": first + n} for n in range(count)]
            )

        await self._rounds.desk.act("bench", post)


async def obey(told: Told) -> None:
    commands = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(commands), sys.stdin)
    while line := await commands.readline():
        print(json.dumps(await told.do(json.loads(line))), flush=True)


PICTURES = Sop(
    type="pictures",
    title={"en": "Pictures", "zh_Hans": "照片"},
    items=(Item("shelf", Kind.PHOTO, {"en": "The shelf", "zh_Hans": "货架"}, minimum=10_000),),
)


def take_pictures(connection: Connection) -> None:
    """Everybody's checklist wants photos, and more photos."""
    version = sops.publish(connection, PICTURES, datetime.now(UTC))
    connection.execute(text("UPDATE visit SET sop_version_id = :version"), {"version": version})


async def run(side: Side, words: set[str]) -> None:
    budget = None if "--ceiling" in words else without_ceilings()
    async with AsyncExitStack() as stack:
        rounds = await stack.enter_async_context(running(on_a_file(side), budget=budget))

        def fill(connection: Connection) -> None:
            checked_in(connection, side)
            # nobody hears of anything else meanwhile
            connection.execute(text("UPDATE person SET brief_due_at = :far, digest_due_at = :far"), {"far": FAR})
            if "--pictures" in words:
                take_pictures(connection)

        await rounds.database.write(fill)
        keep_what_stands()
        ready()
        obeying = asyncio.create_task(obey(Told(rounds, side)))
        await until_stopped(Polling(rounds.bot, rounds.intake).run(), obeying, *rounds.loops)


FAR = "2040-01-01 00:00:00.000000"


if __name__ == "__main__":
    words = {"--ceiling", "--pictures"} & set(sys.argv)
    sys.argv = [word for word in sys.argv if word not in words]
    asyncio.run(run(asked(), words))
