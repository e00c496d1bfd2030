"""What a list says of a customer's place, and what visits had proposed before."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.customer import SheetCustomer
from bot.domain.customer_preview import Change, FieldChange
from bot.domain.geography import Point
from storage import customers, imports, people, pins
from storage.database import Connection, Database

AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)
THERE = Point(29.561, 106.577)


@pytest.mark.parametrize(("field", "state"), [("position", "replaced"), ("note", "open")])
async def test_a_list_that_moves_a_customer_ends_what_a_visit_proposed(
    database: Database, field: str, state: str
) -> None:
    def tried(connection: Connection) -> str:
        rep = people.add(connection, telegram_id=1, name="Emma", language="en", time_zone="UTC", status="active")
        customer_id = customers.add(connection, name="Harbour Bakery", created_at=AT)
        place = {"latitude": 29.5, "longitude": 106.5, "person_id": rep}
        pin_id = pins.propose(connection, customer_id, AT, why="pin_wrong", **place)
        before = customers.get(connection, customer_id)
        after = replace(before, position=THERE, note="new")
        row = SheetCustomer(1, "Harbour Bakery")
        change = Change(row, before, after, fields=(FieldChange(field, None, THERE),))
        imports.store(connection, [], [change], by=rep, at=AT)
        pin = pins.find(connection, pin_id)
        assert pin is not None
        return str(pin.state)

    assert await database.write(tried) == state
