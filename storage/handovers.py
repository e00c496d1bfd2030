"""What a person holds, and how it goes to another one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from storage.tables import CustomerRow, FollowUpRow, HandoverRow, table

CUSTOMER, FOLLOWUP, HANDOVER = table(CustomerRow), table(FollowUpRow), table(HandoverRow)
_IS_OPEN = FOLLOWUP.c.state == "open"


@dataclass(frozen=True)
class Holds:
    """How many customers are a person's, and how many open follow-ups."""

    customers: int
    promises: int


def count_of(connection: Connection, person_id: int) -> Holds:
    """What a person holds."""
    customers = select(func.count()).select_from(CUSTOMER).where(CUSTOMER.c.owner_id == person_id)
    promises = select(func.count()).select_from(FOLLOWUP).where(FOLLOWUP.c.person_id == person_id, _IS_OPEN)
    return Holds(connection.execute(customers).scalar_one(), connection.execute(promises).scalar_one())


def list_customers(connection: Connection, person_id: int) -> list[Row[Any]]:
    """A person's customers, those of the best grade first: id, name, grade."""
    columns = select(CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.grade).where(CUSTOMER.c.owner_id == person_id)
    by_grade = func.coalesce(CUSTOMER.c.grade, "Z")
    return list(connection.execute(columns.order_by(by_grade, CUSTOMER.c.name, CUSTOMER.c.id)))


def list_promises(connection: Connection, person_id: int, customer_ids: Collection[int] | None) -> list[Row[Any]]:
    """A person's open follow-ups, the earliest first, of some customers or (None) all: id, what, due_on, customer."""
    columns = select(
        FOLLOWUP.c.id, FOLLOWUP.c.customer_id, FOLLOWUP.c.what, FOLLOWUP.c.due_on, CUSTOMER.c.name.label("customer")
    ).join(CUSTOMER, CUSTOMER.c.id == FOLLOWUP.c.customer_id)
    statement = columns.where(FOLLOWUP.c.person_id == person_id, _IS_OPEN).order_by(FOLLOWUP.c.due_on, FOLLOWUP.c.id)
    rows: list[Row[Any]] = list(connection.execute(statement))
    return [row for row in rows if customer_ids is None or row.customer_id in customer_ids]


def give_customers(connection: Connection, from_id: int, to_id: int, ids: Collection[int] | None) -> set[int]:
    """Some of a person's customers, or all (None), become another's; returns which did."""
    statement = update(CUSTOMER).where(CUSTOMER.c.owner_id == from_id).values(owner_id=to_id)
    if ids is not None:
        statement = statement.where(CUSTOMER.c.id.in_(list(ids)))
    return set(connection.execute(statement.returning(CUSTOMER.c.id)).scalars())


def give_promises(connection: Connection, from_id: int, to_id: int, ids: Collection[int]) -> set[int]:
    """Open follow-ups become another's; returns which did."""
    mine = (FOLLOWUP.c.person_id == from_id, FOLLOWUP.c.id.in_(list(ids)), _IS_OPEN)
    statement = update(FOLLOWUP).where(*mine).values(person_id=to_id).returning(FOLLOWUP.c.id)
    return set(connection.execute(statement).scalars())


def note(
    connection: Connection,
    *,
    from_id: int,
    to_id: int | None,
    leaves: bool,
    customers: Collection[int],
    followups: Collection[int],
    routes: Collection[int],
    by: int,
    now: datetime,
) -> int:
    """Keep what was handed over; returns the entry's id."""
    values = {"from_id": from_id, "to_id": to_id, "leaves": leaves, "done_by": by, "done_at": now}
    ids = {"customers": sorted(customers), "followups": sorted(followups), "routes": sorted(routes)}
    return int(connection.execute(insert(HANDOVER).values({**values, **ids}).returning(HANDOVER.c.id)).scalar_one())
