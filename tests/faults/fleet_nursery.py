"""Imports the product once and forks a process of it for each line of roles; answers with the process id.

What has ended is buried by a thread, so that a killed process is gone at once.
"""

import asyncio
import os
import sys
import threading
from pathlib import Path


def main() -> None:
    import bot.serving  # noqa: F401 - it brings everything

    print("ready", flush=True)
    threading.Thread(target=bury, daemon=True).start()
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            os.setsid()
            os._exit(live(line.split()))
        print(child, flush=True)


def bury() -> None:
    """Ends of children, whenever they come."""
    while True:
        try:
            os.waitpid(-1, 0)
        except ChildProcessError:
            threading.Event().wait(0.05)


def live(roles: list[str]) -> int:
    from bot import logs
    from bot.roles import roles_of
    from bot.serving import serve
    from bot.settings import read_settings

    logs.set_up()
    code = asyncio.run(serve(read_settings(), tick_every=1.0, roles=roles_of(roles)))
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
    main()
