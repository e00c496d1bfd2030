"""Prints how long it takes to find a photo among a million, against a linear scan of all fingerprints.

Run `python tests/bench/fingerprints.py [photos]`. The fingerprints are random but for their lowest frequencies, which
real photos have in common: every third key is drawn from a thousandth of all keys.
"""

import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import Connection, insert
from sqlmodel import SQLModel

sys.path.insert(0, str(Path(__file__).parents[2]))  # run as a script, from anywhere

from bot.domain.likeness import BAND, BITS, Fingerprint, Look, Part, View
from storage import fingerprints
from storage.database import Database
from storage.fingerprints import KEY

VIEWS = 42  # what a photo without a frame is searched by
SEARCHES = 40
BATCH = 20_000


def signs(luck: random.Random) -> int:
    """The 60 signs of a part; those of the first band are less even than chance."""
    first = luck.getrandbits(BAND) & luck.getrandbits(BAND) if luck.random() < 0.5 else luck.getrandbits(BAND)
    return first | luck.getrandbits(BITS - BAND) << BAND


def fill(connection: Connection, photos: int, luck: random.Random) -> dict[int, int]:
    """Store so many photos; the signs of the centre of a few, by photo."""
    known = {}
    for start in range(1, photos + 1, BATCH):
        rows = []
        for photo_id in range(start, min(start + BATCH, photos + 1)):
            one = Fingerprint({part: signs(luck) for part in Part}, ())
            if photo_id % (photos // SEARCHES) == 0:
                known[photo_id] = one.kept[Part.CENTRE]
            rows += [{"key": key, "photo_id": photo_id, "signs": seen} for key, seen in one.keys]
        connection.execute(insert(KEY), rows)
    return known


def looks(luck: random.Random, of: int) -> list[Look]:
    """A photo that is a copy of `of` under one view, with its weakest signs turned, and a stranger under the others."""
    weak = [
        tuple(tuple(luck.sample(range(start, start + BAND), 3)) for start in range(0, BITS, BAND)) for _ in range(VIEWS)
    ]
    turned = sum(1 << at for band in weak[0] for at in band[:2])
    seen = [of ^ turned, *(signs(luck) for _ in range(VIEWS - 1))]
    return [Look(Part.CENTRE, one, its, View()) for one, its in zip(seen, weak, strict=True)]


def scan(connection: Connection, looked_for: list[Look]) -> int:
    """The plain way: every fingerprint is read and compared."""
    of_one_band = KEY.select().where(KEY.c.key < 1 << BAND)
    return min((row.signs ^ look.signs).bit_count() for row in connection.execute(of_one_band) for look in looked_for)


def main() -> None:
    photos = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    luck = random.Random(7)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/prints.db")
        SQLModel.metadata.create_all(database.engine)
        began = time.perf_counter()
        with database.engine.begin() as connection:
            known = fill(connection, photos, luck)
        filled, size = time.perf_counter() - began, Path(folder, "prints.db").stat().st_size
        print(f"{photos:,} photos stored in {filled:.0f} s, {size / 1e6:.0f} MB")
        with database.reading_engine.connect() as connection:
            times, found = [], 0
            for wanted, signs_of_it in known.items():
                looked_for = looks(luck, signs_of_it)
                began, worked = time.perf_counter(), time.thread_time()
                alike = fingerprints.find_alike(connection, looked_for)
                times.append((time.perf_counter() - began, time.thread_time() - worked))
                found += wanted in {candidate.photo_id for candidate in alike}
            began = time.perf_counter()
            scan(connection, looked_for[:1])
            whole = time.perf_counter() - began
        waited, worked = (sorted(column) for column in zip(*times, strict=True))
        typical = statistics.median(waited)
        at_work = statistics.median(worked)
        print(
            f"search: median {typical * 1000:.1f} ms, slowest {waited[-1] * 1000:.1f} ms; {found} of {len(known)} found"
        )
        print(f"of which the processor works: median {at_work * 1000:.1f} ms, most {worked[-1] * 1000:.1f} ms")
        print(f"a scan for one view of {VIEWS}: {whole:.2f} s, {whole / typical:.0f} times as long")


if __name__ == "__main__":
    main()
