"""Prints what importing a long list takes, and how long everybody else has to wait meanwhile.

Run `python tests/bench/imports.py [rows] [customers there before]`, by default 20,000 and none. The list is sent, then
confirmed; then a list that changes every customer, and the same list again. "waited" is the longest time that somebody
else's small transaction and the event loop were held up.
"""

import asyncio
import csv
import io
import random
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parents[2]))

from desk_talk import Guest
from registry import Registry, opened

from bot.domain.customer import SheetCustomer
from storage import imports, people
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade

CHARACTERS = "重庆长乐银行上海超市便利店火锅学校旁中山路人民医院药房大华小区"


def rows_of(count: int, phone: str) -> bytes:
    """A GBK list with Baidu's coordinates."""
    chance = random.Random(1)
    out = io.StringIO()
    rows = csv.writer(out)
    rows.writerow(["编号", "客户名称", "等级", "纬度", "经度", "坐标系", "电话", "地址", "标签"])
    for number in range(count):
        name = "".join(chance.choices(CHARACTERS, k=8)) + f"{number % 50}店"
        place = (29 + chance.random(), 106 + chance.random(), "BD09")
        rows.writerow([f"C{number:06}", name, "ABCD"[number % 4], *place, f"{phone}{number:08}", "重庆市某路", "火锅"])
    return out.getvalue().encode("gb18030")


@dataclass
class Waits:
    """The longest waits in seconds."""

    writer: float = 0.0
    loop: float = 0.0


@asynccontextmanager
async def others(database: Database) -> AsyncIterator[Waits]:
    """Somebody who writes a little all the time."""
    waits = Waits()

    async def write() -> None:
        while True:
            began = time.perf_counter()
            await database.write(lambda connection: people.change(connection, 1, wrong_tokens=0))
            waits.writer = max(waits.writer, time.perf_counter() - began)
            await asyncio.sleep(0.05)

    async def beat() -> None:
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            waits.loop = max(waits.loop, time.perf_counter() - began - 0.01)

    tasks = [asyncio.create_task(write()), asyncio.create_task(beat())]
    yield waits
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def measure(what: str, database: Database, work: Awaitable[str]) -> None:
    async with others(database) as waits:
        began = time.perf_counter()
        said = await work
        took = time.perf_counter() - began
    print(f"{what:<22} {took:6.1f} s   waited: writer {waits.writer:.2f} s, loop {waits.loop:.2f} s   {said}")


async def send_and_read(registry: Registry, ann: Guest, content: bytes) -> str:
    return next(line for line in (await registry.send(ann, content)).splitlines() if "customers" in line or "·" in line)


async def confirm(registry: Registry, ann: Guest) -> str:
    await ann.taps("✅ Import")
    return (await registry.work(ann)).splitlines()[0]


def fill(connection: Connection, count: int, at: object) -> None:
    strangers = [SheetCustomer(number, f"Somebody {number}", external_id=f"X{number}") for number in range(count)]
    imports.store(connection, strangers, [], by=1, at=at)  # type: ignore[arg-type]


async def main(rows: int, there: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/rounds.db"
        upgrade(url)
        database = Database(url)
        async with opened(database, Path(folder) / "blobs") as registry:
            ann = await registry.office.member(11, "Ann")
            await database.write(lambda connection: fill(connection, there, registry.office.now))
            for phone in ("138", "139"):
                content = rows_of(rows, phone)
                await measure("read and compare", database, send_and_read(registry, ann, content))
                await measure("write and make known", database, confirm(registry, ann))
            await measure("the same again", database, send_and_read(registry, ann, content))
        await database.close()


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    asyncio.run(main(*given, *(20_000, 0)[len(given) :]))
