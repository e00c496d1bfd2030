"""A first start that was cut short has left an update behind: the next one is prepared before it takes that up."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scene import acted
from sqlalchemy import select

from storage import inbox, people
from storage.database import Database
from storage.migrations.upgrade import upgrade
from storage.tables import InboxRow, OutboxRow, table

INBOX, OUTBOX = table(InboxRow), table(OutboxRow)
REP = 700_000_077


def _leave_an_update(connection: Any) -> None:
    now = datetime.now(UTC)
    values = {"telegram_id": REP, "name": "Emma", "phone": "+8613800000001", "language": "en", "roles": "rep"}
    people.add(connection, **values, time_zone="Asia/Shanghai", status="active", joined_at=now)
    sender = {"id": REP, "is_bot": False, "first_name": "Emma", "language_code": "en"}
    chat = {"id": REP, "type": "private", "first_name": "Emma"}
    command = [{"type": "bot_command", "offset": 0, "length": 6}]
    message = {"message_id": 7, "date": int(now.timestamp()), "chat": chat, "from": sender, "text": "/visit"}
    raw = json.dumps({"update_id": 7, "message": {**message, "entities": command}})
    inbox.keep(connection, [{"update_id": 7, "lane": REP, "raw": raw, "received_at": now}])


async def test_what_was_left_behind_meets_a_company_with_its_checklists(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    upgrade(url)
    database = Database(url)
    await database.write(_leave_an_update)
    await database.close()
    async with acted(url, tmp_path) as scene:
        scene.faults_expected = True  # the sandbox does not know whom we answer
        await scene.settle()
        assert [(row.state, row.attempts, row.error) for row in await scene.rows(INBOX.select())] == [("done", 0, None)]
        asked = await scene.rows(select(OUTBOX.c.message).where(OUTBOX.c.chat_id == REP))
        assert ("checkin/purpose",) in [tuple(row) for row in asked]
