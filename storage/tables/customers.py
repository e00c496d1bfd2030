"""Customers, what finds them, and the lists that they came in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, big, instant, json, long_text, own_id, ref


class CustomerRow(SQLModel, table=True):
    """A customer; position in WGS-84, beside it the raw numbers and the datum that they came in.

    `position_from` is import, proposed (by a visit), confirmed (by a manager) or refined (by later visits: then
    `vouched_…` is what a person vouched for); `is_new` means met on the street, not brought in by a list.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index("customer_position", "latitude", "longitude"),
        Index("customer_near", "owner_id", "latitude", "longitude"),
        Index("customer_due", "owner_id", "due_on"),
        Index("customer_overdue", "due_on", "owner_id"),
    )
    id: int = own_id()
    external_id: str | None = Field(default=None, unique=True)
    name: str = Field(index=True)
    aliases: list[str] = json()
    grade: str | None = None
    class_: str | None = None
    tags: list[str] = json()
    industry: str = ""
    region: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    datum: str | None = None
    given_latitude: float | None = None
    given_longitude: float | None = None
    position_from: str | None = None
    vouched_latitude: float | None = None
    vouched_longitude: float | None = None
    fence_radius: float | None = None
    contact_name: str = ""
    phone: str = ""
    note: str = long_text()
    search_text: str = long_text()
    owner_id: int | None = ref("person", null=True)
    created_by: int | None = ref("person", null=True)
    created_at: datetime = instant()
    last_visit_at: datetime | None = instant(null=True)
    due_on: date | None = None
    is_new: bool = False


class CustomerPinRow(SQLModel, table=True):
    """A place proposed for a customer, with why and by whom; a manager decides. One a customer is open.

    `state` is open, confirmed, refused, withdrawn (with the visit that proposed it) or replaced by a newer one;
    `metres` is how far it was from the pin that stood, none where there was no pin.
    """

    __tablename__ = "customer_pin"
    __table_args__ = (
        Index("pin_of_customer", "customer_id", "id"),
        Index(
            "pin_open",
            "customer_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: int = own_id()
    customer_id: int = ref("customer")
    why: str
    latitude: float
    longitude: float
    accuracy: float | None = None
    metres: float | None = None
    person_id: int = ref("person")
    visit_id: int | None = ref("visit", null=True, index=True)
    proposed_at: datetime = instant()
    state: str = "open"
    decided_by: int | None = big(null=True)
    decided_at: datetime | None = instant(null=True)


class SearchKeyRow(SQLModel, table=True):
    """A beginning that finds a customer: a part of his name, its pinyin, its initials, an alias, a phone, a tag.

    Compared by bytes, or a search could not be a range of the primary key.
    """

    __tablename__ = "search_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: str = Field(sa_column=Column(Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True))
    customer_id: int = Field(sa_column=Column(BigId, ForeignKey("customer.id"), primary_key=True, index=True))


class ImportRow(SQLModel, table=True):
    """A customer list that somebody sent, from its upload on, and so the history of imports.

    `state` is reading, datum (asked for), preview, applying, applied, unchanged, refused or dropped. `original` is
    the file's blob. `shown` is what the preview says, `fingerprint` stands for everything that it would change;
    `touched` are the ids of customers whose search entries and due dates follow.
    """

    __tablename__ = "customer_import"
    id: int = own_id()
    person_id: int = ref("person")
    file_id: str
    file_name: str
    sha256: str = ""
    original: str | None = None
    datum: str | None = None
    state: str = "reading"
    counts: dict[str, Any] = json(null=True)
    shown: dict[str, Any] = json(null=True)
    fingerprint: str | None = None
    touched: list[int] = json(null=True)
    created_at: datetime = instant()
    applied_at: datetime | None = instant(null=True)
