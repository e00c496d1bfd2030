"""The numbers of a process, as Prometheus scrapes them."""

import asyncio
import time
from typing import Any

from operators_port import NOW, message, nothing_wrong, port, store, update
from outages import Darkness
from prometheus_client import REGISTRY
from sqlalchemy import event, text

from bot.telemetry.meters import Meters, kind_of
from bot.web import status
from bot.web.exposition import Exposition
from bot.web.status import watch_loop
from storage import waiting
from storage.database import Database
from storage.tables import InboxRow, JobRow, OutboxRow, table


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
