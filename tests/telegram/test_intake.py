"""The way in: kept before it is acknowledged, one effect each, and nobody held up by another's broken update."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from outages import Darkness, Outage
from scene import Scene
from sqlalchemy import text
from telegram.error import InvalidToken
from telegram.ext import ExtBot

from bot.rendering import Renderer
from bot.sandbox.server import Sandbox
from bot.telegram.intake import Intake
from bot.telegram.polling import Polling
from bot.telegram.request import AiohttpRequest, dumps
from bot.telegram.unsaved import Unsaved
from bot.telegram.updates import lane_of
from storage import inbox
from storage.database import Database, DatabaseAway
from storage.inbox import Received

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


class Work:
    """What the lanes did, and what fails on order."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.done: list[tuple[int, int]] = []
        self.fails: dict[int, int] = {}
        self.excused: list[int] = []
        self.excuse_fails = False

    async def handle(self, row: Received, raw: dict[str, Any]) -> None:
        await asyncio.sleep(0)
        if self.fails.get(raw["update_id"], 0) > 0:
            self.fails[raw["update_id"]] -= 1
            raise KeyError("a fault of ours")
        if await self.database.write(lambda connection: inbox.mark_done(connection, row.seq)):
            self.done.append((row.lane, raw["update_id"]))

    async def give_up(self, row: Received) -> None:
        if self.excuse_fails:
            raise KeyError("another fault of ours")
        self.excused.append(row.lane)

    async def states(self) -> dict[str, int]:
        return await self.database.read(inbox.count_by_state)


def message(update_id: int, chat: int, **more: Any) -> dict[str, Any]:
    return {"update_id": update_id, "message": {"message_id": 1, "chat": {"id": chat, "type": "private"}, **more}}


@pytest.fixture
def work(database: Database) -> Work:
    return Work(database)


@pytest.fixture
async def intake(work: Work) -> AsyncIterator[Intake]:
    opened = Intake(work.database, lambda: NOW, work.handle, work.give_up, store_away=0.01)
    yield opened
    await opened.stop()


async def test_each_person_is_served_in_order_and_all_side_by_side(intake: Intake, work: Work) -> None:
    await intake.accept([message(number, chat=number % 3 + 1) for number in range(30)])
    await intake.settled()
    for chat in (1, 2, 3):
        ids = [update_id for lane, update_id in work.done if lane == chat]
        assert ids == sorted(ids)
        assert len(ids) == 10


async def test_an_update_that_comes_again_has_no_second_effect(intake: Intake, work: Work) -> None:
    for _ in range(3):
        await intake.accept([message(5, chat=1)])
    await intake.settled()
    assert work.done == [(1, 5)]


async def test_what_fails_for_a_moment_is_done_in_its_turn(intake: Intake, work: Work) -> None:
    work.fails = {1: 2}
    await intake.accept([message(1, chat=1), message(2, chat=1), message(3, chat=2)])
    await intake.settled()
    assert [done for done in work.done if done[0] == 1] == [(1, 1), (1, 2)]
    assert work.excused == []


async def test_what_fails_for_good_is_put_aside_told_and_holds_up_nobody(intake: Intake, work: Work) -> None:
    work.fails = {1: 99}
    await intake.accept([message(1, chat=1), message(2, chat=1)])
    await intake.settled()
    assert work.done == [(1, 2)]
    assert work.excused == [1]
    assert await work.states() == {"quarantined": 1, "done": 1}


async def test_not_even_a_failing_excuse_holds_up_the_lane(intake: Intake, work: Work) -> None:
    work.fails, work.excuse_fails = {1: 99}, True
    await intake.accept([message(1, chat=1), message(2, chat=1)])
    await intake.settled()
    assert work.done == [(1, 2)]
    assert (await work.states())["quarantined"] == 1


async def test_what_was_left_is_taken_up_by_the_next_process_in_order(intake: Intake, work: Work) -> None:
    rows = [
        {"update_id": number, "lane": 1, "raw": dumps(message(number, chat=1)), "received_at": NOW}
        for number in range(9)
    ]
    await work.database.write(lambda connection: inbox.keep(connection, rows))
    assert await intake.resume() == 9
    await intake.settled()
    assert [update_id for _, update_id in work.done] == list(range(9))


async def test_a_commit_that_fails_counts_as_no_attempt(intake: Intake, work: Work) -> None:
    outage = Outage(work.database)
    await intake.accept([message(1, chat=1)])
    outage.left = 5
    await intake.settled()
    assert work.done[-1:] == [(1, 1)]
    assert work.excused == []


async def test_who_waited_for_the_database_waits_no_more_once_his_update_is_put_aside(work: Work) -> None:
    bot: ExtBot[None] = ExtBot("717171:" + "U" * 35)
    unsaved = Unsaved(bot, Renderer(), work.database, "UTC", lambda: NOW, tell_after=60)
    waited: list[bool] = []

    def waits() -> bool:
        return "unsaved" in {task.get_name() for task in asyncio.all_tasks()}

    async def handle(row: Received, raw: dict[str, Any]) -> None:
        if not waited:
            waited.append(waits())
            raise DatabaseAway("locked")
        waited.append(waits())
        await work.handle(row, raw)

    work.fails = {1: 99}
    intake = Intake(work.database, lambda: NOW, handle, work.give_up, unsaved=unsaved, store_away=0.01)
    await intake.accept([message(1, chat=1)])
    await intake.settled()
    async with asyncio.timeout(5):
        while waits():
            await asyncio.sleep(0.01)
    assert waited == [False, True, True, True]
    assert await work.states() == {"quarantined": 1}
    await intake.stop()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"update_id": None},
        {"update_id": "7"},
        {"update_id": True},
        {"update_id": 2**63},
        {"message": {"chat": {"id": 1}}},
    ],
)
async def test_what_has_no_id_is_dropped_and_its_neighbours_are_kept(
    intake: Intake, work: Work, odd: dict[str, Any]
) -> None:
    await intake.accept([message(1, chat=1), odd, message(2, chat=1)])
    await intake.settled()
    assert work.done == [(1, 1), (1, 2)]


async def test_half_a_character_and_a_nul_are_kept(intake: Intake, work: Work) -> None:
    await intake.accept([message(1, chat=1, text="a\ud83d b\x00 c 王")])
    await intake.settled()
    assert work.done == [(1, 1)]


json_values = some.recursive(
    some.none() | some.booleans() | some.integers() | some.floats(allow_nan=False) | some.text(),
    lambda inner: some.lists(inner, max_size=3) | some.dictionaries(some.text(), inner, max_size=3),
    max_leaves=8,
)
names = some.sampled_from(["message", "callback_query", "from", "chat", "id", "edited_message", "x"])


@given(
    some.dictionaries(
        names, some.dictionaries(names, some.dictionaries(names, json_values) | json_values) | json_values
    )
)
def test_a_lane_is_found_for_whatever_telegram_may_invent(raw: dict[str, Any]) -> None:
    assert abs(lane_of(raw)) < 2**63


@given(json_values)
def test_whatever_arrives_can_be_stored_and_read_again(value: Any) -> None:
    stored = dumps(value)
    stored.encode("utf-8")
    assert "\x00" not in stored
    assert json.loads(stored) == value


async def test_what_cannot_be_read_is_put_aside_and_its_sender_hears_of_it(scene: Scene) -> None:
    scene.faults_expected = True
    li, wang = await scene.play("Li"), await scene.play("Wang")
    await li.joins()
    await wang.joins()
    broken = {"update_id": 9_000_001, "message": {"chat": {"id": li.id, "type": "private"}, "date": "yesterday"}}
    await scene.rounds.intake.accept([broken])
    await wang.says("/help")
    await scene.settle()
    assert "went wrong" in await li.last()
    assert await scene.rows(text("SELECT raw FROM inbox WHERE state = 'quarantined'")) == [(dumps(broken),)]
    await li.says("/help")
    assert "/visit" in await li.last()


@asynccontextmanager
async def polled(scene: Scene) -> AsyncIterator[Polling]:
    """Another poller of the scene's bot."""
    polling = Polling(scene.rounds.bot, scene.rounds.intake)
    task = asyncio.create_task(polling.run())
    yield polling
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_polling_goes_on_after_every_kind_of_failure(scene: Scene) -> None:
    li = await scene.play("Li")
    await li.joins()
    for kind in ("500", "429", "drop"):
        await scene.sim("/faults", {"method": "getUpdates", "kind": kind, "retry_after": 1})
    await li.says("/help")
    assert "/visit" in await li.last()


async def test_polling_goes_on_when_the_database_was_away_and_nothing_is_lost(scene: Scene) -> None:
    li = await scene.play("Li")
    await li.joins()
    darkness = Darkness(scene.rounds.database)
    darkness.lasts = True
    for number in range(3):
        await scene.sim(f"/people/{li.id}/send", {"text": f"note {number}"})
    await asyncio.sleep(0.05)
    darkness.lasts = False
    await scene.settle()
    rows = await scene.rows(text("SELECT raw FROM inbox ORDER BY seq"))
    assert [json.loads(row.raw)["message"]["text"] for row in rows][-3:] == ["note 0", "note 1", "note 2"]


async def test_a_second_poller_waits_for_the_first(scene: Scene) -> None:
    li = await scene.play("Li")
    await li.joins()
    async with polled(scene):
        for number in range(3):
            await li.says("/help")
            assert "/visit" in await li.last(), number
    rows = await scene.rows(text("SELECT update_id, count(*) FROM inbox GROUP BY update_id HAVING count(*) > 1"))
    assert rows == []


async def test_a_token_that_telegram_does_not_know_ends_the_polling() -> None:
    async def nothing(*_anything: Any) -> None:
        raise AssertionError("there is nothing to do")

    request = AiohttpRequest()
    sandbox = Sandbox()
    url = f"http://127.0.0.1:{await sandbox.start('127.0.0.1', 0)}"
    bot: ExtBot[None] = ExtBot("no-token", base_url=f"{url}/bot", request=request, get_updates_request=AiohttpRequest())
    await request.initialize()
    database = Database("sqlite://")
    with pytest.raises(InvalidToken):
        await asyncio.wait_for(Polling(bot, Intake(database, lambda: NOW, nothing, nothing)).run(), 5)
    await request.shutdown()
    await sandbox.stop()
    await database.close()


async def test_updates_that_were_done_a_week_ago_are_forgotten(scene: Scene) -> None:
    li = await scene.play("Li")
    await li.joins()
    await scene.pass_time(days=6)
    count = text("SELECT count(*) FROM inbox")
    assert (await scene.rows(count))[0][0] > 0
    await scene.pass_time(days=2)
    assert (await scene.rows(count))[0][0] == 0


async def test_who_takes_the_bot_out_of_a_group_can_still_be_reached(scene: Scene) -> None:
    li = await scene.play("Li")
    await li.joins()
    bot = {"id": 424242, "is_bot": True, "first_name": "Rounds", "username": "rounds_bot"}
    change = {
        "chat": {"id": -100, "type": "group", "title": "Team"},
        "from": {"id": li.id, "is_bot": False, "first_name": "Li"},
        "date": 1795395600,
        "old_chat_member": {"status": "member", "user": bot},
        "new_chat_member": {"status": "left", "user": bot},
    }
    await scene.rounds.intake.accept([{"update_id": 9_000_002, "my_chat_member": change}])
    await scene.settle()
    assert await scene.rows(text("SELECT reachable FROM person")) == [(True,)]
