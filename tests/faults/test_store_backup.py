"""A backup and a restore are killed at any moment: there is a whole one, or none, and the next run goes through."""

import asyncio
import random
import sys
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

import pytest
from conftest import new_database
from fresh_database import sqlite_in
from sqlalchemy import create_engine, inspect, text

from storage import inbox
from storage.backup.archive import MANIFEST, reading
from storage.backup.making import make
from storage.backup.restoring import restore
from storage.blobs import Blobs
from storage.database import Connection, Database

pytestmark = [pytest.mark.storm, pytest.mark.long]

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
ROWS = 15_000
MOMENTS = 4
CHILD = """
import asyncio, sys
from datetime import UTC, datetime
from pathlib import Path
from storage.backup.making import make
from storage.backup.restoring import restore
from storage.blobs import Blobs
what, url, photos, path = sys.argv[1:]
print("begun", flush=True)
if what == "make":
    asyncio.run(make(url, Blobs(photos), Path(path), datetime.now(UTC)))
else:
    asyncio.run(restore(url, Blobs(photos), Path(path)))
"""


async def begun(*words: str) -> asyncio.subprocess.Process:
    """A process that has imported what it needs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", CHILD, *words, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    assert await process.stdout.readline() == b"begun\n"
    return process


async def ready_after(*words: str) -> float:
    """How many seconds it takes on this machine, now."""
    process, at = await begun(*words), time.monotonic()
    assert await process.wait() == 0
    return time.monotonic() - at


async def killed(seconds: float, *words: str) -> bool:
    """Run it, and kill it so long after it has begun; False when it was ready before."""
    process = await begun(*words)
    try:
        await asyncio.wait_for(process.wait(), seconds)
    except TimeoutError:
        process.kill()
        await process.wait()
        return True
    assert process.returncode == 0
    return False


async def filled(folder: Path) -> str:
    url = sqlite_in(folder)
    database = Database(url)

    def fill(connection: Connection) -> None:
        updates = [{"update_id": n, "lane": n, "raw": f"{n} " * 50, "received_at": NOW} for n in range(ROWS)]
        inbox.keep(connection, updates)

    await database.write(fill)
    await database.close()
    return url


def count(url: str) -> int:
    """Rows of the inbox; none where there is no schema."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            if not inspect(connection).has_table("inbox"):
                return 0
            return int(connection.execute(text("SELECT count(*) FROM inbox")).scalar_one())
    finally:
        engine.dispose()


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
async def test_a_restore_that_is_killed_leaves_nothing_or_everything(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    url, path, photos = await filled(tmp_path), tmp_path / "kept.tar", str(tmp_path / "photos")
    await make(url, Blobs(photos), path, NOW)
    other = f"sqlite:///{tmp_path / 'other.db'}"
    if kind == "postgres":
        other = new_database(request.getfixturevalue("postgres"), f"k{uuid.uuid4().hex}")
    whole = await ready_after("restore", f"sqlite:///{tmp_path / 'whole.db'}", photos, str(path))
    dice, kills = random.Random(5), 0
    for _ in range(MOMENTS):
        kills += await killed(dice.uniform(0.1, 1.1) * whole, "restore", other, photos, str(path))
        assert count(other) in (0, ROWS)
        if count(other):
            break
    assert kills > 0
    if not count(other):
        await restore(other, Blobs(photos), path)
    assert count(other) == ROWS


async def test_a_backup_that_is_killed_leaves_no_file_that_looks_like_one(tmp_path: Path) -> None:
    url, photos = await filled(tmp_path), str(tmp_path / "photos")
    whole = await ready_after("make", url, photos, str(tmp_path / "whole.tar"))
    dice, kills = random.Random(6), 0
    for number in range(MOMENTS):
        path = tmp_path / f"{number}.tar"
        was_killed = await killed(dice.uniform(0.1, 1.1) * whole, "make", url, photos, str(path))
        kills += was_killed
        assert was_killed or _is_there(path)
        if _is_there(path):
            assert MANIFEST in dict(reading(path))
    assert kills > 0
    made = await make(url, Blobs(photos), tmp_path / "last.tar", NOW)
    assert made.rows["inbox"] == ROWS


def _is_there(path: Path) -> bool:
    return path.exists()
