"""The kinds of columns that the tables are made of."""

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Column, DateTime, ForeignKey, Integer, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER keys


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps no zone, so it is put back when it is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Second(TypeDecorator[datetime]):
    """An aware UTC instant of which only the whole seconds matter, as seconds since 1970: a third of an `Instant`."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> int | None:
        return int(value.timestamp()) if value is not None else None

    def process_result_value(self, value: int | None, dialect: Dialect) -> datetime | None:
        return datetime.fromtimestamp(value, UTC) if value is not None else None


def own_id() -> Any:
    """The row's own id, counted up by the database."""
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def instant(*, null: bool = False, index: bool = False) -> Any:
    """An aware UTC instant."""
    return Field(default=None, sa_column=Column(Instant, nullable=null, index=index))


def big(*, null: bool = False, index: bool = False, unique: bool = False) -> Any:
    """A number of 64 bits: Telegram's ids need them."""
    return Field(default=None, sa_column=Column(BigInteger, nullable=null, index=index, unique=unique))


def ref(target: str, *, null: bool = False, index: bool = False) -> Any:
    """A reference to the id of another table."""
    return Field(default=None, sa_column=Column(BigId, ForeignKey(f"{target}.id"), nullable=null, index=index))


def json(*, null: bool = False) -> Any:
    """A JSON value."""
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=null))


def long_text(*, null: bool = False) -> Any:
    """Text without a limit."""
    return Field(default=None, sa_column=Column(Text, nullable=null))
