"""A rule with a value for some only: set by words and by buttons, explained, undone where it was set."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import event

from bot.domain.policy import Policy
from bot.domain.policy_scopes import COMPANY, Level
from bot.domain.policy_scopes import Scope as By
from bot.domain.shipped import SHIPPED
from bot.services.desk import Bells, Desk
from bot.services.turn import Turn
from storage import customers, people, policies, search, sops
from storage.database import Database


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    office = Office(database)

    def found(connection: Any) -> None:
        people.found_company(connection, "Acme")
        west = people.add_team(connection, "West", 1)
        people.add_team(connection, "North West", west)
        people.add_team(connection, "East", 1)
        sops.publish_missing(connection, SHIPPED, office.now)
        for name in ("Golden Sun", "Golden Moon", "Harbour Bakery"):
            values = {"grade": "A", "fence_radius": 80.0 if name == "Harbour Bakery" else None}
            customer_id = customers.add(connection, name=name, created_at=office.now, **values)
            search.index(connection, [customers.get(connection, customer_id)])

    await database.write(found)
    yield office


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


async def set_at(office: Office, scope: By, subject: str) -> dict[str, str]:
    return await office.database.read(lambda c: policies.in_force(c, Level(scope, subject)))


@pytest.mark.parametrize(
    ("typed", "scope", "subject", "stored"),
    [
        ("fence.radius 150 team West", By.TEAM, "2", "150"),
        ("check-in radius 150 m for team north west", By.TEAM, "3", "150"),
        ("fence.radius team North West 150 m", By.TEAM, "3", "150"),
        ("签到半径 150 米 等级 A", By.GRADE, "A", "150"),
        ("围栏半径150米 B级", By.GRADE, "B", "150"),
        ("fence.radius 150 type Store check", By.TYPE, "store_check", "150"),
        ("fence.radius 150 customer Golden Sun", By.CUSTOMER, "1", "150"),
    ],
)
async def test_a_value_for_some_is_typed_in_one_line(
    office: Office, ann: Guest, typed: str, scope: By, subject: str, stored: str
) -> None:
    assert "This holds from now on" in await ann.says(f"/set {typed}")
    assert await set_at(office, scope, subject) == {"fence.radius": stored}
    assert not await set_at(office, By.COMPANY, "")


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("fence.radius 20 team West", "must be at least 50 m, and at most 5,000 m"),
        ("fence.radius 10 min grade A", "“10 min” is not in a unit"),
        ("fence.radius 150 team South", "There is no team “South”"),
        ("fence.radius 150 grade E", "there are A, B, C and D"),
        ("fence.radius 150 type Holiday", "There is no type of visit “Holiday”"),
        ("fence.radius 150 customer Nobody at all", "I find no customer"),
        ("digest.at 18:00 grade A", "<b>Manager&#39;s digest</b> cannot differ by this"),
        ("work.days Mon-Sat team West", "It holds for the whole company"),
    ],
)
async def test_what_cannot_be_is_answered_with_what_can(office: Office, ann: Guest, typed: str, told: str) -> None:
    assert told in await ann.says(f"/set {typed}")
    assert not await office.database.read(policies.list_changes)


async def test_of_several_customers_one_is_chosen_and_its_page_says_why(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 300 grade A")
    assert "Several customers fit “golden”" in await ann.says("/set fence.radius 150 customer golden")
    await ann.taps("Golden Sun: 150 m")
    assert "150 m: from customer Golden Sun; grade A has 300 m." in ann.last
    assert "Several customers fit “golden”" in await ann.says("/set fence.radius 40 km/h customer golden")
    await ann.taps("Golden Sun")
    assert "150 m: from customer Golden Sun" in ann.last, "what is no value is typed again on the card"


async def test_a_radius_in_the_customers_record_counts_until_one_is_set(office: Office, ann: Guest) -> None:
    assert "80 m: from the customer's own record" in await ann.says("/settings fence.radius customer Harbour")
    said = await ann.says("/set fence.radius 120 customer Harbour Bakery")
    assert "120 m: from customer Harbour Bakery; the customer's own record has 80 m." in said
    assert "80 m: from the customer's own record" in await ann.says("/undo")


async def test_each_level_has_a_history_and_an_undo_of_its_own(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 300")
    await ann.says("/set fence.radius 150 team West")
    west = ann.button("Undo")
    await ann.says("/set fence.radius 400")
    await ann.taps_data(*west)
    assert "Check-in radius · team West</b>: 150 m → <b>400 m</b>" in ann.last
    assert await set_at(office, By.TEAM, "2") == {}
    assert await set_at(office, By.COMPANY, "") == {"fence.radius": "400"}
    card = await ann.says("/settings fence.radius")
    assert "you · 300 m → 400 m\n" in card and "150 m" not in card.split("Last changes")[1]


async def test_the_company_by_its_teams_name_is_the_company(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 150 team Acme")
    assert await set_at(office, By.COMPANY, "") == {"fence.radius": "150"}


async def test_by_buttons_a_grade_gets_a_stay_and_loses_it_again(office: Office, ann: Guest) -> None:
    assert "↳ grade A: 10 min" in await ann.says("/settings stay.minimum")
    await ann.taps("For some only")
    await ann.taps("A grade")
    assert "A: 10 min" in ann.labels
    await ann.taps("B")
    assert "15 min: from grade B; the default is 5 min." in await ann.taps("15 min")
    assert await set_at(office, By.GRADE, "B") == {"stay.minimum": "15"}
    assert "5 min: from the default" in await ann.taps("Take this value away")
    await ann.taps("The company's value")
    await ann.taps("A: 10 min")
    await ann.taps("Type a value")
    assert "Minimum stay · grade A" in await ann.says("20")
    assert await set_at(office, By.GRADE, "A") == {"stay.minimum": "20"}


async def test_a_change_holds_at_once_in_every_process(office: Office, ann: Guest, database: Database) -> None:
    bells = Bells(posted=lambda *_: None, queued=lambda: None)
    other = Desk(database, lambda: office.now, bells, "Asia/Shanghai", lambda turn: None)

    def radius(turn: Turn) -> float:
        rep = people.get(turn.connection, rae.person_id)
        return turn.policy_for(person=rep).fence_radius

    rae = await office.member(21, "Rae", "rep")
    await office.change_person(rae, team_id=3)
    assert await other.decide("before", radius) == 200
    await ann.says("/set fence.radius 150 team West")
    assert await other.decide("after", radius) == 150
    await ann.says("/undo")
    assert await other.decide("undone", radius) == 200


async def test_asking_for_a_person_a_customer_and_a_type_costs_no_statement(office: Office, ann: Guest) -> None:
    await ann.says("/set fence.radius 150 team West")
    await ann.says("/set stay.minimum 15 customer Golden Sun")
    rae = await office.member(21, "Rae", "rep")
    await office.change_person(rae, team_id=3)
    statements: list[str] = []

    def ask(turn: Turn) -> Policy:
        rep, shop = people.get(turn.connection, rae.person_id), customers.get(turn.connection, 1)
        engine = turn.connection.engine
        event.listen(engine, "before_cursor_execute", note)
        try:
            return turn.policy_for(person=rep, customer=shop, visit_type="store_check")
        finally:
            event.remove(engine, "before_cursor_execute", note)

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        statements.append(statement)

    policy = await office.desk.decide("ask", ask)
    assert (policy.fence_radius, policy.stay_minimum) == (150, timedelta(minutes=15))
    assert statements == []


async def test_an_admin_who_has_blanked_the_company_finds_nothing_set_there(office: Office, ann: Guest) -> None:
    assert "has nothing of its own" in await ann.says("/set fence.radius default team West")
    assert await office.database.read(lambda c: policies.in_force(c, COMPANY)) == {}
