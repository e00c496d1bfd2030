"""A storm: the bot is killed at twenty random moments of concurrent visits, and nothing is lost or done twice."""

import asyncio
import os
import random
import signal
import socket
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from faults.storm_reps import Rep, Told
from scene import picture
from sqlalchemy import select

from storage import customers, people, search
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade
from storage.tables import (
    AnswerRow,
    CustomerRow,
    FollowUpRow,
    InboxRow,
    JobRow,
    OutboxRow,
    PersonRow,
    PhotoRow,
    VisitRow,
    table,
)

pytestmark = pytest.mark.storm

KILLS = 20
REPS = 5
CUSTOMERS_EACH = 12
TOKEN = "616161:" + "S" * 35
LIVES = (0.3, 6.0)  # seconds that a bot is given, from its start


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Machine:
    """Processes of the product, as an operator starts them, and the folder they work in."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder
        self.url = f"http://127.0.0.1:{port}"
        self.port = port
        self.bot: asyncio.subprocess.Process | None = None
        self.groups: list[int] = []

    async def start(self, *words: str) -> asyncio.subprocess.Process:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
        environment |= {
            "ROUNDS_BOT_TOKEN": TOKEN,
            "ROUNDS_TELEGRAM_API_URL": self.url,
            "ROUNDS_DATA_DIR": str(self.folder),
            "ROUNDS_ADMIN_IDS": "1",
        }
        log = (self.folder / f"{words[0]}.log").open("ab")
        command = [sys.executable, "-m", "bot", *words]
        process = await asyncio.create_subprocess_exec(
            *command, cwd=self.folder, env=environment, stdin=asyncio.subprocess.DEVNULL, stdout=log, stderr=log,
            start_new_session=True,
        )  # fmt: skip
        log.close()
        self.groups.append(process.pid)
        return process

    async def start_bot(self) -> None:
        self.bot = await self.start("run")

    async def kill_bot(self) -> None:
        """As the system kills: no last word, and its children are left to find out by themselves."""
        assert self.bot is not None
        assert self.bot.returncode is None, f"the bot ended by itself: {self.log()}"
        self.bot.kill()
        await self.bot.wait()

    def log(self) -> str:
        return (self.folder / "run.log").read_text(encoding="utf-8")[-3000:]

    async def survivors(self) -> list[int]:
        """Process groups that outlive their first process."""
        for _ in range(100):
            left = [group for group in self.groups if _is_alive(group)]
            if not left:
                return []
            await asyncio.sleep(0.1)
        return left


def _is_alive(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@asynccontextmanager
async def machine() -> AsyncIterator[Machine]:
    with tempfile.TemporaryDirectory(prefix="rounds-storm-", ignore_cleanup_errors=True) as folder:
        opened = Machine(Path(folder), free_port())
        sandbox = await opened.start("sandbox", "--port", str(opened.port))
        try:
            yield opened
        finally:
            for process in (opened.bot, sandbox):
                if process is not None and process.returncode is None:
                    process.send_signal(signal.SIGTERM)
                    with suppress(TimeoutError):
                        await asyncio.wait_for(process.wait(), 10)
            for group in opened.groups:
                with suppress(ProcessLookupError):
                    os.killpg(group, signal.SIGKILL)
            for process in (opened.bot, sandbox):
                if process is not None:
                    await process.wait()


async def listening(session: aiohttp.ClientSession, url: str) -> None:
    async with asyncio.timeout(30):
        while True:
            try:
                async with session.get(f"{url}/sim/ledger") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.1)


async def with_reps(session: aiohttp.ClientSession, opened: Machine, database: Database) -> list[Rep]:
    """Reps who have joined, each with customers of his own some kilometres apart."""
    await (await session.get(f"{opened.url}/bot{TOKEN}/getMe")).read()
    reps = []
    for number in range(REPS):
        body = {"first_name": f"Rep {number}", "language_code": "en", "phone": f"+86 138 0000 000{number}"}
        async with session.post(f"{opened.url}/sim/people", json=body) as response:
            person = await response.json()
        own = [(f"Shop {number}x{n}", 29.0 + number / 2, 106.0 + n * 0.03) for n in range(CUSTOMERS_EACH)]
        await database.write(lambda c, person=person, own=own: _store(c, person["id"], own))  # type: ignore[misc]
        reps.append(Rep(session, opened.url, person["id"], number, own, picture(seed=number)))
    return reps


def _store(connection: Connection, telegram_id: int, own: list[tuple[str, float, float]]) -> None:
    from datetime import UTC, datetime

    now = datetime.now(UTC)
    values = {"telegram_id": telegram_id, "name": "Rep", "phone": "+8613800000000", "language": "en"}
    people.add(connection, **values, time_zone="Asia/Shanghai", roles="rep", status="active", joined_at=now)
    for name, latitude, longitude in own:
        place = {"latitude": latitude, "longitude": longitude, "position_from": "import", "grade": "A"}
        customer = customers.add(connection, name=name, created_at=now, **place)
        search.index(connection, [customers.get(connection, customer)])


async def strike(opened: Machine, dice: random.Random, over: asyncio.Event) -> None:
    for _ in range(KILLS):
        await asyncio.sleep(dice.uniform(*LIVES))
        await opened.kill_bot()
        await opened.start_bot()
    over.set()


async def test_a_bot_that_is_killed_twenty_times_loses_nothing_and_does_nothing_twice() -> None:
    seed = int(os.environ.get("STORM_SEED") or random.SystemRandom().randrange(10**6))
    print(f"storm seed {seed} (STORM_SEED repeats it)")
    over = asyncio.Event()
    async with machine() as opened, aiohttp.ClientSession() as session:
        url = f"sqlite:///{opened.folder / 'rounds.db'}"
        upgrade(url)
        await listening(session, opened.url)
        database = Database(url)
        reps = await with_reps(session, opened, database)
        await opened.start_bot()
        work = [asyncio.create_task(rep.visit_until(over)) for rep in reps]
        await asyncio.gather(strike(opened, random.Random(seed), over), *work)
        await _quiet(database)
        visits = sum(len(rep.told) for rep in reps)
        print(f"{KILLS} kills during {visits} visits of {REPS} reps")
        await judge(reps, session, opened, database)
        await database.close()
        assert opened.bot is not None
        opened.bot.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(opened.bot.wait(), 20) == 0
    assert await opened.survivors() == []


async def _quiet(database: Database) -> None:
    """Until the last photo is kept and the last word is said."""
    inbox, outbox, job = table(InboxRow), table(OutboxRow), table(JobRow)
    async with asyncio.timeout(60):
        while await database.read(
            lambda c: any(
                c.execute(select(rows.c.state).where(rows.c.state.in_(("waiting", "sending"))).limit(1)).first()
                for rows in (inbox, outbox, job)
            )
        ):
            await asyncio.sleep(0.2)


async def judge(reps: list[Rep], session: aiohttp.ClientSession, opened: Machine, database: Database) -> None:
    """Compare what people did, by the sandbox's ledger, with what the database holds and what they were shown."""
    async with session.get(f"{opened.url}/sim/ledger") as response:
        ledger = list(await response.json())
    for rep in reps:
        own = [row for row in ledger if row.get("person_id") == rep.id]
        held = await database.read(lambda c, rep=rep: _held(c, rep.id))  # type: ignore[misc]
        assert held == rep.told
        await _judge_order(rep, own, database)
        done = [row["text"] for row in own if row["what"] == "shown" and "Done! Visit #" in (row.get("text") or "")]
        assert len(set(done)) == len(rep.told)
    stuck = await database.read(_stuck)
    assert stuck == []
    promises = await database.read(lambda c: list(c.execute(select(table(FollowUpRow).c.what)).scalars()))
    assert sorted(promises) == sorted(visit.promise for rep in reps for visit in rep.told)


async def _judge_order(rep: Rep, own: list[dict[str, Any]], database: Database) -> None:
    """Everything that he sent or tapped stands once in the inbox, in his order, and is done."""
    rows = table(InboxRow)
    kept = await database.read(
        lambda c: list(
            c.execute(select(rows.c.update_id, rows.c.state).where(rows.c.lane == rep.id).order_by(rows.c.seq))
        )
    )
    assert {row.state for row in kept} == {"done"}
    ids = [row.update_id for row in kept]
    assert ids == sorted(set(ids))
    assert len(ids) == sum(row["what"] in ("sent", "tapped") for row in own)


def _held(connection: Connection, telegram_id: int) -> list[Told]:
    """The visits of a person as the database has them, in the form in which he told them."""
    visit, person, customer = table(VisitRow), table(PersonRow), table(CustomerRow)
    answer, photo = table(AnswerRow), table(PhotoRow)
    rows = connection.execute(
        select(visit, customer.c.name)
        .join(person, person.c.id == visit.c.person_id)
        .join(customer, customer.c.id == visit.c.customer_id)
        .where(person.c.telegram_id == telegram_id)
        .order_by(visit.c.id)
    )
    held = []
    for row in rows:
        assert row.state == "sent"
        answers = dict(
            connection.execute(select(answer.c.item, answer.c.value).where(answer.c.visit_id == row.id)).all()
        )
        photos = connection.execute(select(photo.c.state).where(photo.c.visit_id == row.id)).scalars().all()
        assert set(photos) <= {"kept"}
        told = Told(row.name, row.type, words=row.words, promise=row.next_what, photos=len(photos))
        told.needs, told.value = answers.get("needs") or "", answers.get("value") or ""
        told.stock = float(answers.get("stock") or 0)
        held.append(told)
    return held


def _stuck(connection: Connection) -> list[Any]:
    outbox, inbox, job = table(OutboxRow), table(InboxRow), table(JobRow)
    refused = select(outbox.c.message, outbox.c.error).where(outbox.c.state.in_(("refused", "parked")))
    quarantined = select(inbox.c.seq, inbox.c.error).where(inbox.c.error.is_not(None))
    failed = select(job.c.kind, job.c.error).where(job.c.state == "failed")
    return [tuple(row) for statement in (refused, quarantined, failed) for row in connection.execute(statement)]
