"""`/routes`: a manager makes a route in chat, changes it, hands it on; a rep reads his own."""

import pytest
from desk_talk import Guest
from office_hours import Company, local, news
from sqlalchemy import Connection, select

from bot.domain.conversation import Located
from bot.domain.geography import Point
from storage import customers, search
from storage.database import Database
from storage.tables import AuditRow, PlannedVisitRow, table

PLANNED, AUDIT = table(PlannedVisitRow), table(AuditRow)
HARBOUR = Point(29.5610, 106.5770)


@pytest.fixture
def company(database: Database) -> Company:
    return Company(database)


@pytest.fixture
async def boss(company: Company) -> Guest:
    return await company.member("Chen", "manager", team="East")


@pytest.fixture
async def rae(company: Company, boss: Guest) -> Guest:
    return await company.member("Rae", team="East")


async def findable(company: Company, name: str, owner: Guest, north: float = 0.0) -> int:
    """A customer so many metres north of the harbour, who is found by name."""
    place = {"latitude": HARBOUR.latitude + north / 111_195, "longitude": HARBOUR.longitude}
    customer_id = await company.customer(name, owner, **place)

    def index(connection: Connection) -> None:
        search.index(connection, [customers.get(connection, customer_id)])

    await company.database.write(index)
    return customer_id


async def make(boss: Guest, name: str = "Harbour", rep: str = "Rae") -> None:
    await boss.says("/routes")
    await boss.taps("New route")
    await boss.says(name)
    await boss.taps(rep)


async def planned(company: Company) -> list[tuple[int, int, int]]:
    """Day of the month, rep and customer of what is planned."""
    statement = select(PLANNED).where(PLANNED.c.state == "planned").order_by(PLANNED.c.on_date, PLANNED.c.id)
    rows = await company.database.read(lambda c: list(c.execute(statement)))
    return [(row.on_date.day, row.person_id, row.customer_id) for row in rows]


async def test_a_route_is_made_of_who_is_near_in_the_order_of_the_taps(
    company: Company, boss: Guest, rae: Guest
) -> None:
    mill = await findable(company, "Hill Mill", rae, 800)
    bakery = await findable(company, "Bakery", rae, 100)
    await findable(company, "Far Farm", rae, 9000)
    await make(boss)
    await boss.taps("Tue")
    await boss.taps("Fri")
    await boss.taps("Customers")
    assert "1 customer" not in await boss.gives(Located(HARBOUR, 15.0))
    assert boss.labels[:2] == ["☐ Bakery · 100 m", "☐ Hill Mill · 800 m"]
    await boss.taps("Hill Mill")
    await boss.taps("Bakery")
    assert boss.labels[:2] == ["✅ 2. Bakery · 100 m", "✅ 1. Hill Mill · 800 m"]
    await boss.taps("Done", on=boss.newest)
    assert "📅 Tue, Fri · every week · next: Tue 24 Nov" in boss.last
    assert "📍 2 customers · 701 m in straight lines\n1. Hill Mill\n2. Bakery · 701 m" in boss.last
    rep = rae.person_id
    assert await planned(company) == [(24, rep, mill), (24, rep, bakery), (27, rep, mill), (27, rep, bakery)]


async def test_names_pasted_one_a_line_are_added_in_their_order(company: Company, boss: Guest, rae: Guest) -> None:
    for name in ("Old Mill", "New Mill", "Bakery", "Other Shop"):
        await findable(company, name, rae if "Other" not in name else boss)
    await make(boss)
    await boss.taps("Customers")
    told = await boss.says("bakery\nmill\nOther Shop\n\nbakery")
    assert "Harbour</b> · 1 customer" in told
    assert "Not found among his customers: Other Shop" in told
    assert sorted(boss.labels[:2]) == ["☐ New Mill", "☐ Old Mill"]
    await boss.taps("New Mill")
    await boss.taps("Done", on=boss.newest)
    assert "1. Bakery\n2. New Mill" in boss.last


async def test_every_second_week_says_which_and_begins_when_it_is_told(
    company: Company, boss: Guest, rae: Guest
) -> None:
    await make(boss)
    await boss.taps("Wed")
    assert "every second week · next: Wed 25 Nov" in await boss.taps("Every second week")
    assert "next: Wed 2 Dec" in await boss.taps("Next week")
    assert "next: Wed 25 Nov" in await boss.taps("This week")


async def test_what_is_changed_is_changed_in_the_week_at_once(company: Company, boss: Guest, rae: Guest) -> None:
    bakery, mill = await findable(company, "Bakery", rae), await findable(company, "Mill", rae)
    await make(boss)
    await boss.taps("Thu")
    await boss.taps("Customers")
    await boss.says("bakery\nmill")
    await boss.taps("Done", on=boss.newest)
    await boss.taps("Order")
    await boss.taps("2. Mill")
    await boss.taps("First")
    assert [line[2] for line in await planned(company)] == [mill, bakery]
    await boss.taps("Out")
    assert [line[2] for line in await planned(company)] == [bakery]
    await boss.taps("Done")
    await boss.taps("Pause")
    assert await planned(company) == []
    await boss.taps("Go on")
    await boss.taps("Rename")
    await boss.says("Harbour Thursday")
    assert [line[0] for line in await planned(company)] == [26]
    await boss.taps("Delete")
    await boss.taps("Delete")
    assert await planned(company) == []
    rows = await company.database.read(lambda c: list(c.execute(select(AUDIT.c.what).order_by(AUDIT.c.seq))))
    assert [row.what for row in rows] == ["route_made", *["route_changed"] * 7, "route_deleted"]


async def test_another_rep_has_the_route_with_those_who_are_his(company: Company, boss: Guest, rae: Guest) -> None:
    lin = await company.member("Lin", team="East")
    await findable(company, "Bakery", rae)
    grocer = await findable(company, "Grocer", rae)
    await make(boss)
    await boss.taps("Thu")
    await boss.taps("Customers")
    await boss.says("bakery\ngrocer")
    await boss.taps("Done", on=boss.newest)
    await company.database.write(lambda c: customers.change(c, grocer, owner_id=lin.person_id))
    await boss.taps("Another rep")
    await boss.says("lin")
    await boss.taps("Lin")
    assert "Bakery is no customer of Lin and is left out" in boss.last
    assert await planned(company) == [(26, lin.person_id, grocer)]


async def test_the_rep_hears_once_of_many_taps_and_reads_only(company: Company, boss: Guest, rae: Guest) -> None:
    await findable(company, "Bakery", rae)
    await make(boss)
    await boss.taps("Thu")
    await boss.taps("Fri")
    await boss.taps("Customers")
    await boss.says("bakery")
    (told,) = news(rae)
    assert "Chen is setting up your route <b>Harbour</b>" in told
    company.office.now = local("2026-11-24 10:00")
    await boss.says("/routes harbour")
    await boss.taps("Order")
    await boss.taps("Bakery")
    await boss.taps("Out")
    await boss.taps("Done")
    assert len(news(rae)) == 1
    await rae.says("/routes")
    assert rae.labels == ["🧭 Harbour · Rae · Thu, Fri · 0"]
    await rae.taps("Harbour")
    assert rae.labels == ["🧭 Routes"]
    await rae.taps_data(rae.newest, "route:1:0:pause")
    assert "paused" not in await boss.says("/routes harbour")


async def test_a_manager_of_others_sees_and_changes_nothing_of_it(company: Company, boss: Guest, rae: Guest) -> None:
    other = await company.member("Wu", "manager", team="West")
    await make(boss)
    assert "0 routes" in await other.says("/routes")
    await other.taps_data(other.newest, "route:1:0:deleted")
    assert "Harbour" in await boss.says("/routes harbour")
    await other.taps("New route")
    await other.says("Mine")
    assert "no active rep" in other.last
    await other.taps_data(other.newest, f"route:0:{await revision(company, other)}:rep-{rae.person_id}")
    assert "1 route" in await boss.says("/routes")


async def revision(company: Company, guest: Guest) -> int:
    from storage import conversations

    place = await company.database.read(lambda c: conversations.find(c, guest.person_id, "route"))
    assert place is not None
    return place.revision


async def test_what_cannot_be_is_said_and_the_question_stays(company: Company, boss: Guest, rae: Guest) -> None:
    await boss.says("/routes")
    await boss.taps("New route")
    await boss.says("🧭" * 3)
    assert "new route called" in boss.last
    await boss.says("Harbour")
    await boss.taps("Rae")
    await boss.taps("Customers")
    await boss.gives(Located(Point(10.0, 10.0), 15.0))
    assert "Send a location" in boss.last
    texts = [boss.screen[number].text for number in sorted(boss.screen)]
    assert any("Rae has no customer with a position within 5.0 km" in text for text in texts)
    assert any("“🧭🧭🧭”" not in text and "letter" in text for text in texts)
