"""`/targets`: set by words and buttons for the company, a team or a rep; a rep's day says what is left of them."""

from datetime import date

import pytest
from desk_talk import Guest
from office_hours import Company, local, news
from sqlalchemy import select

from storage.database import Connection, Database
from storage.tables import AuditRow, DayTotalRow, table

AUDIT, TOTAL = table(AuditRow), table(DayTotalRow)


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database)


@pytest.fixture
async def ann(company: Company) -> Guest:
    await company.team("Acme")
    return await company.member("Ann", "admin", team="Acme")


@pytest.fixture
async def boss(company: Company, ann: Guest) -> Guest:
    await company.team("East", below="Acme")
    return await company.member("Chen", "manager", team="East")


@pytest.fixture
async def rae(company: Company, boss: Guest) -> Guest:
    return await company.member("Rae", team="East")


async def counted(company: Company, rep: Guest, on: str, visits: int, effective: int = 0, firsts: int = 0) -> None:
    """A day's total, as the sent visits of it have left it."""

    def store(connection: Connection) -> None:
        values = {"visits": visits, "effective": effective, "firsts": firsts, "seconds": 0, "flagged": 0, "late": 0}
        where = {"person_id": rep.person_id, "on_date": date.fromisoformat(on), "team_id": 0}
        connection.execute(TOTAL.insert().values({**where, **values}))

    await company.database.write(store)


async def test_the_goal_of_the_day_is_what_is_left_over_the_working_days_left(
    company: Company, ann: Guest, rae: Guest
) -> None:
    await ann.says("/targets visits 120")
    await ann.says("/targets effective 60")
    await counted(company, rae, "2026-11-02", 38, 30)
    await counted(company, rae, "2026-10-30", 99, 99)
    told = await rae.says("/today")  # Monday 23 November: six working days are left
    assert "▫️ Visits: <b>14 today</b> · 38 of 120 this month, 6 working days left" in told
    assert "▫️ Effective visits: <b>5 today</b> · 30 of 60 this month, 6 working days left" in told
    await counted(company, rae, "2026-11-23", 2)
    assert "Visits: <b>2 of 14 today</b> · 40 of 120 this month" in await rae.says("/today")
    await counted(company, rae, "2026-11-24", 80)
    company.office.now = local("2026-11-24 18:00")
    assert "✅ Visits: <b>80 of 16 today</b> · 120 of 120 this month\n" in await rae.says("/today")


async def test_leave_leaves_fewer_days_for_the_same_target(company: Company, ann: Guest, rae: Guest) -> None:
    await ann.says("/targets visits 12")
    await rae.says("/leave 2026-11-25 2026-11-26")
    assert "<b>3 today</b> · 0 of 12 this month, 4 working days left" in await rae.says("/today")


async def test_the_brief_says_the_goals_even_where_nothing_else_waits(company: Company, ann: Guest, rae: Guest) -> None:
    await company.tick()
    await ann.says("/targets new 6")
    await company.at("2026-11-24 08:00")
    assert "🎯 <b>Goals</b>\n▫️ New customers: <b>2 today</b> · 0 of 6 this month" in news(rae)[-1]


async def test_the_more_specific_wins_and_a_weeks_target_says_what_the_day_needs(
    company: Company, ann: Guest, boss: Guest, rae: Guest
) -> None:
    await ann.says("/targets visits 120")
    told = await boss.says("/targets visits 90")
    assert "Targets: East" in told
    assert "<b>Visits</b>: 90 a month · this week 22" in told
    assert "0 of 90 this month" in await rae.says("/today")
    told = await boss.says("/targets rae visits 30 week")
    assert "Targets: Rae" in told
    assert "<b>Visits</b>: 90 a month (East) · 30 a week" in told
    assert "<b>6 today</b> · 0 of 30 this week, 5 working days left" in await rae.says("/today")
    await boss.says("/targets rae visits - week")
    await boss.says("/targets rae visits 0")
    assert "this month" not in await rae.says("/today")


async def test_a_target_from_next_month_waits_for_it(company: Company, ann: Guest, rae: Guest) -> None:
    told = await ann.says("/targets visits 80 from next month")
    assert "<b>Visits</b>: no target" in told
    assert "↪️ from Tue 1 Dec: 80 a month" in told
    assert "Goals" not in await rae.says("/today")
    company.office.now = local("2026-12-01 09:00")
    assert "0 of 80 this month" in await rae.says("/today")


async def test_buttons_set_what_words_can(company: Company, ann: Guest, boss: Guest, rae: Guest) -> None:
    await boss.says("/targets")
    await boss.taps("✏️ New customers")
    assert "<b>New customers</b> a month, for East: how many for each rep?" in boss.last
    await boss.taps("A week instead")
    await boss.taps("From next week")
    assert "Holds from Mon 30 Nov" in boss.last
    await boss.taps("At once")
    await boss.says("76")
    assert "from 0 to 75" in [shown.text for _, shown in sorted(boss.screen.items())][-2]
    await boss.taps("3")
    assert "<b>New customers</b>: 3 a week" in boss.last
    await boss.taps("Teams and reps")
    await boss.taps("Rae")
    assert "<b>New customers</b>: 3 a week (East)" in boss.last
    await boss.taps("✏️ New customers")
    await boss.taps("A week instead")
    assert "✖️ No target of its own" not in boss.labels
    await boss.taps("5")
    assert "<b>New customers</b>: 5 a week" in boss.last
    await boss.taps("✏️ New customers")
    await boss.taps("A week instead")
    await boss.taps("No target of its own")
    assert "<b>New customers</b>: 3 a week (East)" in boss.last
    rows = await company.database.read(lambda c: list(c.execute(select(AUDIT).order_by(AUDIT.c.seq))))
    assert [(row.what, row.new["value"]) for row in rows] == [
        ("target_set", 3),
        ("target_set", 5),
        ("target_set", "default"),
    ]
    assert rows[0].new == {"target": "new_week", "value": 3, "first_on": "2026-11-23"}


async def test_a_rep_reads_his_own_and_nobody_sets_what_he_does_not_lead(
    company: Company, ann: Guest, boss: Guest, rae: Guest
) -> None:
    wu = await company.member("Wu", "manager", team="West")
    await ann.says("/targets visits 120")
    told = await rae.says("/targets")
    assert "Targets: Rae" in told
    assert "120 a month (the company's)" in told
    assert rae.labels == []
    assert "Only a manager or an admin" in await rae.says("/targets visits 1")
    assert "called “rae”" in await wu.says("/targets rae visits 1")
    assert "set by whoever leads" in await wu.says("/targets East visits 1")
    await wu.taps_data(wu.newest, f"target:{rae.person_id}:0:set-person-visits")
    await boss.says("/targets")
    await boss.taps_data(boss.newest, "target:0:0:set-company-visits")
    assert "set by whoever leads" in boss.last
    assert "0 of 120 this month" in await rae.says("/today")


async def test_a_team_that_is_called_like_a_measure_is_still_found(company: Company, ann: Guest) -> None:
    await company.team("New York")
    assert "New York" in await ann.says("/targets New York visits 100")
    assert "100" in await ann.says("/targets New York")
    assert "100" not in await ann.says("/targets")
