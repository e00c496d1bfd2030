"""The command line: `rounds demo | run | sandbox | migrate | replay | export | backup | restore | doctor`."""

import argparse
import asyncio
import gc
import signal
import sys
from collections.abc import Callable, Coroutine
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # whatever takes long to import is imported after main() has made us heed a SIGTERM
    from datetime import datetime
    from pathlib import Path

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
        return _refused(f"--role is one of {', '.join(Role)}, or several of them with commas between")
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


async def migrate(_arguments: argparse.Namespace, settings: "Settings") -> int:
    """Bring the database to this version's schema."""
    from bot.settings import WrongSettings
    from storage.migrations.upgrade import UnknownSchema, upgrade

    try:
        before, after = await asyncio.to_thread(upgrade, settings.database)
    except UnknownSchema as error:
        raise WrongSettings(f"ROUNDS_DATABASE_URL: {error}") from None
    print(f"database: {before or 'empty'} → {after}" if before != after else f"database: {after}, nothing to do")
    return 0


async def replay(arguments: argparse.Namespace, settings: "Settings") -> int:
    """List the updates that were put aside after they failed, or put them back; a bot that runs takes them up."""
    from zoneinfo import ZoneInfo

    from bot.services import quarantine
    from storage.database import Database, DatabaseAway
    from storage.migrations.upgrade import revisions

    database = Database(settings.database)
    try:
        here, needed = await database.read(revisions)
        if here != needed:
            return _refused("the database is not of this version: rounds migrate brings it there")
        if not arguments.seq and not arguments.all:
            print("\n".join(await quarantine.listing(database, ZoneInfo(settings.time_zone))))
            return 0
        back, unknown = await quarantine.put_back(database, None if arguments.all else arguments.seq)
    except DatabaseAway as error:
        return _refused(f"the database does not answer: {error}")
    finally:
        await database.close()
    print(f"put back: {' '.join(map(str, back)) or 'nothing'}")
    return _refused(f"not put aside: {' '.join(map(str, unknown))}") if unknown else 0


async def export(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Write customers, visits, follow-ups, photos or people into a file, whatever it may weigh."""
    from pathlib import Path

    from bot.domain.conversation import Refusal
    from bot.domain.export import FORMS, Form, Order, What, read_days
    from bot.services.export_command import OtherSchema, take_out
    from storage.blobs import Blobs, StoreAway
    from storage.database import DatabaseAway

    what = What(arguments.what)
    form = Form(arguments.form) if arguments.form else FORMS[what][0]
    if form not in FORMS[what]:
        return _refused(f"{what} come as {' or '.join(FORMS[what])}")
    try:
        order = Order(what, form, read_days(" ".join(arguments.days)) if arguments.days else None)
    except Refusal:
        return _refused("the days are one or two dates such as 2026-10-01 2026-10-31, or a month such as 2026-10")
    path = Path(arguments.path)
    try:
        blobs = Blobs(settings.photos, settings.store_access())
        files = await take_out(settings.database, blobs, order, path, settings.language, settings.time_zone)
    except OtherSchema:
        return _refused("the database is not of this version: rounds migrate brings it there")
    except FileExistsError as error:
        return _refused(f"{error} is there already, and an export overwrites nothing: give another folder")
    except OSError as error:
        return _refused(f"{path} cannot be written: {error.strerror}")
    except (DatabaseAway, StoreAway) as error:
        return _refused(f"nothing was exported: {error}")
    for file, number in files:
        print(f"{file}: {number:,} {what}")
    return 0 if files else _refused("there is nothing to put into a file")


async def keys(arguments: argparse.Namespace, settings: "Settings") -> int:
    """List the keys that photos are signed with, or sign with a new one from now on; what older ones signed holds."""
    from datetime import UTC, datetime

    from storage import signing
    from storage.database import Database, DatabaseAway
    from storage.migrations.upgrade import revisions

    database, now = Database(settings.database), datetime.now(UTC)
    try:
        here, needed = await database.read(revisions)
        if here != needed:
            return _refused("the database is not of this version: rounds migrate brings it there")
        if arguments.rotate:
            await database.write(lambda connection: signing.rotate(connection, now))
        made = await database.read(signing.list_keys)
    except signing.NoMoreKeys:
        return _refused("a code has room for 255 keys, and there are as many: nothing was changed")
    except DatabaseAway as error:
        return _refused(f"the database does not answer: {error}")
    finally:
        await database.close()
    for key_id, made_at in made:
        print(f"key {key_id} of {made_at:%Y-%m-%d %H:%M} UTC{', signs now' if key_id == made[-1][0] else ''}")
    if not made:
        print("no key yet: the first start makes one")
    return 0


async def backup(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Put database and photos into one file, while everybody goes on working."""
    from datetime import UTC, datetime
    from pathlib import Path

    from storage.backup.making import NothingThere, facts_of, make
    from storage.blobs import Blobs, StoreAway
    from storage.database import DatabaseAway

    now = datetime.now(UTC)
    path = await asyncio.to_thread(_named, Path(arguments.path), f"rounds-{now:%Y%m%dT%H%M%SZ}.tar")
    try:
        blobs = Blobs(settings.photos, settings.store_access())
        made = await make(settings.database, blobs, path, now)
    except FileExistsError:
        return _refused(f"{path} is there already, and a backup overwrites nothing: give another name, or a folder")
    except OSError as error:
        return _refused(f"{path} cannot be written: {error.strerror}")
    except (NothingThere, DatabaseAway, StoreAway) as error:
        return _refused(f"nothing was backed up: {error}")
    print(f"{path}: {sum(made.rows.values()):,} rows and {made.photos:,} photos of {made.bytes / 1024**2:,.1f} MiB")
    for key in made.missing[:10]:
        print(f"! the store does not have {key}, or has it damaged: it is not in the backup")
    await _note_backup(settings.database, now, facts_of(made, path.stat().st_size))
    return 0


async def _note_backup(url: str, at: "datetime", facts: dict[str, Any]) -> None:
    """Let /health know of it; a backup is good without that, too."""
    from contextlib import suppress

    from storage.database import Database, DatabaseAway
    from storage.wellbeing import note_backup

    database = Database(url)
    try:
        with suppress(DatabaseAway):  # the file may be of a version that kept no marks
            await database.write(lambda connection: note_backup(connection, at, facts))
    finally:
        await database.close()


async def restore(arguments: argparse.Namespace, settings: "Settings") -> int:
    """Fill an empty database and photo store from a backup, of SQLite or PostgreSQL alike."""
    from pathlib import Path

    from storage.backup.archive import BrokenArchive
    from storage.backup.restoring import NotEmpty, restore
    from storage.blobs import Blobs, StoreAway
    from storage.database import DatabaseAway

    path = Path(arguments.file)
    try:
        blobs = Blobs(settings.photos, settings.store_access())
        done = await restore(settings.database, blobs, path)
    except NotEmpty as error:
        return _refused(f"{error}. Restore into a new one: set ROUNDS_DATABASE_URL, or move the old file away")
    except BrokenArchive as error:
        return _refused(f"{path}: {error}. Nothing was restored")
    except OSError as error:
        return _refused(f"{path} cannot be read: {error.strerror}")
    except (DatabaseAway, StoreAway) as error:
        return _refused(f"nothing was restored: {error}")
    print(f"{sum(done.rows.values()):,} rows and {done.photos:,} photos are back; rounds doctor looks at them")
    if done.missing:
        print(f"! {len(done.missing)} photos were missing already when the backup was made")
    return 0


def _named(path: "Path", name: str) -> "Path":
    return path / name if path.is_dir() else path


def _refused(sentence: str) -> int:
    print(f"rounds: {sentence}", file=sys.stderr)
    return 1


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
