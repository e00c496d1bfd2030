"""What a digest and a rep's day tell of customers and visits, by questions that an index answers."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, func, select

from storage.tables import CustomerRow, VisitRow, table

VISIT, CUSTOMER = table(VisitRow), table(CustomerRow)
LATEST = timedelta(days=31)  # a report that comes later than this is found in the customer's history


def list_reported_between(
    connection: Connection, person_ids: Collection[int], after: datetime, until: datetime, *, before_on: date
) -> list[Row[Any]]:
    """Visits of earlier days that were sent in a span of time, with customer_name and customer_grade."""
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"), CUSTOMER.c.grade.label("customer_grade"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(
            VISIT.c.person_id.in_(list(person_ids)),
            VISIT.c.visited_on.between(before_on - LATEST, before_on - timedelta(days=1)),
            VISIT.c.state == "sent",
            VISIT.c.sent_at > after,
            VISIT.c.sent_at <= until,
        )
        .order_by(VISIT.c.person_id, VISIT.c.checked_in_at)
    )
    return list(connection.execute(statement))


def list_customers_due(connection: Connection, owner_ids: Collection[int], until: date, limit: int) -> list[Row[Any]]:
    """Customers due by a date, the longest overdue first: id, name, grade, due_on, last_visit_at, owner_id."""
    columns = (CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.grade, CUSTOMER.c.due_on, CUSTOMER.c.last_visit_at)
    statement = (
        select(*columns, CUSTOMER.c.owner_id)
        .where(CUSTOMER.c.owner_id.in_(list(owner_ids)), CUSTOMER.c.due_on <= until)
        .order_by(CUSTOMER.c.due_on, func.coalesce(CUSTOMER.c.grade, "Z"), CUSTOMER.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement))


def count_customers_due(connection: Connection, owner_ids: Collection[int], until: date) -> int:
    """How many customers of these people are due by a date."""
    mine = CUSTOMER.c.owner_id.in_(list(owner_ids))
    statement = select(func.count()).where(mine, CUSTOMER.c.due_on <= until)
    return int(connection.execute(statement).scalar_one())


def find_rep_of_visit(connection: Connection, visit_id: int) -> int | None:
    """Whose visit it is, or None where there is no such visit."""
    return connection.execute(select(VISIT.c.person_id).where(VISIT.c.id == visit_id)).scalar()
