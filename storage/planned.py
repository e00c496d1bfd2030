"""Visits planned for a day: made from routes, and what became of them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, or_, select, update

from storage.prepared import Prepared
from storage.tables import CustomerRow, PlannedVisitRow, RouteRow, RouteStopRow, table

PLANNED, ROUTE, STOP, CUSTOMER = table(PlannedVisitRow), table(RouteRow), table(RouteStopRow), table(CustomerRow)
_VALUES = ("person_id", "customer_id", "on_date", "route_id", "state", "reason", "created_at")
_PLAN = Prepared(
    lambda insert: (
        insert(PLANNED)
        .values({name: bindparam(name) for name in _VALUES})
        .on_conflict_do_nothing(index_elements=["person_id", "on_date", "customer_id"])
    )
)
_DONE = Prepared(
    update(PLANNED)
    .where(
        PLANNED.c.person_id == bindparam("of_person"),
        PLANNED.c.on_date == bindparam("of_day"),
        PLANNED.c.customer_id == bindparam("of_customer"),
    )
    .values(state="done", reason="", visit_id=bindparam("by_visit"))
)
_ORDER = (PLANNED.c.route_id, STOP.c.position, PLANNED.c.id)


def clear(connection: Connection, person_id: int, from_on: date) -> None:
    """Forget what routes have planned for a rep from a date on; what is done or dropped stays."""
    from_routes = (PLANNED.c.route_id.is_not(None), PLANNED.c.state == "planned")
    of_rep = (PLANNED.c.person_id == person_id, PLANNED.c.on_date >= from_on)
    connection.execute(delete(PLANNED).where(*of_rep, *from_routes))


def plan(connection: Connection, person_id: int, visits: Iterable[tuple[date, int, int]], now: datetime) -> None:
    """Plan visits (local date, customer, route); who is planned for on that day already is not planned twice."""
    for on, customer_id, route_id in visits:
        values = {"person_id": person_id, "customer_id": customer_id, "on_date": on, "route_id": route_id}
        _PLAN.run(connection, **values, state="planned", reason="", created_at=now)


def mark_done(connection: Connection, person_id: int, customer_id: int, on: date, visit_id: int) -> None:
    """A visit of that day was sent: if it was planned, it is done."""
    _DONE.run(connection, of_person=person_id, of_day=on, of_customer=customer_id, by_visit=visit_id)


def list_of_day(connection: Connection, person_id: int, on: date) -> list[Row[Any]]:
    """What a rep has planned for a day and may still do or has done, in the order of its routes.

    Columns of the plan, `route` (its name) and the customer's name, grade, due_on, last_visit_at, owner_id. A customer
    who is somebody else's meanwhile is not among them.
    """
    of_customer = (CUSTOMER.c.name, CUSTOMER.c.grade, CUSTOMER.c.due_on, CUSTOMER.c.last_visit_at, CUSTOMER.c.owner_id)
    statement = (
        select(PLANNED, ROUTE.c.name.label("route"), *of_customer)
        .join(CUSTOMER, CUSTOMER.c.id == PLANNED.c.customer_id)
        .outerjoin(ROUTE, ROUTE.c.id == PLANNED.c.route_id)
        .outerjoin(STOP, (STOP.c.route_id == PLANNED.c.route_id) & (STOP.c.customer_id == PLANNED.c.customer_id))
        .where(PLANNED.c.person_id == person_id, PLANNED.c.on_date == on)
        .where(or_(CUSTOMER.c.owner_id == person_id, CUSTOMER.c.owner_id.is_(None)))
        .order_by(*_ORDER)
    )
    return list(connection.execute(statement))


def find(connection: Connection, planned_id: int) -> Row[Any] | None:
    """A planned visit, with the customer's `name`."""
    statement = select(PLANNED, CUSTOMER.c.name).join(CUSTOMER, CUSTOMER.c.id == PLANNED.c.customer_id)
    return connection.execute(statement.where(PLANNED.c.id == planned_id)).one_or_none()


def change(connection: Connection, planned_id: int, state: str, reason: str) -> None:
    """Drop a planned visit with a reason, or plan it again."""
    connection.execute(update(PLANNED).where(PLANNED.c.id == planned_id).values(state=state, reason=reason))
