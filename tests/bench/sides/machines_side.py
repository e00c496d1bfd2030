"""Rounds on PostgreSQL, as one of several processes or all of them in one: `--database URL --roles ROLES`.

The one with `--found` makes the schema and puts everybody into the middle of a visit. Telegram's ceilings are lifted.
"""

import argparse
import asyncio
import sys

from in_the_field import checked_in, settings_of, without_ceilings
from side import Side, asked, ready

from bot.app import Rounds, running
from bot.lifetime import keep_what_stands, until_stopped
from bot.roles import Role, roles_of
from bot.telegram.polling import Polling
from storage.migrations.upgrade import upgrade


async def run(side: Side, database: str, roles: frozenset[Role], found: bool) -> None:
    if found:
        upgrade(database)
    settings = settings_of(side, database)
    async with running(settings, tick_every=3600, budget=without_ceilings(), roles=roles) as rounds:
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
