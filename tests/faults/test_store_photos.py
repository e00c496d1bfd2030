"""The photo store is slow, away or half written, in a folder and in S3: every photo is kept as it was sent, once."""

import asyncio
import hashlib
import io
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from company import checked_in
from faults.cable import Cable
from moto.server import ThreadedMotoServer
from PIL import Image
from scene import Player, Scene, acted, picture
from sqlalchemy import event, select, text

from bot.doctor import photos as doctor
from bot.services.orphans import EVERY, GRACE, Orphans
from bot.services.photos import SYNCING_AFTER
from storage import jobs, outbox, visits
from storage.backup.making import make
from storage.backup.restoring import restore
from storage.blobs import FOLDERS, Blobs, StoreAway
from storage.database import Connection, Database
from storage.leadership import Leadership
from storage.migrations.upgrade import upgrade
from storage.tables import PhotoRow, VisitRow, table

PHOTO, VISIT = table(PhotoRow), table(VisitRow)
SYNCING, KEPT = "still syncing with our photo store", "Kept for visit #"
ROOT = Path(__file__).parents[2]
ACCESS = {"access_key_id": "tester", "secret_access_key": "not secret"}


@dataclass
class Store:
    """A photo store and how to disturb it."""

    settings: dict[str, Any]
    blobs: Blobs
    take_away: Callable[[], Any]
    bring_back: Callable[[], Any]
    cable: Cable | None = None


@pytest.fixture(scope="module")
def s3() -> Iterator[int]:
    """The port of an S3 that keeps everything in memory."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    yield server.get_host_and_port()[1]
    server.stop()


@pytest.fixture(params=["folder", "s3"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """A store of each kind."""
    if request.param == "folder":
        yield _folder(tmp_path / "photos", tmp_path / "photos gone")
        return
    port = request.getfixturevalue("s3")
    bucket = f"b{os.urandom(6).hex()}"
    cable = Cable(lambda: asyncio.open_connection("127.0.0.1", port))
    await cable.plug_in()
    endpoint = f"http://127.0.0.1:{cable.port}"
    async with aiohttp.ClientSession() as session, session.put(f"{endpoint}/{bucket}") as made:
        assert made.status == 200
    place = f"s3://{bucket}/rounds"
    settings = {"photo_store": place, "photo_store_endpoint": endpoint}
    keys = {"photo_store_key": ACCESS["access_key_id"], "photo_store_secret": ACCESS["secret_access_key"]}
    blobs = Blobs(place, {"endpoint": endpoint, **ACCESS})
    yield Store({**settings, **keys}, blobs, cable.pull, cable.plug_in, cable)
    await cable.pull()


def _folder(path: Path, aside: Path) -> Store:
    def take_away() -> None:
        path.rename(aside)
        path.write_text("a disk that is not mounted")

    def bring_back() -> None:
        path.unlink()
        aside.rename(path)

    return Store(
        {"photo_store": str(path)},
        Blobs(str(path)),
        lambda: asyncio.to_thread(take_away),
        lambda: asyncio.to_thread(bring_back),
    )


@pytest.fixture
async def at_work(store: Store, tmp_path: Path) -> AsyncIterator[Scene]:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    upgrade(url)
    async with acted(url, tmp_path, **store.settings) as scene:
        yield scene


async def send(scene: Scene, rep: Player, data: bytes) -> None:
    """A photo, without waiting for the answer; as a file, so that its bytes stay what they are."""
    form = aiohttp.FormData()
    form.add_field("as_document", "true")
    form.add_field("file", io.BytesIO(data), filename="shelf.jpg", content_type="image/jpeg")
    async with scene.session.post(f"{scene.url}/sim/people/{rep.id}/photo", data=form) as response:
        assert response.status == 200


async def told(rep: Player, words: str, *, within: float = 40) -> None:
    async with asyncio.timeout(within):
        while words not in await rep.all_text():
            await asyncio.sleep(0.05)


async def kept(scene: Scene) -> None:
    """Until nothing waits; the pauses between tries are by the bot's clock."""
    async with asyncio.timeout(40):
        while await scene.rows(text("SELECT 1 FROM photo WHERE state = 'waiting'")):
            await scene.sim("/clock", {"advance_s": 5})
            scene.rounds.worker.ring()
            await asyncio.sleep(0.1)
    await scene.settle()


async def shown(scene: Scene, words: str) -> int:
    rows = await scene.look("/ledger")
    return sum(words in (row.get("text") or "") for row in rows if row["what"] == "shown")


def noise(size: tuple[int, int] = (1000, 750)) -> bytes:
    """A JPEG of about half a megabyte."""
    out = io.BytesIO()
    Image.frombytes("RGB", size, os.urandom(size[0] * size[1] * 3)).save(out, "JPEG", quality=80)
    return out.getvalue()


async def test_a_store_that_is_away_says_syncing_and_keeps_the_same_photo_later(store: Store, at_work: Scene) -> None:
    rep = await checked_in(at_work)
    await rep.presses("Yes")
    await store.take_away()
    photo = picture(seed=4)
    await send(at_work, rep, photo)
    await told(rep, SYNCING)
    assert await shown(at_work, KEPT) == 0
    await store.bring_back()
    await kept(at_work)
    (row,) = await at_work.rows(select(PHOTO))
    assert row.sha256 == hashlib.sha256(photo).hexdigest()
    assert await store.blobs.read(row.original) == photo
    assert (await shown(at_work, KEPT), await shown(at_work, SYNCING)) == (1, 1)
    assert "are synced" in await rep.all_text()
    assert SYNCING not in await rep.all_text()


async def test_several_photos_that_wait_are_one_message(store: Store, at_work: Scene) -> None:
    rep = await checked_in(at_work)
    await rep.presses("Yes")
    await store.take_away()
    for seed in range(3):
        await send(at_work, rep, picture(seed=seed))
    await told(rep, "Your 3 photos")
    await store.bring_back()
    await kept(at_work)
    assert await shown(at_work, "syncing with our photo store") == 1
    assert [row.state for row in await at_work.rows(select(PHOTO))] == ["kept"] * 3


@pytest.mark.storm
@pytest.mark.parametrize("store", ["s3"], indirect=True)
async def test_a_slow_store_says_syncing_and_then_kept(store: Store, at_work: Scene) -> None:
    assert store.cable is not None
    rep = await checked_in(at_work)
    await rep.presses("Yes")
    store.cable.delay = 0.4
    photo = noise()
    await send(at_work, rep, photo)
    await told(rep, SYNCING)
    store.cable.delay = 0
    await kept(at_work)
    (row,) = await at_work.rows(select(PHOTO))
    assert await store.blobs.read(row.original) == photo
    assert await shown(at_work, KEPT) == 1


async def test_a_store_that_answers_just_as_syncing_is_said_leaves_no_message_lying(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    loop, blobs = asyncio.get_running_loop(), scene.rounds.blobs
    keep, asked, answers = blobs.keep, asyncio.Event(), asyncio.Event()

    async def keep_slowly(data: bytes, suffix: str) -> str:
        asked.set()
        await answers.wait()
        return await keep(data, suffix)

    async def answer() -> None:
        answers.set()
        while any(task.get_name().startswith("syncing ") for task in asyncio.all_tasks()):
            await asyncio.sleep(0.005)

    def before_commit(connection: Connection) -> None:
        is_said = text("SELECT 1 FROM outbox WHERE slot LIKE 'syncing%'")
        if not answers.is_set() and connection.execute(is_said).first() is not None:
            asyncio.run_coroutine_threadsafe(answer(), loop).result(10)

    monkeypatch.setattr(blobs, "keep", keep_slowly)
    event.listen(scene.rounds.database.engine, "commit", before_commit)
    await send(scene, rep, picture(seed=5))
    await asyncio.wait_for(asked.wait(), 10)
    monkeypatch.setattr(loop, "time", lambda: time.monotonic() + SYNCING_AFTER)
    await asyncio.wait_for(answers.wait(), 10)
    await scene.settle()
    assert "are synced" in await rep.all_text()
    assert await scene.rows(text("SELECT 1 FROM outbox WHERE state = 'sending'")) == []


KEEPS = """
import asyncio, sys
from storage.blobs import Blobs
async def keep():
    access = dict(pair.split("=") for pair in sys.argv[2:])
    data = bytes(range(256)) * 65536
    print("keeping", flush=True)
    await Blobs(sys.argv[1], access).keep(data, "jpg")
asyncio.run(keep())
"""
LARGE = bytes(range(256)) * 65536  # 16 MiB


@pytest.mark.storm
async def test_an_upload_killed_in_the_middle_leaves_nothing_half_and_is_done_again(
    store: Store, tmp_path: Path
) -> None:
    access = {**ACCESS, "endpoint": store.settings.get("photo_store_endpoint", "")} if store.cable else {}
    key = f"{hashlib.sha256(LARGE).hexdigest()[:2]}/{hashlib.sha256(LARGE).hexdigest()}.jpg"
    for moment in (0.0, 0.004, 0.012, 0.03):
        if store.cable is not None:
            store.cable.delay, store.cable.carried = 0.02, 0
        place = store.settings["photo_store"]
        words = [f"{name}={value}" for name, value in access.items()]
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", KEEPS, place, *words, cwd=ROOT, stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        assert await process.stdout.readline() == b"keeping\n"
        if store.cable is not None:
            while store.cable.carried < 1024 * 1024:
                await asyncio.sleep(0.01)
        await asyncio.sleep(moment)
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
        await process.wait()
        if store.cable is not None:
            store.cable.delay = 0
        there = [blob.key async for batch in store.blobs.list_folder(key[:2]) for blob in batch]
        assert there in ([], [key])
        if there:
            assert await store.blobs.read(key) == LARGE
    assert await store.blobs.keep(LARGE, "jpg") == key
    assert await store.blobs.read(key) == LARGE
    await store.blobs.drop_torn(key[:2], kept_before=datetime.now(UTC) + timedelta(days=1))
    if store.cable is None:
        assert [path.name for path in _files(tmp_path / "photos" / key[:2])] == [key[3:]]


def _files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


# --- orphans ----------------------------------------------------------------------------------


async def sweep(database: Database, blobs: Blobs, after: timedelta, *keys: str) -> int:
    """The folders of these keys, as they would be swept so long from now."""
    now = datetime.now(UTC) + after
    orphans = Orphans(database, blobs, Leadership("ticking"), clock=lambda: now)
    return sum([await orphans.sweep(folder) for folder in sorted({key[:2] for key in keys})])


async def test_only_what_no_row_names_is_swept_and_only_after_the_grace(store: Store, at_work: Scene) -> None:
    rep = await checked_in(at_work)
    await rep.presses("Yes")
    await rep.sends_photo(picture(seed=1))
    await rep.sends_photo(picture(seed=2), picture(seed=3))
    database = at_work.rounds.database
    orphan = await store.blobs.keep(b"of a process that died", "jpg")
    unsaid = await store.blobs.keep(b"a file that is still to be sent", "xlsx")
    await database.write(lambda c: _post(c, unsaid))
    rows = await at_work.rows(select(PHOTO))
    keys = [orphan, unsaid, *(key for row in rows for key in (row.original, row.marked, row.sendable))]
    assert await sweep(database, store.blobs, GRACE - timedelta(hours=1), *keys) == 0
    assert await sweep(database, store.blobs, GRACE + timedelta(hours=1), *keys) == 1
    with pytest.raises(StoreAway):
        await store.blobs.read(orphan)
    for key in keys[1:]:
        assert await store.blobs.read(key)
    await database.write(lambda c: c.execute(text("DELETE FROM outbox WHERE key = 'file'")).rowcount)


def _post(connection: Connection, key: str) -> None:
    context = {"file": {"key": key, "name": "list.xlsx"}}
    values = {"message": "import/problem_file", "context": context, "created_at": datetime.now(UTC)}
    outbox.post(connection, key="file", chat_id=1, not_before=datetime(2040, 1, 1, tzinfo=UTC), **values)
    connection.execute(text("UPDATE outbox SET state = 'parked' WHERE key = 'file'"))


async def test_an_orphan_that_is_kept_once_more_stays(store: Store) -> None:
    key = await store.blobs.keep(b"twice", "jpg")
    assert not await store.blobs.drop(key, kept_before=datetime.now(UTC) - timedelta(minutes=1))
    assert await store.blobs.read(key) == b"twice"
    assert await store.blobs.drop(key, kept_before=datetime.now(UTC) + timedelta(minutes=1))
    assert not await store.blobs.drop(key, kept_before=datetime.now(UTC) + timedelta(minutes=1))


async def test_a_restored_copy_does_not_sweep_the_store_of_the_original(
    store: Store, at_work: Scene, tmp_path: Path
) -> None:
    database = at_work.rounds.database
    assert await sweep(database, store.blobs, timedelta(), "00") == 0  # the store is this database's now
    await make(database.url.render_as_string(), store.blobs, tmp_path / "kept.tar", datetime.now(UTC))
    newer = await store.blobs.keep(b"a photo after the backup", "jpg")
    copy_url = f"sqlite:///{tmp_path / 'copy.db'}"
    await restore(copy_url, store.blobs, tmp_path / "kept.tar")
    copy = Database(copy_url)
    assert await sweep(copy, store.blobs, GRACE * 2, newer) == 0
    await copy.close()
    assert await store.blobs.read(newer)


def test_a_round_through_all_folders_drifts_over_the_day() -> None:
    """Else a restart at the same hour every night would skip the same folders for ever."""
    assert timedelta(days=1) % (EVERY * len(FOLDERS)) > EVERY


async def test_the_doctor_names_photos_that_the_store_lost(store: Store, at_work: Scene) -> None:
    rep = await checked_in(at_work)
    await rep.presses("Yes")
    await rep.sends_photo(picture(seed=1))
    (said,) = await doctor.check(at_work.rounds.settings)
    assert str(said) == "✓ every photo that the database names is in the store"
    (row,) = await at_work.rows(select(PHOTO))
    await store.blobs.drop(row.original, kept_before=datetime.now(UTC) + timedelta(days=1))
    (said,) = await doctor.check(at_work.rounds.settings)
    assert str(said).startswith(f"✗ photo {row.id} of visit #{row.visit_id} is not in the store ({row.original})")


# --- a photo that turns out broken ------------------------------------------------------------


async def test_a_photo_that_breaks_after_its_visit_was_sent_counts_no_more(scene: Scene) -> None:
    rep = await checked_in(scene)
    await rep.presses("Yes")
    person_id, now = await rep.person_id, scene.rounds.clock()

    def arrived(connection: Connection) -> int:
        told = {"visit_id": 1, "item": "display", "person_id": person_id, "received_at": now, "as_file": False}
        return visits.add_photo(connection, file_id="forgotten", unique_id="forgotten", album=None, **told)

    photo_id = await scene.rounds.database.write(arrived)  # Telegram hands it out only after the visit was sent
    await rep.says("/menu")
    await rep.says("12")
    for words in ("Skip", "As agreed", "Skip"):
        await rep.presses(words)
    await scene.pass_time(minutes=15.5)
    await rep.presses("Check out here")
    await rep.presses("Reached")
    await rep.presses("Nothing particular")
    await rep.says("send the white paper by Friday")
    await rep.presses("Yes")
    await rep.presses("Send")
    (visit,) = await scene.rows(select(VISIT))
    assert (visit.state, visit.effectiveness) == ("sent", "effective")

    await scene.rounds.database.write(lambda c: jobs.queue(c, "photo", photo_id, now))
    scene.rounds.worker.ring()
    await scene.settle()
    assert "it now counts without this photo: partly effective" in await rep.last()
    (visit,) = await scene.rows(select(VISIT))
    assert (visit.state, visit.effectiveness) == ("sent", "partial")
    (total,) = await scene.rows(text("SELECT visits, effective FROM day_total"))
    assert tuple(total) == (1, 0)
