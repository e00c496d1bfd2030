"""Somebody blocks the bot: his manager hears of it once, and he finds what stands open when he is back."""

from collections.abc import AsyncIterator
from functools import partial

import pytest
from desk_talk import Guest
from office_hours import Company, news

from bot.services import members
from bot.services.turn import Turn
from storage import outbox, people
from storage.database import Database

BLOCKED = "has blocked the bot"


@pytest.fixture
async def company(database: Database) -> AsyncIterator[Company]:
    yield Company(database)


async def is_told(guest: Guest) -> int:
    return sum(BLOCKED in text for text in news(guest))


async def test_his_manager_is_told_once_a_block(company: Company) -> None:
    chief, max_ = await company.member("Chief", "admin"), await company.member("Max", "manager", team="East")
    rae = await company.member("Rae", team="East")

    async def membership(is_member: bool) -> None:
        def change(turn: Turn) -> None:
            turn.visitor = people.get(turn.connection, rae.person_id)
            members.reachable(turn, is_member, lambda _: False)

        await company.office.desk.act(f"membership {is_member} {company.office.now}", change)
        company.office.pass_time(minutes=1)
        await company.send()

    await membership(False)
    assert await is_told(max_) == 1
    await membership(False)
    await company.tick()
    assert await is_told(max_) == 0
    await membership(True)
    await membership(False)
    assert await is_told(max_) == 1
    assert await is_told(chief) == 0


async def test_a_message_that_did_not_arrive_tells_of_a_block_with_the_next_tick(company: Company) -> None:
    max_, rae = await company.member("Max", "manager", team="East"), await company.member("Rae", team="East")
    await company.database.write(partial(outbox.park, person_id=rae.person_id))
    await company.tick()
    await company.tick()
    assert await is_told(max_) == 1


async def test_where_his_manager_cannot_be_told_either_the_admins_hear_of_it(company: Company) -> None:
    chief = await company.member("Chief", "admin")
    max_, rae = await company.member("Max", "manager", team="East"), await company.member("Rae", team="East")
    for guest in (max_, rae):
        await company.database.write(partial(outbox.park, person_id=guest.person_id))
    await company.tick()
    assert await is_told(chief) == 2
