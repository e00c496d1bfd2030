"""Rounds on PostgreSQL, as one of several processes or all of them in one: `--database URL --roles ROLES`.

The one with `--found` makes the schema and puts everybody into the middle of a visit. Telegram's ceilings are lifted.
"""

import argparse
import asyncio
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[3]))  # run as a script, from anywhere

from rounds_side import checked_in
from side import Side, asked, ready

from bot.app import Rounds, running
from bot.lifetime import keep_what_stands, until_stopped
from bot.roles import Role, roles_of
from bot.settings import Settings
from bot.telegram.budget import Budget
from bot.telegram.polling import Polling
from storage.migrations.upgrade import upgrade


async def run(side: Side, database: str, roles: frozenset[Role], found: bool) -> None:
    if found:
        upgrade(database)
    settings = Settings(
        _env_file=None,
        bot_token=side.token,
        telegram_api_url=side.api,
        database_url=database,
        data_dir=side.folder,
        admin_ids=frozenset({1}),
    )
    budget = Budget(time.monotonic, per_second=10_000_000, chat_burst=10_000_000)
    async with running(settings, tick_every=3600, budget=budget, roles=roles) as rounds:
        if found:
            await rounds.database.write(lambda connection: checked_in(connection, side))
        keep_what_stands()
        ready()
        await until_stopped(way_in(rounds), *rounds.loops)


async def way_in(rounds: Rounds) -> None:
    if Role.INTAKE in rounds.roles:
        await rounds.leads.polling.during(Polling(rounds.bot, rounds.intake).run)
    await asyncio.Event().wait()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    parser.add_argument("--roles", default="")
    parser.add_argument("--found", action="store_true")
    own, sys.argv[1:] = parser.parse_known_args()
    asyncio.run(run(asked(), own.database, roles_of([own.roles]), own.found))
