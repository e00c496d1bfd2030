"""A screening proposes a grade; the rep's manager gives it to the customer, and it counts at once."""

from datetime import date

import pytest
from desk_talk import Guest
from office_hours import Company, local, news

from bot.domain.conversation import Chose
from bot.domain.shipped import FORMS
from storage import customers, search, sops
from storage.database import Database

SCREENING = next(form for form in FORMS if form.type == "screening")


@pytest.fixture
async def company(database: Database) -> Company:
    company = Company(database)
    company.office.now = local("2026-11-23 09:00")
    await database.write(lambda connection: sops.publish(connection, SCREENING, company.office.now))
    return company


async def screened(company: Company, rep: Guest, grade: str | None = "C") -> int:
    """The rep fills in the form about one of his customers: 83 of 100 points."""
    seen_at = local("2026-11-20 10:00")
    number = await company.customer("Harbour Bakery", rep, grade=grade, last_visit_at=seen_at)

    await company.database.write(lambda c: search.index(c, [customers.get(c, number)]))
    await rep.says("/visit")
    await rep.taps("First visit")
    await rep.gives(Chose("off_site"))
    await rep.says("harbour")
    await rep.taps("Harbour Bakery")
    for label in ("5 ★", "4 ★", "He named a budget", "Done", "3 ★", "Skip", "🎯", "Nothing particular"):
        await rep.taps(label)
    await rep.says("send the offer on Friday")
    await rep.taps("Yes")
    await rep.taps("✅ Send")
    return number


async def grade_and_due(company: Company, number: int) -> tuple[str | None, date | None]:
    row = await company.database.read(lambda connection: customers.get_row(connection, number))
    return row.grade, row.due_on


async def test_the_manager_gives_the_proposed_grade_and_the_cadence_follows(company: Company) -> None:
    max_, ann = await company.member("Max", "manager", team="East"), await company.member("Ann", "admin")
    rae = await company.member("Rae", team="East")
    bakery = await screened(company, rae)
    assert "<b>Harbour Bakery</b> has 83 of 100 in the screening by Rae" in max_.last
    assert "Proposed is grade B; now it is C" in max_.last
    await max_.taps("Make it grade B")
    assert "is grade B now. Next visit due Fri 4 Dec" in max_.last
    assert await grade_and_due(company, bakery) == ("B", date(2026, 12, 4))
    assert any("Max has made <b>Harbour Bakery</b> grade B" in text for text in news(rae))
    entry = await ann.says("/audit customer")
    assert "Grade changed: Harbour Bakery" in entry and "Max" in entry and "C → <b>B</b>" in entry
    await max_.taps("Grade C again")
    assert (await grade_and_due(company, bakery))[0] == "C"


async def test_a_grade_that_he_has_is_not_proposed(company: Company) -> None:
    max_, rae = await company.member("Max", "manager", team="East"), await company.member("Rae", team="East")
    await screened(company, rae, "B")
    assert not any("Proposed" in text for text in news(max_))


async def test_neither_the_rep_nor_another_teams_manager_gives_it(company: Company) -> None:
    await company.member("Max", "manager", team="East")
    rae, otto = await company.member("Rae", team="East"), await company.member("Otto", "manager", team="West")
    bakery = await screened(company, rae)
    for stranger, answer in ((rae, "Only a manager"), (otto, "outside of your team")):
        await stranger.says("/menu")
        await stranger.taps_data(stranger.newest, "grade:1:0:give.A")
        assert answer in stranger.last
    assert (await grade_and_due(company, bakery))[0] == "C"
