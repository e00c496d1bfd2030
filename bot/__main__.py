"""The command line: `rounds demo | run | sandbox | migrate | replay | export | keys | backup | restore | doctor`."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

from bot.upkeep import backup, export, keys, migrate, refused, replay, restore

if TYPE_CHECKING:  # whatever takes long to import is imported after main() has made us heed a SIGTERM
    from bot.settings import Settings

Command = Callable[[argparse.Namespace, "Settings"], Coroutine[Any, Any, int]]


async def run(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Serve Telegram: long polling, or a webhook when ROUNDS_WEBHOOK_URL is set."""
    gc.disable()  # until it serves: there is no garbage in what is imported, and looking takes a tenth of the start
    from bot.roles import Role, roles_of
    from bot.serving import serve

    try:
        roles = roles_of(arguments.role)
    except ValueError:
        return refused(f"--role is one of {', '.join(Role)}, or several of them with commas between")
    return await serve(settings, roles=roles)


async def demo(arguments: argparse.Namespace, _settings: "Settings") -> int:
    """A whole company in the browser: no token, no network."""
    from bot.demo.stage import perform

    return await perform(port=arguments.port, data_dir=arguments.data, browser=not arguments.no_browser)


async def sandbox(arguments: argparse.Namespace, settings: "Settings") -> int:
    """The local Telegram alone, for a bot in another process."""
    from bot.sandbox.server import serve

    await serve(settings.web_host, arguments.port, time_zone=settings.time_zone)
    return 0


async def doctor(_arguments: argparse.Namespace, settings: "Settings") -> int:
    """Check settings, database, clock, storage and token, and say what to do."""
    from bot.doctor import examine

    return await examine(settings)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="rounds", description="Rounds (巡访): customer visits, step by step")
    commands = parser.add_subparsers(required=True, metavar="command")

    def add(command: Command, **options: Any) -> argparse.ArgumentParser:
        summary = (command.__doc__ or "").strip()
        sub = commands.add_parser(command.__name__, help=summary, description=summary)
        sub.set_defaults(command=command, **options)
        return sub

    shown = add(demo)
    shown.add_argument("--port", type=int, default=8080, help="where the page is served (default 8080)")
    shown.add_argument("--data", default="data/demo", help="where the demo keeps its data (default data/demo)")
    shown.add_argument("--no-browser", action="store_true", help="only print the address")
    add(run).add_argument(
        "--role",
        action="append",
        default=[],
        metavar="ROLE",
        help="only this part of the work, beside other processes on the same PostgreSQL: intake, web, worker, sender "
        "or ticker, several with commas between (default all)",
    )
    add(sandbox).add_argument("--port", type=int, default=8081, help="where it listens (default 8081)")
    add(migrate)
    again = add(replay)
    again.add_argument("seq", nargs="*", type=int, help="numbers of updates to try again; none: list them")
    again.add_argument("--all", action="store_true", help="try all of them again")
    taken = add(export)
    taken.add_argument("what", choices=("customers", "visits", "followups", "photos", "people"))
    taken.add_argument("path", help="the folder in which the file gets a name")
    taken.add_argument("--form", choices=("xlsx", "csv", "geojson", "zip"), help="default: xlsx, of photos zip")
    taken.add_argument("--days", nargs="+", default=[], help="two dates, one, or a month (2026-10); default all")
    add(keys).add_argument("--rotate", action="store_true", help="make a new key, which signs from now on")
    add(backup).add_argument("path", help="a file that is not there yet, or a folder, in which it gets a name by date")
    add(restore).add_argument("file", help="what rounds backup has made")
    add(doctor)
    return parser


def main(words: list[str] | None = None) -> int:
    """Entry point of the console script; returns the exit code."""
    signal.signal(signal.SIGTERM, _leave)  # until the loop takes it over, with its own way to end
    arguments = _parser().parse_args(words)

    from bot import logs
    from bot.settings import WrongSettings, read_settings

    logs.set_up()
    try:
        command: Command = arguments.command
        settings = read_settings()
        logs.set_up(settings.log)
        return asyncio.run(command(arguments, settings))
    except WrongSettings as wrong:
        print(f"rounds: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130


def _leave(_number: int, _frame: object) -> None:
    """Asked to end before anything was begun, or by a command that has nothing to drain."""
    sys.exit(0)


if __name__ == "__main__":
    sys.exit(main())
