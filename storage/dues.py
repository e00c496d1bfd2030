"""What is due: the columns that say when a person or a visit is to be thought of next."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, or_, select, update

from storage.tables import CustomerRow, PersonRow, VisitRow, table

PERSON, VISIT, CUSTOMER = table(PersonRow), table(VisitRow), table(CustomerRow)
_ACTIVE = PERSON.c.status == "active"
_OPEN = VISIT.c.state == "open"
_UNPLANNED = select(PERSON.c.id).where(_ACTIVE, or_(PERSON.c.brief_due_at.is_(None), PERSON.c.digest_due_at.is_(None)))
_PLAN_BOTH = (
    update(PERSON)
    .where(PERSON.c.id == bindparam("of_id"))
    .values({name: bindparam(name) for name in ("brief_due_at", "digest_due_at")})
)
_PLAN_REPORT = (
    update(VISIT)
    .where(VISIT.c.id == bindparam("of_id"), VISIT.c.remind_at == bindparam("was"), _OPEN)
    .values(remind_at=bindparam("new_at"))
)


# --- people: the rep's brief, the manager's digest ----------------------------------------------


def list_unplanned(connection: Connection) -> list[int]:
    """Active people of whom nobody has said yet when they hear from us."""
    return list(connection.execute(_UNPLANNED).scalars())


def list_planned(connection: Connection, after: datetime) -> list[int]:
    """Active people for whom nothing is due before that instant."""
    statement = select(PERSON.c.id).where(_ACTIVE, PERSON.c.brief_due_at > after, PERSON.c.digest_due_at > after)
    return list(connection.execute(statement).scalars())


def list_people(connection: Connection, column: str, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """People whose `brief_due_at`, `digest_due_at` or `routes_due_at` has come, with that instant, the oldest first."""
    due_at = PERSON.c[column]
    statement = select(PERSON.c.id, due_at).where(due_at <= now, _ACTIVE).order_by(due_at, PERSON.c.id).limit(limit)
    rows = connection.execute(statement.with_for_update(skip_locked=True))
    return [(person_id, at) for person_id, at in rows]


def plan_person(connection: Connection, person_id: int, **due_at: datetime) -> None:
    """Set `brief_due_at`, `digest_due_at` or both."""
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(due_at))


def plan_people(connection: Connection, due_at: Mapping[int, Mapping[str, datetime]]) -> None:
    """Set `brief_due_at` and `digest_due_at` of many, by person."""
    if due_at:
        connection.execute(_PLAN_BOTH, [{"of_id": of, **both} for of, both in due_at.items()])


def plan_routes(connection: Connection, person_id: int, due_at: datetime | None) -> None:
    """Set when the visits of a rep's next week are made; None without routes."""
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(routes_due_at=due_at))


def hasten_routes(connection: Connection, now: datetime) -> None:
    """Have everybody's planned week made anew by the next tick."""
    connection.execute(update(PERSON).where(PERSON.c.routes_due_at > now).values(routes_due_at=now))


# --- visits: forgotten check-outs, unfinished reports -------------------------------------------


def list_to_close(connection: Connection, now: datetime, limit: int) -> list[tuple[int, datetime]]:
    """Open visits that nobody checked out of in time, with the instant at which they close."""
    statement = select(VISIT.c.id, VISIT.c.closes_at).where(_OPEN, VISIT.c.closes_at <= now)
    rows = connection.execute(statement.order_by(VISIT.c.closes_at).limit(limit).with_for_update(skip_locked=True))
    return [(visit_id, at) for visit_id, at in rows]


def list_reports(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Open visits whose reminder has come: id, person_id, visited_on, closes_at, remind_at."""
    statement = select(VISIT.c.id, VISIT.c.person_id, VISIT.c.visited_on, VISIT.c.closes_at, VISIT.c.remind_at)
    statement = statement.where(_OPEN, VISIT.c.remind_at <= now).order_by(VISIT.c.remind_at).limit(limit)
    return list(connection.execute(statement.with_for_update(skip_locked=True)))


def list_reports_planned(connection: Connection, after: datetime) -> list[Row[Any]]:
    """Open visits whose reminder is still to come, with the same columns."""
    statement = select(VISIT.c.id, VISIT.c.person_id, VISIT.c.visited_on, VISIT.c.closes_at, VISIT.c.remind_at)
    return list(connection.execute(statement.where(_OPEN, VISIT.c.remind_at > after)))


def plan_report(connection: Connection, visit: Row[Any], remind_at: datetime | None) -> None:
    """Move the next reminder of an open visit on, if nobody else did."""
    connection.execute(_PLAN_REPORT, {"of_id": visit.id, "was": visit.remind_at, "new_at": remind_at})


def list_unfinished(connection: Connection, person_ids: Collection[int]) -> list[Row[Any]]:
    """Visits of these people that are not reported yet, with the customers' names, the oldest first."""
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(VISIT.c.person_id.in_(list(person_ids)), _OPEN)
        .order_by(VISIT.c.checked_in_at)
    )
    return list(connection.execute(statement))
