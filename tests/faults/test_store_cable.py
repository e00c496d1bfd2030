"""PostgreSQL goes away, is slow, or is lost at a COMMIT: the person is told, and everything happens once."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from company import checked_in
from conftest import new_database
from faults.cable import Cable, cable_to
from fresh_database import sqlite_in
from scene import Player, Scene, acted
from sqlalchemy import text

from storage.database import Database, DatabaseAway

pytestmark = pytest.mark.storm

NOT_SAVED = "Not saved yet, but still in the queue"


@pytest.fixture
async def line(postgres: str, tmp_path: Path) -> AsyncIterator[tuple[Cable, Scene]]:
    """The bot on PostgreSQL behind a cable."""
    database_url = new_database(postgres, f"c{uuid.uuid4().hex}", "template_rounds")
    async with cable_to(database_url) as (cable, url), acted(url, tmp_path) as scene:
        yield cable, scene


async def told(scene: Scene, player: Player, words: str, *, within: float = 30) -> None:
    """Wait until he sees these words; he does nothing for it."""
    async with asyncio.timeout(within):
        while words not in await player.all_text():
            await asyncio.sleep(0.05)


async def shown(scene: Scene, player: Player, words: str) -> int:
    """How many messages with these words he was sent, edits apart."""
    rows = await scene.look("/ledger")
    return sum(words in (row.get("text") or "") for row in rows if row["what"] == "shown")


async def heads(scene: Scene, player: Player) -> list[str]:
    """The first line of each message that he was sent, in their order."""
    rows = await scene.look("/ledger")
    return [str(row["text"]).partition("\n")[0] for row in rows if row["what"] == "shown" and row.get("text")]


async def numbers(scene: Scene) -> dict[str, int]:
    (row,) = await scene.rows(
        text(
            "SELECT (SELECT count(*) FROM visit WHERE state = 'sent') AS visits,"
            " (SELECT count(*) FROM follow_up) AS promises,"
            " (SELECT visits FROM day_total) AS counted,"
            " (SELECT count(*) FROM inbox WHERE error IS NOT NULL) AS failed"
        )
    )
    return dict(row._mapping)


async def drive(scene: Scene, cable: Cable | None, side: Any = "before") -> Player:
    """A whole visit; at each step the cable breaks at another COMMIT."""
    rep = await checked_in(scene, store_check=False)
    steps: list[tuple[Any, ...]] = [
        (rep.presses, "Decides"),
        (rep.says, "A faster delivery"),
        (rep.says, "Our morning round"),
        (rep.presses, "Skip"),
        (rep.presses, "Yes"),
        (rep.presses, "Skip"),
        (rep.presses, "Check out here"),
        (rep.presses, "Partly"),
        (rep.presses, "Nothing particular"),
        (rep.says, "send the white paper by Friday"),
        (rep.presses, "Yes"),
        (rep.presses, "Send"),
    ]
    for number, (deed, words) in enumerate(steps):
        if cable is not None:
            cable.break_at_commit(side, number % 5 + 1)
        await deed(words)
    return rep


@pytest.mark.parametrize("side", ["before", "after"])
async def test_a_visit_whose_commits_are_cut_is_stored_once_and_answered_once(
    line: tuple[Cable, Scene], side: str, tmp_path: Path
) -> None:
    cable, scene = line
    rep = await drive(scene, cable, side)
    assert cable.breaks >= 10
    assert await numbers(scene) == {"visits": 1, "promises": 1, "counted": 1, "failed": 0}
    disturbed = await heads(scene, rep)
    async with acted(sqlite_in(tmp_path / "calm"), tmp_path / "calm") as calm:
        assert disturbed == await heads(calm, await drive(calm, None))


async def test_a_server_that_is_gone_is_waited_for_and_who_waits_is_told_once(line: tuple[Cable, Scene]) -> None:
    cable, scene = line
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    await cable.pull()
    await scene.sim(f"/people/{rep.id}/send", {"text": "A faster delivery"})
    await told(scene, rep, NOT_SAVED)
    await scene.sim(f"/people/{rep.id}/send", {"text": "Our morning round"})
    await asyncio.sleep(3)
    assert await shown(scene, rep, "Price, timing, a competitor") == 0
    await cable.plug_in()
    await told(scene, rep, "Price, timing, a competitor")
    await scene.settle()
    assert await shown(scene, rep, NOT_SAVED) == 1
    rows = await scene.rows(text("SELECT value FROM visit_answer ORDER BY answered_at, item"))
    assert [row.value for row in rows][-2:] == ["A faster delivery", "Our morning round"]
    await rep.presses("Skip")


async def test_a_slow_server_slows_answers_down_and_nothing_else(line: tuple[Cable, Scene]) -> None:
    cable, scene = line
    rep = await checked_in(scene, store_check=False)
    cable.delay = 0.03
    await rep.presses("Decides")
    await rep.says("A faster delivery")
    await rep.says("Our morning round")
    cable.delay = 0
    assert await shown(scene, rep, "Price, timing, a competitor") == 1
    assert await shown(scene, rep, NOT_SAVED) == 0


async def test_a_server_that_takes_connections_and_says_nothing_is_away_in_seconds() -> None:
    lines: list[asyncio.StreamWriter] = []

    async def say_nothing(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)

    silent = await asyncio.start_server(say_nothing, "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    database = Database(f"postgresql+psycopg://rounds@127.0.0.1:{port}/rounds")
    began = asyncio.get_running_loop().time()
    with pytest.raises(DatabaseAway):
        await database.read(lambda c: c.execute(text("SELECT 1")).scalar())
    assert asyncio.get_running_loop().time() - began < 10
    await database.close()
    for line in lines:
        line.close()
        await line.wait_closed()
    silent.close()
    await silent.wait_closed()
