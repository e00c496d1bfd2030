"""Who waits for the database is told so once, beside the outbox, in his language; nobody else hears a word."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from outages import Darkness
from scene import Player, Scene

from bot.telegram.unsaved import Unsaved

SAYS = {"en": "Not saved yet, but still in the queue", "zh": "暂未保存，仍在队列中"}


@pytest.fixture
async def unsaved(scene: Scene) -> AsyncIterator[Unsaved]:
    """With the patience of a test."""
    rounds = scene.rounds
    zone = rounds.settings.time_zone
    opened = Unsaved(rounds.bot, rounds.renderer, rounds.database, zone, rounds.clock, tell_after=0.05)
    yield opened
    await opened.stop()


def update_of(player: Player, code: str | None = "en") -> dict[str, Any]:
    return {"message": {"from": {"id": player.id, "language_code": code}, "text": "hello"}}


async def hears(player: Player, words: str) -> None:
    async with asyncio.timeout(5):
        while words not in await player.all_text():
            await asyncio.sleep(0.01)


async def quiet(seconds: float = 0.4) -> None:
    """Long enough for everything that could be said."""
    await asyncio.sleep(seconds)


async def test_somebody_with_two_updates_that_wait_is_told_once(scene: Scene, unsaved: Unsaved) -> None:
    li = await scene.play("Li")
    await li.says("/start")
    for _ in range(2):
        unsaved.waits(li.id, update_of(li))
    await hears(li, SAYS["en"])
    unsaved.saved(li.id)
    unsaved.waits(li.id, update_of(li))
    await quiet()
    assert (await li.all_text()).count(SAYS["en"]) == 1


async def test_what_is_saved_soon_is_not_spoken_of(scene: Scene, unsaved: Unsaved) -> None:
    li = await scene.play("Li")
    await li.says("/start")
    unsaved.waits(li.id, update_of(li))
    unsaved.saved(li.id)
    await quiet()
    assert SAYS["en"] not in await li.all_text()


async def test_a_member_hears_it_in_his_own_language_and_a_stranger_in_his_telegrams(
    scene: Scene, unsaved: Unsaved
) -> None:
    member, stranger = await scene.play("Wang", language="zh-hans"), await scene.play("Li", language="zh-hans")
    await member.joins("rep")
    await stranger.says("/start")
    unsaved.waits(member.id, update_of(member, "en"))
    unsaved.waits(stranger.id, update_of(stranger, "zh-hans"))
    await hears(member, SAYS["zh"])
    await hears(stranger, SAYS["zh"])
    assert SAYS["en"] not in await member.all_text() + await stranger.all_text()


async def test_while_nothing_can_be_read_either_telegrams_language_counts(scene: Scene, unsaved: Unsaved) -> None:
    member = await scene.play("Wang", language="zh-hans")
    await member.joins("rep")
    darkness = Darkness(scene.rounds.database)
    darkness.lasts = True
    unsaved.waits(member.id, update_of(member, "en"))
    await hears(member, SAYS["en"])
    darkness.lasts = False
    assert SAYS["zh"] not in await member.all_text()


async def test_groups_and_those_who_did_nothing_are_left_in_peace(scene: Scene, unsaved: Unsaved) -> None:
    li = await scene.play("Li")
    await li.says("/start")
    unsaved.waits(-100, update_of(li))
    unsaved.waits(li.id, {"my_chat_member": {"from": {"id": li.id}}})
    await quiet()
    assert SAYS["en"] not in await li.all_text()


async def test_somebody_who_cannot_be_told_keeps_nobody_else_from_hearing(scene: Scene, unsaved: Unsaved) -> None:
    gone, li = await scene.play("Gone"), await scene.play("Li")
    for player in (gone, li):
        await player.says("/start")
    await gone.does("block")
    unsaved.waits(gone.id, update_of(gone))
    unsaved.waits(li.id, update_of(li))
    await hears(li, SAYS["en"])
    assert SAYS["en"] not in await gone.all_text()
