"""Prints what looking things up costs in a large company with a long past, beside a small one, on both databases.

Run `python tests/bench/lookups.py` (some minutes, 2 GB of disk) or with `--visits 10000000` (8 GB). Each row is
measured in turns on the small and the large database, whose companies have as many reps. "CPU" is the processor time
of the bot's process; "database" what passes inside its driver (see meter.py), without COMMIT. On PostgreSQL prepared
statements go past the driver's cursors, and are in "wall" alone.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parents[2]))

import history
from desk_talk import Guest, Office
from history import MANAGER_ID, PLACE, Size
from machine import machine
from meter import Meter, metered
from servers import database_address
from sqlalchemy import text

from bot.domain.conversation import Located
from bot.domain.geography import Point
from bot.services import days, digests, flows
from bot.services.turn import Turn
from storage import customers, people
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade

TODAY = date(2026, 11, 23)  # the office's Monday
NEARBY = 1_000.0  # metres, as the policy has it


@dataclass
class Company:
    """One database at work: its office, its meter, and the reps who take turns."""

    size: Size
    office: Office
    meter: Meter
    turns: int = 0
    began: tuple[float, float] = (0.0, 0.0)

    def begin(self) -> None:
        """What is measured begins here."""
        self.meter.clear()
        self.began = time.perf_counter(), time.process_time()

    def passed(self) -> tuple[float, float]:
        """Since then: seconds that passed, and of processor."""
        return time.perf_counter() - self.began[0], time.process_time() - self.began[1]

    def next_rep(self, first: int, last: int) -> Guest:
        number = first + self.turns % (last - first + 1)
        self.turns += 1
        return self.guest(number, history.FIRST_TELEGRAM_ID + number - 1)

    def guest(self, person_id: int, telegram_id: int) -> Guest:
        guest = self.office.guests.get(telegram_id) or self.office.stranger(telegram_id, f"Rep {person_id}")
        guest.person_id = person_id
        return guest


@dataclass
class Cost:
    """Of one row on one database: seconds that passed, of processor, in the database; `plan` are the slowest ones."""

    wall: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    database: list[float] = field(default_factory=list)
    statements: int = 0
    plan: list[tuple[str, float]] = field(default_factory=list)


Deed = Callable[[Company], Awaitable[object]]


async def answer(company: Company) -> None:
    """One item of the checklist: update kept, decided, card and question posted, claimed and marked as sent."""
    await company.next_rep(1, company.size.reps // 2).says(str(10 + company.turns // 3))


async def check_in(company: Company) -> None:
    """Three updates: where he is, what for, and at which customer."""
    rep = company.next_rep(company.size.reps // 2 + 1, company.size.reps)
    customer = await company.office.database.read(partial(_customer_of, rep_id=rep.person_id))
    company.begin()
    await rep.gives(Located(Point(*customer[1:]), 15.0))
    await rep.taps("Relationship")
    await rep.taps(customer[0])
    assert "item 1" in rep.last.lower() or "product 1" in rep.last, rep.last


def _customer_of(connection: Connection, rep_id: int) -> tuple[str, float, float]:
    row = connection.execute(
        text("SELECT name, latitude, longitude FROM customer WHERE owner_id = :rep ORDER BY id LIMIT 1"),
        {"rep": rep_id},
    ).one()
    return row.name, row.latitude, row.longitude


async def forget_check_ins(company: Company) -> None:
    """Not measured: the reps are free again."""

    def forget(connection: Connection) -> None:
        half = {"half": company.size.reps // 2}
        connection.execute(text("DELETE FROM conversation WHERE person_id > :half"), half)
        connection.execute(
            text("UPDATE visit SET state = 'cancelled' WHERE state = 'open' AND person_id > :half"), half
        )

    await company.office.database.write(forget)


async def forget_messages(company: Company) -> None:
    """Not measured: what was posted is nobody's to send."""
    await company.office.database.write(lambda connection: connection.execute(text("DELETE FROM outbox")))


async def near(company: Company) -> None:
    """The customers of one rep within a kilometre."""
    company.turns += 1
    side = company.size.square / 111.0
    here = Point(PLACE[0] + side * (company.turns * 37 % 100) / 100, PLACE[1] + side * (company.turns * 61 % 100) / 100)
    rep_id = company.turns % company.size.reps + 1
    await company.office.database.read(lambda c: customers.find_near(c, here, NEARBY, owners=[rep_id], limit=8))


async def tick(company: Company) -> None:
    """A tick at which nothing is due."""
    await company.office.desk.act(f"tick:{company.turns}", flows.tick)
    company.turns += 1


async def brief(company: Company) -> None:
    """One rep's morning message."""
    company.turns += 1
    rep_id = company.turns % company.size.reps + 1

    def post(turn: Turn) -> None:
        days.post_brief(turn, people.get(turn.connection, rep_id), TODAY, late=False)

    await company.office.desk.act(f"bench-brief:{company.turns}", post)


async def digest(company: Company) -> None:
    """The manager's digest of yesterday evening's kind: the newest day that has visits."""
    company.turns += 1

    def post(turn: Turn) -> None:
        digests.post(turn, people.get(turn.connection, MANAGER_ID), TODAY - timedelta(days=1))

    await company.office.desk.act(f"bench-digest:{company.turns}", post)


DEEDS: dict[str, tuple[Deed, Deed | None, int]] = {
    "answer": (answer, None, 60),
    "check_in": (check_in, forget_check_ins, 15),
    "near": (near, None, 60),
    "tick": (tick, None, 30),
    "brief": (brief, forget_messages, 20),
    "digest": (digest, forget_messages, 9),
}


@asynccontextmanager
async def opened(url: str, size: Size) -> AsyncIterator[Company]:
    """A database, filled when it is empty."""
    upgrade(url)
    database = Database(url)
    with database.engine.connect() as connection:
        is_empty = connection.execute(text("SELECT count(*) FROM visit_answer WHERE visit_id = 1")).scalar_one() == 0
    if is_empty:
        history.fill(database, size, TODAY)
        with database.engine.begin() as connection:
            history.stand_at_shelf(connection, range(1, size.reps // 2 + 1), size.customers, TODAY)
    with database.engine.begin() as connection:
        for traffic in ("inbox", "outbox"):  # of an earlier run
            connection.execute(text(f"DELETE FROM {traffic}"))
    database.engine.dispose()
    meter = metered(database)
    office = Office(database)
    yield Company(size, office, meter)
    await database.close()


async def measure(company: Company, name: str, rounds: int) -> Cost:
    """So many turns of one deed."""
    deed, afterwards, _ = DEEDS[name]
    cost = Cost()
    for _ in range(rounds):
        company.begin()
        await deed(company)
        wall, cpu = company.passed()
        cost.wall.append(wall)
        cost.cpu.append(cpu)
        cost.database.append(company.meter.seconds())
        cost.statements = company.meter.count()
        cost.plan = company.meter.slowest(12)
        for guest in company.office.guests.values():
            guest.screen.clear()
        if afterwards is not None:
            await afterwards(company)
    return cost


async def compare(small: Company, large: Company, names: list[str], rounds: int, *, plans: bool) -> None:
    for name in names:
        each = DEEDS[name][2]
        sizes: dict[str, list[Cost]] = {"small": [], "large": []}
        for turn in range(rounds + 1):
            for size, company in (("small", small), ("large", large)):
                cost = await measure(company, name, each)
                if turn:
                    sizes[size].append(cost)
        _print(name, sizes, plans=plans)


def _print(name: str, sizes: dict[str, list[Cost]], *, plans: bool) -> None:
    def median(size: str, what: str) -> float:
        return statistics.median([statistics.median(getattr(cost, what)) for cost in sizes[size]]) * 1000

    figures = {what: (median("small", what), median("large", what)) for what in ("wall", "cpu", "database")}
    told = [f"{what} {few:.2f} → {many:.2f} ms ({many / few:.2f})" for what, (few, many) in figures.items() if few]
    counts = " → ".join(str(sizes[size][-1].statements) for size in ("small", "large"))
    print(f"{name:9} {'   '.join(told)}   statements {counts}", flush=True)
    for words, seconds in sizes["large"][-1].plan if plans else ():
        print(f"          {seconds * 1000:8.2f} ms  {words[:400]}")


async def main(chosen: argparse.Namespace) -> None:
    print(f"{time.strftime('%Y-%m-%d %H:%M')}  {machine()}")
    reps = chosen.customers // 200
    share = 2_000 / chosen.customers
    small = Size(reps, 2_000, chosen.small_visits, chosen.square * share**0.5)
    large = Size(reps, chosen.customers, chosen.visits, chosen.square)
    print(f"{chosen.database}; small: {small}; large: {large}; medians of {chosen.rounds} turns")
    with ExitStack() as stack:
        folder = chosen.folder or Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-bench-")))
        address = partial(database_address, stack, chosen.database, folder)
        began = time.perf_counter()
        async with opened(address("small"), small) as one, opened(address("large"), large) as other:
            print(f"filled in {time.perf_counter() - began:.0f} s")
            await compare(one, other, chosen.deeds, chosen.rounds, plans=chosen.plans)


def parsed() -> Any:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("deeds", nargs="*", default=list(DEEDS), help=" ".join(DEEDS))
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--customers", type=int, default=200_000, help="200 to a rep (default 200,000)")
    parser.add_argument("--visits", type=int, default=2_000_000)
    parser.add_argument("--small-visits", type=int, default=10_000)
    parser.add_argument("--square", type=float, default=100.0, help="kilometres a side, of the large company")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plans", action="store_true", help="print the slowest statements too")
    parser.add_argument("--folder", type=Path, help="keep the databases here, and use those that are there (SQLite)")
    return parser.parse_args()


if __name__ == "__main__":
    asyncio.run(main(parsed()))
