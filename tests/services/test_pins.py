"""Where a customer is: visits propose and refine it, managers confirm it, reps say when the pin is wrong."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection, insert, select

from bot.domain.conversation import Chose, Located
from bot.domain.geography import Point, distance
from bot.domain.shipped import SHIPPED
from storage import customers, people, search, sops
from storage.database import Database
from storage.tables import CustomerPinRow, VisitRow, table

PIN, VISIT = table(CustomerPinRow), table(VisitRow)
DOOR = Point(29.5610, 106.5770)


def away(north: float) -> Point:
    return Point(DOOR.latitude + north / 111_200, DOOR.longitude)


def heard(guest: Guest) -> str:
    return "\n".join(said.text for said in guest.screen.values())


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    office = Office(database)
    await database.write(lambda connection: sops.publish_missing(connection, SHIPPED, office.now))
    yield office


class Town:
    """A rep of a team, its manager, and a customer."""

    def __init__(self, office: Office, rep: Guest, manager: Guest, customer_id: int) -> None:
        self.office, self.rep, self.manager, self.customer_id = office, rep, manager, customer_id

    async def row(self) -> Any:
        return await self.office.database.read(lambda connection: customers.get_row(connection, self.customer_id))

    async def position(self) -> Point:
        row = await self.row()
        return Point(row.latitude, row.longitude)

    async def states(self) -> list[tuple[str, str]]:
        def read(connection: Connection) -> list[tuple[str, str]]:
            return [(row.why, row.state) for row in connection.execute(select(PIN).order_by(PIN.c.id))]

        return await self.office.database.read(read)

    async def arrives(self, at: Point, accuracy: float | None = 15.0) -> str:
        """To the customer's door, as far as the next question."""
        await self.rep.says("/visit")
        await self.rep.taps("Relationship")
        await self.rep.gives(Located(at, accuracy))
        if "Harbour" not in str(self.rep.labels):
            await self.rep.says("harbour")
        return await self.rep.taps("Harbour Bakery")

    async def visits(self, *norths: float, accuracy: float = 15.0) -> None:
        """Sent visits of earlier days, the last one through the talk."""

        def store(connection: Connection) -> None:
            for age, north in enumerate(norths[:-1], start=1):
                values = {"person_id": self.rep.person_id, "customer_id": self.customer_id, "type": "customer_visit"}
                at = self.office.now - timedelta(days=len(norths) - age)
                place = {"latitude": away(north).latitude, "longitude": DOOR.longitude, "accuracy": accuracy}
                told = {
                    "purpose": "relationship",
                    "sop_version_id": 1,
                    "state": "sent",
                    "flags": [],
                    "arrival": "inside",
                }
                connection.execute(
                    insert(VISIT).values(**values, **place, **told, checked_in_at=at, visited_on=at.date(), sent_at=at)
                )

        await self.office.database.write(store)
        await self.sends(away(norths[-1]), accuracy)

    async def sends(self, at: Point, accuracy: float) -> None:
        """A whole visit."""
        await self.arrives(at, accuracy)
        if "why" in self.rep.last:
            await self.rep.says("It is the other entrance")
        await self.rep.taps("Decides")
        for answer in ("Cheaper delivery", "Our own van"):
            await self.rep.says(answer)
        await self.rep.taps("Skip")
        await self.rep.taps("No")
        await self.rep.taps("Skip")
        self.office.pass_time(minutes=20)
        await self.rep.gives(Chose("check_out_plain"))
        await self.rep.taps("Reached")
        await self.rep.taps("Nothing particular")
        await self.rep.taps("No next step")
        await self.rep.taps("Everything is settled")
        await self.rep.taps("Send")
        assert "Visit" in self.rep.last, self.rep.last

    async def looks(self) -> str:
        """The manager opens his digest, and from it the places that wait."""
        await self.manager.says("/digest")
        await self.manager.taps("📍 Where they are")
        return self.manager.last


async def town(office: Office, **customer: Any) -> Town:
    def build(connection: Connection) -> tuple[int, int]:
        top = people.add_team(connection, "Company")
        west = people.add_team(connection, "West", top)
        values = {"latitude": DOOR.latitude, "longitude": DOOR.longitude, "position_from": "import", **customer}
        customer_id = customers.add(connection, name="Harbour Bakery", created_at=office.now, grade="A", **values)
        search.index(connection, [customers.get(connection, customer_id)])
        return west, customer_id

    west, customer_id = await office.database.write(build)
    rep, manager = await office.member(31, "Emma", "rep"), await office.member(32, "Mia", "manager")
    for person in (rep, manager):
        await office.change_person(person, team_id=west)
    return Town(office, rep, manager, customer_id)


NOWHERE = {"latitude": None, "longitude": None, "position_from": None}


async def test_the_first_visit_only_proposes_and_the_second_is_not_judged_by_it(office: Office) -> None:
    place = await town(office, **NOWHERE)
    await place.arrives(DOOR)
    await place.rep.says("/cancel")
    await place.rep.taps("Yes, give it up")
    assert (await place.states(), (await place.row()).latitude) == ([("first", "withdrawn")], None)
    await place.sends(DOOR, 15.0)
    office.pass_time(days=1)
    await place.arrives(away(20))
    assert "a visit proposed and nobody has confirmed" in heard(place.rep)
    assert await place.states() == [("first", "withdrawn"), ("first", "open")]


async def test_a_manager_confirms_from_his_digest_and_visits_are_judged_from_then_on(office: Office) -> None:
    place = await town(office, **NOWHERE)
    await place.sends(DOOR, 15.0)
    assert "Is this where Harbour Bakery is?" in await place.looks()
    await place.manager.taps("Yes, here")
    assert "visits are judged by it" in heard(place.manager)
    assert (await place.row()).position_from == "confirmed"
    office.pass_time(days=1)
    await place.arrives(away(400))
    assert "400 m from the customer" in place.rep.last


async def test_a_refused_first_place_is_none_and_the_next_visit_proposes_again(office: Office) -> None:
    place = await town(office, **NOWHERE)
    await place.sends(DOOR, 15.0)
    await place.looks()
    await place.manager.taps("No")
    assert ((await place.row()).latitude, await place.states()) == (None, [("first", "refused")])
    office.pass_time(days=1)
    await place.arrives(away(10))
    assert (await place.states())[-1] == ("first", "open")


@pytest.mark.parametrize("end", ["refused", "withdrawn"])
async def test_a_proposed_place_goes_with_the_one_that_took_its_turn(office: Office, end: str) -> None:
    place = await town(office, **NOWHERE)
    await place.sends(DOOR, 15.0)
    if end == "refused":
        await place.rep.says("/customers harbour")
        await place.rep.taps("The pin is wrong")
        await place.rep.gives(Located(away(300), 12.0))
        await place.looks()
        await place.manager.taps("No")
    else:
        office.pass_time(days=1)
        await place.arrives(away(700), accuracy=600.0)
        await place.rep.taps("The pin is wrong")
        await place.rep.says("/cancel")
        await place.rep.taps("Yes, give it up")
    assert (await place.row()).latitude is None, "nobody would ever confirm it"
    office.pass_time(days=1)
    await place.arrives(away(10))
    assert (await place.states())[-1] == ("first", "open")


async def test_good_fixes_of_three_visits_refine_the_pin_by_their_median(office: Office) -> None:
    place = await town(office)
    await place.visits(80, 60, 70)
    assert distance(await place.position(), away(70)) < 1
    row = await place.row()
    assert (row.position_from, row.vouched_latitude) == ("refined", DOOR.latitude)


async def test_inaccurate_fixes_refine_nothing(office: Office) -> None:
    place = await town(office)
    await place.visits(80, 60, 70, accuracy=101.0)
    assert await place.position() == DOOR


async def test_three_visits_elsewhere_ask_whether_the_customer_has_moved_once(office: Office) -> None:
    place = await town(office)
    await place.visits(400, 410, 390)
    assert await place.states() == [("drift", "open")]
    assert "400 m from the pin. Has the customer moved?" in await place.looks()
    await place.manager.taps("No")
    office.pass_time(days=1)
    await place.sends(away(400), 15.0)
    assert await place.states() == [("drift", "refused")], "asked again by fixes that were refused already"
    assert await place.position() == DOOR


async def test_who_says_that_the_pin_is_wrong_goes_on_and_hears_what_his_manager_says(office: Office) -> None:
    place = await town(office)
    await place.arrives(away(700))
    await place.rep.taps("The pin is wrong")
    assert "Who do you talk to" in place.rep.last or "Decides" in str(place.rep.labels)
    assert "Emma says that the pin is wrong: he stood at the customer's, 700 m from it" in await place.looks()
    await place.manager.taps("Yes, here")
    assert "Mia has moved the pin of Harbour Bakery to where you stood" in heard(place.rep)
    assert distance(await place.position(), away(700)) < 1


async def test_the_pin_is_corrected_from_the_customers_page_without_a_visit(office: Office) -> None:
    place = await town(office)
    await place.rep.says("/customers harbour")
    await place.rep.taps("The pin is wrong")
    assert "Are you at Harbour Bakery's door?" in place.rep.last
    await place.rep.gives(Located(away(300), 12.0, forwarded=True))
    assert "forward" in heard(place.rep) and await place.states() == []
    await place.rep.gives(Located(away(300), 12.0))
    assert "A manager looks at where Harbour Bakery is" in place.rep.last
    await place.rep.says("/customers harbour")
    assert "waits for a manager" in place.rep.last


async def test_a_place_is_decided_once_and_by_those_who_lead_the_rep(office: Office) -> None:
    place = await town(office, **NOWHERE)
    await place.sends(DOOR, 15.0)
    other = await office.member(33, "Otto", "manager")
    await other.says("/digest")
    assert "📍" not in str(other.labels)
    boss = await office.member(34, "Ann", "admin")
    await boss.says("/digest")
    await boss.taps("📍 Where they are")
    await place.looks()
    await place.manager.taps("Yes, here")
    await boss.taps("Yes, here")
    assert "Somebody has decided" in boss.last


async def test_a_newer_place_takes_the_waiting_ones_turn(office: Office) -> None:
    place = await town(office)
    for north in (300, 320):
        await place.rep.says("/customers harbour")
        await place.rep.taps("The pin is wrong")
        await place.rep.gives(Located(away(north), 12.0))
    assert await place.states() == [("pin_wrong", "replaced"), ("pin_wrong", "open")]
