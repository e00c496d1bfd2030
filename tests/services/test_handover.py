"""Somebody leaves, or gives customers away: a colleague has them in one step, and history stays with its author."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest
from desk_talk import STARTS_AT, Guest, Office
from office_hours import Company
from sqlalchemy import Connection, select, text

from bot.domain.followup import ReminderKind
from bot.domain.people import Person
from bot.domain.route import Route
from bot.services import planned
from bot.services.turn import Turn
from storage import customers, followups, outbox, people, routes, search
from storage.database import Database
from storage.tables import CustomerRow, FollowUpRow, HandoverRow, OutboxRow, PlannedVisitRow, VisitRow, table

CUSTOMER, FOLLOWUP, VISIT = table(CustomerRow), table(FollowUpRow), table(VisitRow)
PLANNED = table(PlannedVisitRow)


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    yield Office(database)


@pytest.fixture
async def ann(office: Office) -> Guest:
    return await office.member(11, "Ann")


@pytest.fixture
async def rae(office: Office) -> Guest:
    return await office.member(21, "Rae", "rep")


@pytest.fixture
async def lin(office: Office) -> Guest:
    return await office.member(22, "Lin", "rep")


async def customer(office: Office, name: str, owner: Guest, *, promise: str | None = None) -> int:
    def store(connection: Connection) -> int:
        customer_id = customers.add(connection, name=name, created_at=office.now, owner_id=owner.person_id)
        search.index(connection, [customers.get(connection, customer_id)])
        if promise is not None:
            tomorrow = office.now + timedelta(days=1)
            followups.add(
                connection,
                person_id=owner.person_id,
                customer_id=customer_id,
                visit_id=None,
                what=promise,
                due_on=tomorrow.date(),
                due_time=None,
                created_at=office.now,
                remind_at=tomorrow,
                remind_kind=ReminderKind.EVENING_BEFORE,
            )
        return customer_id

    return await office.database.write(store)


async def rows(office: Office, statement: Any) -> list[Any]:
    return await office.database.read(lambda connection: list(connection.execute(statement)))


async def owners(office: Office) -> dict[str, int]:
    return {row.name: row.owner_id for row in await rows(office, select(CUSTOMER.c.name, CUSTOMER.c.owner_id))}


async def person(office: Office, guest: Guest) -> Person:
    return await office.database.read(lambda connection: people.get(connection, guest.person_id))


async def leave_open(office: Office, ann: Guest, name: str = "rae") -> None:
    await ann.says(f"/people {name}")
    await ann.taps("🚪 Leaves the company")


async def test_a_leaver_hands_everything_over_in_one_step(office: Office, ann: Guest, rae: Guest, lin: Guest) -> None:
    for name, promise in (("Bakery", "send the price list"), ("Harbour", None), ("Mill", "call back")):
        await customer(office, name, rae, promise=promise)
    await leave_open(office, ann)
    said = await ann.taps("Lin")
    assert "From <b>Rae</b> to <b>Lin</b>" in said and "3 customers" in said and "2 open follow-ups" in said
    assert "· Bakery" in said and "send the price list" in said
    assert "3 customers of Rae are now with Lin" in await ann.taps("✔️ Hand over and let go")
    assert set((await owners(office)).values()) == {lin.person_id}
    assert {row.person_id for row in await rows(office, select(FOLLOWUP))} == {lin.person_id}
    assert "Rae has left the company. You look after his customers" in lin.last and "call back" in lin.last
    assert "You have left the company" in rae.last
    assert (await person(office, rae)).status == "gone"
    assert "You have left the company" in await rae.says("/visit")
    (kept,) = await rows(office, select(table(HandoverRow)))
    assert (kept.from_id, kept.to_id, kept.done_by, len(kept.customers), len(kept.followups)) == (
        rae.person_id,
        lin.person_id,
        ann.person_id,
        3,
        2,
    )


async def test_what_changed_since_the_list_was_shown_is_told_and_shown_again(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    await customer(office, "Bakery", rae)
    await leave_open(office, ann)
    await ann.taps("Lin")
    await customer(office, "Newly won", rae)
    before = set(ann.screen)
    await ann.taps("✔️ Hand over and let go")
    told = [ann.screen[message_id].text for message_id in sorted(set(ann.screen) - before)]
    assert any("has changed since the list was shown" in text for text in told)
    assert "Newly won" in ann.last
    assert (await person(office, rae)).active
    assert set((await owners(office)).values()) == {rae.person_id}
    await ann.taps("✔️ Hand over and let go")
    assert set((await owners(office)).values()) == {lin.person_id}


async def test_some_customers_go_with_their_follow_ups_and_nobody_leaves(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    await customer(office, "Bakery", rae, promise="send the price list")
    await customer(office, "Harbour One", rae, promise="call back")
    await customer(office, "Harbour Two", rae)
    await ann.says("/people rae")
    await ann.taps("📦 Hand over customers")
    await ann.says("harbour")
    assert "2 ticked" in ann.last
    await ann.taps("✅ Harbour Two")
    await ann.taps("✔️ These 1")
    await ann.taps("Lin")
    await ann.taps("✔️ Hand over")
    assert await owners(office) == {
        "Bakery": rae.person_id,
        "Harbour One": lin.person_id,
        "Harbour Two": rae.person_id,
    }
    promised = {row.what: row.person_id for row in await rows(office, select(FOLLOWUP))}
    assert promised == {"send the price list": rae.person_id, "call back": lin.person_id}
    assert (await person(office, rae)).active and "1 of your customers is now with Lin" in rae.last


async def test_the_list_is_paged_where_it_is_long(office: Office, ann: Guest, rae: Guest, lin: Guest) -> None:
    for number in range(23):
        await customer(office, f"Shop {number:02}", rae)
    await leave_open(office, ann)
    said = await ann.taps("Lin")
    assert "23 customers" in said and "Shop 09" in said and "Shop 10" not in said
    assert "Shop 10" in await ann.taps("▶️")
    assert "Shop 22" in await ann.taps("▶️")
    await ann.taps("✔️ Hand over and let go")
    assert set((await owners(office)).values()) == {lin.person_id}


async def test_who_has_nothing_leaves_without_a_colleague(office: Office, ann: Guest, rae: Guest) -> None:
    await leave_open(office, ann)
    assert "Rae</b> has nothing to hand over" in ann.last
    assert "Rae has left" in await ann.taps("✔️ Hand over and let go")
    assert (await person(office, rae)).status == "gone"


async def test_only_an_admin_hands_over_and_only_to_an_active_rep(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    await customer(office, "Bakery", rae)
    max_ = await office.member(31, "Max", "manager")
    await max_.says("/menu")
    await max_.taps_data(max_.newest, f"handover:{rae.person_id}:0:leaves")
    assert "Only an admin" in max_.last
    await leave_open(office, ann)
    assert not any("Max" in label for label in ann.labels)
    await office.change_person(lin, status="locked")
    await ann.taps("Lin")
    assert set((await owners(office)).values()) == {rae.person_id}
    assert "Lin is no active rep" in "\n".join(message.text for message in ann.screen.values())


async def test_the_last_admin_cannot_leave(office: Office, ann: Guest, rae: Guest) -> None:
    await leave_open(office, ann, "ann")
    assert "last admin" in ann.last
    assert (await person(office, ann)).active


async def test_an_open_visit_ends_as_a_forgotten_one_and_what_waits_for_him_is_parked(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    customer_id = await customer(office, "Bakery", rae)

    closes_at = STARTS_AT + timedelta(hours=3)
    company = Company(office.database, office)
    await company.visit(rae, customer_id, "2026-11-23 09:00", minutes=None, closes_at=closes_at, remind_at=closes_at)

    def begin(connection: Connection) -> None:
        outbox.post(
            connection,
            key="later",
            chat_id=rae.telegram_id,
            person_id=rae.person_id,
            message="visit/done",
            context={},
            slot=None,
            anew=False,
            bulk=False,
            not_before=closes_at,
            created_at=office.now,
        )

    await office.database.write(begin)
    office.pass_time(minutes=40)
    await leave_open(office, ann)
    await ann.taps("Lin")
    await ann.taps("✔️ Hand over and let go")
    (visit,) = await rows(office, select(VISIT))
    assert visit.closed_automatically and visit.closes_at is None and visit.remind_at is None
    assert visit.person_id == rae.person_id, "history stays with its author"
    (waiting,) = await rows(office, select(table(OutboxRow)).where(table(OutboxRow).c.key == "later"))
    assert waiting.state == "parked"


async def test_nothing_is_changed_where_one_customer_of_the_list_cannot_go(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    await customer(office, "Bakery", rae, promise="send the price list")
    await leave_open(office, ann)
    await ann.taps("Lin")
    await office.database.write(lambda connection: connection.execute(text("DROP TABLE handover")))
    with pytest.raises(Exception, match="handover"):
        await ann.taps("✔️ Hand over and let go")
    assert set((await owners(office)).values()) == {rae.person_id}
    assert (await person(office, rae)).active


async def test_routes_go_along_with_what_is_planned_from_today_on(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    bakery = await customer(office, "Harbour Bakery", rae)
    own = await customer(office, "Mill", lin)
    for guest, stops in ((rae, [bakery, own]), (lin, [own])):
        await walked(office, guest, stops)
    assert await plans(office) == {(rae.person_id, bakery), (lin.person_id, own)}
    await leave_open(office, ann)
    await ann.taps("Lin")
    assert "🧭 1 route, with what is planned from today on" in ann.last
    assert "· Round of Rae" in ann.last
    await ann.taps("Hand over and let go")
    assert any("1 route went along, too." in shown.text for shown in ann.screen.values())
    assert await plans(office) == {(lin.person_id, bakery), (lin.person_id, own)}
    (noted,) = await rows(office, select(table(HandoverRow).c.routes))
    assert noted.routes == [1]


async def test_a_route_stays_while_one_of_its_customers_does(
    office: Office, ann: Guest, rae: Guest, lin: Guest
) -> None:
    bakery, mill = await customer(office, "Harbour Bakery", rae), await customer(office, "Mill", rae)
    await walked(office, rae, [bakery, mill])
    await ann.says("/people rae")
    await ann.taps("Hand over customers")
    await ann.taps("Harbour Bakery")
    await ann.taps("✔️")
    await ann.taps("Lin")
    assert "route" not in ann.last
    await ann.taps("Hand over")
    assert await plans(office) == {(rae.person_id, mill)}


async def walked(office: Office, rep: Guest, stops: list[int]) -> None:
    """A route of the rep's on Mondays, which is the office's today."""

    def store(turn: Turn) -> None:
        monday, name = office.now.date(), f"Round of {rep.name}"
        more = {"starts_on": monday, "by": rep.person_id, "now": office.now}
        route_id = routes.add(turn.connection, name=name, person_id=rep.person_id, **more)
        routes.change(turn.connection, Route(route_id, name, rep.person_id, frozenset({1}), 1, monday))
        routes.set_stops(turn.connection, route_id, stops)
        planned.remake(turn, people.get(turn.connection, rep.person_id))

    await office.desk.act(f"walked:{rep.person_id}", store)


async def plans(office: Office) -> set[tuple[int, int]]:
    """Who has planned to see whom."""
    found = await rows(office, select(PLANNED.c.person_id, PLANNED.c.customer_id).where(PLANNED.c.state == "planned"))
    return {(row.person_id, row.customer_id) for row in found}
