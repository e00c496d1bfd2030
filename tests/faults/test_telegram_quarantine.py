"""What cannot be handled is put aside, its sender hears of it, nobody else waits, and it is replayed once mended."""

import asyncio
import os
import sys
from pathlib import Path
from typing import Any

from faults.town import Town
from scene import Player, Scene
from sqlalchemy import text
from telegram import Update
from telegram.ext import MessageHandler, filters

SORRY = "Something went wrong on my side"
SECRET = "the director's private number"


class Bug:
    """A fault in our own handler of certain words, until it is mended."""

    def __init__(self, scene: Scene, words: str) -> None:
        self.is_mended = False
        self.struck = 0
        only = filters.UpdateType.MESSAGE & filters.Text([words])
        handlers = scene.rounds.application.handlers[0]
        handlers.insert(0, MessageHandler(only, self._strike))
        self._rest = [handler for handler in handlers[1:] if isinstance(handler, MessageHandler)][-1]

    async def _strike(self, update: Update, context: Any) -> None:
        if not self.is_mended:
            self.struck += 1
            raise KeyError("a fault of ours")
        await self._rest.callback(update, context)


def unreadable(update_id: int, player: Player) -> dict[str, Any]:
    """A message without a date that anybody could read."""
    chat = {"id": player.id, "type": "private"}
    return {"update_id": update_id, "message": {"chat": chat, "date": "yesterday", "caption": SECRET}}


async def rounds(town: Town, *words: str) -> tuple[int, str]:
    """The operator's command, in a process of its own."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ROUNDS_")}
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *words,
        env=environment | {"ROUNDS_DATABASE_URL": town.settings.database},
        cwd=Path(__file__).parents[2], stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    return await process.wait(), out.decode()


async def members(scene: Scene, *names: str) -> list[Player]:
    people = [await scene.play(name) for name in names]
    for person in people:
        await person.joins()
    return people


async def states(scene: Scene) -> dict[str, int]:
    rows = await scene.rows(text("SELECT state, count(*) FROM inbox GROUP BY state"))
    return {row[0]: row[1] for row in rows}


async def taken_up(scene: Scene) -> None:
    """Some ticks later: the first of a process may come before it leads."""
    async with asyncio.timeout(15):
        while "replayed" in await states(scene):
            await scene.rounds.tick()
            await asyncio.sleep(0.02)
    await scene.settle()


async def test_a_fault_of_ours_delays_nobody_else_and_its_sender_goes_on_behind_it(town: Town) -> None:
    async with town.at_work() as scene:
        li, wang = await members(scene, "Li", "Wang")
        Bug(scene, "boom")
        before = len(town.shown(wang))
        await town.send(li, text="boom")
        await town.send(li, text="/help")
        for _ in range(5):
            await town.send(wang, text="/menu")
        await scene.settle()
        ledger = [row for row in town.sandbox.ledger.rows() if row["what"] == "shown"]
        sorry = next(number for number, row in enumerate(ledger) if SORRY in (row["text"] or ""))
        to_wang = [number for number, row in enumerate(ledger) if row["person_id"] == wang.id][before:]
        assert len(to_wang) == 5
        assert to_wang[-1] < sorry, "all of his were answered while hers was still being tried"
        assert "/visit" in town.shown(li)[-1]
        assert SORRY in town.shown(li)[-2]
        assert (await states(scene))["quarantined"] == 1


async def test_an_operator_sees_what_was_put_aside_but_nothing_that_people_wrote(town: Town) -> None:
    async with town.at_work() as scene:
        (li,) = await members(scene, "Li")
        Bug(scene, SECRET)
        await li.says(SECRET)
        await scene.rounds.intake.accept([unreadable(9_000, li)])
        await scene.settle()
        code, said = await rounds(town, "replay")
    assert code == 0
    assert "KeyError" in said
    assert "message: text" in said and "message: caption" in said
    assert "rounds replay --all" in said
    assert "director" not in said and "private" not in said and str(li.id) not in said


async def test_what_is_replayed_has_its_effect_in_the_bot_that_runs(town: Town) -> None:
    async with town.at_work() as scene:
        li, wang = await members(scene, "Li", "Wang")
        bug = Bug(scene, "boom")
        await li.says("boom")
        await wang.says("boom")
        assert bug.struck == 6
        bug.is_mended = True
        rows = await scene.rows(text("SELECT seq FROM inbox WHERE state = 'quarantined' ORDER BY seq"))
        first, second = [row.seq for row in rows]
        assert await rounds(town, "replay", str(first)) == (0, f"put back: {first}\n")
        await taken_up(scene)
        assert (await states(scene))["quarantined"] == 1
        assert SORRY not in town.shown(li)[-1]
        assert await rounds(town, "replay", "--all") == (0, f"put back: {second}\n")
        await taken_up(scene)
        assert "quarantined" not in await states(scene)
        assert SORRY not in town.shown(wang)[-1]
        assert (await rounds(town, "replay"))[1].startswith("Nothing is put aside")


async def test_what_is_replayed_while_the_bot_is_down_waits_for_its_start(town: Town) -> None:
    async with town.at_work() as scene:
        (li,) = await members(scene, "Li")
        Bug(scene, "boom")
        await li.says("boom")
    assert (await rounds(town, "replay", "--all"))[0] == 0
    async with town.at_work() as scene:
        await taken_up(scene)
        assert "quarantined" not in await states(scene)
    assert SORRY not in town.shown(li)[-1]


async def test_what_fails_again_is_put_aside_again_and_told_no_second_time(town: Town) -> None:
    async with town.at_work() as scene:
        (li,) = await members(scene, "Li")
        await scene.rounds.intake.accept([unreadable(9_000, li)])
        await scene.settle()
        assert (await rounds(town, "replay", "--all"))[0] == 0
        await taken_up(scene)
        assert (await states(scene))["quarantined"] == 1
    assert sum(SORRY in words for words in town.shown(li)) == 1


async def test_a_number_that_is_not_put_aside_is_named(town: Town) -> None:
    code, said = await rounds(town, "replay", "77")
    assert code == 1
    assert "not put aside: 77" in said


async def test_a_stranger_whose_update_fails_hears_of_it_too(town: Town) -> None:
    async with town.at_work() as scene:
        Bug(scene, "boom")
        stranger = await scene.play("Stranger")
        await stranger.says("boom")
    assert SORRY in town.shown(stranger)[-1]
