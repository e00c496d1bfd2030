"""Answers of sent visits are found and counted by what was asked, the same whether sent now or before the tables."""

from datetime import date
from typing import Any

import pytest
from answers import CHECK, published, sent
from office_hours import Company
from sqlalchemy import create_engine, select

from bot.domain.answer_counts import Count, Sum, counted
from storage import answer_facts
from storage.answer_facts import Asked
from storage.database import Connection, Database
from storage.migrations.upgrade import downgrade, upgrade

MONDAY, TUESDAY = date(2026, 11, 16), date(2026, 11, 17)
RICH = {
    "listed": False, "why": "room", "seen": ["fridge", "till"], "stock@cola": 24.0, "stock@tea": 3.0,
    "@rivals": ["Pepsi", "Dr Pepper"], "price@Pepsi": 3.2, "price@Dr Pepper": 4.0, "mood": 4.0, "said": "Come again",
    "nothing_asks_for_this": 7.0,
}  # fmt: skip
YES = {"listed": True, "why": "room", "seen": None, "stock@cola": 30.0, "@rivals": ["PEPSI"], "price@PEPSI": 3.6}


@pytest.fixture
async def company(database: Database) -> Company:
    opened = Company(database)
    for name, team in (("Emma", "West"), ("Otto", "East")):
        rep = await opened.member(name, team=team)
        await opened.customer(f"{name}'s shop", rep)
    return opened


def told(connection: Connection) -> None:
    """Two visits in the West and one in the East, on two days."""
    version = published(connection)
    sent(connection, version, 1, 1, MONDAY, RICH)
    sent(connection, version, 1, 1, TUESDAY, YES)
    sent(connection, version, 2, 2, TUESDAY, RICH)


def asked(*items: str, path: str = "", first: date = MONDAY, last: date = TUESDAY) -> Asked:
    return Asked(CHECK.type, items or tuple(item.id for item in CHECK.items), first, last, path)


def sums(connection: Connection, item: str, **more: Any) -> list[Sum]:
    rows = answer_facts.list_sums(connection, asked(item, **more))
    return [Sum(r.on_date, r.entry, r.choice, r.answers, r.total, r.least, r.most) for r in rows]


async def test_amounts_and_choices_are_summed_by_day(company: Company) -> None:
    await company.database.write(told)
    read = company.database.read
    prices = counted(await read(lambda c: sums(c, "price")), {})
    assert prices.whole == Count(5, pytest.approx(18.0), 3.2, 4.0, {})
    assert [(entry.label["en"], entry.count.answers) for entry in prices.entries] == [("Pepsi", 3), ("Dr Pepper", 2)]
    listed = counted(await read(lambda c: sums(c, "listed")), {})
    assert (listed.whole.answers, listed.whole.choices) == (3, {"no": 2, "yes": 1})
    several = counted(await read(lambda c: sums(c, "seen")), {}).whole
    assert (several.answers, several.share("till"), several.share("fridge")) == (2, 1.0, 1.0)


async def test_what_was_not_asked_or_skipped_is_absent(company: Company) -> None:
    await company.database.write(told)
    counts = await company.database.read(lambda c: answer_facts.count_by_item(c, asked()))
    assert counts == {"listed": 3, "why": 2, "seen": 2, "stock": 5, "price": 5, "mood": 2, "said": 2}


async def test_a_subtree_and_a_day_are_all_that_is_counted(company: Company) -> None:
    await company.database.write(told)
    read = company.database.read
    west = await read(lambda c: answer_facts.count_by_item(c, asked("stock", path="/1/")))
    east = await read(lambda c: answer_facts.count_by_item(c, asked("stock", path="/2/")))
    assert (west, east) == ({"stock": 3}, {"stock": 2})
    assert await read(lambda c: answer_facts.count_by_item(c, asked("stock", last=MONDAY))) == {"stock": 2}
    assert not await read(lambda c: answer_facts.has_any(c, asked(path="/7/")))
    assert {row.person for row in await read(lambda c: answer_facts.list_answers(c, asked(path="/2/"), 0, 50))} == {
        "Otto"
    }


async def test_answers_come_one_by_one_the_newest_first_whatever_the_page(company: Company) -> None:
    await company.database.write(told)
    read = company.database.read
    every = await read(lambda c: answer_facts.list_answers(c, asked("stock"), 0, 50))
    assert [(row.on_date, row.entry, row.value) for row in every] == [
        (TUESDAY, "cola", 30.0), (TUESDAY, "cola", 24.0), (TUESDAY, "tea", 3.0), (MONDAY, "cola", 24.0),
        (MONDAY, "tea", 3.0),
    ]  # fmt: skip
    assert (every[1].customer, every[1].team, every[1].person) == ("Otto's shop", "East", "Otto")
    for at in range(len(every)):
        paged = await read(lambda c, at=at: answer_facts.list_answers(c, asked("stock"), at, 2))
        assert paged == every[at : at + 2]


async def test_visits_that_were_sent_before_the_tables_are_counted_alike(database_url: str) -> None:
    database = Database(database_url)
    company = Company(database)
    for name in ("Emma", "Otto"):
        await company.customer(f"{name}'s shop", await company.member(name, team="West"))
    await database.write(told)
    await database.write(lambda c: sent(c, 1, 1, 1, TUESDAY, RICH, state="open"))
    await database.close()
    engine = create_engine(database_url)

    def kept() -> list[list[Any]]:
        with engine.connect() as connection:
            rows = [connection.execute(select(table)) for table in (answer_facts.FACT, answer_facts.DAY)]
            return [sorted(map(tuple, found), key=repr) for found in rows]

    before = kept()
    downgrade(database_url, "0014")
    upgrade(database_url)
    assert kept() == before
    engine.dispose()
