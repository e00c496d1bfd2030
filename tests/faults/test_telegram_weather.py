"""Telegram refuses, stalls and is away: what was to be said is said in order, people first, and nothing repeatedly."""

import asyncio
from typing import Any

import aiohttp
import pytest
from company import at_review, checked_in
from faults.town import Town, until
from post_office import clear, fault, post, settled, shown
from scene import Player, Scene, picture
from sqlalchemy import text

from bot.telegram.budget import Budget

UNREADABLE = "can't parse entities: Can't find end tag corresponding to start tag \"b\""


def by_the_sandbox(town: Town) -> Budget:
    """A budget that goes by the sandbox's clock, which can leap."""
    return Budget(town.sandbox.clock.timestamp, per_second=10_000, chat_burst=10_000)


async def strangers(scene: Scene, number: int) -> list[Player]:
    """People whose chats with the bot are open."""
    world = scene.sandbox.world
    people = [await scene.play(f"P{n}") for n in range(number)]
    bot = world.bots.last
    assert bot is not None
    for person in people:
        found = world.people.find(person.id)
        assert found is not None
        world.private_chat(bot, found)
    return people


def struck(town: Town) -> int:
    return sum(row["what"] == "fault" for row in town.sandbox.ledger.rows())


async def test_an_hour_without_telegram_is_not_hammered_and_drains_people_first(town: Town) -> None:
    async with town.at_work(budget=Budget(town.sandbox.clock.timestamp, per_second=10)) as scene:
        people = [person.id for person in await strangers(scene, 20)]
        await fault(scene, "500", times=10**6)
        await post(scene, *people, names=["#3", "#4"], bulk=True)
        await post(scene, *people, names=["#1", "#2"])
        for _ in range(60):
            town.passes(minutes=1)
            scene.rounds.sender.ring()
            await asyncio.sleep(0.02)
        assert sum(len(shown(town.sandbox, chat)) for chat in people) == 0
        assert struck(town) < 250, "one message at a time tries whether it is over"
        await clear(scene)
        await settled(scene)
    for chat in people:
        assert shown(town.sandbox, chat) == ["#1", "#2", "#3", "#4"]
    rows = [row for row in town.sandbox.ledger.rows() if row["what"] == "shown" and row["chat_id"] in people]
    is_bulk = ["#3" in row["text"] or "#4" in row["text"] for row in rows]
    last_answer = max(number for number, bulk in enumerate(is_bulk) if not bulk)
    under_way = 10  # calls, whose chats have to wait with their next message, while others' digests may go
    assert last_answer < 40 + under_way, "whoever is answered comes before whatever is sent to all"


async def test_a_429_for_one_after_the_other_is_understood_as_one_for_all(town: Town) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        people = [person.id for person in await strangers(scene, 50)]
        await fault(scene, "429", times=10**6, retry_after=20)
        await post(scene, *people, count=2)
        await until(lambda: struck(town) >= 3)
        for _ in range(5):
            scene.rounds.sender.ring()
            await asyncio.sleep(0.1)
        assert struck(town) <= 32, "those that were under way, and no other"
        await clear(scene)
        await settled(scene)
    assert all(shown(town.sandbox, chat) == ["#1", "#2"] for chat in people)


async def test_a_long_message_goes_on_where_a_429_stopped_it(town: Town) -> None:
    words = [f"#{number}" for number in range(2_500)]
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        (li,) = await strangers(scene, 1)
        await fault(scene, "429", after=1, retry_after=5)
        await fault(scene, "500", after=2)
        await post(scene, li.id, names=[" ".join(words)])
        await post(scene, li.id, names=["#end"])
        await settled(scene)
        assert struck(town) == 2
    assert shown(town.sandbox, li) == [*words, "#end"]


async def test_of_a_long_message_only_the_part_whose_answer_was_lost_is_said_again(town: Town) -> None:
    words = [f"#{number}" for number in range(2_500)]
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        (li,) = await strangers(scene, 1)
        await fault(scene, "timeout_after", after=1, seconds=0.05)
        await post(scene, li.id, names=[" ".join(words)])
        await settled(scene)
    rows = [row["text"] for row in town.sandbox.ledger.rows() if row["what"] == "shown" and row["chat_id"] == li.id]
    said = [text for text in rows if "#" in text]
    assert len(said) == len(set(said)) + 1
    assert said[1] == said[2]
    assert sorted(set(shown(town.sandbox, li))) == sorted(words)


async def test_every_part_of_a_long_message_counts_against_what_a_chat_may_be_told(town: Town) -> None:
    budget = Budget(town.sandbox.clock.timestamp, chat_burst=2)
    async with town.at_work(budget=budget) as scene:
        (li,) = await strangers(scene, 1)
        await post(scene, li.id, names=[" ".join(f"#{number}" for number in range(2_500))])
        await until(lambda: len(shown(town.sandbox, li)) > 0)
        await asyncio.sleep(0.2)
        rows = [row for row in town.sandbox.ledger.rows() if row["what"] == "shown" and row["chat_id"] == li.id]
        assert len(rows) == 2
        await settled(scene)
    assert shown(town.sandbox, li) == [f"#{number}" for number in range(2_500)]


@pytest.mark.parametrize("how", ["text", "edit", "caption", "file"])
async def test_words_are_said_plainly_where_telegram_does_not_understand_their_markup(town: Town, how: str) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        (li,) = await strangers(scene, 1)
        photo = await scene.rounds.blobs.keep(picture((64, 48)), "jpg")
        method = {"edit": "editMessageText", "caption": "sendPhoto", "file": "sendDocument"}.get(how, "sendMessage")
        more: dict[str, Any] = {"caption": {"photos": [photo]}, "file": {"file": {"key": photo, "name": "a.jpg"}}}
        in_place = {"slot": "card"} if how == "edit" else {}
        if how == "edit":
            await post(scene, li.id, **in_place)
            await settled(scene)
        await fault(scene, "400", method=method, description=UNREADABLE)
        await post(scene, li.id, context={"name": "<Li> & #2", **more.get(how, {})}, **in_place)
        await settled(scene)
        assert struck(town) == 1
        assert "<Li> & #2" in await li.last()
        assert not await scene.rows(text("SELECT id FROM outbox WHERE state = 'refused'"))


async def test_a_group_that_became_a_supergroup_gets_everything_in_its_new_place_in_order(town: Town) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        (li,) = await strangers(scene, 1)
        group = await scene.sim("/groups", {"title": "Team", "people": [li.id]})
        await post(scene, group["id"], count=2)
        await settled(scene)
        await fault(scene, "migrate", chat_id=group["id"])
        await post(scene, group["id"], names=["#3", "#4", "#5"])
        await settled(scene)
        new_id = (await scene.rows(text("SELECT chat_id FROM outbox ORDER BY id DESC LIMIT 1")))[0].chat_id
    assert new_id != group["id"]
    assert shown(town.sandbox, group["id"]) == ["#1", "#2"]
    assert shown(town.sandbox, new_id) == ["#3", "#4", "#5"]


async def test_of_the_reminders_that_an_outage_held_up_only_the_newest_is_said(town: Town) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        rep = await at_review(scene)  # his visit of this morning is not sent
        await fault(scene, "500", times=10**6, chat_id=rep.id)
        before = len(town.shown(rep))
        for _ in range(18):  # past the reminder of the evening and the one at midnight
            town.passes(hours=1)
            await scene.rounds.tick()
        assert len(town.shown(rep)) == before
        await clear(scene)
        await settled(scene)
    said = [words for words in town.shown(rep)[before:] if "report" in words.lower() and "Harbour Bakery" in words]
    assert len(said) == 1
    assert "is late now" in said[0]


async def test_a_photo_that_telegram_never_hands_out_is_asked_for_again_after_some_days(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        await rep.presses("Yes")
        await fault(scene, "500", method="getFile", times=10**6)
        form = aiohttp.FormData(quote_fields=False)
        form.add_field("file", picture((64, 48)), filename="a.jpg", content_type="image/jpeg")
        async with scene.session.post(f"{scene.url}/sim/people/{rep.id}/photo", data=form) as response:
            assert response.status == 200
        async with asyncio.timeout(20):
            while "Please send it once more" not in await rep.all_text():
                town.passes(hours=6)
                scene.rounds.worker.ring()
                await asyncio.sleep(0.05)
        assert [tuple(row) for row in await scene.rows(text("SELECT state, error FROM job WHERE kind = 'photo'"))] == [
            ("failed", "FileAway")
        ]
        await clear(scene)
        await rep.sends_photo(picture((64, 48), seed=2))
        assert await scene.rows(text("SELECT state FROM photo ORDER BY id")) == [("broken",), ("kept",)]


async def test_whatever_telegram_does_everybody_gets_everything_in_order(town: Town) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        people = [person.id for person in await strangers(scene, 6)]
        for number, kind in enumerate(("500", "429", "drop", "400", "500", "429", "drop")):
            more = {"description": UNREADABLE} if kind == "400" else {}
            await fault(scene, kind, after=number * 3, retry_after=1, **more)
        await post(scene, *people, count=6)
        await settled(scene)
    assert all(shown(town.sandbox, chat) == [f"#{number}" for number in range(1, 7)] for chat in people)


async def test_who_blocked_the_bot_gets_what_waited_when_he_is_back_and_holds_up_nobody(town: Town) -> None:
    async with town.at_work(budget=by_the_sandbox(town)) as scene:
        li, wang = await scene.play("Li"), await scene.play("Wang")
        for person in (li, wang):
            await person.joins()
        await li.does("block")
        await post(scene, li, count=2)
        await post(scene, wang, count=2)
        await scene.settle()
        assert (shown(town.sandbox, li), shown(town.sandbox, wang)) == ([], ["#1", "#2"])
        await li.does("block", blocked=False)
        await scene.settle()
        assert shown(town.sandbox, li) == ["#1", "#2"]
