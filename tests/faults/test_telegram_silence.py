"""Down for a day: what was sent meanwhile keeps its time, and what Telegram has dropped is announced."""

import asyncio

from company import checked_in
from faults.town import Town, in_life
from scene import Player, Scene
from sqlalchemy import select, text

from storage.tables import VisitRow, table

VISIT = table(VisitRow)
ANNOUNCED = "I was away from"


async def ready_to_check_out(scene: Scene) -> Player:
    """A rep whose checklist is complete, at five past nine."""
    rep = await checked_in(scene, store_check=False)
    await rep.presses("Decides")
    await rep.says("A faster delivery")
    await rep.says("Our morning round")
    await rep.presses("Skip")
    await rep.presses("Yes")
    await rep.presses("Skip")
    return rep


async def test_after_23_hours_a_visit_ends_when_the_rep_left_and_nothing_is_announced(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await ready_to_check_out(scene)
        boss = await scene.play("Grace")
        await boss.joins("manager,admin")
        await scene.rounds.tick()
    town.passes(hours=1)
    left_at = town.sandbox.clock.now()
    await town.send(rep, location={"latitude": rep.at[0], "longitude": rep.at[1], "horizontal_accuracy": 12})
    town.passes(hours=22)
    async with town.at_work(polls=False) as scene:
        # the clock says that the visit was forgotten; Telegram still holds the message that says otherwise
        scene.rounds.intake.contact.expect()
        ticking = asyncio.create_task(scene.rounds.tick())
        await asyncio.sleep(0.05)
        (visit,) = await scene.rows(select(VISIT))
        assert visit.checked_out_at is None
        assert not visit.closed_automatically
        await ticking
    async with town.at_work() as scene:
        await asyncio.gather(scene.rounds.tick(), in_life(scene, rep).says("It went well"))
        await scene.rounds.tick()
        await scene.settle()
        (visit,) = await scene.rows(select(VISIT))
        assert abs((visit.checked_out_at - left_at).total_seconds()) < 5
        assert not visit.closed_automatically
    assert not [words for words in town.shown(rep) + town.shown(boss) if ANNOUNCED in words]


async def test_after_26_hours_those_who_lead_and_those_with_an_open_visit_hear_of_the_gap_once(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        idle, boss = await scene.play("Idle"), await scene.play("Grace")
        await idle.joins("rep")
        await boss.joins("manager,admin")
        await scene.rounds.tick()
    town.passes(hours=1)
    await town.send(rep, text="this is dropped")
    town.passes(hours=20)
    await town.send(rep, text="/today")
    town.passes(hours=5)
    for _ in range(2):
        async with town.at_work() as scene:
            await scene.settle()
            await scene.rounds.tick()
            await scene.rounds.tick()
            await scene.settle()
    (to_boss,) = [words for words in town.shown(boss) if ANNOUNCED in words]
    assert "keeps messages for 24 hours only" in to_boss
    assert "09:00" in to_boss and "11:00" in to_boss  # away from Monday 09:00 to Tuesday 11:00: lost until Monday 11:00
    (to_rep,) = [words for words in town.shown(rep) if ANNOUNCED in words]
    assert "Harbour Bakery" in to_rep
    assert not [words for words in town.shown(idle) if ANNOUNCED in words]
    received = await _received(town)
    assert not any("this is dropped" in raw for raw in received)
    assert any("/today" in raw for raw in received)


async def _received(town: Town) -> list[str]:
    async with town.at_work(polls=False) as scene:
        return [row.raw for row in await scene.rows(text("SELECT raw FROM inbox"))]


async def test_who_is_told_of_a_gap_goes_on_with_his_visit_in_one_tap(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        await scene.rounds.tick()
    town.passes(hours=26)
    async with town.at_work() as scene:
        await scene.settle()
        await scene.rounds.tick()
        await scene.settle()
        again = in_life(scene, rep)
        assert ANNOUNCED in await again.all_text()
        before = len(town.shown(rep))
        await again.presses("Go on")
        assert len(town.shown(rep)) > before


async def test_a_bot_that_has_just_been_founded_announces_nothing(town: Town) -> None:
    async with town.at_work() as scene:
        boss = await scene.play("Grace")
        await boss.joins("manager,admin")
        await scene.rounds.tick()
        await scene.settle()
    assert not [words for words in town.shown(boss) if ANNOUNCED in words]
