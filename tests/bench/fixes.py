"""Prints how many places of live locations a second are taken in, beside updates that go the ordinary way.

Run `python tests/bench/fixes.py [sqlite postgres]` (a minute). 10,000 reps share at one place per 10 s, which is 1,000
places a second. "polling" brings a hundred in one call, "webhook" one each, forty at once; both are measured in turns
with the ordinary way: the same edits of messages that no share is known of, each with its inbox row, lane and
transaction.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from machine import machine
from servers import database_address
from sqlalchemy import insert

from bot.app import Rounds, assembled
from bot.sandbox.server import Sandbox
from bot.settings import Settings
from storage.database import Connection
from storage.migrations.upgrade import upgrade
from storage.tables import LocationShareRow, PersonRow, table

REPS = 10_000
KNOWN, UNKNOWN = 1, 2  # message ids
BEGAN = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
PERIOD = timedelta(hours=8)
WAYS = {"polling": (100, 1), "webhook": (1, 40)}  # updates in a call, calls at once


def shared(connection: Connection) -> None:
    """Everybody shares, and is outside of no fence."""
    people, shares = [], []
    for number in range(1, REPS + 1):
        named = {"telegram_id": number, "name": f"Rep {number}", "phone": "", "language": "en", "time_zone": "UTC"}
        flags = {"roles": "rep", "team_id": None, "status": "active", "reachable": True, "joined_at": BEGAN}
        people.append({"id": number, **named, **flags})
        times = {"began_at": BEGAN, "until": BEGAN + PERIOD, "kept_until": BEGAN + PERIOD}
        fence = {"fence_latitude": 29.56, "fence_longitude": 106.57, "fence_radius": 200.0, "fence_allowed": 100.0}
        known = {"person_id": number, "chat_id": number, "message_id": KNOWN, "awaited": False, "asked": False}
        shares.append({**known, **times, **fence})
    connection.execute(insert(table(PersonRow)), people)
    connection.execute(insert(table(LocationShareRow)), shares)


def edits(message_id: int) -> Iterator[dict[str, Any]]:
    """One place of each rep after the other, without end."""
    update_id = message_id * 10**8
    for turn in range(10**6):
        for number in range(1, REPS + 1):
            update_id += 1
            place = {"latitude": 29.56 + turn * 1e-6, "longitude": 106.57, "horizontal_accuracy": 12.5}
            user = {"id": number, "is_bot": False, "first_name": "Rep"}
            at = int(BEGAN.timestamp())
            yield {
                "update_id": update_id,
                "edited_message": {
                    "message_id": message_id,
                    "date": at,
                    "edit_date": at + 10 * turn + 10,
                    "chat": {"id": number, "type": "private", "first_name": "Rep"},
                    "from": user,
                    "location": {**place, "live_period": int(PERIOD.total_seconds()), "heading": 90},
                },
            }


async def taken_in(rounds: Rounds, coming: Iterator[dict[str, Any]], way: str, number: int) -> tuple[float, float]:
    """Updates a second, and CPU milliseconds each, until everything is stored and worked off."""
    in_a_call, at_once = WAYS[way]
    calls = iter([[next(coming) for _ in range(in_a_call)] for _ in range(number // in_a_call)])

    async def bring() -> None:
        for call in calls:
            await rounds.intake.accept(call)

    wall, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(bring() for _ in range(at_once)))
    await rounds.intake.settled()
    return number / (time.perf_counter() - wall), (time.process_time() - cpu) / number * 1000


async def measure(url: str, folder: Path, number: int, turns: int, tell: Callable[[str], None]) -> None:
    """Both ways in, each beside the ordinary way."""
    upgrade(url)
    sandbox = Sandbox(start_at=BEGAN + PERIOD / 2, clock_stands=True)
    port = await sandbox.start("127.0.0.1", 0)
    settings = Settings(
        _env_file=None,
        bot_token="424242:" + "R" * 35,
        telegram_api_url=f"http://127.0.0.1:{port}",
        database_url=url,
        data_dir=folder,
    )
    async with assembled(settings, clock=sandbox.clock.now) as rounds:
        await rounds.database.write(shared)
        kinds = {"place": edits(KNOWN), "ordinary": edits(UNKNOWN)}
        for way in WAYS:
            found: dict[str, list[tuple[float, float]]] = {kind: [] for kind in kinds}
            for turn in range(turns + 1):
                for kind, coming in kinds.items():
                    many = number if kind == "place" else number // 5
                    measured = await taken_in(rounds, coming, way, many)
                    if turn:  # the first warms up and counts for nothing
                        found[kind].append(measured)
            rate, cpu = ({k: statistics.median(m[i] for m in found[k]) for k in kinds} for i in (0, 1))
            tell(
                f"{way:8} {rate['place']:7.0f} places/s, CPU {cpu['place']:.3f} ms; ordinary {rate['ordinary']:6.0f}"
                f"/s, {cpu['ordinary']:.3f} ms: {rate['place'] / rate['ordinary']:.1f} times as many, "
                f"{cpu['ordinary'] / cpu['place']:.1f} times less CPU"
            )
    await sandbox.stop()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("kinds", nargs="*", default=["sqlite", "postgres"])
    parser.add_argument("--number", type=int, default=10_000)
    parser.add_argument("--turns", type=int, default=3)
    chosen = parser.parse_args()
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        for kind in chosen.kinds:
            url = database_address(stack, kind, folder, "fixes")
            asyncio.run(measure(url, folder, chosen.number, chosen.turns, lambda line, of=kind: print(f"{of:9}{line}")))
    print(machine())


if __name__ == "__main__":
    main()
