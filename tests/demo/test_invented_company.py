"""The invented company: complete, nobody's real number, and a past that the rules would have made."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.demo import founding
from bot.demo.company import PEOPLE
from bot.demo.customers import CUSTOMERS
from bot.demo.rota import days_of
from bot.domain.cadence import due_on
from bot.domain.policy import Policy
from bot.services.calendars import official_days
from storage import followups, people, totals, visits
from storage.blobs import Blobs
from storage.database import Connection, Database
from storage.tables import CustomerRow, PhotoRow, VisitRow, table

NOW = datetime(2026, 11, 23, 0, 50, tzinfo=UTC)  # a Monday, 08:50 in Shanghai
TODAY = date(2026, 11, 23)
CUSTOMER, VISIT, PHOTO = table(CustomerRow), table(VisitRow), table(PhotoRow)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A founded company, made once for this file: nothing here changes it."""
    folder = tmp_path_factory.mktemp("demo")
    asyncio.run(founding.found_or_reopen(folder, folder / "photos", NOW))
    return folder


@pytest.fixture
async def company(folder: Path) -> AsyncIterator[Database]:
    database = Database(founding.address(folder))
    yield database
    await database.close()


async def rows(database: Database, statement: Any) -> list[Any]:
    return await database.read(lambda connection: list(connection.execute(statement)))


def test_the_books_hold_sixty_customers_of_all_grades_with_numbers_that_nobody_has() -> None:
    everybody = [one for own in CUSTOMERS.values() for one in own]

    assert len(everybody) == 60
    assert {one.line.grade for one in everybody} == {"A", "B", "C", "D", ""}
    assert len({one.line.name for one in everybody}) == 60
    assert all(one.phone.split("-")[1].startswith("0000 ") for one in everybody)
    assert all(each.phone.startswith("+86 100 ") for each in PEOPLE)


async def test_each_rep_has_his_city_and_the_manager_sees_both(company: Database) -> None:
    def read(connection: Connection) -> list[Any]:
        return people.list_in(connection, "")

    members = {each.telegram_id: each for each in await company.read(read)}
    rep, manager, admin, second = (members[each.telegram_id] for each in PEOPLE)

    assert manager.may_see(rep)
    assert manager.may_see(second)
    assert not rep.may_see(second)
    assert admin.roles == {"admin"}
    owned = Counter(row.owner_id for row in await rows(company, select(CUSTOMER.c.owner_id)))
    assert owned == {rep.id: len(CUSTOMERS["Chongqing 重庆"]), second.id: len(CUSTOMERS["Chengdu 成都"])}


async def test_every_due_date_is_what_the_cadence_says_of_the_last_visit(company: Database) -> None:
    last: dict[int, datetime] = {}
    for visit in await rows(company, select(VISIT).order_by(VISIT.c.checked_in_at)):
        last[visit.customer_id] = visit.checked_in_at
    calendar = official_days(Policy(), "Asia/Shanghai", TODAY)

    for customer in await rows(company, select(CUSTOMER)):
        seen_at = last.get(customer.id)
        assert customer.last_visit_at == seen_at
        assert customer.due_on == due_on(
            customer.grade,
            seen_at.astimezone(founding.ZONE).date() if seen_at is not None else None,
            customer.created_at.astimezone(founding.ZONE).date(),
            is_new=customer.is_new,
            policy=Policy(),
            calendar=calendar,
        )


async def test_a_morning_has_customers_overdue_due_and_seen_lately(company: Database) -> None:
    for owner_id in {row.owner_id for row in await rows(company, select(CUSTOMER.c.owner_id))}:
        due = [row.due_on for row in await rows(company, select(CUSTOMER).where(CUSTOMER.c.owner_id == owner_id))]
        assert 2 <= sum(on < TODAY for on in due) <= 10
        assert TODAY in due
        assert sum(on > TODAY for on in due) >= 15


async def test_the_past_is_of_working_days_and_none_of_it_is_still_to_come(company: Database) -> None:
    calendar = official_days(Policy(), "Asia/Shanghai", TODAY)
    told = await rows(company, select(VISIT))

    assert len(told) >= 80
    assert all(visit.state == "sent" and visit.sent_at < NOW for visit in told)
    assert all(calendar.is_working_day(visit.visited_on) for visit in told)
    assert all(6 <= visit.checked_in_at.astimezone(founding.ZONE).hour <= 18 for visit in told)


async def test_the_last_day_leaves_something_to_decide_and_something_done(company: Database) -> None:
    friday = await rows(company, select(VISIT).where(VISIT.c.visited_on == date(2026, 11, 20)))

    assert len(friday) == 8
    assert {flag["code"] for visit in friday for flag in visit.flags} == {"outside", "stay_short"}
    assert sum(visit.effectiveness == "effective" for visit in friday) >= 3


async def test_totals_count_every_visit(company: Database) -> None:
    told = await rows(company, select(VISIT))
    ids = {visit.person_id for visit in told}

    def summed(connection: Connection) -> list[Any]:
        return totals.sum_by_day(connection, ids, date(2026, 1, 1), TODAY)

    days = await company.read(summed)
    assert sum(day.visits for day in days) == len(told)
    assert sum(day.effective for day in days) == sum(visit.effectiveness == "effective" for visit in told)
    assert sum(day.flagged for day in days) == sum(bool(visit.flags) for visit in told)


async def test_each_rep_has_promises_overdue_for_today_and_to_come_with_their_reminder(company: Database) -> None:
    reps = {visit.person_id for visit in await rows(company, select(VISIT.c.person_id))}
    for rep_id in reps:
        promised = await company.read(lambda connection, rep_id=rep_id: followups.list_open(connection, rep_id))
        due = [owned.followup.due_on for owned in promised]
        assert sum(on < TODAY for on in due) == 1
        assert sum(on == TODAY for on in due) == 2
        assert sum(on > TODAY for on in due) >= 1
        assert all(owned.remind_at is not None and owned.remind_at > NOW for owned in promised)


async def test_every_store_check_kept_its_photo_and_the_marked_copy(company: Database, folder: Path) -> None:
    blobs = Blobs(str(folder / "photos"))
    kept = await rows(company, select(PHOTO))

    assert len(kept) >= 15
    assert len({photo.sha256 for photo in kept}) == len(kept)
    for photo in kept[:3]:
        assert photo.state == "kept"
        assert await blobs.read(photo.original) != await blobs.read(photo.marked)


async def test_every_visit_reads_back_complete(company: Database) -> None:
    ids = [visit.id for visit in await rows(company, select(VISIT.c.id))]
    told = await company.read(lambda connection: [visits.get(connection, visit_id) for visit_id in ids])

    assert all(not visit.checklist.open_items() for visit in told)
    assert all(visit.next_step is not None and visit.result is not None and visit.words for visit in told)


@pytest.mark.parametrize("today", ["2026-02-24", "2026-10-08", "2026-11-24", "2027-01-04"])
def test_the_past_holds_after_the_longest_holidays_too(today: str) -> None:
    on = date.fromisoformat(today)
    calendar = official_days(Policy(), "Asia/Shanghai", on)
    days = days_of(dict(enumerate(CUSTOMERS["Chongqing 重庆"])), on, calendar)

    assert calendar.last_working_day_before(on) == max(days)
    assert len(days[max(days)]) >= 4
    assert all(calendar.is_working_day(day) for day in days)
    assert all(len(set(seen)) == len(seen) <= 6 for seen in days.values())


@pytest.mark.parametrize(
    ("real_now", "stopped_at", "begins"),
    [
        ("2026-11-23T15:00", None, "2026-11-23T08:50"),
        ("2026-11-21T15:00", None, "2026-11-23T08:50"),
        ("2026-11-23T15:00", "2026-11-20T19:30", "2026-11-23T08:50"),
        ("2026-11-23T15:00", "2026-11-23T11:10", "2026-11-23T11:10"),
        ("2026-11-23T15:00", "2026-11-23T19:05", "2026-11-24T08:50"),
        ("2026-11-23T15:00", "2026-11-27T22:00", "2026-11-30T08:50"),
        ("2026-10-02T10:00", None, "2026-10-08T08:50"),
    ],
)
def test_the_clock_begins_in_a_working_morning_or_where_it_stopped(
    real_now: str, stopped_at: str | None, begins: str
) -> None:
    def local(text: str) -> datetime:
        return datetime.fromisoformat(text).replace(tzinfo=founding.ZONE)

    calendar = founding.calendar_at(local(real_now), Policy())
    stopped = local(stopped_at) if stopped_at is not None else None
    assert founding.begins_at(local(real_now), stopped, calendar) == local(begins)
