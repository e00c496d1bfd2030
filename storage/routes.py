"""Routes: whose they are, when they are walked, and their stops in order."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, select, update

from bot.domain.route import Route
from storage.tables import CustomerRow, PersonRow, RouteRow, RouteStopRow, table

ROUTE, STOP, CUSTOMER, PERSON = table(RouteRow), table(RouteStopRow), table(CustomerRow), table(PersonRow)
_STANDS = ROUTE.c.deleted_at.is_(None)
_STOPS = select(func.count()).where(STOP.c.route_id == ROUTE.c.id).scalar_subquery().label("stops")


def add(connection: Connection, *, name: str, person_id: int, starts_on: date, by: int, now: datetime) -> int:
    """Store a route without days and stops, and return its id."""
    values: dict[str, Any] = {"name": name, "person_id": person_id, "starts_on": starts_on, "created_by": by}
    values |= {"weekdays": "", "every": 1, "paused": False, "created_at": now}
    return int(connection.execute(insert(ROUTE).values(values).returning(ROUTE.c.id)).scalar_one())


def find(connection: Connection, route_id: int) -> Route | None:
    """The route with this id, unless it was deleted."""
    row = connection.execute(select(ROUTE).where(ROUTE.c.id == route_id, _STANDS)).one_or_none()
    return _route(row) if row is not None else None


def change(connection: Connection, route: Route) -> None:
    """Store what a route is now."""
    values: dict[str, Any] = {"name": route.name, "person_id": route.person_id, "every": route.every}
    values |= {"weekdays": stored_weekdays(route), "starts_on": route.starts_on, "paused": route.paused}
    connection.execute(update(ROUTE).where(ROUTE.c.id == route.id).values(values))


def remove(connection: Connection, route_id: int, now: datetime) -> None:
    """Delete a route; the visits that were made of it keep their past."""
    connection.execute(update(ROUTE).where(ROUTE.c.id == route_id).values(deleted_at=now))


def list_of(connection: Connection, person_id: int) -> list[Route]:
    """A rep's routes in the order in which they were made."""
    statement = select(ROUTE).where(ROUTE.c.person_id == person_id, _STANDS).order_by(ROUTE.c.id)
    return [_route(row) for row in connection.execute(statement)]


def list_with_reps(connection: Connection, person_ids: Collection[int] | None) -> list[tuple[Route, str, int]]:
    """Routes of these people (None: everybody's) by name, each with its rep's name and the number of its stops."""
    statement = select(ROUTE, PERSON.c.name.label("rep"), _STOPS).join(PERSON, PERSON.c.id == ROUTE.c.person_id)
    if person_ids is not None:
        statement = statement.where(ROUTE.c.person_id.in_(list(person_ids)))
    rows = connection.execute(statement.where(_STANDS).order_by(ROUTE.c.name, ROUTE.c.id))
    return [(_route(row), row.rep, row.stops) for row in rows]


def list_stops(connection: Connection, route_ids: Collection[int]) -> list[Row[Any]]:
    """The stops of some routes in order: route_id, customer_id, name, grade, latitude, longitude, owner_id."""
    columns = (CUSTOMER.c.name, CUSTOMER.c.grade, CUSTOMER.c.latitude, CUSTOMER.c.longitude, CUSTOMER.c.owner_id)
    statement = (
        select(STOP.c.route_id, STOP.c.customer_id, *columns)
        .join(CUSTOMER, CUSTOMER.c.id == STOP.c.customer_id)
        .where(STOP.c.route_id.in_(list(route_ids)))
        .order_by(STOP.c.route_id, STOP.c.position)
    )
    return list(connection.execute(statement))


def set_stops(connection: Connection, route_id: int, customer_ids: Sequence[int]) -> None:
    """Give a route these stops in this order."""
    connection.execute(delete(STOP).where(STOP.c.route_id == route_id))
    rows = [{"route_id": route_id, "customer_id": of, "position": at} for at, of in enumerate(customer_ids)]
    if rows:
        connection.execute(insert(STOP), rows)


def give(connection: Connection, from_id: int, to_id: int, ids: Collection[int]) -> set[int]:
    """Some of a rep's routes become another's; returns which did."""
    mine = (ROUTE.c.person_id == from_id, ROUTE.c.id.in_(list(ids)), _STANDS)
    return set(connection.execute(update(ROUTE).where(*mine).values(person_id=to_id).returning(ROUTE.c.id)).scalars())


def stored_weekdays(route: Route) -> str:
    """The store's form of a route's weekdays: digits, 1 is Monday."""
    return "".join(str(day) for day in sorted(route.weekdays))


def _route(row: Row[Any]) -> Route:
    weekdays = frozenset(int(day) for day in row.weekdays)
    return Route(row.id, row.name, row.person_id, weekdays, row.every, row.starts_on, row.paused)
