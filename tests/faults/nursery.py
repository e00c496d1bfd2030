"""Imports the product once and forks a bot for each line that asks for one: ready in half a second, not in four.

A script: `nursery.py CONTROLS TRAIL`, with the product's settings in its environment. A line of its input is how often
that bot ticks, in seconds, and how many messages a chat may get at once; it is answered by the bot's process id, and at
its end by its exit code (negative: a signal).
"""

import asyncio
import os
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any


def main() -> None:
    from faults.stop_points import Controls, StopPoints

    controls = Controls(Path(sys.argv[1]))
    _import_the_product()
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            StopPoints(controls, Path(sys.argv[2])).watch()
            os._exit(_live(controls, *map(float, line.split())))
        print(child, flush=True)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


def _import_the_product() -> None:
    import bot.serving  # noqa: F401 - it brings everything


def _live(controls: Any, tick_every: float, chat_burst: float) -> int:
    from bot import logs
    from bot.serving import serve
    from bot.settings import read_settings
    from bot.telegram.budget import Budget

    logs.set_up()

    def clock() -> datetime:
        return datetime.now(UTC) + timedelta(seconds=controls.ahead)

    budget = Budget(time.monotonic, chat_burst=int(chat_burst))
    code = asyncio.run(serve(read_settings(), clock=clock, tick_every=tick_every, budget=budget))
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
