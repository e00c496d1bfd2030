"""What is due is told at its local time, once each, and caught up with after an outage."""

import asyncio
from datetime import timedelta

import pytest
from desk_talk import Office
from office_hours import Company, local, news

from bot.services import flows, members
from bot.services.turn import Turn
from storage import people
from storage.database import Database


@pytest.fixture
async def company(database: Database) -> Company:
    opened = Company(database)
    opened.office.now = local("2026-11-23 09:00")  # a Monday
    return opened


# --- follow-ups -------------------------------------------------------------------------------


async def test_a_promise_is_reminded_of_the_evening_before_and_at_its_time(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("长乐银行", rep)
    await company.promise(rep, customer, "给王总演示", "2026-11-25", "14:00")

    await company.at("2026-11-24 17:59")
    assert news(rep) == []
    await company.at("2026-11-24 18:00")
    (evening,) = news(rep)
    assert "Tomorrow:" in evening
    assert "<b>给王总演示</b>\n长乐银行 · Wed 25 Nov 14:00" in evening
    await company.at("2026-11-25 13:59")
    assert not any("Now:" in text for text in news(rep))
    await company.at("2026-11-25 14:00")
    (now,) = news(rep)
    assert "Now:" in now


async def test_an_overdue_promise_is_told_of_every_day_until_it_is_settled(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "send the paper", "2026-11-26", "10:00")
    await company.at("2026-11-26 10:00")
    news(rep)
    for moment, days in (("2026-11-27 08:00", "1 day"), ("2026-11-28 08:00", "2 days"), ("2026-11-29 08:00", "3 days")):
        await company.at(moment)
        (text,) = news(rep)
        assert f"⏰ {days} overdue" in text
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Done")
    news(rep)
    await company.at("2026-11-30 08:00")
    assert news(rep) == []


async def test_a_second_tick_and_a_second_process_tell_nothing_twice(company: Company, database: Database) -> None:
    rep = await company.member("Wang Lei")
    boss = await company.member("Chen", "manager", team="East")
    await company.office.change_person(rep, team_id=await company.team("Downtown", below="East"))
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "call back", "2026-11-25", "14:00")
    await company.tick()
    second = Company(database, Office(database))
    for moment, told in (("2026-11-24 18:00", rep), ("2026-11-24 19:00", boss), ("2026-11-25 14:00", rep)):
        news(told)
        ticks = []
        for one in (company, second):
            one.office.now = local(moment)
            ticks += [one.office.desk.act(f"tick:{moment}:{len(ticks)}", flows.tick)]
        await asyncio.gather(*ticks)
        await company.tick()
        assert len(news(told)) == (2 if told is rep and "25" in moment else 1)


async def test_after_three_days_of_outage_one_message_tells_of_all_that_is_overdue(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    for number in range(3):
        await company.promise(rep, customer, f"promise {number}", f"2026-11-2{number + 4}", "14:00")
    await company.tick()
    news(rep)
    await company.at("2026-11-28 12:00")  # a Saturday: no morning brief
    (text,) = news(rep)
    assert "3 promises wait for you" in text
    assert "promise 0 · Tue 24 Nov 14:00 · ⏰ 4 days overdue" in text
    assert "promise 2 · Thu 26 Nov 14:00 · ⏰ 2 days overdue" in text
    await company.tick()
    assert news(rep) == []
    await company.at("2026-11-29 08:00")
    assert len(news(rep)) == 1


async def test_a_reminder_that_comes_late_says_its_time(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "demo", "2026-11-23", "14:00")
    await company.at("2026-11-23 16:30")
    (text,) = news(rep)
    assert "Its time was 14:00; I could not tell you then:" in text


async def test_reminders_keep_the_clock_of_a_zone_that_changes_it(company: Company) -> None:
    zone = "Europe/Berlin"  # summer time begins on Sunday 28 March 2027
    company.office.now = local("2027-03-26 12:00", zone)
    rep = await company.member("Anna", zone=zone)
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "call", "2027-03-28", "14:00")
    await company.at("2027-03-27 18:00", zone)
    assert "Tomorrow:" in news(rep)[-1]
    company.office.now = local("2027-03-28 13:59", zone)
    await company.tick()
    assert news(rep) == []
    await company.at("2027-03-28 14:00", zone)
    assert company.office.now.hour == 12
    assert "Now:" in news(rep)[-1]


async def test_a_move_changes_what_is_reminded_of(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "demo", "2026-11-25", "14:00")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    await rep.says("next week Thursday at 10:00")
    await rep.taps("Customer asked for it")
    news(rep)
    for moment in ("2026-11-24 18:00", "2026-11-25 14:00"):
        await company.at(moment)
        assert news(rep) == []
    await company.at("2026-12-02 18:00")
    assert "demo" in news(rep)[-1]


async def test_a_rule_about_times_holds_for_what_is_still_to_come(company: Company) -> None:
    admin = await company.member("Root", "admin")
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "demo", "2026-11-25", "14:00")
    await company.tick()
    await admin.says("/set followup.evening_at 20:00")
    await company.at("2026-11-24 18:00")
    assert news(rep) == []
    await company.at("2026-11-24 20:00")
    assert "Tomorrow:" in news(rep)[-1]


async def test_whoever_blocked_the_bot_is_shown_what_stands_open_when_he_is_back(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "demo", "2026-11-24", "14:00")
    await company.office.change_person(rep, reachable=False)
    for moment in ("2026-11-23 18:00", "2026-11-24 14:00", "2026-11-25 08:00", "2026-11-26 08:00"):
        await company.at(moment)
    assert news(rep) == []

    def back(turn: Turn) -> None:
        turn.visitor = people.get(turn.connection, rep.person_id)
        members.reachable(turn, True, lambda turn: False)

    await company.office.desk.act("back", back)
    await company.send()
    told = news(rep)
    assert len(told) == 2
    assert "demo · Tue 24 Nov 14:00 · ⏰ 2 days overdue" in told[1]


# --- visits -----------------------------------------------------------------------------------


async def test_a_forgotten_visit_is_closed_with_an_unknown_stay(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    visit_id = await company.visit(rep, customer, "2026-11-23 10:00", minutes=None, closes_at=local("2026-11-23 13:00"))
    await company.at("2026-11-23 12:59")
    assert not (await company.row_of_visit(visit_id)).closed_automatically
    await company.at("2026-11-23 13:00")
    await company.tick()
    (text,) = news(rep)
    assert "was never checked out" in text
    row = await company.row_of_visit(visit_id)
    assert row.closed_automatically
    assert row.checked_out_at is None
    assert row.flags == [{"code": "closed_automatically", "facts": {"minutes": 180}}]


async def test_an_unfinished_report_is_asked_for_at_six_and_called_late_after_the_day(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-23 10:00", remind_at=local("2026-11-23 18:00"))
    await company.at("2026-11-23 17:59")
    assert news(rep) == []
    await company.at("2026-11-23 18:00")
    (text,) = news(rep)
    assert "Your report of Acme is not sent yet." in text
    assert "– What does he need?" in text
    await company.at("2026-11-23 23:59")
    assert news(rep) == []
    await company.at("2026-11-24 00:00")
    (text,) = news(rep)
    assert "is late now" in text
    await company.at("2026-11-24 07:00")
    assert news(rep) == []


async def test_after_an_outage_a_late_report_is_asked_for_once(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-27 10:00", remind_at=local("2026-11-27 18:00"))
    await company.at("2026-11-28 12:00")
    (text,) = news(rep)
    assert "is late now" in text


async def test_a_finished_visit_is_not_nudged(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    due = local("2026-11-23 18:00")
    await company.visit(rep, customer, "2026-11-23 10:00", sent="2026-11-23 11:00", remind_at=due)
    await company.at("2026-11-23 18:00")
    assert news(rep) == []


async def test_a_rep_who_is_still_with_his_customer_is_left_alone(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    closes_at = local("2026-11-23 19:30")
    due = local("2026-11-23 18:00")
    visit_id = await company.visit(rep, customer, "2026-11-23 16:30", minutes=None, closes_at=closes_at, remind_at=due)
    await company.at("2026-11-23 18:00")
    assert news(rep) == []
    assert (await company.row_of_visit(visit_id)).remind_at == closes_at + timedelta(minutes=30)
    await company.at("2026-11-23 19:30")
    assert "was never checked out" in news(rep)[-1]
    await company.at("2026-11-23 20:00")
    assert "is not sent yet" in news(rep)[-1]


# --- the morning ------------------------------------------------------------------------------


async def test_the_morning_brief_tells_whom_to_see_and_what_was_promised(company: Company) -> None:
    rep = await company.member("Wang Lei")
    day = local("2026-11-24 12:00").date()
    seen_at = local("2026-11-08 10:00")
    late = await company.customer("Far behind", rep, grade="A", due_on=day - timedelta(days=9), last_visit_at=seen_at)
    await company.customer("Due now", rep, grade="B", due_on=day)
    await company.customer("Not yet", rep, due_on=day + timedelta(days=1))
    await company.promise(rep, late, "send the paper", "2026-11-24")
    await company.promise(rep, late, "old promise", "2026-11-23")
    await company.tick()
    news(rep)
    await company.at("2026-11-24 08:00")
    (text,) = news(rep)
    assert "Good morning, Wang Lei! Tue 24 Nov" in text
    assert "<b>2 customers due</b>" in text
    assert "🔴 Far behind · A · 9 days overdue · seen 16 days ago" in text
    assert "🟢 Due now · B · due today · not visited yet" in text
    assert "Not yet" not in text
    assert "Far behind: old promise · Mon 23 Nov · ⏰ 1 day overdue" in text
    assert "Far behind: send the paper · today" in text


async def test_the_brief_opens_customers_and_promises(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep, due_on=local("2026-11-24 12:00").date())
    await company.promise(rep, customer, "send the paper", "2026-11-24")
    await company.tick()
    news(rep)
    await company.at("2026-11-24 08:00")
    await rep.taps("🗓 1")
    assert "<b>send the paper</b>" in rep.last
    await rep.taps("Acme", on=min(rep.screen))
    assert "<b>Acme</b>" in rep.last


async def test_no_brief_on_a_day_off_nor_when_nothing_waits(company: Company) -> None:
    rep = await company.member("Wang Lei")
    idle = await company.member("Li Na")
    await company.customer("Acme", rep, due_on=local("2026-11-24 12:00").date())
    await company.tick()
    news(rep)
    await company.at("2026-11-27 08:00")
    assert len(news(rep)) == 1
    for moment in ("2026-11-28 08:00", "2026-11-29 08:00"):
        await company.at(moment)
    assert news(rep) == []
    assert news(idle) == []
    await company.at("2026-11-30 08:00")
    assert len(news(rep)) == 1


async def test_a_brief_that_was_missed_is_told_the_same_day_or_not_at_all(company: Company) -> None:
    rep = await company.member("Wang Lei")
    await company.customer("Acme", rep, due_on=local("2026-11-24 12:00").date())
    await company.tick()
    news(rep)
    await company.at("2026-11-28 10:00")  # five days later, a Saturday
    assert news(rep) == []
    await company.at("2026-12-01 10:30")  # Tuesday's was missed by two and a half hours
    (text,) = news(rep)
    assert "What waits for you · Tue 1 Dec" in text


async def test_a_make_up_saturday_is_worked_and_a_holiday_is_not(company: Company) -> None:
    company.office.now = local("2026-01-30 12:00")
    rep = await company.member("Wang Lei")
    await company.customer("Acme", rep, due_on=local("2026-01-30 12:00").date())
    await company.tick()
    news(rep)
    await company.at("2026-02-14 08:00")  # a Saturday worked before the Spring Festival
    assert len(news(rep)) == 1
    await company.at("2026-02-17 08:00")  # New Year's Day, a Tuesday
    assert news(rep) == []


async def test_today_shows_the_day_of_the_rep(company: Company) -> None:
    rep = await company.member("Wang Lei")
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-23 08:05", sent="2026-11-23 08:50", minutes=35)
    said = await rep.says("/today")
    assert "1 visit, 1 effective" in said
    assert "✅ 08:05 Acme · 35 min" in said
    assert "Nobody is due and nothing is promised for today." in said
