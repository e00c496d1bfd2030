"""The disk is full, the file is locked by another process, or the power fails: nothing that was confirmed is lost."""

import asyncio
import hashlib
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from company import checked_in
from fresh_database import sqlite_in
from scene import Player, Scene, acted
from sqlalchemy import create_engine, select, text

from storage.tables import PhotoRow, table

NOT_SAVED = "Not saved yet, but still in the queue"
SIZE = 24 * 1024 * 1024  # bytes of the small disk
PHOTO = table(PhotoRow)


class Disk:
    """A small disk that can be filled up to the last byte, and given room again."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, leaving: int = 0) -> None:
        """Nothing fits any more, or only so many bytes."""
        with (self.folder / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                size = filler.tell()
            filler.truncate(max(0, size - leaving))

    def make_room(self) -> None:
        (self.folder / "filler").unlink()

    def empty_the_wal(self, url: str) -> None:
        """SQLite writes into what it has of its log first; a full disk shows when the log has to grow."""
        engine = create_engine(url)
        with engine.connect() as connection:
            connection.execute(text("PRAGMA wal_checkpoint(TRUNCATE)"))
        engine.dispose()


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    folder = tmp_path / "small"
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.skip("only root can mount a small disk")
    yield Disk(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
async def small(disk: Disk) -> AsyncIterator[tuple[Disk, Scene, str]]:
    """The bot with its database and its photos on the small disk."""
    url = sqlite_in(disk.folder)
    async with acted(url, disk.folder) as scene:
        yield disk, scene, url


async def told(player: Player, words: str, *, within: float = 30) -> None:
    """Wait until he sees these words; he does nothing for it."""
    async with asyncio.timeout(within):
        while words not in await player.all_text():
            await asyncio.sleep(0.05)


async def shown(scene: Scene, words: str) -> int:
    rows = await scene.look("/ledger")
    return sum(words in (row.get("text") or "") for row in rows if row["what"] == "shown")


@pytest.mark.storm
async def test_a_full_disk_in_a_check_in_is_told_and_the_visit_goes_on_when_there_is_room(
    small: tuple[Disk, Scene, str],
) -> None:
    disk, scene, url = small
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    disk.empty_the_wal(url)
    disk.fill()
    await scene.sim(f"/people/{rep.id}/send", {"text": "A faster delivery"})
    await told(rep, NOT_SAVED)
    assert await shown(scene, "Product, case or figure") == 0
    disk.make_room()
    await told(rep, "Product, case or figure")
    await scene.settle()
    (row,) = await scene.rows(text("SELECT count(*) AS answers FROM visit_answer WHERE value LIKE '%faster%'"))
    assert row.answers == 1
    assert await shown(scene, NOT_SAVED) == 1
    assert await shown(scene, "Product, case or figure") == 1


@pytest.mark.storm
async def test_a_disk_that_fills_up_with_the_update_in_hand_keeps_it_in_the_inbox(
    small: tuple[Disk, Scene, str],
) -> None:
    """It is acknowledged to Telegram, so it is ours alone; the attempts are not counted against it."""
    disk, scene, url = small
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    disk.empty_the_wal(url)
    disk.fill(leaving=12 * 1024)  # room for the inbox, not for the work
    for number in range(6):
        await scene.sim(f"/people/{rep.id}/send", {"text": f"He needs it by the {number + 1}."})
    await told(rep, NOT_SAVED)
    disk.make_room()
    async with asyncio.timeout(30):
        while await scene.rows(text("SELECT 1 FROM inbox WHERE state <> 'done'")) or await _waits(scene):
            await asyncio.sleep(0.05)
    await scene.settle()
    rows = await scene.rows(text("SELECT attempts, error FROM inbox WHERE attempts > 0 OR error IS NOT NULL"))
    assert rows == []
    (row,) = await scene.rows(text("SELECT count(*) AS number FROM inbox WHERE raw LIKE '%He needs it by the%'"))
    assert row.number == 6


async def _waits(scene: Scene) -> bool:
    from scene import TOKEN

    bot = scene.sandbox.world.bots.by_token(TOKEN)
    return bot is not None and len(bot.queue) > 0


@pytest.mark.storm
async def test_a_full_disk_in_a_photo_is_told_and_the_same_photo_is_kept_when_there_is_room(
    small: tuple[Disk, Scene, str],
) -> None:
    disk, scene, _ = small
    rep = await checked_in(scene)
    await rep.presses("Yes")
    disk.fill(leaving=256 * 1024)  # the database can go on for a while, the photo does not fit
    form_picture = _large_picture()
    sending = asyncio.create_task(_send_photo(scene, rep, form_picture))
    await told(rep, "still syncing with our photo store")
    await sending
    assert await shown(scene, "Kept for visit") == 0
    disk.make_room()
    await _kept(scene)
    (row,) = await scene.rows(select(PHOTO))
    data = await scene.rounds.blobs.read(row.original)
    assert hashlib.sha256(data).hexdigest() == row.sha256
    assert await shown(scene, "Kept for visit") == 1


def _large_picture() -> bytes:
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.frombytes("RGB", (1200, 900), os.urandom(1200 * 900 * 3)).save(out, "JPEG", quality=80)
    return out.getvalue()


async def _send_photo(scene: Scene, rep: Player, data: bytes) -> None:
    import io

    import aiohttp

    form = aiohttp.FormData()
    form.add_field("file", io.BytesIO(data), filename="shelf.jpg", content_type="image/jpeg")
    async with scene.session.post(f"{scene.url}/sim/people/{rep.id}/photo", data=form) as response:
        assert response.status == 200


async def _kept(scene: Scene) -> None:
    """Until the job is done; its pause between tries is by the bot's clock."""
    async with asyncio.timeout(30):
        while await scene.rows(text("SELECT 1 FROM photo WHERE state <> 'kept'")):
            await scene.sim("/clock", {"advance_s": 5})
            await asyncio.sleep(0.1)
    await scene.settle()


LOCKS = """
import sqlite3, sys
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN IMMEDIATE")
print("locked", flush=True)
sys.stdin.readline()
connection.execute("ROLLBACK")
"""


@pytest.mark.storm
async def test_a_database_that_another_process_locks_is_waited_for(tmp_path: Path) -> None:
    async with acted(sqlite_in(tmp_path), tmp_path) as scene:
        rep = await checked_in(scene, store_check=False)
        await rep.presses("Decides")
        path = str(tmp_path / "rounds.db")
        other = await asyncio.create_subprocess_exec(
            sys.executable, "-c", LOCKS, path, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert other.stdout is not None
        assert await other.stdout.readline() == b"locked\n"
        await scene.sim(f"/people/{rep.id}/send", {"text": "A faster delivery"})
        await told(rep, NOT_SAVED)
        await other.communicate(b"\n")
        await told(rep, "Product, case or figure")
        await scene.settle()
        assert await shown(scene, "Product, case or figure") == 1
        (row,) = await scene.rows(text("SELECT count(*) AS answers FROM visit_answer WHERE value LIKE '%faster%'"))
        assert row.answers == 1
