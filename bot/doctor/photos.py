"""Checks that every photo that the database knows is in the store."""

from itertools import islice

from bot.doctor.finding import Finding, good, wrong
from bot.doctor.stores import missing_file
from bot.settings import Settings
from storage.blob_names import list_photos_without
from storage.blobs import FOLDERS, Blobs, StoreAway, digest_of
from storage.database import Connection, Database, DatabaseAway
from storage.migrations.upgrade import revisions

NAMED = 10  # photos that are named one by one; then their number says enough


async def check(settings: Settings) -> list[Finding]:
    """Compare what the store lists with what the rows name; what cannot be reached has been said before this."""
    if missing_file(settings.database) is not None:
        return []
    try:
        there = await _list(Blobs(settings.photos, settings.store_access()))
        database = Database(settings.database)
        try:
            return await database.read(lambda connection: _compare(connection, there))
        finally:
            await database.close()
    except (StoreAway, DatabaseAway, ModuleNotFoundError):
        return []


async def _list(blobs: Blobs) -> set[int]:
    """The first 64 bits of each key: enough to tell them apart, and 64 MB for a million photos."""
    there: set[int] = set()
    for folder in FOLDERS:
        async for batch in blobs.list_folder(folder):
            there.update(_short(blob.key) for blob in batch)
    return there


def _short(key: str) -> int:
    try:
        return int(digest_of(key)[:16], 16)
    except ValueError:
        return -1  # somebody else's file


def _compare(connection: Connection, there: set[int]) -> list[Finding]:
    here, needed = revisions(connection)
    if here != needed:
        return []
    missing = list_photos_without(connection, lambda key: _short(key) in there)
    findings = [
        wrong(f"photo {photo} of visit #{visit} is not in the store ({key}): restore it from a backup")
        for photo, visit, key in islice(missing, NAMED)
    ]
    more = sum(1 for _ in missing)
    if more:
        findings.append(wrong(f"and {more} more files of photos are not in the store"))
    return findings or [good("every photo that the database names is in the store")]
