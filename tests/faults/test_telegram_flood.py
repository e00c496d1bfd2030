"""One person sends as a machine would: he hears so once, everything of his is taken in, and nobody else waits."""

from datetime import timedelta
from typing import Any

import pytest
from company import checked_in
from faults.town import Town, until
from scene import Player, Scene, picture
from sqlalchemy import text

SLOW = "faster than Telegram lets me answer"
DONE = "I have taken in"


def flood(scene: Scene, player: Player, number: int, *, within: timedelta) -> None:
    """So many messages at Telegram, sent one after the other within a time."""
    world = scene.sandbox.world
    bot, person = world.bots.last, world.people.find(player.id)
    assert bot is not None and person is not None
    chat = world.private_chat(bot, person)
    for count in range(number):
        message = world.message(chat, bot, person.user)
        message["text"] = f"word {count}"
        message["date"] = int(world.clock.timestamp() + within.total_seconds() * (count / number - 1))
        world.add(chat, message, "sent")
        world.emit(bot, chat, "message", message)


def said(town: Town, player: Player, words: str) -> int:
    return sum(words in text for text in town.shown(player))


async def taken_in(scene: Scene, player: Player) -> int:
    rows = await scene.rows(text(f"SELECT count(*) FROM inbox WHERE lane = {player.id} AND state = 'done'"))
    return int(rows[0][0])


async def members(scene: Scene, *names: str) -> list[Player]:
    people = [await scene.play(name) for name in names]
    for person in people:
        await person.joins()
    return people


@pytest.mark.parametrize(
    ("town", "number"),
    [
        ("sqlite", 300),
        pytest.param("postgres", 300, marks=pytest.mark.storm),
        pytest.param("sqlite", 2_000, marks=pytest.mark.storm),
    ],
    indirect=["town"],
)
async def test_a_flood_is_taken_in_and_answered_once_while_others_go_on(town: Town, number: int) -> None:
    """Its messages arrive within a minute, and somebody else is at work in the middle of them."""
    async with town.at_work() as scene:
        loud, quiet = await members(scene, "Loud", "Quiet")
        before, heard = await taken_in(scene, loud), len(town.shown(loud))
        to_quiet = len(town.shown(quiet))
        flood(scene, loud, number, within=timedelta(minutes=1))
        for _ in range(10):
            await scene.sim(f"/people/{quiet.id}/send", {"text": "/menu"})
        await until(lambda: len(town.shown(quiet)) == to_quiet + 10, within=60, every=0.1)
        by_then = await taken_in(scene, loud) - before
        assert by_then < 0.9 * number, "who wrote last of all is answered before the flood is worked off"
        await until(lambda: said(town, loud, DONE) == 1, within=150, every=0.5)
        await scene.settle()
        assert await taken_in(scene, loud) == before + number, "nothing is lost"
        assert said(town, loud, SLOW) == 1
        answered = len(town.shown(loud)) - heard
        assert answered <= 30, "the first ones, the request to slow down, and the end"
        assert said(town, loud, f"{DONE} {number + 1} messages") == 1, "the hello was one more"
        print(f"{by_then} of {number} were worked off when the other's last was answered; {answered} answers")


async def test_a_flood_into_an_open_visit_ends_with_the_question_that_is_open(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        flood(scene, rep, 40, within=timedelta(seconds=10))
        await until(lambda: said(town, rep, DONE) == 1, within=30)
        await scene.settle()
        assert any(DONE in words for words in town.shown(rep)[-3:]), "then the card, and"
        assert (await rep.chat())["messages"][-1].get("reply_markup"), "the question with its buttons stands below"


async def test_a_day_of_messages_that_arrives_at_once_is_no_flood(town: Town) -> None:
    async with town.at_work() as scene:
        (rep,) = await members(scene, "Rep")
        town.passes(hours=9)
        flood(scene, rep, 60, within=timedelta(hours=8))
        await scene.settle()
        assert said(town, rep, SLOW) == 0


async def test_albums_are_no_flood(town: Town) -> None:
    async with town.at_work() as scene:
        rep = await checked_in(scene)
        await rep.presses("Yes")
        for number in range(3):
            pictures: list[Any] = [picture((64, 48), seed=10 * number + n) for n in range(10)]
            await rep.sends_photo(*pictures)
        assert said(town, rep, SLOW) == 0


async def test_who_has_paused_is_answered_as_ever(town: Town) -> None:
    async with town.at_work() as scene:
        (rep,) = await members(scene, "Rep")
        flood(scene, rep, 60, within=timedelta(seconds=10))
        await until(lambda: said(town, rep, DONE) == 1, within=30)
        town.passes(minutes=1)
        before = len(town.shown(rep))
        await rep.says("/help")
        assert len(town.shown(rep)) == before + 1
        assert said(town, rep, SLOW) == 1
