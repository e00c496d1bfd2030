"""Checks of what Rounds keeps things in: the database and the photo store."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from bot.doctor.finding import Finding, good, look, wrong
from bot.settings import Settings
from storage import people
from storage.blobs import Blobs, StoreAway
from storage.database import Connection, Database, DatabaseAway, now_at
from storage.migrations.upgrade import revisions

SKEW = timedelta(seconds=5)
# What an S3-compatible store means by its refusals, by the name of obstore's error
S3_SAYS = {
    "FileNotFoundError": "there is no such bucket: make it",
    "PermissionDeniedError": "the key may not write there: check ROUNDS_PHOTO_STORE_KEY and ROUNDS_PHOTO_STORE_SECRET",
    "UnauthenticatedError": "the key is not known: check ROUNDS_PHOTO_STORE_KEY and ROUNDS_PHOTO_STORE_SECRET",
    "GenericError": "it does not answer: check ROUNDS_PHOTO_STORE_ENDPOINT, and that it runs",
    "TimeoutError": "it does not answer in time: check ROUNDS_PHOTO_STORE_ENDPOINT, and that it runs",
}


async def check_database(settings: Settings, clock: Callable[[], datetime]) -> list[Finding]:
    """Reachable, writable, of this version's schema, and at one time with us."""
    missing = missing_file(settings.database)
    if missing is not None:
        return [look(f"there is no database at {missing} yet: rounds run makes it")]
    try:
        database = Database(settings.database)
    except ModuleNotFoundError:
        return [wrong("PostgreSQL needs its driver: install rounds[postgres]")]
    try:
        here, needed = await database.read(revisions)
        await database.write(lambda _connection: None)
        if here != needed:
            return [wrong(f"the database has schema {here or 'none'}, this version needs {needed}: run rounds migrate")]
        return list(await database.read(lambda connection: list(_look_into(connection, settings, clock))))
    except DatabaseAway as error:
        return [wrong(f"the database cannot be used ({error}): check ROUNDS_DATABASE_URL, and that it runs")]
    finally:
        await database.close()


def missing_file(url: str) -> Path | None:
    """Where an SQLite database would be; to look for it must not make it."""
    path = Path(url.removeprefix("sqlite:///"))
    return path if url.startswith("sqlite:///") and not path.exists() else None


def _look_into(connection: Connection, settings: Settings, clock: Callable[[], datetime]) -> Iterator[Finding]:
    yield good(f"database: {connection.dialect.name}, schema {revisions(connection)[0]}")
    there = now_at(connection)
    if there is not None and abs(there - clock()) > SKEW:
        yield look(f"the database's clock differs by {skew(there, clock())}: let both machines keep time (NTP)")
    if not settings.admin_ids and not people.has_admin(connection):
        yield look(
            "nobody is admin yet: put your Telegram id into ROUNDS_ADMIN_IDS, or use the code in the log of rounds run"
        )


def skew(one: datetime, other: datetime) -> str:
    """How far two clocks are apart."""
    return f"{abs(one - other).total_seconds():.0f} s"


async def check_photos(settings: Settings) -> list[Finding]:
    """A blob can be kept and taken away again."""
    try:
        await Blobs(settings.photos, settings.store_access()).check()
    except StoreAway as error:
        reason = S3_SAYS.get(str(error)) if settings.photos.startswith("s3") else None
        reason = reason or f"{error}: check ROUNDS_PHOTO_STORE"
        return [wrong(f"photos cannot be kept in {_place(settings)}: {reason}")]
    return [good(f"photos are kept in {_place(settings)}")]


def _place(settings: Settings) -> str:
    return settings.photos.partition("?")[0]
