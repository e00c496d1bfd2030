"""The inbox: kept once, worked off in order, closed with its effect, forgotten in time."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from storage import inbox
from storage.database import Database

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def row(update_id: int, **more: Any) -> dict[str, Any]:
    return {"update_id": update_id, "lane": 7, "raw": "{}", "received_at": NOW, **more}


async def keep(database: Database, *rows: dict[str, Any]) -> list[int]:
    return [kept.seq for kept in await database.write(lambda c: inbox.keep(c, rows))]


async def test_an_update_is_kept_once_however_often_it_comes(database: Database) -> None:
    (first,) = await keep(database, row(5))
    assert await keep(database, row(5), row(5)) == []
    (second,) = await keep(database, row(5), row(4))
    assert second > first


async def test_our_own_order_counts_and_not_telegrams_ids(database: Database) -> None:
    seqs = await keep(database, row(900), row(3), row(500))
    waiting = await database.read(inbox.list_waiting)
    assert [kept.seq for kept in waiting] == seqs == sorted(seqs)


async def test_waiting_updates_are_read_in_portions(database: Database) -> None:
    seqs = await keep(database, *(row(number) for number in range(25)))
    found: list[int] = []
    while portion := await database.read(partial(inbox.list_waiting, after=max(found, default=0), limit=10)):
        assert len(portion) <= 10
        found += [kept.seq for kept in portion]
    assert found == seqs


async def test_an_update_is_closed_once(database: Database) -> None:
    (seq,) = await keep(database, row(5))
    assert await database.read(lambda c: inbox.is_waiting(c, seq))
    assert await database.write(lambda c: inbox.mark_done(c, seq)) is True
    assert await database.write(lambda c: inbox.mark_done(c, seq)) is False
    assert not await database.read(lambda c: inbox.is_waiting(c, seq))


async def test_failures_are_counted_until_the_update_is_put_aside(database: Database) -> None:
    (seq,) = await keep(database, row(5))
    await database.write(lambda c: inbox.note_failure(c, seq, "KeyError", quarantine=False))
    (kept,) = await database.read(inbox.list_waiting)
    assert kept.attempts == 1
    await database.write(lambda c: inbox.note_failure(c, seq, "KeyError", quarantine=True))
    assert await database.read(inbox.list_waiting) == []
    assert await database.read(inbox.count_by_state) == {"quarantined": 1}
    assert await database.write(lambda c: inbox.mark_done(c, seq)) is False


async def test_what_was_done_long_ago_is_forgotten_and_nothing_else(database: Database) -> None:
    old = NOW - timedelta(days=30)
    done, waiting, fresh = await keep(database, row(1, received_at=old), row(2, received_at=old), row(3))
    await database.write(lambda c: inbox.mark_done(c, done))
    await database.write(lambda c: inbox.mark_done(c, fresh))
    assert await database.write(lambda c: inbox.forget_done(c, NOW - timedelta(days=7))) == 1
    assert [kept.seq for kept in await database.read(inbox.list_waiting)] == [waiting]
    assert await keep(database, row(1)) != []


async def test_a_number_never_comes_again_even_after_everything_was_forgotten(database: Database) -> None:
    (seq,) = await keep(database, row(1, received_at=NOW - timedelta(days=30)))
    await database.write(lambda c: inbox.mark_done(c, seq))
    await database.write(lambda c: inbox.forget_done(c, NOW))
    (following,) = await keep(database, row(2))
    assert following > seq  # the outbox knows the answers to the old number, and would swallow the new ones
