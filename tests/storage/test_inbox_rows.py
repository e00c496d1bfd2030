"""The inbox: kept once, worked off in order, closed with its effect, forgotten in time."""

from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select

from bot.services.housekeeping import KEPT
from storage import inbox, sweeping
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


async def sweep(database: Database, name: str = "inbox") -> None:
    """A whole walk through a room, two rows at a time."""
    (room,) = [room for room in sweeping.rooms(KEPT) if room.name == name]
    after: int | None = 0
    while after is not None:
        after = await database.write(lambda c, at=after: sweeping.sweep(c, room, NOW, after=at, limit=2))  # type: ignore[misc]


async def test_what_was_done_long_ago_is_forgotten_and_nothing_else(database: Database) -> None:
    old = NOW - timedelta(days=30)
    seqs = await keep(database, *(row(number, received_at=old) for number in range(9)), row(9))
    waiting, quarantined, *done = seqs
    await database.write(lambda c: inbox.note_failure(c, quarantined, "KeyError", quarantine=True))
    for seq in done:
        await database.write(lambda c, seq=seq: inbox.mark_done(c, seq))  # type: ignore[misc]
    await sweep(database)
    left = await database.read(
        lambda c: list(c.execute(select(inbox.INBOX.c.seq).order_by(inbox.INBOX.c.seq)).scalars())
    )
    assert left == [waiting, quarantined, seqs[-1]]


async def test_a_number_never_comes_again_even_after_everything_was_forgotten(database: Database) -> None:
    (seq,) = await keep(database, row(1, received_at=NOW - timedelta(days=30)))
    await database.write(lambda c: inbox.mark_done(c, seq))
    await sweep(database)
    (following,) = await keep(database, row(2))
    assert following > seq  # the outbox knows the answers to the old number, and would swallow the new ones


async def test_an_id_that_starts_again_after_a_quiet_week_is_no_double(database: Database) -> None:
    (first,) = await keep(database, row(5))
    await database.write(lambda c: inbox.mark_done(c, first))
    again = {"received_at": NOW + timedelta(days=8)}
    (second,) = await keep(database, row(5, **again))
    assert second > first
    assert await keep(database, row(5, **again)) == []


async def test_a_double_that_comes_a_day_later_is_one(database: Database) -> None:
    await keep(database, row(5))
    assert await keep(database, row(5, received_at=NOW + timedelta(hours=24))) == []
