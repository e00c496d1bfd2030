"""What photos look like is kept once, and found by whatever a copy has in common with it."""

import random
from datetime import UTC, datetime

from sqlalchemy import Connection, insert, text

from bot.domain.likeness import BAND, BITS, Fingerprint, Look, Part, View
from storage import fingerprints
from storage.database import Database
from storage.tables import PhotoKeyRow, table

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
WEAK = tuple(tuple(range(start, start + 3)) for start in range(0, BITS, BAND))
MIRRORED = View(mirrored=True)


def seen(signs: int, view: View = MIRRORED, part: Part = Part.CENTRE) -> Look:
    return Look(part, signs, WEAK, view)


def photos(connection: Connection, number: int) -> dict[int, int]:
    """The signs of the centre of so many photos, by id."""
    luck = random.Random(1)
    kept = {photo_id: luck.getrandbits(BITS) for photo_id in range(1, number + 1)}
    for photo_id, signs in kept.items():
        print_ = Fingerprint({Part.CENTRE: signs, Part.UPPER: luck.getrandbits(BITS)}, ())
        rows = [{"key": key, "photo_id": photo_id, "signs": of} for key, of in print_.keys]
        connection.execute(insert(table(PhotoKeyRow)), rows)
    return kept


async def test_a_copy_is_found_by_any_band_that_only_weak_signs_of_it_changed(database: Database) -> None:
    kept = await database.write(lambda connection: photos(connection, 50))
    for band in range(0, BITS, BAND):
        elsewhere = sum(1 << at for at in range(0, BITS, 12) if not band <= at < band + BAND)
        copy = seen(kept[7] ^ elsewhere ^ (1 << band))
        (found,) = await database.read(lambda c, copy=copy: fingerprints.find_alike(c, [seen(12345), copy]))
        assert (found.photo_id, found.view) == (7, MIRRORED)
        assert found.differing == elsewhere.bit_count() + 1


async def test_what_differs_in_too_much_is_no_candidate(database: Database) -> None:
    kept = await database.write(lambda connection: photos(connection, 5))
    far = seen(kept[3] ^ sum(1 << at for at in range(BAND, BITS, 2)))
    assert await database.read(lambda connection: fingerprints.find_alike(connection, [far])) == []


async def test_the_nearest_comes_first_under_the_view_that_fits_best(database: Database) -> None:
    kept = await database.write(lambda connection: photos(connection, 5))
    looks = [seen(kept[2] ^ 1, View()), seen(kept[2]), seen(kept[4] ^ 3)]
    found = await database.read(lambda connection: fingerprints.find_alike(connection, looks))
    assert [(one.photo_id, one.view, one.differing) for one in found] == [(2, MIRRORED, 0), (4, MIRRORED, 2)]


def test_each_part_has_keys_of_its_own() -> None:
    signs = random.Random(2).getrandbits(BITS)
    print_ = Fingerprint({Part.CENTRE: signs, Part.UPPER: signs}, ())
    keys = [key for key, _ in print_.keys]
    assert len(set(keys)) == 6
    assert max(keys) < 2**31  # PostgreSQL's integer


async def test_a_search_reads_only_the_keys_that_it_asks_for(database: Database) -> None:
    def explained(connection: Connection) -> str:
        if database.is_sqlite:
            return str(connection.execute(text("EXPLAIN QUERY PLAN SELECT * FROM photo_key WHERE key IN (1, 2)")).all())
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        return str(connection.execute(text("EXPLAIN SELECT * FROM photo_key WHERE key IN (1, 2)")).all())

    plan = await database.read(explained)
    assert "USING PRIMARY KEY (key=?)" in plan or "photo_key_pkey" in plan
