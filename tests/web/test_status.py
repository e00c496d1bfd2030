"""The operator's port: whether a process is alive, whether it can work, and its numbers, all asked over HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from outages import Darkness
from prometheus_client import REGISTRY
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import event, insert, text

from bot.settings import Settings, WrongSettings
from bot.telemetry.meters import Meters, kind_of
from bot.web import status
from bot.web.exposition import Exposition
from bot.web.readiness import Pace, Readiness
from bot.web.server import opened
from bot.web.status import routes, watch_loop, watched
from storage import waiting
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import InboxRow, JobRow, OutboxRow, table

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
AT_ONCE = (Pace(within=3.0, fresh=0.0), Pace(within=3.0, fresh=0.0))


class Port:
    """A process' port, as an operator's tools see it."""

    def __init__(self, base: str, session: aiohttp.ClientSession) -> None:
        self.base = base
        self.session = session

    async def get(self, page: str) -> tuple[int, str]:
        async with self.session.get(f"{self.base}{page}") as response:
            return response.status, await response.text()

    async def ready(self) -> tuple[int, dict[str, Any]]:
        async with self.session.get(f"{self.base}/readyz") as response:
            return response.status, await response.json()

    async def troubles(self) -> dict[str, str]:
        status_code, body = await self.ready()
        assert (status_code == 200) == body["ready"] == (not body["troubles"])
        assert all(trouble["to_do"] for trouble in body["troubles"])
        return {trouble["what"]: trouble["problem"] for trouble in body["troubles"]}

    async def samples(self) -> dict[str, dict[tuple[tuple[str, str], ...], float]]:
        status_code, page = await self.get("/metrics")
        assert status_code == 200
        found: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
        for family in text_string_to_metric_families(page):
            for sample in family.samples:
                found.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
        return found


@asynccontextmanager
async def port(
    database: Database,
    check_store: Callable[[], Awaitable[None]],
    *,
    meters: Meters | None = None,
    at_work: Callable[[], bool] = lambda: True,
    paces: tuple[Pace, Pace] = AT_ONCE,
) -> AsyncIterator[Port]:
    readiness = Readiness(database, check_store, lambda: NOW, at_work, paces=paces)
    here = routes(readiness, Exposition(meters or Meters()))
    async with (
        opened(here, "127.0.0.1", 0, variables="none") as runner,
        aiohttp.ClientSession() as session,
    ):
        yield Port(f"http://127.0.0.1:{runner.addresses[0][1]}", session)
    readiness.close()


async def nothing_wrong() -> None:
    """A store that always answers."""


def message(key: str, since: datetime, **more: Any) -> dict[str, Any]:
    plain = {"chat_id": 7, "message": "menu/help", "context": {}, "state": "waiting", "attempts": 0, "anew": False}
    return {**plain, "parts": 0, "key": key, "bulk": False, "created_at": since, **more}


def update(number: int, since: datetime, state: str = "waiting") -> dict[str, Any]:
    plain = {"lane": 7, "raw": "{}", "attempts": 0}
    return {**plain, "update_id": number, "received_at": since, "state": state}


async def store(database: Database, row: type, *rows: Mapping[str, Any]) -> None:
    await database.write(lambda connection: connection.execute(insert(table(row)), list(rows)))


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


async def test_what_was_counted_is_on_the_page(database: Database) -> None:
    meters = Meters()
    meters.update_done("message", 0.02)
    meters.update_done("callback_query", 40.0)
    meters.refused("join/not_yet")
    meters.sent("edited", bulk=True, seconds=0.3)
    meters.not_sent("429")
    meters.job_done("photo", 2.0)
    meters.job_not_done("photo", "put_off")
    async with port(database, nothing_wrong, meters=meters) as here:
        page = await here.samples()
    assert page["rounds_updates_total"] == {
        (("kind", "message"), ("result", "done")): 1,
        (("kind", "callback_query"), ("result", "done")): 1,
    }
    assert page["rounds_refusals_total"] == {(("message", "join/not_yet"),): 1}
    assert page["rounds_sends_total"] == {(("result", "429"),): 1, (("result", "edited"),): 1}
    assert page["rounds_jobs_total"] == {
        (("kind", "photo"), ("result", "done")): 1,
        (("kind", "photo"), ("result", "put_off")): 1,
    }
    assert page["rounds_job_seconds_sum"] == {(("kind", "photo"),): 2.0}
    buckets = page["rounds_update_seconds_bucket"]
    assert [buckets[(("le", bound),)] for bound in ("0.01", "0.025", "30", "60", "+Inf")] == [0, 1, 1, 2, 2]
    assert page["rounds_update_seconds_sum"] == {(): 40.02}
    assert page["rounds_delivery_seconds_count"] == {(("audience", "people"),): 0, (("audience", "bulk"),): 1}
    assert page["process_resident_memory_bytes"][()] > 10_000_000


async def test_without_the_database_the_numbers_of_the_process_stay(database: Database) -> None:
    darkness = Darkness(database)
    darkness.lasts = True
    async with port(database, nothing_wrong) as here:
        page = await here.samples()
        assert page["rounds_database_up"] == {(): 0}
        assert "rounds_waiting" not in page
        assert "process_resident_memory_bytes" in page


async def test_strangers_cannot_make_labels(database: Database) -> None:
    meters = Meters()
    for number in range(1000):
        meters.update_done(kind_of({"update_id": number, f"kind_{number}": {}}), 0.1)
        meters.called(f"https://example.org/bot1:secret/method{number}", 0.1, is_file=False)
        meters.called(f"https://example.org/file/bot1:secret/photos/{number}.jpg", 0.1, is_file=True)
    meters.called("https://example.org/bot1:secret/getUpdates?timeout=25&offset=7", 0.1, is_file=False)
    async with port(database, nothing_wrong, meters=meters) as here:
        _status, text_of_page = await here.get("/metrics")
        page = await here.samples()
    assert page["rounds_updates_total"] == {(("kind", "other"), ("result", "done")): 1000}
    assert page["rounds_call_seconds_count"] == {
        (("method", "file"),): 1000,
        (("method", "getUpdates"),): 1,
        (("method", "other"),): 1000,
    }
    assert "secret" not in text_of_page


def test_each_process_has_a_registry_of_its_own() -> None:
    before = {metric.name for metric in REGISTRY.collect()}
    one, other = Meters(), Meters()
    one.refused("join/not_yet")
    assert b"join/not_yet" in Exposition(one).text(None)
    assert b"join/not_yet" not in Exposition(other).text(None)
    assert {metric.name for metric in REGISTRY.collect()} == before


async def test_a_loop_that_stands_still_is_seen() -> None:
    meters = Meters()
    watching = asyncio.create_task(watch_loop(meters))
    await asyncio.sleep(0)
    time.sleep(status.LOOK_EVERY + 0.1)  # noqa: ASYNC251 - the loop stands still, which is what is looked for
    while not any(meters.loop_lag.counts):
        await asyncio.sleep(0)
    watching.cancel()
    assert meters.loop_lag.total >= 0.09


async def test_the_queues_are_read_from_their_indexes(database: Database) -> None:
    done = [update(number, NOW, "done") for number in range(3000)]
    await store(database, InboxRow, *done, *(update(number, NOW) for number in range(5000, 5050)))
    sent = [message(f"s{number}", NOW, state="sent") for number in range(3000)]
    await store(database, OutboxRow, *sent, *(message(f"w{number}", NOW) for number in range(50)))
    job = {"kind": "photo", "subject": 1, "attempts": 0, "created_at": NOW}
    await store(database, JobRow, *({**job, "state": "done"} for _ in range(3000)), {**job, "state": "waiting"})
    await database.write(lambda connection: connection.execute(text("ANALYZE")))
    said: list[tuple[str, Any]] = []

    def listen(_conn: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        said.append((statement, parameters))

    event.listen(database.reading_engine, "before_cursor_execute", listen)
    await database.read(waiting.look)
    event.remove(database.reading_engine, "before_cursor_execute", listen)
    explain = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    asked_for = [(statement, values) for statement, values in said if statement.startswith("SELECT")]
    assert len(asked_for) == 8
    # these hold what waits, and nothing else
    indexes = [index for row in (InboxRow, OutboxRow, JobRow) for index in table(row).indexes]
    partial = [index.name for index in indexes if "'waiting'" in str(index.dialect_options["postgresql"]["where"])]
    for statement, parameters in asked_for:

        def plan(connection: Any, asked: str = explain + statement, values: Any = parameters) -> str:
            return str(connection.exec_driver_sql(asked, values).fetchall())

        found = await database.read(plan)
        assert any(name in found for name in partial), (statement, found)
        assert "Seq Scan" not in found


async def test_without_a_port_nothing_listens(tmp_path: Path) -> None:
    settings = Settings(_env_file=None, data_dir=tmp_path / "none")
    async with watched(settings, Meters(), lambda: NOW, lambda: True):
        assert not (tmp_path / "none").exists()


async def test_a_port_that_is_taken_names_the_setting(database: Database, tmp_path: Path) -> None:
    async with port(database, nothing_wrong) as here:
        taken = int(here.base.rpartition(":")[2])
        settings = Settings(_env_file=None, data_dir=tmp_path, status_port=taken)
        with pytest.raises(WrongSettings, match=r"ROUNDS_STATUS_PORT: 127\.0\.0\.1:.* is not free"):
            async with watched(settings, Meters(), lambda: NOW, lambda: True):
                raise AssertionError("it was opened twice")
