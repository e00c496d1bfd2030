"""Rounds itself, as `rounds run` runs it, with reps in the middle of a visit and Telegram's ceilings lifted.

With `--profile loop` or `--profile writer` that thread is profiled, into `<folder>/<thread>.pstats` at the end.
"""

import asyncio
import cProfile
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # run as a script, from anywhere

from side import ITEMS, Side, asked, ready
from sqlalchemy import insert

from bot.app import Rounds, running
from bot.domain.checklist import Item, Kind, Sop
from bot.lifetime import keep_what_stands, until_stopped
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling
from storage import people, sops
from storage.database import Connection
from storage.migrations.upgrade import upgrade
from storage.tables import ConversationRow, CustomerRow, PersonRow, VisitRow, table

SHELF = Sop(
    type="shelf",
    title={"en": "Shelf check", "zh_Hans": "货架检查"},
    items=tuple(
        Item(
            f"count{number}",
            Kind.NUMBER,
            {"en": f"Stock count of product {number}", "zh_Hans": f"产品{number}的库存数量"},
            {"en": "Shelf and back room together", "zh_Hans": "货架加仓库"},
            unit={"en": "pieces", "zh_Hans": "件"},
            least=0,
            most=99_999,
        )
        for number in range(1, ITEMS + 1)
    ),
)


def checked_in(connection: Connection, side: Side) -> None:
    """Everybody stands at a customer with an open visit, at the first item of its checklist."""
    now = datetime.now(UTC)
    people.found_company(connection, "Bench")
    sop = sops.publish(connection, SHELF, now)
    ids = range(1, side.people + 1)
    connection.execute(
        insert(table(PersonRow)),
        [
            {"id": i, "telegram_id": telegram_id, "name": f"Rep {i}", "phone": "", "language": "en",
             "time_zone": "Asia/Shanghai", "roles": "rep", "team_id": 1, "status": "active", "reachable": True,
             "wrong_tokens": 0}
            for i, telegram_id in zip(ids, side.telegram_ids, strict=True)
        ],
    )  # fmt: skip
    connection.execute(
        insert(table(CustomerRow)),
        [
            {"id": i, "name": f"Shop {i}", "aliases": [], "tags": [], "grade": "A", "industry": "", "region": "",
             "address": "", "latitude": 29.5 + i / 1e4, "longitude": 106.5, "contact_name": "", "phone": "",
             "note": "", "search_text": "", "owner_id": i, "created_at": now, "is_new": False}
            for i in ids
        ],
    )  # fmt: skip
    connection.execute(
        insert(table(VisitRow)),
        [
            {"id": i, "person_id": i, "customer_id": i, "type": SHELF.type, "purpose": "relationship",
             "sop_version_id": sop, "state": "open", "checked_in_at": now, "visited_on": date.today(),  # noqa: DTZ011
             "arrival": "inside", "distance": 20.0, "accuracy": 10.0, "flags": [], "closed_automatically": False,
             "late": False, "reason": "", "again_reason": "", "live": False, "closes_at": now + timedelta(hours=8)}
            for i in ids
        ],
    )  # fmt: skip
    state = {"focus": None, "pending": None, "draft": None}
    connection.execute(
        insert(table(ConversationRow)),
        [
            {"person_id": i, "flow": "visit", "subject": i, "revision": 1000, "step": "checklist", "state": state,
             "begun_at": now, "turn": 1}
            for i in ids
        ],
    )  # fmt: skip


@asynccontextmanager
async def profiled(rounds: Rounds, thread: str, file: Path) -> AsyncIterator[None]:
    """Profile the loop's thread, or the writer's: a unit of work runs there, and so can switch the profiler."""
    profiler = cProfile.Profile()
    if thread == "loop":
        profiler.enable()
    elif thread == "writer":
        await rounds.database.write(lambda _: profiler.enable())
    yield
    if thread == "loop":
        profiler.disable()
    elif thread == "writer":
        await rounds.database.write(lambda _: profiler.disable())
    if thread:
        profiler.dump_stats(file)


async def run(side: Side) -> None:
    url = f"sqlite:///{side.folder / 'rounds.db'}"
    upgrade(url)
    settings = Settings(
        _env_file=None,
        bot_token=side.token,
        telegram_api_url=side.api,
        database_url=url,
        data_dir=side.folder,
        admin_ids=frozenset({1}),
    )
    budget = Budget(time.monotonic, per_second=10_000_000, chat_burst=10_000_000)
    async with running(settings, tick_every=3600, budget=budget) as rounds:
        await rounds.database.write(lambda connection: checked_in(connection, side))
        async with profiled(rounds, side.profile, side.folder / f"{side.profile}.pstats"):
            keep_what_stands()
            ready()
            await until_stopped(Polling(rounds.bot, rounds.intake).run(), *rounds.loops)


if __name__ == "__main__":
    asyncio.run(run(asked()))
