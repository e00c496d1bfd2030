"""A large team's digest tells its teams, and reads what it tells whatever the past holds."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial

import pytest
from desk_talk import Guest
from office_hours import Company, local, news
from sqlalchemy import event, insert

from bot.services import digests, digests_large
from bot.services.turn import Turn
from storage import people, totals
from storage.database import Connection, Database
from storage.tables import CustomerRow, VisitRow, table

OUTSIDE = {"code": "outside", "facts": {"radius": 200, "distance": 480}}
LATE = {"code": "late", "facts": {"visited_on": "2026-11-23", "sent_on": "2026-11-24"}}
MONDAY = date(2026, 11, 23)


@pytest.fixture
async def company(database: Database) -> Company:
    """Forty reps: twenty each in two teams below East, and one in the West."""
    opened = Company(database)
    opened.office.now = local("2026-11-23 09:00")  # a Monday
    await opened.team("East")
    await opened.team("Downtown", below="East")
    await opened.team("Harbour", below="East")
    for number in range(20):
        await opened.member(f"Rep {number}", team="Downtown")
        await opened.member(f"Mate {number}", team="Harbour")
    await opened.member("Stranger", team="West")
    return opened


@pytest.fixture
async def boss(company: Company) -> Guest:
    return await company.member("Chen", "manager", team="East")


def who(company: Company, name: str) -> Guest:
    return next(guest for guest in company.office.guests.values() if guest.name == name)


async def digest_of(company: Company, boss: Guest) -> str:
    await company.tick()
    news(boss)
    await company.at("2026-11-23 19:00")
    return "\n".join(news(boss))


async def test_a_large_team_is_told_by_its_teams(company: Company, boss: Guest) -> None:
    rep, mate = who(company, "Rep 3"), who(company, "Mate 4")
    bank = await company.customer("长乐银行", rep, grade="A")
    shop = await company.customer("民生店", mate, grade="C")
    await company.visit(rep, bank, "2026-11-23 09:05", minutes=35, sent="2026-11-23 09:50")
    await company.visit(mate, shop, "2026-11-23 10:00", minutes=20, sent="2026-11-23 10:40", flags=[OUTSIDE])
    await company.visit(
        mate, shop, "2026-11-23 15:00", minutes=20, sent="2026-11-23 15:40", effectiveness="not_effective"
    )
    said = await digest_of(company, boss)
    assert said.startswith("📰 <b>Digest · Mon 23 Nov</b>\n3 visits, 2 effective, 1 h 15 min at customers.")
    assert "2 of 40 reps visited somebody." in said
    assert "<b>Downtown</b> · 1/20 · 1 visit, 1 effective · 35 min" in said
    assert "<b>Harbour</b> · 1/20 · 2 visits, 1 effective · 40 min · ⚑ 1" in said
    assert "West" not in said


async def test_its_flagged_visits_come_first_and_open(company: Company, boss: Guest) -> None:
    rep, stranger = who(company, "Rep 3"), who(company, "Stranger")
    bank = await company.customer("长乐银行", rep, grade="A")
    shop = await company.customer("民生店", rep, grade="C")
    far = await company.customer("Far shop", stranger, grade="A")
    await company.visit(rep, shop, "2026-11-23 09:05", sent="2026-11-23 09:50", flags=[OUTSIDE])
    number = await company.visit(rep, bank, "2026-11-23 10:05", sent="2026-11-23 10:50", flags=[OUTSIDE])
    await company.visit(rep, shop, "2026-11-23 11:05", sent="2026-11-24 10:50", flags=[LATE], late=True)
    await company.visit(stranger, far, "2026-11-23 11:05", sent="2026-11-23 11:50", flags=[OUTSIDE])
    said = await digest_of(company, boss)
    assert said.index("长乐银行") < said.index("民生店")
    assert f"⚑ <b>#{number} 长乐银行</b> · A · Rep 3" in said
    assert "⚑ 3 visits with a flag in all." in said
    assert "🕘 1 report came late." in said
    assert "Far shop" not in said


async def test_what_stands_open_in_it_is_counted(company: Company, boss: Guest) -> None:
    rep, stranger = who(company, "Rep 3"), who(company, "Stranger")
    for number in range(10):
        await company.customer(f"Customer {number}", rep, grade="B", due_on=date(2026, 11, 20 - number))
        await company.customer(f"Other {number}", stranger, due_on=date(2026, 11, 1))
    customer = await company.customer("Acme", rep)
    await company.promise(rep, customer, "old promise", "2026-11-20")
    await company.visit(rep, customer, "2026-11-20 10:00")
    await company.office.change_person(who(company, "Mate 1"), reachable=False)
    said = await digest_of(company, boss)
    assert "<b>10 customers overdue</b>" in said
    assert said.index("Customer 9") < said.index("Customer 8")
    assert "Other" not in said
    assert "🗓 1 promise is overdue." in said
    assert "📝 1 visit is not reported yet." in said
    assert "🔕 1 rep cannot be reached" in said


async def test_it_is_written_in_the_readers_language(company: Company) -> None:
    boss = await company.member("陈总", "manager", team="East", language="zh_Hans")
    said = await digest_of(company, boss)
    assert "40 名业务代表中 0 名有拜访。" in said


@contextmanager
def statements_of(database: Database) -> Iterator[list[str]]:
    """What is asked of the database meanwhile."""
    asked: list[str] = []

    @event.listens_for(database.engine, "after_cursor_execute")
    def note(_connection: object, _cursor: object, words: str, *_more: object) -> None:
        asked.append(words)

    yield asked
    event.remove(database.engine, "after_cursor_execute", note)


async def test_a_long_past_adds_no_statement_to_it(company: Company, boss: Guest) -> None:
    """Nor does a page more of it: whatever is read has a limit, or a row for each team and day."""
    rep = who(company, "Rep 3")
    customer = await company.customer("Acme", rep)
    await company.visit(rep, customer, "2026-11-23 10:00", sent="2026-11-23 10:40", flags=[OUTSIDE])

    async def statements() -> int:
        with statements_of(company.database) as asked:
            await company.office.desk.act("digest", partial(tell, boss=boss.person_id))
        return len(asked)

    def tell(turn: Turn, boss: int) -> None:
        digests.post(turn, people.get(turn.connection, boss), MONDAY)

    def live_long(connection: Connection) -> None:
        row = connection.execute(table(VisitRow).select().limit(1)).one()._asdict()
        row.pop("id")
        connection.execute(
            insert(table(VisitRow)),
            [{**row, "visited_on": date(2020, 1, 1 + day % 28)} for day in range(2_000)],
        )
        shop = connection.execute(table(CustomerRow).select().limit(1)).one()._asdict()
        shop.pop("id")
        connection.execute(insert(table(CustomerRow)), [{**shop, "due_on": date(2026, 11, 2)} for _ in range(2_000)])

    await statements()  # the rules are read once
    before = await statements()
    await company.database.write(live_long)
    assert await statements() == before
    assert before < 25


async def test_a_day_counts_for_the_team_in_which_it_began(company: Company, boss: Guest) -> None:
    rep = who(company, "Rep 3")
    downtown, harbour = company._teams["Downtown"], company._teams["Harbour"]

    def count(connection: Connection) -> None:
        totals.add_visit(connection, rep.person_id, MONDAY, effective=True, seconds=60, flagged=False, late=False)

    await company.database.write(count)
    await company.office.change_person(rep, team_id=harbour)
    await company.database.write(count)
    await company.database.write(lambda c: totals.count_effective(c, rep.person_id, MONDAY, -1))
    rows = await company.database.read(lambda c: totals.list_of_teams(c, [downtown, harbour], MONDAY))
    assert [(row.team_id, row.reps, row.visits, row.effective) for row in rows] == [(downtown, 1, 2, 1)]


def test_thirty_reps_are_still_told_one_by_one() -> None:
    assert digests_large.LARGE == 30
