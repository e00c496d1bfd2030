"""The outbox: one key one message, one message a chat at a time, people before digests, only the newest card."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from storage import claiming, outbox, people
from storage.database import Connection, Database
from storage.outbox import OUTBOX, Outgoing
from storage.tables import PersonRow, table

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LI, WANG = 7, 8
OUTCOMES: dict[str, Callable[[Connection, Outgoing], None]] = {
    "sent": lambda c, message: claiming.mark_sent(c, message, 56, NOW),
    "put back": lambda c, message: claiming.put_back(c, message, not_before=NOW, error="TimedOut"),
    "refused": lambda c, message: claiming.mark_refused(c, message, "Bad Request"),
    "said anew": claiming.show_anew,
}


class Box:
    """The outbox, written and claimed in short sentences."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def post(self, key: str, chat_id: int = LI, **more: Any) -> bool:
        values = {"message": "people/back", "context": {"name": key}, "created_at": NOW, **more}
        return await self.database.write(lambda c: outbox.post(c, key=key, chat_id=chat_id, **values))

    async def post_at_once(self, key: str, chat_id: int = LI, **more: Any) -> Outgoing | bool:
        values = {"message": "people/back", "context": {"name": key}, "created_at": NOW, **more}
        reader = {"language": "en", "time_zone": "Asia/Shanghai"}
        return await self.database.write(lambda c: outbox.post_at_once(c, key=key, chat_id=chat_id, **reader, **values))

    async def claim(
        self, *, at: datetime = NOW, busy: tuple[int, ...] = (), limit: int = 10, spared: tuple[int, ...] = ()
    ) -> list[Outgoing]:
        return await self.database.write(
            lambda c: claiming.claim_due(c, at, busy=busy, limit=limit, spare=lambda m: m.chat_id not in spared)
        )

    async def claimed(self, **more: Any) -> list[str]:
        return [message.context["name"] for message in await self.claim(**more)]

    async def sent(self, message: Outgoing, message_id: int = 1) -> None:
        await self.database.write(lambda c: claiming.mark_sent(c, message, message_id, NOW))

    async def states(self) -> dict[str, str]:
        def read(connection: Connection) -> dict[str, str]:
            rows = connection.execute(select(OUTBOX.c.key, OUTBOX.c.state))
            return {row.key: row.state for row in rows}

        return await self.database.read(read)


@pytest.fixture
def box(database: Database) -> Box:
    return Box(database)


async def test_a_key_is_posted_once(box: Box) -> None:
    assert await box.post("a")
    assert not await box.post("a")
    assert await box.claimed() == ["a"]
    assert await box.claimed() == []


async def test_a_chat_gets_one_after_the_other_and_chats_go_side_by_side(box: Box) -> None:
    for key in ("a", "b"):
        await box.post(key)
        await box.post(f"{key}-wang", WANG)
    first = await box.claim()
    assert [message.context["name"] for message in first] == ["a", "a-wang"]
    assert await box.claimed(busy=(LI, WANG)) == []
    await box.sent(first[0])
    assert await box.claimed(busy=(WANG,)) == ["b"]


async def test_people_come_before_digests_that_were_posted_earlier(box: Box) -> None:
    await box.post("digest", bulk=True)
    await box.post("digest-wang", WANG, bulk=True)
    await box.post("answer")
    assert await box.claimed(limit=1) == ["answer"]


async def test_who_has_no_budget_is_left_out_and_keeps_his_place(box: Box) -> None:
    await box.post("a")
    await box.post("wang", WANG)
    assert await box.claimed(spared=(LI,)) == ["wang"]
    assert await box.claimed() == ["a"]


async def test_what_is_put_off_waits_for_its_time_and_nothing_overtakes_it(box: Box) -> None:
    later = NOW + timedelta(seconds=30)
    await box.post("late", not_before=later)
    await box.post("after")
    await box.post("wang", WANG)
    assert await box.claimed() == ["wang"]
    assert await box.claimed(at=later) == ["late"]


async def test_a_failed_one_is_tried_again_in_its_place(box: Box) -> None:
    await box.post("a")
    await box.post("b")
    (message,) = await box.claim()
    await box.database.write(lambda c: claiming.put_back(c, message, not_before=NOW, error="TimedOut"))
    (again,) = await box.claim()
    assert (again.context["name"], again.attempts, again.last_error) == ("a", 2, "TimedOut")


async def test_an_edit_that_was_tried_keeps_its_place_before_a_newer_one(box: Box) -> None:
    await box.database.write(lambda c: outbox.hold(c, LI, "card", 55))
    await box.post("old", slot="card")
    (old,) = await box.claim()
    await box.post("new", slot="card")
    later = NOW + timedelta(seconds=2)
    await box.database.write(lambda c: claiming.put_back(c, old, not_before=later, error="NetworkError"))
    assert await box.claimed() == []
    (again,) = await box.claim(at=later)
    assert again.context["name"] == "old"
    await box.sent(again, message_id=55)
    assert await box.claimed(at=later) == ["new"]


async def test_only_the_newest_card_of_a_slot_is_sent(box: Box) -> None:
    for key in ("one", "two", "three"):
        await box.post(key, slot="card", anew=True)
    assert await box.claimed() == ["three"]
    assert await box.states() == {"one": "superseded", "two": "superseded", "three": "sending"}


async def test_an_edit_that_waits_takes_up_what_is_newer_and_keeps_its_time(box: Box) -> None:
    await box.post("one", slot="card", not_before=NOW + timedelta(seconds=1))
    await box.post("two", slot="card", not_before=NOW + timedelta(seconds=2))
    assert await box.states() == {"one": "waiting"}
    assert await box.claimed() == []
    assert await box.claimed(at=NOW + timedelta(seconds=1)) == ["two"]


async def test_an_edit_that_is_gathered_holds_up_nobody(box: Box) -> None:
    await box.post("card", slot="card", not_before=NOW + timedelta(seconds=1))
    await box.post("question")
    assert await box.claimed() == ["question"]


async def test_what_is_posted_for_a_quiet_chat_is_in_hand_at_once(box: Box) -> None:
    first = await box.post_at_once("first")
    assert isinstance(first, Outgoing)
    assert (first.context["name"], first.attempts, first.language) == ("first", 1, "en")
    assert await box.post_at_once("second") is True
    assert await box.post_at_once("second") is False
    assert await box.states() == {"first": "sending", "second": "waiting"}
    await box.sent(first)
    assert await box.post_at_once("third") is True, "the second comes before it"
    assert await box.claimed() == ["second"]


async def test_a_claim_leaves_a_chat_alone_that_something_is_under_way_to(box: Box) -> None:
    """Whoever claims may have looked at who is busy before a turn posted into our hands."""
    first = await box.post_at_once("first")
    assert isinstance(first, Outgoing)
    await box.post("second")
    await box.post("wang", WANG)
    assert await box.claimed(busy=()) == ["wang"]
    await box.sent(first)
    assert await box.claimed(busy=()) == ["second"]


async def test_digests_and_gathered_edits_do_not_keep_an_answer_waiting(box: Box) -> None:
    await box.post("digest", bulk=True)
    await box.post("card", slot="card", not_before=NOW + timedelta(seconds=1))
    assert isinstance(await box.post_at_once("answer"), Outgoing)


async def test_a_question_in_hand_knows_what_it_edits(box: Box) -> None:
    one = await box.post_at_once("one", slot="ask")
    assert isinstance(one, Outgoing)
    await box.sent(one, message_id=55)
    two = await box.post_at_once("two", slot="ask")
    assert isinstance(two, Outgoing)
    assert two.edits == 55


async def test_what_a_chat_was_told_before_is_not_looked_through(box: Box) -> None:
    if not box.database.is_sqlite:
        pytest.skip("PostgreSQL's planner goes by the size of the tables")

    def plans(connection: Connection) -> list[str]:
        found = []
        for statement in (claiming.DUE, outbox.POST_AT_ONCE):
            text = statement.text(connection)
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", tuple([1] * text.count("?")))
            found += [row.detail for row in rows if " outbox" in row.detail or "earlier" in row.detail]
        return found

    for step in await box.database.read(plans):
        assert any(index in step for index in ("outbox_open", "outbox_chat", "outbox_sending")), step


async def test_a_card_edits_what_its_slot_holds_unless_it_is_anew(box: Box) -> None:
    await box.post("one", slot="card")
    (one,) = await box.claim()
    assert one.edits is None
    await box.sent(one, message_id=55)
    await box.post("two", slot="card")
    (two,) = await box.claim()
    assert two.edits == 55
    await box.sent(two, message_id=55)
    await box.post("three", slot="card", anew=True)
    await box.post("four", slot="card")  # takes over that it has to be a new message
    (four,) = await box.claim()
    assert (four.context["name"], four.edits) == ("four", None)


async def test_a_card_that_is_gone_is_said_anew(box: Box) -> None:
    await box.post("one", slot="card")
    (one,) = await box.claim()
    await box.sent(one, message_id=55)
    await box.post("two", slot="card")
    (two,) = await box.claim()
    await box.database.write(lambda c: claiming.show_anew(c, two))
    (again,) = await box.claim()
    assert again.edits is None


async def test_what_was_under_way_at_a_crash_waits_again(box: Box) -> None:
    await box.post("a")
    await box.claim()
    assert await box.database.write(claiming.take_up_uncertain) == 1
    assert await box.claimed() == ["a"]


@pytest.mark.parametrize("outcome", OUTCOMES.values(), ids=OUTCOMES)
async def test_what_came_of_a_try_changes_nothing_once_another_has_taken_it_up(
    box: Box, outcome: Callable[[Connection, Outgoing], None]
) -> None:
    await box.post("card", slot="card")
    (ours,) = await box.claim()
    await box.database.write(claiming.take_up_uncertain)
    await box.database.write(lambda c: outcome(c, ours))
    assert await box.states() == {"card": "waiting"}
    (theirs,) = await box.claim()
    await box.database.write(lambda c: outcome(c, ours))
    assert await box.states() == {"card": "sending"}
    await box.sent(theirs, message_id=56)
    await box.database.write(lambda c: outcome(c, ours))
    assert await box.states() == {"card": "sent"}


async def test_what_arrived_late_is_still_what_its_slot_holds(box: Box) -> None:
    await box.post("one", slot="card")
    (ours,) = await box.claim()
    await box.database.write(claiming.take_up_uncertain)
    await box.post("two", slot="card")  # the one that waits again takes it up
    await box.sent(ours, message_id=56)
    (theirs,) = await box.claim()
    assert (theirs.context["name"], theirs.edits) == ("two", 56)


async def test_who_cannot_be_reached_is_told_everything_when_he_is_back(box: Box) -> None:
    values = {"telegram_id": LI, "name": "Li", "time_zone": "Asia/Shanghai", "status": "active"}
    person = await box.database.write(lambda c: people.add(c, **values))
    for key in ("a", "b"):
        await box.post(key, person_id=person)
    await box.claim()
    await box.database.write(lambda c: outbox.park(c, person))
    assert await box.states() == {"a": "parked", "b": "parked"}
    reachable = select(table(PersonRow).c.reachable)
    assert await box.database.read(lambda c: c.execute(reachable).scalar()) is False
    assert await box.database.write(lambda c: outbox.unpark(c, person)) == 2
    assert await box.claimed() == ["a"]
    assert await box.database.read(lambda c: c.execute(reachable).scalar()) is True


async def test_a_group_that_got_another_id_gets_its_messages_there(box: Box) -> None:
    await box.post("a", -100)
    await box.database.write(lambda c: outbox.move_chat(c, -100, -1000000000100))
    (message,) = await box.claim()
    assert message.chat_id == -1000000000100


async def test_a_group_that_moves_to_a_chat_which_holds_the_same_slot_keeps_what_that_holds(box: Box) -> None:
    old, new = -100, -1000000000100

    def held(connection: Connection) -> list[int | None]:
        return [outbox.find_shown(connection, chat, slot) for chat in (old, new) for slot in ("card", "ask")]

    def prepare(connection: Connection) -> None:
        for chat, slot, message_id in ((old, "card", 1), (old, "ask", 2), (new, "card", 3)):
            outbox.hold(connection, chat, slot, message_id)

    await box.database.write(prepare)
    await box.database.write(lambda c: outbox.move_chat(c, old, new))
    assert await box.database.read(held) == [None, None, 3, 2]


async def test_two_who_claim_at_once_never_get_the_same(box: Box) -> None:
    for number in range(40):
        await box.post(f"m{number}", chat_id=1000 + number)
    found = await asyncio.gather(*(box.claimed(limit=20) for _ in range(6)))
    names = [name for claimed in found for name in claimed]
    assert len(names) == len(set(names))


async def test_states_are_counted(box: Box) -> None:
    await box.post("a")
    await box.post("b", WANG)
    await box.claim(limit=1)
    assert await box.database.read(outbox.count_by_state) == {"sending": 1, "waiting": 1}
