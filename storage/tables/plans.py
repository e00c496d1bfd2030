"""What is planned ahead: routes with their stops, and the visits that are made from them."""

from datetime import date, datetime

from sqlalchemy import Column, ForeignKey, UniqueConstraint
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, instant, own_id, ref


class RouteRow(SQLModel, table=True):
    """A route (`bot.domain.route.Route`); `weekdays` are digits, 1 is Monday; a deleted one stays for its past."""

    __tablename__ = "route"
    id: int = own_id()
    name: str
    person_id: int = ref("person", index=True)
    weekdays: str = ""
    every: int = 1
    starts_on: date
    paused: bool = False
    created_by: int = ref("person")
    created_at: datetime = instant()
    deleted_at: datetime | None = instant(null=True)


class RouteStopRow(SQLModel, table=True):
    """A customer of a route, in its order."""

    __tablename__ = "route_stop"
    route_id: int = Field(sa_column=Column(BigId, ForeignKey("route.id"), primary_key=True))
    customer_id: int = Field(sa_column=Column(BigId, ForeignKey("customer.id"), primary_key=True))
    position: int


class PlannedVisitRow(SQLModel, table=True):
    """A visit that a rep means to make on a local day of his; `state` is planned, done or dropped (with a reason)."""

    __tablename__ = "planned_visit"
    __table_args__ = (UniqueConstraint("person_id", "on_date", "customer_id"),)
    id: int = own_id()
    person_id: int = ref("person")
    customer_id: int = ref("customer")
    on_date: date
    route_id: int | None = ref("route", null=True)
    state: str = "planned"
    reason: str = ""
    visit_id: int | None = ref("visit", null=True)
    created_at: datetime = instant()
