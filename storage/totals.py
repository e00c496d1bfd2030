"""Totals of a rep's day, kept by the transaction that sends a visit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from storage.tables import DayTotalRow, table

TOTAL = table(DayTotalRow)
_COUNTED = ("visits", "effective", "seconds", "flagged", "late")


def add_visit(
    connection: Connection,
    person_id: int,
    on_date: date,
    *,
    effective: bool,
    seconds: int,
    flagged: bool,
    late: bool,
) -> None:
    """Count a sent visit to the local day on which it was made; `seconds` is the stay, 0 while unknown."""
    dialect = sqlite if connection.dialect.name == "sqlite" else postgresql
    values = {
        "visits": 1,
        "effective": int(effective),
        "seconds": seconds,
        "flagged": int(flagged),
        "late": int(late),
    }
    statement = dialect.insert(TOTAL).values(
        person_id=person_id, on_date=on_date, **{name: bindparam(f"new_{name}") for name in _COUNTED}
    )
    more = {name: TOTAL.c[name] + statement.excluded[name] for name in _COUNTED}
    connection.execute(
        statement.on_conflict_do_update(index_elements=["person_id", "on_date"], set_=more),
        {f"new_{name}": value for name, value in values.items()},
    )


def take_back_effective(connection: Connection, person_id: int, on_date: date) -> None:
    """A visit that was counted as effective turned out to be less."""
    day = (TOTAL.c.person_id == person_id) & (TOTAL.c.on_date == on_date)
    connection.execute(update(TOTAL).where(day).values(effective=TOTAL.c.effective - 1))


def sum_by_day(connection: Connection, person_ids: Iterable[int], first: date, last: date) -> list[Row[Any]]:
    """Per day with visits, both ends counted: on_date, visits, effective, seconds, flagged, late of these people."""
    sums = [func.sum(TOTAL.c[name]).label(name) for name in _COUNTED]
    statement = (
        select(TOTAL.c.on_date, *sums)
        .where(TOTAL.c.person_id.in_(list(person_ids)), TOTAL.c.on_date.between(first, last))
        .group_by(TOTAL.c.on_date)
        .order_by(TOTAL.c.on_date)
    )
    return list(connection.execute(statement))
