"""Leave: entered in words, cancelled by a tap; on those days nobody hears from us and nothing counts as missed."""

from collections.abc import AsyncIterator
from datetime import date

import pytest
from desk_talk import Guest
from office_hours import Company, local, news

from storage import customers
from storage.database import Database


@pytest.fixture
async def company(database: Database) -> AsyncIterator[Company]:
    company = Company(database)
    company.office.now = local("2026-11-20 09:00")
    yield company


async def staff(company: Company) -> tuple[Guest, Guest]:
    """A manager and his rep, both planned for."""
    max_ = await company.member("Max", "manager", team="East")
    rae = await company.member("Rae", team="East")
    await company.tick()
    return max_, rae


async def due_on(company: Company, customer_id: int) -> date | None:
    row = await company.database.read(lambda connection: customers.get_row(connection, customer_id))
    return row.due_on  # type: ignore[no-any-return]


async def test_a_rep_on_leave_gets_no_brief_and_no_reminder_and_the_digest_says_so(company: Company) -> None:
    max_, rae = await staff(company)
    bakery = await company.customer("Bakery", rae, due_on=date(2026, 11, 20), grade="A")
    await company.promise(rae, bakery, "call back", "2026-11-23")
    await rae.says("/leave 2026-11-23 2026-11-24")
    assert any("Rae is on leave" in text for text in news(max_))
    await company.at("2026-11-20 20:00")
    news(rae)
    news(max_)
    await company.at("2026-11-23 09:10")
    await company.at("2026-11-23 17:00")
    assert news(rae) == []
    await company.at("2026-11-23 20:00")
    (digest,) = [text for text in news(max_) if "Digest" in text]
    assert "Rae: on leave until Tue 24 Nov" in digest
    assert "No visit: Rae" not in digest and "overdue" not in digest
    await company.at("2026-11-25 09:10")
    assert any("Good morning" in text and "call back" in text and "overdue" not in text for text in news(rae))
    await company.at("2026-11-25 20:00")
    assert any("No visit: Rae" in text and "call back" in text and "overdue" not in text for text in news(max_))


async def test_what_fell_due_on_leave_is_due_on_the_first_day_back_and_overdue_from_then_on(company: Company) -> None:
    max_, rae = await staff(company)
    bakery = await company.customer("Bakery", rae)
    await company.promise(rae, bakery, "send prices", "2026-11-25")
    await company.promise(rae, bakery, "call back", "2026-11-23")
    await rae.says("/leave 2026-11-24 2026-11-27")
    await company.at("2026-11-27 20:00")
    await company.at("2026-11-30 09:10")  # the Monday after it
    listed = await rae.says("/followups")
    assert "send prices · today" in listed.replace("</b>", "") and "call back" in listed
    await rae.taps("2")
    assert "overdue" not in rae.last
    news(max_)
    await company.at("2026-11-30 20:00")
    (digest,) = [text for text in news(max_) if "Digest" in text]
    assert "call back · Mon 23 Nov · ⏰ 7 days overdue" in digest, "what was overdue before the leave still is"
    assert "send prices · today" in digest.partition("Promises due next")[2]
    company.office.now = local("2026-12-01 09:30")
    assert "send prices · Wed 25 Nov · ⏰ 1 day overdue" in await rae.says("/followups")


async def test_a_due_date_on_leave_moves_to_the_first_day_back_and_returns_when_leave_is_cancelled(
    company: Company,
) -> None:
    _, rae = await staff(company)
    seen_at = local("2026-11-13 10:00")
    bakery = await company.customer("Bakery", rae, grade="A", last_visit_at=seen_at)
    await rae.says("/leave 2026-12-01 2026-12-02")
    before = await due_on(company, bakery)
    assert before is not None
    await rae.says(f"/leave {before} {before}")
    moved = await due_on(company, bakery)
    assert moved is not None and moved > before
    await rae.taps("✖️")
    assert await due_on(company, bakery) == before


async def test_leave_is_read_in_words_and_wrong_ones_say_what_is_right(company: Company) -> None:
    _, rae = await staff(company)
    for typed, answer in (
        ("whenever", "I cannot read from which day to which day"),
        ("2026-12-05 2026-12-01", "is before"),
        ("2026-11-01 2026-11-02", "is over already"),
        ("2026-12-01 2029-12-01", "Is the year right?"),
    ):
        assert answer in await rae.says(f"/leave {typed}"), typed
    await rae.says("/leave 下周一到下周三")
    assert "Mon 23 Nov – Wed 25 Nov" in rae.last
    assert "There is leave on some of these days already" in await rae.says("/leave 2026-11-25")
    await rae.taps("＋ Enter leave")
    await rae.says("12月1日 3天")
    assert "Tue 1 Dec – Thu 3 Dec" in rae.last


async def test_his_manager_enters_leave_for_him_and_nobody_elses_manager_can(company: Company) -> None:
    max_, rae = await staff(company)
    other = await company.member("Otto", "manager", team="West")
    lin = await company.member("Lin", team="East")
    await max_.says("/people rae")
    await max_.taps("🌴 Leave")
    await max_.taps("＋ Enter leave")
    await max_.says("tomorrow")
    assert any("Max has entered leave for you" in text for text in news(rae))
    for stranger in (other, lin):
        await stranger.says("/menu")
        await stranger.taps_data(stranger.newest, f"leave:{rae.person_id}:0:new")
        assert "not in your team" in stranger.last
        await stranger.taps_data(stranger.newest, "leave:1:0:cancel")
        assert "not in your team" in stranger.last
    await max_.taps("✖️ Sat 21 Nov")
    assert any("Max has taken your leave back" in text for text in news(rae))
    await max_.taps_data(max_.newest, "leave:1:0:cancel")
    assert "not there any more" in max_.last


async def test_a_manager_on_leave_gets_the_missed_day_in_the_first_digest_after_it(company: Company) -> None:
    max_, _ = await staff(company)
    await max_.says("/leave 2026-11-23")
    await company.at("2026-11-20 20:00")
    news(max_)
    await company.at("2026-11-23 20:00")
    assert news(max_) == []
    await company.at("2026-11-24 20:00")
    assert any("Digest · Tue 24 Nov" in text for text in news(max_))
