"""The week's visits are made from routes on Monday, once, and follow whatever changes; a rep may leave a stop out."""

import asyncio
from datetime import date
from typing import Any

import pytest
from desk_talk import Guest, Office
from office_hours import Company, local, news
from sqlalchemy import select

from bot.domain.route import Route
from bot.services import flows, planned
from storage import people, routes
from storage.database import Connection, Database
from storage.tables import PlannedVisitRow, table

PLANNED = table(PlannedVisitRow)
MONDAY = date(2026, 11, 23)
NEXT_MONDAY = "2026-11-30 00:00"


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database)


async def route(company: Company, rep: Guest, name: str, days: set[int], stops: list[int], every: int = 1) -> int:
    """A route that stands since before; nothing is made of it yet but what its rep's week needs."""

    def store(connection: Connection) -> int:
        more = {"starts_on": MONDAY, "by": rep.person_id, "now": company.office.now}
        route_id = routes.add(connection, name=name, person_id=rep.person_id, **more)
        routes.change(connection, Route(route_id, name, rep.person_id, frozenset(days), every, MONDAY))
        routes.set_stops(connection, route_id, stops)
        return route_id

    route_id = await company.database.write(store)
    await remake(company, rep)
    return route_id


async def remake(company: Company, rep: Guest) -> None:
    await company.office.desk.act(
        f"made:{company.office.now}", lambda turn: planned.remake(turn, people.get(turn.connection, rep.person_id))
    )


async def plan(company: Company) -> list[tuple[int, str, str]]:
    """Day of the month, customer's name and state of everything planned, in the order of the day."""
    rows: list[Any] = await company.database.read(
        lambda c: list(c.execute(select(PLANNED).order_by(PLANNED.c.on_date, PLANNED.c.id)))
    )
    return [(row.on_date.day, row.customer_id, row.state) for row in rows]


async def test_a_route_made_in_mid_week_fills_the_rest_and_monday_makes_the_next_week_once(
    company: Company, database: Database
) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    company.office.now = local("2026-11-24 09:00")
    await route(company, rep, "Harbour", {1, 4}, [mill, bakery])
    assert await plan(company) == [(26, mill, "planned"), (26, bakery, "planned")]
    await company.at("2026-11-29 23:59")
    assert len(await plan(company)) == 2
    second = Company(database, Office(database))
    ticks = []
    for one in (company, second):
        one.office.now = local(NEXT_MONDAY)
        ticks.append(one.office.desk.act(f"tick:{len(ticks)}", flows.tick))
    await asyncio.gather(*ticks)
    await company.tick()
    made = [(30, mill), (30, bakery), (3, mill), (3, bakery)]
    assert [line[:2] for line in (await plan(company))[2:]] == made


async def test_whoever_dies_while_monday_is_made_leaves_it_to_the_next_tick(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {1}, [bakery])
    company.office.now = local(NEXT_MONDAY)

    class Killed(Exception):  # noqa: N818 - it is an end, not an error
        """The end, just before the commit."""

    def tick(turn: Any) -> None:
        flows.tick(turn)
        raise Killed

    with pytest.raises(Killed):
        await company.office.desk.act("tick:dies", tick)
    assert [line[0] for line in await plan(company)] == [23]
    await company.tick()
    await company.tick()
    assert [line[0] for line in await plan(company)] == [23, 30]


async def test_after_an_outage_over_monday_the_rest_of_the_week_is_made(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {1, 5}, [bakery])
    await company.at("2026-12-02 10:00")
    assert [line[0] for line in await plan(company)] == [23, 27, 4]


async def test_a_customer_of_two_routes_is_planned_once_a_day(company: Company) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    await route(company, rep, "Harbour", {2}, [bakery])
    await route(company, rep, "Hill", {2, 3}, [mill, bakery])
    assert [line[:2] for line in await plan(company)] == [(24, bakery), (24, mill), (25, mill), (25, bakery)]


async def test_whoever_is_somebody_elses_meanwhile_is_left_out(company: Company) -> None:
    rep, lin = await company.member("Rae"), await company.member("Lin")
    bakery, mill = await company.customer("Bakery", lin), await company.customer("Mill", rep)
    await route(company, rep, "Harbour", {1}, [bakery, mill])
    assert [line[:2] for line in await plan(company)] == [(23, mill)]


async def test_leave_takes_its_days_out_and_gives_them_back(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {2, 4}, [bakery])
    await rep.says("/leave 2026-11-24")
    assert [line[0] for line in await plan(company)] == [26]
    await rep.taps("✖️ Tue 24 Nov")
    assert [line[0] for line in await plan(company)] == [24, 26]


async def test_a_sent_visit_marks_the_planned_one_done_and_it_stays_so(company: Company) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    await route(company, rep, "Harbour", {1}, [bakery, mill])
    visit = await company.visit(rep, bakery, "2026-11-23 09:00", sent="2026-11-23 10:00")
    await company.database.write(lambda c: planned.planned.mark_done(c, rep.person_id, bakery, MONDAY, visit))
    await remake(company, rep)
    assert await plan(company) == [(23, bakery, "done"), (23, mill, "planned")]
    await rep.says("/today")
    assert "On the route: 1 of 2 done" in rep.last
    assert "1. Mill" in rep.last


async def test_whom_he_has_only_called_he_is_still_to_see(company: Company) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    await route(company, rep, "Harbour", {1}, [bakery, mill])
    await company.visit(rep, bakery, "2026-11-23 09:00", sent="2026-11-23 09:10", arrival="remote")
    await company.visit(rep, mill, "2026-11-23 09:30", sent="2026-11-23 10:00")
    await remake(company, rep)
    assert await plan(company) == [(23, bakery, "planned")]


async def test_today_tells_of_a_stop_in_the_routes_order_and_not_again_among_the_due(company: Company) -> None:
    rep = await company.member("Rae")
    mill = await company.customer("Mill", rep, due_on=date(2026, 11, 20))
    bakery = await company.customer("Bakery", rep)
    await company.customer("Grocer", rep, due_on=date(2026, 11, 22))
    await route(company, rep, "Harbour", {1}, [bakery, mill])
    await company.at("2026-11-23 09:00")
    told = await rep.says("/today")
    assert told.index("1. Bakery") < told.index("2. Mill") < told.index("1 customer due") < told.index("Grocer")
    assert told.count("Mill") == 1
    assert "🟠 3 days overdue" in told


async def test_a_brief_comes_for_a_route_alone(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await company.tick()  # plans his first brief
    await route(company, rep, "Harbour", {2}, [bakery])
    await company.at("2026-11-24 08:00")
    assert "On the route: 1 customer" in news(rep)[-1]


async def test_a_stop_is_left_out_with_a_reason_and_taken_up_again(company: Company) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    await route(company, rep, "Harbour", {1}, [bakery, mill])
    await rep.says("/today")
    await rep.taps("Leave a stop out")
    await rep.taps("✖️ Bakery")
    assert await rep.says("x") == "Why is <b>Bakery</b> left out today? Tap or type a reason."
    await rep.taps("Settled by phone")
    await remake(company, rep)
    assert await plan(company) == [(23, bakery, "dropped"), (23, mill, "planned")]
    assert "On the route: 1 customer" in await rep.says("/today")
    await rep.taps("Leave a stop out")
    assert "↩️ Bakery" in rep.labels
    await rep.taps("↩️ Bakery")
    assert {line[2] for line in await plan(company)} == {"planned"}


async def test_nobody_leaves_out_a_stop_of_somebody_else(company: Company) -> None:
    rep, lin = await company.member("Rae"), await company.member("Lin")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {1}, [bakery])
    await lin.says("/today")
    await lin.taps_data(lin.newest, "plan:1:0:leave")
    assert [line[2] for line in await plan(company)] == ["planned"]
    assert "Why is" not in lin.last


async def test_a_holiday_is_not_walked(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    company.office.now = local("2026-09-28 09:00")
    await route(company, rep, "Harbour", {3, 4}, [bakery])
    assert [line[0] for line in await plan(company)] == [30]  # 1 October is China's national day


async def test_a_corrected_calendar_takes_a_day_out_of_the_week_that_is_planned(company: Company) -> None:
    rep, ann = await company.member("Rae"), await company.member("Ann", "admin")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {3, 4}, [bakery])
    await ann.says("/calendar 2026-11-25 off Stocktaking")
    await company.tick()
    assert [line[0] for line in await plan(company)] == [26]


async def test_two_corrections_within_one_second_are_both_followed(company: Company) -> None:
    rep, ann = await company.member("Rae"), await company.member("Ann", "admin")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {3, 4}, [bakery])
    for on in ("2026-11-25", "2026-11-26"):  # Telegram's clock has whole seconds
        await ann.says(f"/calendar {on} off Stocktaking")
        await company.tick()
    assert await plan(company) == []


async def test_a_change_that_was_tapped_before_monday_and_comes_after_it_leaves_the_new_week_planned(
    company: Company,
) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {3}, [bakery])
    await company.at(NEXT_MONDAY)
    company.office.now = local("2026-11-29 23:59")  # nobody fetched it while the bot was down
    await remake(company, rep)
    await company.at("2026-11-30 00:01")
    assert [line[0] for line in await plan(company)] == [25, 2]


async def test_a_question_about_a_stop_whose_day_is_over_lets_him_go(company: Company) -> None:
    rep = await company.member("Rae")
    bakery = await company.customer("Bakery", rep)
    await route(company, rep, "Harbour", {1}, [bakery])
    await rep.says("/today")
    await rep.taps("Leave a stop out")
    await rep.taps("✖️ Bakery")
    await company.at("2026-11-24 09:00")  # he never answered
    assert "its day is over" in await rep.says("Too far")
    assert "Bakery" in await rep.says("Bakery")


async def test_a_reason_is_never_taken_for_another_stop_of_a_week_made_anew(company: Company) -> None:
    rep = await company.member("Rae")
    bakery, mill = await company.customer("Bakery", rep), await company.customer("Mill", rep)
    route_id = await route(company, rep, "Harbour", {1}, [bakery, mill])
    await rep.says("/today")
    await rep.taps("Leave a stop out")
    await rep.taps("✖️ Bakery")
    await company.database.write(lambda c: routes.set_stops(c, route_id, [mill, bakery]))
    await remake(company, rep)
    await rep.says("Too far")
    assert await plan(company) == [(23, mill, "planned"), (23, bakery, "planned")]
