"""The sender against a Telegram that refuses, stalls and loses answers: everything arrives, in order, and once."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from outages import Outage
from post_office import WORDS, fault, post, settled, shown
from scene import Player, Scene, picture
from sqlalchemy import text

from storage import claiming, outbox


@pytest.fixture
def stage(scene: Scene) -> Scene:
    """A scene in which things may go wrong."""
    scene.faults_expected = True
    return scene


async def member(scene: Scene, name: str) -> Player:
    player = await scene.play(name)
    await player.joins()
    return player


async def states(scene: Scene) -> dict[str, int]:
    rows = await scene.rows(text("SELECT state, count(*) FROM outbox GROUP BY state"))
    return {row[0]: row[1] for row in rows}


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.01)


async def test_a_429_for_one_person_delays_only_him(stage: Scene) -> None:
    slow, quick = await member(stage, "Slow"), await member(stage, "Quick")
    await fault(stage, "429", chat_id=slow.id, retry_after=1)
    await post(stage, slow, quick, count=3)
    await until(lambda: len(shown(stage.sandbox, quick)) == 3)
    assert shown(stage.sandbox, slow) == []
    await settled(stage)
    assert shown(stage.sandbox, slow) == shown(stage.sandbox, quick) == ["#1", "#2", "#3"]


async def test_what_telegram_fails_on_is_said_later_in_order(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "500", times=2)
    await post(stage, li, count=3)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1", "#2", "#3"]


async def test_an_answer_that_never_left_is_not_said_twice(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "drop")
    await post(stage, li)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1"]


async def test_a_message_whose_answer_was_lost_is_said_again(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "timeout_after", seconds=0.05)
    await post(stage, li)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1", "#1"]


async def test_a_digest_whose_answer_is_lost_is_said_once_more_and_no_more(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "timeout_after", seconds=0.05, times=5)
    await post(stage, li, bulk=True)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1", "#1"]
    (row,) = await stage.rows(text("SELECT state, error FROM outbox WHERE bulk"))
    assert tuple(row) == ("refused", "uncertain: TimedOut")


async def test_a_digest_that_was_only_refused_for_a_while_is_still_tried_again(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "500", times=1)
    await fault(stage, "timeout_after", seconds=0.05, times=1)
    await post(stage, li, bulk=True)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1", "#1"]


async def test_who_blocked_the_bot_gets_what_waited_when_he_is_back(stage: Scene) -> None:
    li, wang = await member(stage, "Li"), await member(stage, "Wang")
    await li.does("block")
    await post(stage, li, wang, count=2)
    await stage.settle()
    assert (shown(stage.sandbox, li), shown(stage.sandbox, wang)) == ([], ["#1", "#2"])
    assert (await states(stage)).get("parked", 0) == 2
    await li.does("block", blocked=False)
    await settled(stage)
    assert shown(stage.sandbox, li) == ["#1", "#2"]
    assert "parked" not in await states(stage)


async def test_a_person_who_blocked_the_bot_unseen_is_found_out_and_marked(stage: Scene) -> None:
    li = await member(stage, "Li")
    await fault(stage, "403", chat_id=li.id)
    await post(stage, li, count=3)
    await stage.settle()
    assert shown(stage.sandbox, li) == []
    (row,) = await stage.rows(text("SELECT reachable FROM person"))
    assert not row.reachable


async def test_a_card_that_says_the_same_is_no_failure(stage: Scene) -> None:
    li = await member(stage, "Li")
    for _ in range(2):
        await post(stage, li, slot="card")
        await stage.settle()
    assert shown(stage.sandbox, li) == ["#1"]
    assert "refused" not in await states(stage)


async def test_a_card_is_edited_in_place(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, slot="card", context={"name": "#1"})
    await stage.settle()
    await post(stage, li, slot="card", context={"name": "#2"})
    await stage.settle()
    assert "#2" in await li.last()
    assert shown(stage.sandbox, li) == ["#1"]


async def test_a_card_that_was_deleted_is_said_anew(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, slot="card")
    await stage.settle()
    (card,) = await stage.rows(text("SELECT message_id FROM shown WHERE slot = 'card'"))
    await stage.rounds.bot.delete_message(li.id, card.message_id)
    await post(stage, li, slot="card", context={"name": "#2"})
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#1", "#2"]
    await post(stage, li, slot="card", context={"name": "#3"})
    await stage.settle()
    assert "#3" in await li.last()
    assert shown(stage.sandbox, li) == ["#1", "#2"]


async def test_a_card_that_outgrew_one_message_is_said_anew_and_whole(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, slot="card")
    await stage.settle()
    await post(stage, li, slot="card", context={"name": " ".join(f"#{number}" for number in range(2, 2000))})
    await stage.settle()
    assert shown(stage.sandbox, li) == [f"#{number}" for number in range(1, 2000)]


async def test_only_the_newest_of_several_cards_is_sent(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, slot="card", count=5)
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#5"]
    assert sum((await states(stage)).values()) == 2  # the greeting, and one card


async def test_people_are_answered_before_digests(stage: Scene) -> None:
    readers = [await member(stage, f"Manager {number}") for number in range(5)]
    li = await member(stage, "Li")
    stage.rounds.sender.budget.pause(0.3)
    await post(stage, *readers, bulk=True)
    await post(stage, li, context={"name": "#answer"})
    await settled(stage)
    rows = [row for row in stage.sandbox.ledger.rows() if row["what"] == "shown" and "#" in (row["text"] or "")]
    assert len(rows) == 6
    assert rows[0]["person_id"] == li.id


async def test_a_message_that_cannot_be_said_is_put_aside_and_the_others_go_on(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, context={"wrong": 1})
    await post(stage, li, message="no/such_message")
    await post(stage, li)
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#1"]
    assert (await states(stage))["refused"] == 2


async def test_what_telegram_will_never_take_is_put_aside(stage: Scene) -> None:
    li = await member(stage, "Li")
    person_id = await li.person_id

    def unit(connection: Any) -> None:
        more = {"context": {"name": "#1"}, "created_at": stage.rounds.clock(), "person_id": person_id}
        outbox.post(connection, key="nobody", chat_id=999, message=WORDS, **more)

    await stage.rounds.database.write(unit)
    await post(stage, li)
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#1"]
    (row,) = await stage.rows(text("SELECT state, error FROM outbox WHERE key = 'nobody'"))
    assert tuple(row) == ("refused", "Chat not found")


async def test_an_album_is_one_message_with_its_words(stage: Scene) -> None:
    li = await member(stage, "Li")
    keys = [await stage.rounds.blobs.keep(picture(seed=number), "jpg") for number in range(3)]
    await post(stage, li, context={"name": "#1", "photos": keys})
    await stage.settle()
    messages = [message for message in (await li.chat())["messages"] if message.get("photo")]
    assert len({message["media_group_id"] for message in messages}) == 1
    assert [bool(message.get("caption")) for message in messages] == [True, False, False]


async def test_more_photos_than_an_album_holds_are_all_sent(stage: Scene) -> None:
    li = await member(stage, "Li")
    keys = [await stage.rounds.blobs.keep(picture((64, 48), seed=number), "jpg") for number in range(11)]
    await post(stage, li, context={"name": "#1", "photos": keys})
    await stage.settle()
    assert len([message for message in (await li.chat())["messages"] if message.get("photo")]) == 11


async def test_words_too_long_for_a_caption_follow_the_photo(stage: Scene) -> None:
    li = await member(stage, "Li")
    key = await stage.rounds.blobs.keep(picture(), "jpg")
    await post(stage, li, context={"name": " ".join(f"#{number}" for number in range(400)), "photos": [key]})
    await stage.settle()
    assert shown(stage.sandbox, li) == [f"#{number}" for number in range(400)]


async def test_a_photo_store_that_is_away_is_waited_for(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, context={"name": "#1", "photos": ["ab/none.jpg"]})
    async with asyncio.timeout(10):
        while not (rows := await stage.rows(text("SELECT state, error FROM outbox WHERE error IS NOT NULL"))):
            await asyncio.sleep(0.01)
    assert tuple(rows[0]) == ("waiting", "BlobMissing")
    await stage.rounds.database.write(lambda c: c.execute(text("UPDATE outbox SET state = 'refused'")).rowcount)


async def test_a_long_message_is_cut_and_arrives_in_order(stage: Scene) -> None:
    li = await member(stage, "Li")
    words = [f"#{number}" for number in range(3000)]
    await post(stage, li, context={"name": " ".join(words)})
    await post(stage, li, context={"name": "#end"})
    await stage.settle()
    assert shown(stage.sandbox, li) == [*words, "#end"]


async def test_everybody_keeps_his_order_whatever_goes_wrong(stage: Scene) -> None:
    players = [await member(stage, f"Rep {number}") for number in range(4)]
    for after, kind in enumerate(("500", "429", "drop", "500", "429", "drop")):
        await fault(stage, kind, after=after * 3, retry_after=1)
    await post(stage, *players, count=8)
    await settled(stage)
    for player in players:
        assert shown(stage.sandbox, player) == [f"#{number}" for number in range(1, 9)]


async def test_an_outcome_that_could_not_be_written_down_is_not_said_again(stage: Scene) -> None:
    li = await member(stage, "Li")
    outage = Outage(stage.rounds.database)
    await fault(stage, "slow", seconds=0.2)
    await post(stage, li)
    async with asyncio.timeout(5):
        while not await stage.rows(text("SELECT id FROM outbox WHERE state = 'sending'")):
            await asyncio.sleep(0.005)
    outage.left = 1
    await until(lambda: outage.struck == 1)
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#1"]


async def test_what_was_on_its_way_at_a_crash_is_said_again_at_the_start(stage: Scene) -> None:
    li = await member(stage, "Li")
    await post(stage, li, state="sending")
    assert await stage.rounds.database.write(claiming.take_up_uncertain) == 1
    stage.rounds.sender.ring()
    await stage.settle()
    assert shown(stage.sandbox, li) == ["#1"]
