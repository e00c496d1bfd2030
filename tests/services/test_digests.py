"""The manager's digest: once a working day, the decisions first, and nothing of other teams."""

from datetime import date, timedelta

import pytest
from desk_talk import Guest
from office_hours import Company, local, news

from bot.rendering import Rendered
from bot.rendering.limits import split, visible_length
from storage.database import Database

SHORT = {"code": "stay_short", "facts": {"minutes": 3, "minimum": 10}}
OUTSIDE = {"code": "outside", "facts": {"radius": 200, "distance": 480}}


@pytest.fixture
async def company(database: Database) -> Company:
    opened = Company(database)
    opened.office.now = local("2026-11-23 09:00")  # a Monday
    await opened.team("East")
    await opened.team("Downtown", below="East")
    await opened.team("West")
    return opened


@pytest.fixture
async def boss(company: Company) -> Guest:
    return await company.member("Chen", "manager", team="East")


@pytest.fixture
async def rep(company: Company) -> Guest:
    return await company.member("Wang Lei", team="Downtown")


async def digest_of(company: Company, boss: Guest, day: str) -> str:
    await company.tick()
    news(boss)
    await company.at(f"{day} 19:00")
    return "\n".join(news(boss))


async def test_the_digest_tells_each_visit_with_its_stay_outcome_and_flags(
    company: Company, boss: Guest, rep: Guest
) -> None:
    bank = await company.customer("长乐银行", rep, grade="A")
    shop = await company.customer("民生店", rep)
    await company.visit(rep, bank, "2026-11-23 09:05", minutes=35, sent="2026-11-23 09:50")
    number = await company.visit(
        rep,
        shop,
        "2026-11-23 11:00",
        minutes=3,
        sent="2026-11-23 11:10",
        flags=[OUTSIDE, SHORT],
        effectiveness="not_effective",
        result="not_reached",
    )
    idle = await company.member("Li Na", team="East")
    said = await digest_of(company, boss, "2026-11-23")
    assert said.startswith("📰 <b>Digest · Mon 23 Nov</b>\n2 visits, 1 effective, 38 min at customers.")
    assert f"⚑ <b>#{number} 民生店</b> · Wang Lei" in said
    assert "– Checked in 480 m from the customer; 200 m are allowed." in said
    assert "– The stay was 3 min; at least 10 min are expected." in said
    assert "<b>Wang Lei</b> · 2 visits, 1 effective · 38 min" in said
    assert "✅ 09:05 长乐银行 · 35 min · Reached" in said
    assert "⚪️ 11:00 民生店 · 3 min · Not reached ⚑" in said
    assert f"No visit: {idle.name}" in said
    assert said.index("Needs you") < said.index("<b>Wang Lei</b>")


async def test_a_call_is_told_beside_the_visits_and_is_none(company: Company, boss: Guest, rep: Guest) -> None:
    shop = await company.customer("民生店", rep)
    await company.visit(rep, shop, "2026-11-23 09:05", sent="2026-11-23 09:50")
    await company.visit(rep, shop, "2026-11-23 11:05", minutes=None, sent="2026-11-23 11:20", arrival="remote")
    text = await digest_of(company, boss, "2026-11-23")
    assert "1 visit, 1 effective, 30 min at customers" in text
    assert "1 contact by phone or online, not counted as a visit" in text
    assert "Wang Lei</b> · 1 visit, 1 effective · 📞 1" in text


async def test_the_digest_tells_overdue_customers_and_promises(company: Company, boss: Guest, rep: Guest) -> None:
    day = date(2026, 11, 24)
    seen_at = local("2026-11-01 10:00")
    for number in range(10):
        due = day - timedelta(days=number + 1)
        await company.customer(f"Customer {number}", rep, grade="B", due_on=due, last_visit_at=seen_at)
    due_today = await company.customer("Due today", rep, due_on=day)
    await company.promise(rep, due_today, "old promise", "2026-11-20")
    await company.promise(rep, due_today, "demo", "2026-11-25", "14:00")
    await company.promise(rep, due_today, "far away", "2026-12-25")
    said = await digest_of(company, boss, "2026-11-24")
    assert "🗓 Wang Lei · Due today: old promise · Fri 20 Nov · ⏰ 4 days overdue" in said
    assert "<b>10 customers overdue</b>" in said
    assert "🔴 Customer 9 · B · 10 days overdue · seen 23 days ago · Wang Lei" in said
    assert said.index("Customer 9") < said.index("Customer 8")
    assert "… and 2 more." in said
    assert "Customer 1" not in said
    assert "🗓 Wang Lei · Due today: demo · Wed 25 Nov 14:00" in said
    assert "far away" not in said


async def test_a_quiet_day_says_that_nothing_needs_a_decision(company: Company, boss: Guest, rep: Guest) -> None:
    said = await digest_of(company, boss, "2026-11-23")
    assert "0 visits, 0 effective" in said
    assert "🟢 Nothing needs a decision." in said


async def test_a_manager_reads_of_his_own_subtree_only(company: Company, boss: Guest, rep: Guest) -> None:
    stranger = await company.member("Stranger", team="West")
    far = await company.customer("Far shop", stranger, due_on=date(2026, 11, 2))
    await company.visit(stranger, far, "2026-11-23 10:00", sent="2026-11-23 10:40", flags=[OUTSIDE])
    await company.promise(stranger, far, "secret", "2026-11-20")
    said = await digest_of(company, boss, "2026-11-23")
    assert "Far shop" not in said
    assert "Stranger" not in said
    assert "secret" not in said


async def test_a_manager_without_a_team_sees_nobody(company: Company, rep: Guest) -> None:
    lost = await company.member("Lost", "manager")
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-23 10:00", sent="2026-11-23 10:40")
    assert "No reps in your team yet" in await lost.says("/digest")
    news(lost)
    await company.at("2026-11-23 19:00")
    assert news(lost) == []


async def test_a_digest_is_made_once_even_when_its_hour_is_changed(company: Company, boss: Guest, rep: Guest) -> None:
    admin = await company.member("Root", "admin")
    assert await digest_of(company, boss, "2026-11-23")
    await admin.says("/set digest.at 20:00")
    await company.at("2026-11-23 20:00")
    assert news(boss) == []
    await company.at("2026-11-24 19:00")
    assert news(boss) == []
    await company.at("2026-11-24 20:00")
    assert len(news(boss)) == 1


async def test_after_an_outage_the_newest_day_is_told_and_the_missed_ones_in_a_line(
    company: Company, boss: Guest, rep: Guest
) -> None:
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-24 10:00", sent="2026-11-24 10:40")
    await company.visit(rep, customer, "2026-11-26 10:00", sent="2026-11-26 10:40")
    await company.tick()
    news(boss)
    await company.at("2026-11-26 21:30")
    (said,) = news(boss)
    assert "Digest · Thu 26 Nov" in said
    assert "Tue 24 Nov, not told then: 1 visit, 1 effective." in said
    assert "✅ 10:00 Acme" in said
    await company.tick()
    assert news(boss) == []


async def test_no_digest_on_a_day_off_and_its_visits_are_told_on_the_next(
    company: Company, boss: Guest, rep: Guest
) -> None:
    customer = await company.customer("Acme", rep)
    await company.at("2026-11-27 19:00")
    news(boss)
    await company.visit(rep, customer, "2026-11-28 10:00", sent="2026-11-28 10:40")
    await company.at("2026-11-28 19:00")
    await company.at("2026-11-29 19:00")
    assert news(boss) == []
    await company.at("2026-11-30 19:00")
    (said,) = news(boss)
    assert "Reported since the last digest" in said
    assert "Sat 28 Nov · Wang Lei: ✅ 10:00 Acme" in said


async def test_a_late_report_is_told_with_its_sentence(company: Company, boss: Guest, rep: Guest) -> None:
    customer = await company.customer("Acme", rep)
    late = {"code": "late", "facts": {"visited_on": "2026-11-23", "sent_on": "2026-11-24"}}
    await company.at("2026-11-23 19:00")
    await company.visit(rep, customer, "2026-11-23 17:00", sent="2026-11-24 09:00", flags=[late], late=True)
    said = await digest_of(company, boss, "2026-11-24")
    assert "Acme · Wang Lei: Visited on Mon 23 Nov, reported only on Tue 24 Nov." in said


async def test_a_visit_that_is_not_reported_is_named(company: Company, boss: Guest, rep: Guest) -> None:
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-23 10:00")
    said = await digest_of(company, boss, "2026-11-23")
    assert "⏳ 10:00 Acme · 30 min · not sent yet" in said
    said = await digest_of(company, boss, "2026-11-24")
    assert "📝 Wang Lei has not reported Acme (Mon 23 Nov)." in said


async def test_the_digest_comes_at_the_managers_own_time(company: Company, rep: Guest) -> None:
    zone = "Europe/Berlin"
    away = await company.member("Anna", "manager", team="East", zone=zone)
    await company.tick()
    await company.at("2026-11-23 19:00")
    assert news(away) == []
    await company.at("2026-11-23 18:59", zone)
    assert news(away) == []
    await company.at("2026-11-23 19:00", zone)
    assert len(news(away)) == 1


async def test_the_day_so_far_can_be_asked_for_and_days_before_it(company: Company, boss: Guest, rep: Guest) -> None:
    customer = await company.customer("Acme", rep)
    company.office.now = local("2026-11-24 15:00")
    await company.visit(rep, customer, "2026-11-23 10:00", sent="2026-11-23 10:40")
    assert "The day so far · Tue 24 Nov" in await boss.says("/digest")
    assert "✅ 10:00 Acme" not in boss.last
    await boss.taps("Mon 23 Nov")
    assert "Digest · Mon 23 Nov" in boss.last
    assert "✅ 10:00 Acme" in boss.last
    assert "Digest · Mon 23 Nov" in await boss.says("/digest yesterday")
    assert "Only a manager can do this" in await rep.says("/digest")


async def test_a_flagged_visit_opens_in_full_for_its_manager_and_for_no_other(
    company: Company, boss: Guest, rep: Guest
) -> None:
    customer = await company.customer("Acme", rep, grade="A")
    await company.visit(
        rep,
        customer,
        "2026-11-23 10:00",
        minutes=3,
        sent="2026-11-23 10:40",
        flags=[SHORT],
        reason="weak_signal",
        words="He liked it",
        effectiveness="not_effective",
        distance=12.0,
    )
    other = await company.member("Zhou", "manager", team="West")
    await boss.says("/digest")
    _, data = boss.button("👁 #1 Acme")
    await boss.taps("👁 #1 Acme")
    page = boss.last
    assert "<b>Visit #1 by Wang Lei</b>" in page
    assert "3 min" in page
    assert "💬 He liked it" in page
    assert "The stay was 3 min; at least 10 min are expected." in page
    assert "The rep&#39;s reason: Weak GPS in the building" in page or "Weak GPS in the building" in page
    assert "It counts as not effective. What was missing:" in page
    assert "– the minimum stay" in page
    other.screen[0] = Rendered("", None)
    await other.taps_data(0, data)
    assert other.last == "That visit was made outside of your team."


async def test_a_rep_who_blocked_the_bot_is_named(company: Company, boss: Guest, rep: Guest) -> None:
    await company.office.change_person(rep, reachable=False)
    assert "🔕 Wang Lei cannot be reached" in await digest_of(company, boss, "2026-11-23")


async def test_the_digest_is_written_in_the_readers_language(company: Company, rep: Guest) -> None:
    boss = await company.member("陈总", "manager", team="East", language="zh_Hans")
    customer = await company.customer("长乐银行", rep)
    await company.visit(rep, customer, "2026-11-23 10:00", sent="2026-11-23 10:40", flags=[OUTSIDE])
    said = await digest_of(company, boss, "2026-11-23")
    assert "日报 · 11月23日 周一" in said
    assert "拜访 1 次，有效 1 次，在客户处共 30 分钟。" in said
    assert "签到位置距客户 480 米，允许范围为 200 米。" in said


async def test_a_digest_of_a_large_team_stays_within_what_telegram_takes(
    company: Company, boss: Guest, rep: Guest
) -> None:
    for number in range(90):
        customer = await company.customer(f"A customer with quite a long name, number {number}", rep)
        at = f"2026-11-23 {8 + number // 10:02}:{number % 10 * 6:02}"
        await company.visit(rep, customer, at, minutes=5, sent="2026-11-23 18:00", flags=[OUTSIDE])
    said = await digest_of(company, boss, "2026-11-23")
    parts = split(said)
    assert len(parts) > 1
    assert all(visible_length(part) <= 4096 for part in parts)
    assert all(part.count("<b>") == part.count("</b>") for part in parts)
