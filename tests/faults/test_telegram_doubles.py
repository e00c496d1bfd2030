"""The same update twice and at once, ids that fall, a tap that overtakes, a second poller: one effect, one leader."""

import asyncio
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from company import checked_in
from faults.town import Town, founded, polled, until
from scene import Player
from sqlalchemy import text

OFFSET_SETTLED = 0.1  # seconds: some polls without an answer
LOOK_EVERY = 0.3  # seconds: three looks have to be longer than a busy machine takes to fetch what waits


def said(player: Player, update_id: int, words: str, *, at: int = 1_795_395_600) -> dict[str, Any]:
    """An update as Telegram delivers it."""
    who = {"id": player.id, "is_bot": False, "first_name": player.name}
    chat = {"id": player.id, "type": "private", "first_name": player.name}
    message = {"message_id": update_id, "date": at, "from": who, "chat": chat, "text": words}
    return {"update_id": update_id, "message": message}


async def test_an_update_that_is_delivered_ten_times_at_once_has_one_effect(town: Town) -> None:
    async with town.at_work() as scene:
        li = await scene.play("Li")
        await li.joins()
        before, update = len(town.shown(li)), said(li, 7_000, "/menu")
        await asyncio.gather(*(scene.rounds.intake.accept([update]) for _ in range(10)))
        await scene.settle()
        await scene.rounds.intake.accept([update])  # and once more, after its answer was lost on the way
        await scene.settle()
        rows = await scene.rows(text("SELECT state FROM inbox WHERE update_id = 7000"))
        assert [row.state for row in rows] == ["done"]
        assert len(town.shown(li)) == before + 1


@pytest.mark.storm
async def test_two_processes_that_get_the_same_updates_at_once_answer_each_once(postgres: str, tmp_path: Path) -> None:
    from conftest import new_database

    url = new_database(postgres, f"doubles_{tmp_path.name}".lower().replace("-", "_")[:60], "template_rounds")
    async with (
        founded(url, tmp_path) as town,
        town.at_work() as one,
        town.at_work(polls=False) as other,
    ):
        people = [await one.play(f"Rep {number}") for number in range(4)]
        for person in people:
            await person.joins()
        before = {person.id: len(town.shown(person)) for person in people}
        for number, person in enumerate(people):
            updates = [said(person, 7_000 + 10 * number + turn, "/menu") for turn in range(3)]
            await asyncio.gather(one.rounds.intake.accept(updates), other.rounds.intake.accept(updates))
        await one.settle()
        await other.settle()
        assert Counter(len(town.shown(person)) - before[person.id] for person in people) == {3: 4}


async def test_ids_that_start_lower_after_a_quiet_week_are_taken_for_what_they_are(town: Town) -> None:
    async with town.at_work(wait=0) as scene:
        li = await scene.play("Li")
        await li.joins()
        first = town.bot.queue.next_id - 1
        for new_start in (first - 500, first):  # below everything that we know, and an id that we know
            town.passes(days=8)
            await asyncio.sleep(OFFSET_SETTLED)
            town.bot.queue.next_id = new_start
            before = len(town.shown(li))
            await li.says("/menu")
            assert len(town.shown(li)) == before + 1


async def test_a_tap_that_overtakes_a_message_breaks_nothing(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        chat = await rep.chat()
        asked = next(message for message in reversed(chat["messages"]) if message.get("reply_markup"))
        yes = asked["reply_markup"]["inline_keyboard"][0][0]
        who = {"id": rep.id, "is_bot": False, "first_name": rep.name}
        number = town.bot.queue.next_id + 10
        tap = {"id": "77", "from": who, "message": asked, "chat_instance": "1", "data": yes["callback_data"]}
        now = int(town.sandbox.clock.timestamp())
        await scene.rounds.intake.accept([{"update_id": number + 1, "callback_query": tap}])
        await scene.rounds.intake.accept([said(rep, number, "what did you mean?", at=now)])
        await scene.settle()
        states = await scene.rows(text("SELECT update_id, state FROM inbox ORDER BY seq DESC LIMIT 2"))
        assert {row.update_id: row.state for row in states} == {number: "done", number + 1: "done"}
        answers = await scene.rows(text("SELECT item, value FROM visit_answer"))
        assert len(answers) == 1, "the tap has had its effect, and the words no other"
        assert "photo" in (await rep.last()).lower(), "and the question that comes next stands at the bottom"


async def test_of_two_pollers_the_newer_leads_and_the_other_takes_over_when_it_ends(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    async with town.at_work(look_every=LOOK_EVERY) as scene:
        li = await scene.play("Li")
        await li.joins()
        await until(town.bot.queue.polling.is_set)
        async with polled(scene, look_every=LOOK_EVERY):
            for _ in range(5):
                await li.says("/menu")
            await asyncio.sleep(5 * LOOK_EVERY)  # whoever asked again would have ended the other's poll
            conflicts = [record for record in caplog.records if "another process polls" in record.message]
            assert len(conflicts) == 1
        before = len(town.shown(li))
        await li.says("/menu")
        assert len(town.shown(li)) == before + 1


@pytest.mark.storm
async def test_two_bots_that_are_started_at_once_serve_everybody_once(postgres: str, tmp_path: Path) -> None:
    from conftest import new_database

    url = new_database(postgres, f"pollers_{tmp_path.name}".lower().replace("-", "_")[:60], "template_rounds")
    async with (
        founded(url, tmp_path) as town,
        town.at_work(look_every=LOOK_EVERY) as one,
        town.at_work(look_every=LOOK_EVERY) as other,
    ):
        people = [await one.play(f"Rep {number}") for number in range(4)]
        for _ in range(5):
            await asyncio.gather(*(person.says("/menu") for person in people))
        await other.settle()
        assert Counter(len(town.shown(person)) for person in people) == {5: 4}


async def test_what_comes_again_a_day_later_is_a_double_still(town: Town) -> None:
    async with town.at_work() as scene:
        li = await scene.play("Li")
        await li.joins()
        before, update = len(town.shown(li)), said(li, 7_000, "/menu")
        await scene.rounds.intake.accept([update])
        await scene.settle()
        town.passes(hours=23.9)
        await scene.rounds.intake.accept([update])
        await scene.settle()
        assert len(town.shown(li)) == before + 1
