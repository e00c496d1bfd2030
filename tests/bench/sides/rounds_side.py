"""Rounds itself, as `rounds run` runs it, with reps in the middle of a visit and Telegram's ceilings lifted.

With `--profile loop` or `--profile writer` that thread is profiled, into `<folder>/<thread>.pstats` at the end.
"""

import asyncio
import cProfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from in_the_field import checked_in, on_a_file, without_ceilings
from side import Side, asked, ready

from bot.app import Rounds, running
from bot.lifetime import keep_what_stands, until_stopped
from bot.telegram.polling import Polling


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
    async with running(on_a_file(side), tick_every=3600, budget=without_ceilings()) as rounds:
        await rounds.database.write(lambda connection: checked_in(connection, side))
        async with profiled(rounds, side.profile, side.folder / f"{side.profile}.pstats"):
            keep_what_stands()
            ready()
            await until_stopped(Polling(rounds.bot, rounds.intake).run(), *rounds.loops)


if __name__ == "__main__":
    asyncio.run(run(asked()))
