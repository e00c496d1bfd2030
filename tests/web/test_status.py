"""Whether a process is alive and whether it can work, as its operator's port tells, asked over HTTP."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from operators_port import AT_ONCE, NOW, message, nothing_wrong, port, store, update
from outages import Darkness
from sqlalchemy import text

from bot.lifetime import Ending
from bot.services.readiness import Pace
from bot.settings import Settings, WrongSettings
from bot.telemetry.meters import Meters
from bot.web.status import watched
from storage import waiting
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import InboxRow, JobRow, OutboxRow


async def test_a_process_that_is_well_is_alive_and_ready(database: Database, tmp_path: Path) -> None:
    async with port(database, Blobs(str(tmp_path / "photos")).check) as here:
        assert await here.get("/healthz") == (200, '{"alive": true}')
        assert await here.ready() == (200, {"ready": True, "troubles": []})
        assert list((tmp_path / "photos").rglob("*.check")) == []


async def test_without_its_database_a_process_is_alive_but_not_ready(database: Database) -> None:
    darkness = Darkness(database)
    async with port(database, nothing_wrong) as here:
        darkness.lasts = True
        assert await here.troubles() == {"database": "cannot be used (OperationalError)"}
        assert await here.get("/healthz") == (200, '{"alive": true}')
        darkness.lasts = False
        assert await here.troubles() == {}


async def test_nothing_secret_is_told_of_what_is_away() -> None:
    database = Database("postgresql+psycopg://rounds:geheim@127.0.0.1:9/secret")
    store_away = Blobs(
        "s3://bucket", {"endpoint": "http://127.0.0.1:9", "access_key_id": "K", "secret_access_key": "S"}
    )
    paces = (Pace(within=10.0, fresh=9.0), Pace(within=0.2, fresh=9.0))
    async with port(database, store_away.check, paces=paces) as here:
        assert set(await here.troubles()) == {"database", "photo store"}
        _status, page = await here.get("/readyz")
    await database.close()
    assert "ROUNDS_DATABASE_URL" in page
    assert "ROUNDS_PHOTO_STORE" in page
    assert not any(word in page for word in ("geheim", "127.0.0.1", "secret", "bucket"))


async def test_a_photo_store_that_refuses_is_named(database: Database, tmp_path: Path) -> None:
    blobs = Blobs(str(tmp_path / "photos"))
    (tmp_path / "photos").rmdir()
    (tmp_path / "photos").write_text("a file where the folder was", encoding="utf-8")
    async with port(database, blobs.check) as here:
        assert "nothing can be kept there" in (await here.troubles())["photo store"]


async def test_many_probes_ask_the_store_once(database: Database) -> None:
    asked = []

    async def check() -> None:
        asked.append(1)
        await asyncio.sleep(0)

    async with port(database, check, paces=(Pace(3.0, 60.0), Pace(3.0, 60.0))) as here:
        answers = await asyncio.gather(*(here.troubles() for _ in range(50)))
    assert answers == [{}] * 50
    assert len(asked) == 1


async def test_a_store_that_hangs_is_asked_no_second_time(database: Database) -> None:
    asked, answers = [], asyncio.Event()

    async def check() -> None:
        asked.append(1)
        await answers.wait()

    async with port(database, check, paces=(AT_ONCE[0], Pace(within=0.05, fresh=0.0))) as here:
        for _ in range(3):
            assert await here.troubles() == {"photo store": "no answer in 0.05 s"}
        assert len(asked) == 1
        answers.set()
        assert await here.troubles() == {}


async def test_while_it_starts_a_process_is_not_ready(database: Database) -> None:
    started = asyncio.Event()
    async with port(database, nothing_wrong, at_work=started.is_set) as here:
        assert await here.troubles() == {"start": "has not ended"}
        started.set()
        assert await here.troubles() == {}


async def test_an_update_that_waits_for_a_minute_is_told(database: Database) -> None:
    await store(database, InboxRow, update(1, NOW - timedelta(days=2), "done"), update(2, NOW - timedelta(seconds=59)))
    async with port(database, nothing_wrong) as here:
        assert await here.troubles() == {}
        await store(database, InboxRow, update(3, NOW - timedelta(seconds=61)))
        await database.write(lambda c: c.execute(text("UPDATE inbox SET state = 'done' WHERE update_id = 2")))
        assert await here.troubles() == {"inbox": "1 wait, for 61 s; 60 s is the limit"}


async def test_a_few_messages_that_fail_alone_make_nobody_unready(database: Database) -> None:
    old = NOW - timedelta(hours=3)
    await store(database, OutboxRow, *(message(f"k{number}", old) for number in range(waiting.FEW)))
    async with port(database, nothing_wrong) as here:
        assert await here.troubles() == {}
        await store(database, OutboxRow, message("k9", NOW - timedelta(minutes=6)))
        assert await here.troubles() == {"outbox": "4 wait, for 360 s; 300 s is the limit"}


async def test_digests_may_take_their_time(database: Database) -> None:
    rows = (message(f"d{number}", NOW - timedelta(minutes=30), bulk=True) for number in range(9))
    await store(database, OutboxRow, *rows)
    async with port(database, nothing_wrong) as here:
        assert await here.troubles() == {}
        assert (await here.samples())["rounds_waiting"] == {
            (("queue", "inbox"),): 0,
            (("queue", "outbox"),): 0,
            (("queue", "bulk"),): 9,
            (("queue", "jobs"),): 0,
        }


async def test_jobs_that_wait_are_told(database: Database) -> None:
    row = {"kind": "photo", "subject": 1, "state": "waiting", "attempts": 0, "created_at": NOW - timedelta(hours=1)}
    await store(database, JobRow, *(row for _ in range(waiting.FEW + 1)))
    async with port(database, nothing_wrong) as here:
        assert (await here.troubles())["jobs"].startswith("4 wait, for 3600 s")
        assert (await here.samples())["rounds_waiting_seconds"][(("queue", "jobs"),)] == 3600


async def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "none")
    async with watched(settings, Meters(), lambda: NOW, lambda: True, Ending()):
        assert not (tmp_path / "none").exists()


async def test_a_port_that_is_taken_names_the_setting(database: Database, tmp_path: Path) -> None:
    async with port(database, nothing_wrong) as here:
        taken = int(here.base.rpartition(":")[2])
        settings = Settings(_env_file=None, data_dir=tmp_path, status_port=taken)
        with pytest.raises(WrongSettings, match=r"ROUNDS_STATUS_PORT: 127\.0\.0\.1:.* is not free"):
            async with watched(settings, Meters(), lambda: NOW, lambda: True, Ending()):
                raise AssertionError("it was opened twice")
