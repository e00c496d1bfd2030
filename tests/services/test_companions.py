"""An accompanied visit: a colleague who is named confirms from his own chat, and that is a second witness."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest
from desk_talk import Guest, Office
from live_talk import FAR, NEAR, with_shop
from trips import Trip, heard

from bot.domain.conversation import Located
from storage import people, reviews
from storage.database import Database

ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it depends on which


@dataclass
class Accompanied(Trip):
    """Emma's trip, on which Ben may be with her."""

    ben: Guest

    async def names(self) -> str:
        await self.emma.taps("With somebody")
        await self.emma.says("ben")
        await self.emma.taps("Ben · West")
        return self.ben.last


@pytest.fixture
async def trip(database: Database) -> AsyncIterator[Accompanied]:
    office = Office(database)
    await with_shop(office)
    west = await database.write(lambda c: people.add_team(c, "West", people.add_team(c, "Company")))
    emma, ben = [await office.member(21 + n, name, "rep") for n, name in enumerate(("Emma", "Ben"))]
    mia = await office.member(23, "Mia", "manager")
    for guest in (emma, ben, mia):
        await office.change_person(guest, team_id=west)
    yield Accompanied(office, emma, mia, ben)


async def test_a_companion_who_confirms_is_a_second_witness(trip: Accompanied) -> None:
    await trip.checks_in()
    assert "Emma says that you are together at <b>Harbour Bakery</b> since 09:00" in await trip.names()
    assert "1. Opening" in trip.emma.last, "the visit goes on"
    await trip.ben.taps("Yes, I am there")
    assert "that is confirmed" in trip.ben.last
    assert "Ben</b> confirms that you are together" in heard(trip.emma)
    await trip.sends()
    row = await trip.row()
    assert (row.level, row.facts[-1]["facts"]) == (4, {"who": "companion", "name": "Ben"})
    assert "confirmed by Ben" in await trip.page()


async def test_a_word_that_comes_after_the_report_raises_its_level_then(trip: Accompanied) -> None:
    admin = await trip.office.member(1, "Olga", "admin")
    await admin.says("/set evidence.level E4")
    await trip.checks_in()
    await trip.names()
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, ["evidence_low"])
    trip.office.pass_time(minutes=10)
    await trip.ben.taps("Yes, I am there")
    row = await trip.row()
    assert row.level == 4 and row.facts[-1]["facts"]["at"] == trip.office.now.isoformat()
    page = await trip.page()
    assert "has confirmed it. It came after the report: 09:30." in page
    assert "confirmed by Ben (after the report: 09:30)" in page


@ON_ONE
async def test_his_own_location_says_how_near_he_was(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    await trip.ben.taps("with my location")
    assert "send your location" in await trip.ben.says("here")
    await trip.ben.gives(Located(NEAR, 20.0))
    await trip.sends()
    assert (await trip.row()).facts[-1]["facts"]["metres"] == 22
    assert "confirmed by Ben, whose phone was 22 m from the customer" in await trip.page()


@ON_ONE
async def test_a_companion_whose_phone_is_elsewhere_is_no_witness(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    await trip.ben.taps("with my location")
    await trip.ben.gives(Located(FAR, 20.0))
    assert "556 m" in trip.ben.last
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, ["companion_not_there"])
    assert "Ben was named as companion and says yes, but that phone was 556 m" in await trip.page()


@ON_ONE
async def test_a_no_stands_with_the_visit_and_waits_for_the_manager(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    await trip.ben.taps("No")
    assert "says that it is not so" in heard(trip.emma)
    await trip.sends()
    assert await trip.codes() == ["companion_not_there"]
    state = await trip.office.database.read(lambda connection: reviews.find(connection, 1))
    assert state is not None and state.state == "waiting"
    assert "Ben was named as companion, and says that it is not so" in await trip.page()


@ON_ONE
async def test_silence_means_nothing(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, [])


@ON_ONE
async def test_it_cannot_be_confirmed_when_the_day_is_over_nor_twice(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    yes = trip.ben.button("Yes, I am there")
    trip.office.pass_time(hours=15)
    await trip.ben.taps_data(*yes)
    assert "The day of that visit is over" in trip.ben.last
    trip.office.pass_time(hours=-15)
    await trip.ben.taps_data(*yes)
    await trip.ben.taps("❌ No")
    assert "That button is from before" in trip.ben.last
    assert await trip.codes() == []


@ON_ONE
async def test_a_visit_that_is_given_up_asks_nobody_any_more(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    await trip.emma.says("/cancel")
    await trip.emma.taps("Yes, give it up")
    await trip.ben.taps("Yes, I am there")
    assert "nothing need be confirmed" in trip.ben.last


@ON_ONE
async def test_nobody_names_himself_or_one_colleague_twice(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.emma.taps("With somebody")
    await trip.emma.says("emma")
    assert "I find no colleague called “emma”" in heard(trip.emma)
    await trip.emma.says("ben")
    await trip.emma.taps("Ben · West")
    asked = len(trip.ben.screen)
    await trip.emma.taps("With somebody")
    await trip.emma.taps("Ben · West")
    assert "was asked about this visit before" in heard(trip.emma) and len(trip.ben.screen) == asked


@ON_ONE
async def test_another_ones_question_is_nobody_elses_to_answer(trip: Accompanied) -> None:
    await trip.checks_in()
    await trip.names()
    _, yes = trip.ben.button("Yes, I am there")
    await trip.mia.says("/menu")
    await trip.mia.taps_data(trip.mia.newest, yes)
    await trip.sends()
    assert (await trip.row()).level == 1
