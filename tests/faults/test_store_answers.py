"""A COMMIT happens and its answer is lost: whoever asked hears an error, and nothing stays undone or is done twice."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from conftest import new_database
from scene import Scene, acted
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from storage import outbox
from storage.database import Database


class LostAnswers:
    """The next COMMITs of a database happen, and look as if the connection had broken."""

    def __init__(self, database: Database) -> None:
        self.left = 0
        self.struck = 0
        event.listen(database.engine, "commit", self._on_commit)

    def _on_commit(self, connection: Any) -> None:
        if self.left > 0:
            self.left -= 1
            self.struck += 1
            connection.connection.driver_connection.commit()
            raise OperationalError("COMMIT", {}, ConnectionError("server closed the connection unexpectedly"))


@pytest.fixture
async def scene_on_postgres(postgres: str, tmp_path: Path) -> AsyncIterator[Scene]:
    async with acted(new_database(postgres, f"a{uuid.uuid4().hex}", "template_rounds"), tmp_path) as scene:
        yield scene


async def test_messages_whose_claim_was_committed_unheard_are_sent_once(scene_on_postgres: Scene) -> None:
    scene = scene_on_postgres
    li = await scene.play("Li")
    await li.says("/start")
    database, lost = scene.rounds.database, LostAnswers(scene.rounds.database)
    for number in range(4):
        values = {"message": "people/back", "context": {"name": f"#{number}"}, "created_at": scene.rounds.clock()}
        await database.write(lambda c, n=number, v=values: outbox.post(c, key=f"k{n}", chat_id=li.id, **v))  # type: ignore[misc]
        lost.left = number % 2 + 1
        scene.rounds.sender.ring()
        async with asyncio.timeout(15):
            while f"#{number}" not in await li.all_text():
                await asyncio.sleep(0.02)
    lost.left = 0
    await scene.settle()
    assert lost.struck > 4
    rows = await scene.look("/ledger")
    told = [row["text"] for row in rows if row["what"] == "shown" and "#" in (row.get("text") or "")]
    assert [text for number in range(4) for text in told if f"#{number}" in text] == told
    assert len(told) == 4


async def test_a_typed_word_whose_commits_are_unheard_is_answered_once(scene_on_postgres: Scene) -> None:
    scene = scene_on_postgres
    li = await scene.play("Li")
    await li.joins("rep")
    lost = LostAnswers(scene.rounds.database)
    for number in (1, 2, 1, 2):
        lost.left = number
        await li.says("/help")
    lost.left = 0
    await scene.settle()
    rows = await scene.look("/ledger")
    helped = [row["text"] for row in rows if row["what"] == "shown" and "What I can do for you" in row["text"]]
    assert len(helped) == 4
