"""What a database forgets when it meets another Telegram, and when it says that something is due next."""

from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from storage import another_telegram, inbox, next_due, outbox, people
from storage.database import Connection, Database
from storage.tables import OutboxRow, table

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
CHAT = 700_000_001


def an_update(update_id: int) -> dict[str, Any]:
    return {"update_id": update_id, "lane": CHAT, "raw": "{}", "received_at": NOW}


def said(connection: Connection, key: str, **more: Any) -> bool:
    values = {"key": key, "chat_id": CHAT, "person_id": None, "message": "menu/menu", "context": {}, **more}
    return outbox.post(connection, created_at=NOW, **values)


async def test_an_update_id_that_comes_again_is_a_new_update_with_a_new_number(database: Database) -> None:
    def write(connection: Connection) -> tuple[int, int]:
        before = inbox.keep(connection, [an_update(7)])
        another_telegram.forget(connection)
        again = inbox.keep(connection, [an_update(7)])
        return before[0].seq, again[0].seq

    before, again = await database.write(write)
    assert again > before


async def test_slots_are_empty_and_nothing_waits_for_chats_that_are_gone(database: Database) -> None:
    def write(connection: Connection) -> tuple[int | None, list[str]]:
        said(connection, "in:1:1", slot="card")
        outbox.hold(connection, CHAT, "card", 57)
        another_telegram.forget(connection)
        states = list(connection.execute(select(table(OutboxRow).c.state)).scalars())
        return outbox.find_shown(connection, CHAT, "card"), states

    assert await database.write(write) == (None, ["superseded"])


async def test_the_last_instant_is_the_newest_of_what_was_received_and_said(database: Database) -> None:
    def write(connection: Connection) -> list[datetime | None]:
        found = [another_telegram.find_last_instant(connection)]
        inbox.keep(connection, [an_update(7)])
        found.append(another_telegram.find_last_instant(connection))
        later = NOW + timedelta(hours=3)
        outbox.post(
            connection,
            key="tick:1",
            chat_id=CHAT,
            person_id=None,
            message="menu/menu",
            context={},
            created_at=later,
        )
        return [*found, another_telegram.find_last_instant(connection)]

    assert await database.write(write) == [None, NOW, NOW + timedelta(hours=3)]


async def test_what_is_due_next_is_the_first_instant_later_than_now(database: Database) -> None:
    def write(connection: Connection) -> list[datetime | None]:
        found = [next_due.find_next(connection, NOW)]
        soon, late = NOW + timedelta(hours=1), NOW + timedelta(hours=9)
        people.add(
            connection,
            telegram_id=CHAT,
            name="Lin",
            time_zone="Asia/Shanghai",
            status="active",
            brief_due_at=NOW,
            digest_due_at=late,
        )
        people.add(connection, telegram_id=8, name="Gone", time_zone="Asia/Shanghai", status="gone", brief_due_at=soon)
        return [*found, next_due.find_next(connection, NOW), next_due.find_next(connection, late)]

    assert await database.write(write) == [None, NOW + timedelta(hours=9), None]
