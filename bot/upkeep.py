"""What an operator does to an installation that stands: migrate, replay, export, keys, backup and restore."""

import argparse
import asyncio
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # a command imports what it needs itself: each starts in a moment, and heeds a SIGTERM at once
    from datetime import datetime
    from pathlib import Path

    from bot.settings import Settings


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
            return refused("the database is not of this version: rounds migrate brings it there")
        if not arguments.seq and not arguments.all:
            print("\n".join(await quarantine.listing(database, ZoneInfo(settings.time_zone))))
            return 0
        back, unknown = await quarantine.put_back(database, None if arguments.all else arguments.seq)
    except DatabaseAway as error:
        return refused(f"the database does not answer: {error}")
    finally:
        await database.close()
    print(f"put back: {' '.join(map(str, back)) or 'nothing'}")
    return refused(f"not put aside: {' '.join(map(str, unknown))}") if unknown else 0


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
        return refused(f"{what} come as {' or '.join(FORMS[what])}")
    try:
        order = Order(what, form, read_days(" ".join(arguments.days)) if arguments.days else None)
    except Refusal:
        return refused("the days are one or two dates such as 2026-10-01 2026-10-31, or a month such as 2026-10")
    path = Path(arguments.path)
    try:
        blobs = Blobs(settings.photos, settings.store_access())
        files = await take_out(settings.database, blobs, order, path, settings.language, settings.time_zone)
    except OtherSchema:
        return refused("the database is not of this version: rounds migrate brings it there")
    except FileExistsError as error:
        return refused(f"{error} is there already, and an export overwrites nothing: give another folder")
    except OSError as error:
        return refused(f"{path} cannot be written: {error.strerror}")
    except (DatabaseAway, StoreAway) as error:
        return refused(f"nothing was exported: {error}")
    for file, number in files:
        print(f"{file}: {number:,} {what}")
    return 0 if files else refused("there is nothing to put into a file")


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
            return refused("the database is not of this version: rounds migrate brings it there")
        if arguments.rotate:
            await database.write(lambda connection: signing.rotate(connection, now))
        made = await database.read(signing.list_keys)
    except signing.NoMoreKeys:
        return refused("a code has room for 255 keys, and there are as many: nothing was changed")
    except DatabaseAway as error:
        return refused(f"the database does not answer: {error}")
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
        return refused(f"{path} is there already, and a backup overwrites nothing: give another name, or a folder")
    except OSError as error:
        return refused(f"{path} cannot be written: {error.strerror}")
    except (NothingThere, DatabaseAway, StoreAway) as error:
        return refused(f"nothing was backed up: {error}")
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
        return refused(f"{error}. Restore into a new one: set ROUNDS_DATABASE_URL, or move the old file away")
    except BrokenArchive as error:
        return refused(f"{path}: {error}. Nothing was restored")
    except OSError as error:
        return refused(f"{path} cannot be read: {error.strerror}")
    except (DatabaseAway, StoreAway) as error:
        return refused(f"nothing was restored: {error}")
    print(f"{sum(done.rows.values()):,} rows and {done.photos:,} photos are back; rounds doctor looks at them")
    if done.missing:
        print(f"! {len(done.missing)} photos were missing already when the backup was made")
    return 0


def _named(path: "Path", name: str) -> "Path":
    return path / name if path.is_dir() else path


def refused(sentence: str) -> int:
    """Say why nothing was done; the exit code for it."""
    print(f"rounds: {sentence}", file=sys.stderr)
    return 1
