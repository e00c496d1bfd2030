"""Customers, what finds them, and the lists that they came in."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Column, ForeignKey, Index, Text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, instant, json, long_text, own_id, ref


class CustomerRow(SQLModel, table=True):
    """A customer; position in WGS-84, beside it the raw numbers and the datum that they came in.

    `position_from` is import or proposed (by a visit); `is_new` means met on the street, not brought in by a list.
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
