"""Customers: found by place, by id, and by whose they are."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, or_, select, update

from bot.domain.customer import Customer, CustomerClass, Grade
from bot.domain.datum import Datum
from bot.domain.geography import Point, bounding_box
from storage.prepared import Prepared
from storage.tables import CustomerRow, table

CUSTOMER = table(CustomerRow)
_BY_ID = Prepared(select(CUSTOMER).where(CUSTOMER.c.id == bindparam("customer_id")))
_VISIBLE = or_(CUSTOMER.c.owner_id.in_(bindparam("owners", expanding=True)), CUSTOMER.c.owner_id.is_(None))
_SET_DUE = update(CUSTOMER).where(CUSTOMER.c.id == bindparam("of_id")).values(due_on=bindparam("new_due"))
_IN_BOX = select(CUSTOMER).where(
    CUSTOMER.c.latitude.between(bindparam("south"), bindparam("north")),
    CUSTOMER.c.longitude.between(bindparam("west"), bindparam("east")),
)


def get(connection: Connection, customer_id: int) -> Customer:
    """The customer with this id; he must be there."""
    return customer_of(_BY_ID.one(connection, customer_id=customer_id))


def find(connection: Connection, customer_id: int) -> Customer | None:
    """The customer with this id, or None."""
    row = _BY_ID.first(connection, customer_id=customer_id)
    return customer_of(row) if row is not None else None


def get_row(connection: Connection, customer_id: int) -> Any:
    """All columns, for due dates and the record's page."""
    return _BY_ID.one(connection, customer_id=customer_id)


def find_near(
    connection: Connection, here: Point, metres: float, *, owners: Collection[int] | None, limit: int
) -> list[tuple[Customer, float]]:
    """Customers within so many metres, nearest first, with the distance: those of the owners and of nobody.

    `owners` None means everybody's.
    """
    box = bounding_box(here, metres)
    near = []
    for west, east in box.longitudes:
        statement = _IN_BOX if owners is None else _IN_BOX.where(_VISIBLE)
        values: dict[str, Any] = {"south": box.south, "north": box.north, "west": west, "east": east}
        if owners is not None:
            values["owners"] = list(owners)
        for row in connection.execute(statement, values):
            customer = customer_of(row)
            away = customer.metres_from(here)
            if away is not None and away <= metres:
                near.append((customer, away))
    near.sort(key=lambda found: found[1])
    return near[:limit]


def add(connection: Connection, **values: Any) -> int:
    """Store a customer (columns of `CustomerRow`) and return the id."""
    defaults = {"aliases": [], "tags": [], "industry": "", "region": "", "address": "", "contact_name": ""}
    more = {"phone": "", "note": "", "search_text": "", "is_new": False}
    statement = insert(CUSTOMER).values({**defaults, **more, **values}).returning(CUSTOMER.c.id)
    return int(connection.execute(statement).scalar_one())


def change(connection: Connection, customer_id: int, **values: Any) -> None:
    """Set columns of a customer."""
    connection.execute(update(CUSTOMER).where(CUSTOMER.c.id == customer_id).values(values))


def list_after(connection: Connection, after: int, limit: int) -> list[Row[Any]]:
    """Customers by id, beyond one."""
    return list(connection.execute(select(CUSTOMER).where(CUSTOMER.c.id > after).order_by(CUSTOMER.c.id).limit(limit)))


def list_rows(connection: Connection, ids: Iterable[int]) -> list[Row[Any]]:
    """All columns of some customers."""
    return list(connection.execute(select(CUSTOMER).where(CUSTOMER.c.id.in_(list(ids)))))


def set_due(connection: Connection, dates: Mapping[int, date]) -> None:
    """By which local date each customer should be seen, by id."""
    if dates:
        values = [{"of_id": customer_id, "new_due": due} for customer_id, due in dates.items()]
        connection.execute(_SET_DUE, values)


def seen(connection: Connection, customer_id: int, at: datetime, due_on: date) -> None:
    """A visit that counts: kept with the visit itself, so that being due is a column.

    A report that comes late, after a newer visit was sent, turns nothing back.
    """
    newer = or_(CUSTOMER.c.last_visit_at.is_(None), CUSTOMER.c.last_visit_at < at)
    statement = update(CUSTOMER).where(CUSTOMER.c.id == customer_id, newer)
    connection.execute(statement.values(last_visit_at=at, due_on=due_on))


def list_by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, Customer]:
    """Customers by id."""
    rows = connection.execute(select(CUSTOMER).where(CUSTOMER.c.id.in_(list(ids))))
    return {row.id: customer_of(row) for row in rows}


def customer_of(row: Row[Any]) -> Customer:
    """The domain's customer of a row."""
    has_position = row.latitude is not None and row.longitude is not None
    return Customer(
        id=row.id,
        name=row.name,
        external_id=row.external_id,
        aliases=tuple(row.aliases),
        grade=Grade(row.grade) if row.grade else None,
        class_=CustomerClass(row.class_) if row.class_ else None,
        tags=tuple(row.tags),
        industry=row.industry,
        region=row.region,
        address=row.address,
        position=Point(row.latitude, row.longitude) if has_position else None,
        is_proposed=row.position_from == "proposed",
        given_latitude=row.given_latitude,
        given_longitude=row.given_longitude,
        datum=Datum(row.datum) if row.datum else None,
        fence_radius=row.fence_radius,
        contact_name=row.contact_name,
        phone=row.phone,
        note=row.note,
        owner_id=row.owner_id,
    )
