"""`/calendar`: an admin looks at the months, corrects days by tap and word, and confirms a year; it holds at once."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from desk_talk import Guest, Office
from office_hours import Company, local, news
from sqlalchemy import event, select

from bot.services.due_dates import DueDates
from storage import customers, jobs
from storage.database import Database
from storage.tables import PersonRow, table


@pytest.fixture
async def company(database: Database) -> AsyncIterator[Company]:
    company = Company(database)
    company.office.now = local("2026-11-20 09:00")
    yield company


async def admin_of(company: Company, language: str = "en") -> Guest:
    return await company.member("Ann", "admin", language=language)


async def planned_anew(company: Company) -> None:
    """The job that counts due days does its work."""
    due_dates = DueDates(company.office.desk)
    for job in await company.database.read(lambda connection: jobs.list_due(connection, company.office.now, 9)):
        if job.kind == "due_dates":
            await due_dates.work(job)


async def due_on(company: Company, customer_id: int) -> date | None:
    row = await company.database.read(lambda connection: customers.get_row(connection, customer_id))
    return row.due_on  # type: ignore[no-any-return]


async def test_a_month_tells_holidays_by_their_names_and_make_up_days_in_the_readers_language(company: Company) -> None:
    ann, wang = await admin_of(company), await company.member("王芳", "admin", language="zh_Hans")
    assert "Sat 10 Oct" in await ann.says("/calendar 2026-10")
    assert "National Day" in ann.last and "October 2026 · China" in ann.last
    assert "💼10" in ann.labels and "🌴1" in ann.labels and "·11" in ann.labels and "12" in ann.labels
    assert "国庆节" in await wang.says("/calendar 2026年10月") and "中国" in wang.last
    assert "Tue 6 Oct: off, for Sun 20 Sep that is worked" in ann.last
    assert "休息，9月20日 周日调休上班" in wang.last
    assert "A day off. Sun 20 Sep is worked for it." in await ann.says("/calendar 2026-10-06")
    await ann.says("/calendar 2026-10")
    await ann.taps("November 2026 ›")
    assert "No holiday and no make-up day in this month." in ann.last


async def test_a_tap_makes_a_day_off_and_back_and_the_page_says_who(company: Company) -> None:
    ann = await admin_of(company)
    await ann.says("/calendar")
    await ann.taps("24")
    assert "A working day." in ann.last and "So says the official calendar" in ann.last
    await ann.taps("Make it a day off")
    assert "A day off." in ann.last and "Ann has said so" in ann.last and "says: worked" in ann.last
    await ann.taps("Give it a name")
    await ann.says("Founding day")
    assert "Founding day" in ann.last
    await ann.taps("The month")
    assert "Tue 24 Nov: Founding day, corrected by Ann" in ann.last and "✏️24" in ann.labels
    await ann.taps("✏️24")
    await ann.taps("Back to the official calendar")
    assert "A working day." in ann.last and "So says the official calendar" in ann.last
    audit = await ann.says("/audit calendar")
    assert "called Founding day" in audit and "the official calendar has it" in audit and "CN" in audit


async def test_days_are_typed_in_both_languages_with_what_they_are_for(company: Company) -> None:
    ann = await admin_of(company)
    await ann.says("/calendar 2027-02-06 2027-02-12 off Spring Festival")
    assert "Sat 6 Feb 2027 – Fri 12 Feb 2027: Spring Festival, corrected by Ann" in ann.last
    await ann.says("/calendar 2027年2月20日 上班")
    assert "💼 Sat 20 Feb 2027: worked, corrected by Ann" in ann.last
    await ann.says("/calendar 2月6日到8日 恢复")
    assert "Tue 9 Feb 2027 – Fri 12 Feb 2027: Spring Festival, corrected by Ann" in ann.last
    for typed, answer in (
        ("Bakery", "I cannot read a day in “Bakery”"),
        ("2027 off", "I cannot read a day in “2027”"),
        ("2027-02-12 2027-02-06 off", "is before"),
        ("2027-01-01 2029-01-01 off", "Is the year right?"),
        ("XK 2027-02-08 off", "Nobody of yours works in “XK”"),
    ):
        assert answer in await ann.says(f"/calendar {typed}"), typed


async def test_a_correction_moves_due_dates_briefs_and_digests_at_once(company: Company) -> None:
    ann = await admin_of(company)
    max_ = await company.member("Max", "manager", team="East")
    rae = await company.member("Rae", team="East")
    bakery = await company.customer("Bakery", rae, grade="A", last_visit_at=local("2026-11-16 10:00"))
    await company.tick()
    await company.at("2026-11-20 20:00")
    for guest in (max_, rae):
        news(guest)
    await ann.says("/calendar 2026-11-23 off")
    await planned_anew(company)
    assert await due_on(company, bakery) == date(2026, 11, 24)
    await ann.says("/calendar 2026-11-23 back")
    await planned_anew(company)
    assert await due_on(company, bakery) == date(2026, 11, 23)
    await ann.says("/calendar 2026-11-23 off")
    await company.at("2026-11-23 09:10")
    await company.at("2026-11-23 20:00")
    assert news(rae) == [] and news(max_) == []
    await company.at("2026-11-24 09:10")
    await company.at("2026-11-24 20:00")
    assert "Good morning" in news(rae)[0] and "Digest" in news(max_)[0]


async def test_a_correction_leaves_whoever_is_on_leave_in_peace(company: Company) -> None:
    ann, rae = await admin_of(company), await company.member("Rae")
    await company.tick()
    await rae.says("/leave 2026-11-23 2026-11-25")
    await ann.says("/calendar 2026-11-26 off")
    due = select(*(table(PersonRow).c[name] for name in ("name", "brief_due_at"))).order_by(table(PersonRow).c.id)
    assert [tuple(row) for row in await company.database.read(lambda c: list(c.execute(due)))] == [
        ("Ann", local("2026-11-23 08:00")),
        ("Rae", local("2026-11-27 08:00")),
    ]


async def test_a_year_that_is_not_confirmed_says_so_here_and_in_december_in_health(company: Company) -> None:
    ann = await admin_of(company)
    assert "2027 is not confirmed" not in await ann.says("/health")
    company.office.now = local("2026-12-01 09:00")
    assert "The calendar of 2027 is not confirmed (China)" in await ann.says("/health")
    assert "The calendar of 2027 is not confirmed" in await ann.says("/calendar 2027-02")
    await ann.taps("confirm 2027")
    assert "2027 was confirmed by Ann" in ann.last
    assert "is not confirmed" not in await ann.says("/health")
    await ann.says("/calendar 2027")
    await ann.taps("not confirmed after all")
    assert "The calendar of 2027 is not confirmed" in ann.last


async def test_each_country_has_its_own_corrections(company: Company) -> None:
    ann = await admin_of(company)
    await company.member("Udo", zone="Europe/Berlin")
    await ann.says("/calendar 2026-12-24 off Christmas Eve")
    await ann.taps("🌐 Germany")
    assert "Christmas Eve" not in ann.last and "December 2026 · Germany" in ann.last
    await ann.says("/calendar DE 2026-12-27 work")
    assert "Germany" in ann.last and "💼 Sun 27 Dec: worked" in ann.last


async def test_who_is_no_admin_any_more_is_asked_for_no_name(company: Company) -> None:
    ann = await admin_of(company)
    await ann.says("/calendar 2026-11-24 off")
    await ann.says("/calendar 2026-11-24")
    await ann.taps("Give it a name")
    await company.office.change_person(ann, roles="rep")
    assert "Only an admin" in await ann.says("Founding day")
    assert "Only an admin" not in await ann.says("Founding day")


async def test_the_same_tap_twice_is_kept_once(company: Company) -> None:
    ann = await admin_of(company)
    await ann.says("/calendar 2026-11-24")
    message, data = ann.button("Make it a day off")
    for _ in range(2):
        await ann.taps_data(message, data)
    assert (await ann.says("/audit calendar")).count("Days corrected") == 1


async def test_working_days_cost_one_look_where_they_matter_and_none_elsewhere(database: Database) -> None:
    office = Office(database)
    ann = await office.member(11, "Ann", "admin,rep")
    await ann.says("/calendar 2026-11-24 off")
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    await ann.says("/menu")
    assert not [statement for statement in asked if "calendar_change" in statement]
