"""A rep keeps, moves and drops what was promised, by a tap or in his own words."""

from typing import Any

import pytest
from desk_talk import Guest
from office_hours import Company, local

from bot.rendering import Rendered
from storage import followups, handovers
from storage.database import Database


@pytest.fixture
async def company(database: Database) -> Company:
    opened = Company(database)
    opened.office.now = local("2026-11-23 09:00")  # a Monday
    return opened


@pytest.fixture
async def rep(company: Company) -> Guest:
    return await company.member("Wang Lei")


async def kept(company: Company, followup_id: int) -> Any:
    return (await company.database.read(lambda c: followups.get(c, followup_id))).followup


async def test_open_follow_ups_are_listed_the_overdue_first(company: Company, rep: Guest) -> None:
    customer = await company.customer("长乐银行", rep)
    await company.promise(rep, customer, "later", "2026-12-24")
    await company.promise(rep, customer, "today's", "2026-11-23", "16:00")
    await company.promise(rep, customer, "old", "2026-11-20")
    said = await rep.says("/followups")
    assert said.splitlines()[:4] == [
        "<b>3 open follow-ups</b>",
        "1. 长乐银行: old · Fri 20 Nov · ⏰ 3 days overdue",
        "2. 长乐银行: today&#39;s · today 16:00",
        "3. 长乐银行: later · Thu 24 Dec",
    ]
    assert rep.labels == ["1", "2", "3"]


async def test_without_follow_ups_the_list_says_where_they_come_from(rep: Guest) -> None:
    assert "You have no open follow-ups." in await rep.says("/followups")


async def test_done_takes_one_tap_and_the_card_says_so(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "send the paper", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    said = await rep.taps("Done")
    assert "✅ <s>send the paper</s>\nAcme · promise kept, in time" in said
    assert (await kept(company, promised)).state == "done"


async def test_a_kept_promise_takes_a_note(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "send the paper", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Done")
    await rep.taps("Add a note")
    assert "Noted for Acme." in await rep.says("He read it at once, <b>and liked it</b>")
    assert (await kept(company, promised)).reason == "He read it at once, <b>and liked it</b>"


async def test_a_second_tap_on_done_is_told_kindly_and_changes_nothing(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "send the paper", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    card, data = rep.button("Done")
    await rep.taps("Done")
    before = await kept(company, promised)
    company.office.pass_time(hours=1)
    await rep.taps_data(card, data)
    assert rep.last == "That follow-up is done already."
    assert await kept(company, promised) == before


async def test_it_moves_to_a_tapped_day_and_keeps_its_hour(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25", "14:00")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    assert rep.labels == [
        "Tue 24 Nov 14:00",
        "Wed 25 Nov 14:00",
        "Mon 30 Nov 14:00",
        "Mon 7 Dec 14:00",
    ]
    asked = await rep.taps("Mon 30 Nov")
    assert "➡️ <b>Mon 30 Nov 14:00</b>" in asked
    said = await rep.taps("We are not ready")
    assert "Moved." in said
    assert "Reason: We are not ready" in said
    moved = await kept(company, promised)
    assert (moved.due_on.isoformat(), moved.due_time.isoformat()) == ("2026-11-30", "14:00:00")
    assert [(move.from_on.isoformat(), move.reason) for move in moved.moves] == [("2026-11-25", "not_ready")]


async def test_it_moves_to_a_day_in_his_own_words_shown_back_with_its_weekday(company: Company) -> None:
    rep = await company.member("王磊", language="zh_Hans")
    promised = await company.promise(rep, await company.customer("长乐银行", rep), "给王总演示", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("改期")
    asked = await rep.says("下周三下午2点")
    assert "12月2日 周三 14:00" in asked
    await rep.says("王总出差")
    moved = await kept(company, promised)
    assert (moved.due_on.isoformat(), moved.due_time.isoformat()) == ("2026-12-02", "14:00:00")
    assert moved.moves[0].reason == "王总出差"


async def test_a_doubtful_day_is_asked(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    asked = await rep.says("next Friday")
    assert "Which day do you mean?" in asked
    assert rep.labels == ["Fri 27 Nov", "Fri 4 Dec", "📅 Another day"]
    await rep.taps("Fri 4 Dec")
    await rep.taps("No time that day")
    assert (await kept(company, promised)).due_on.isoformat() == "2026-12-04"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("yesterday", "That time has passed."),
        ("hello", "I found no day in that."),
        ("25 November", "It is due on Wed 25 Nov already."),
    ],
)
async def test_a_day_that_cannot_be_is_refused_and_asked_again(
    company: Company, rep: Guest, words: str, told: str
) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    before = await kept(company, promised)
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    again = await rep.says(words)
    texts = [rep.screen[message_id].text for message_id in sorted(rep.screen)]
    assert told in texts[-2]
    assert "To which day?" in again
    assert await kept(company, promised) == before


async def test_an_offered_day_that_has_passed_meanwhile_is_refused(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    company.office.pass_time(days=2)
    await rep.taps("Tue 24 Nov")
    assert any("Tue 24 Nov is over." in said.text for said in rep.screen.values())
    assert (await kept(company, promised)).moves == ()


async def test_dropping_asks_for_a_reason(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Drop")
    said = await rep.says("They bought elsewhere")
    assert "Dropped. Reason: They bought elsewhere" in said
    dropped = await kept(company, promised)
    assert (dropped.state, dropped.reason) == ("dropped", "They bought elsewhere")


async def test_cancel_leaves_a_follow_up_as_it_was(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    before = await kept(company, promised)
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Drop")
    assert "The follow-up stays as it was." in await rep.says("/cancel")
    assert await kept(company, promised) == before


async def test_nobody_touches_a_colleagues_follow_up(company: Company, rep: Guest) -> None:
    promised = await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    other = await company.member("Li Na")
    boss = await company.member("Chen", "manager")
    before = await kept(company, promised)
    await rep.says("/followups")
    await rep.taps("1")
    for button in ("1", "Done", "Move", "Drop"):
        _, data = rep.button(button)
        await other.taps_data(*_own_message(other, data))
        assert other.last == "That follow-up belongs to a colleague."
        await boss.taps_data(*_own_message(boss, data))
        assert "Only a rep can do this." in boss.last
    assert await kept(company, promised) == before


def _own_message(guest: Guest, data: str) -> tuple[int, str]:
    """A forged tap names a message of the forger's own chat."""
    guest.screen.setdefault(0, Rendered("", None))
    return 0, data


async def test_a_promise_that_is_kept_elsewhere_ends_the_question_about_it(company: Company, rep: Guest) -> None:
    await company.promise(rep, await company.customer("Acme", rep), "demo", "2026-11-25")
    await rep.says("/followups")
    await rep.taps("1")
    card = rep.newest
    await rep.taps("Move")
    await rep.taps("Done", on=card)
    assert "Noted" not in await rep.says("Acme")  # not taken for a day: nothing is asked any more
    assert "I found no day" not in "".join(said.text for said in rep.screen.values())


async def test_a_promise_that_a_colleague_was_given_ends_the_question_about_it(company: Company, rep: Guest) -> None:
    acme = await company.customer("Acme", rep)
    promised = await company.promise(rep, acme, "demo", "2026-11-25")
    other = await company.member("Li Na")
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    await company.database.write(lambda c: handovers.give_promises(c, rep.person_id, other.person_id, {promised}))
    assert await rep.says("next Monday") == "That follow-up belongs to a colleague."
    assert "Acme" in await rep.says("Acme")


async def test_what_was_promised_stays_literal_text(company: Company, rep: Guest) -> None:
    await company.promise(rep, await company.customer("A & <b>B</b>", rep), "{{ 7*7 }} <i>x</i> %s", "2026-11-25")
    said = await rep.says("/followups")
    assert "A &amp; &lt;b&gt;B&lt;/b&gt;: {{ 7*7 }} &lt;i&gt;x&lt;/i&gt; %s" in said
