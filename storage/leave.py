"""Days on which people do not work."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.domain.leave import Leave
from storage.tables import LeaveRow, table

LEAVE = table(LeaveRow)
_NOT_OVER = LEAVE.c.cancelled_at.is_(None)


def add(connection: Connection, person_id: int, first_on: date, last_on: date, *, by: int, now: datetime) -> int:
    """Store a leave and return its id."""
    values = {"person_id": person_id, "first_on": first_on, "last_on": last_on, "entered_by": by, "entered_at": now}
    return int(connection.execute(insert(LEAVE).values(values).returning(LEAVE.c.id)).scalar_one())


def cancel(connection: Connection, leave_id: int, *, by: int, now: datetime) -> bool:
    """End a leave; False when it was cancelled before."""
    statement = update(LEAVE).where(LEAVE.c.id == leave_id, _NOT_OVER).values(cancelled_by=by, cancelled_at=now)
    return connection.execute(statement).rowcount == 1


def find(connection: Connection, leave_id: int) -> Leave | None:
    """A leave that was not cancelled."""
    row = connection.execute(select(LEAVE).where(LEAVE.c.id == leave_id, _NOT_OVER)).one_or_none()
    return _leave(row) if row is not None else None


def list_of(connection: Connection, person_id: int, since: date) -> list[Leave]:
    """A person's leaves that end on that date or later, the earliest first."""
    statement = select(LEAVE).where(LEAVE.c.person_id == person_id, LEAVE.c.last_on >= since, _NOT_OVER)
    return [_leave(row) for row in connection.execute(statement.order_by(LEAVE.c.first_on))]


def list_since(connection: Connection, since: date) -> dict[int, list[Leave]]:
    """The same of everybody, by person."""
    found: dict[int, list[Leave]] = {}
    for row in connection.execute(select(LEAVE).where(LEAVE.c.last_on >= since, _NOT_OVER)):
        found.setdefault(row.person_id, []).append(_leave(row))
    return found


def list_ended(connection: Connection, person_ids: Collection[int], first: date, last: date) -> list[Leave]:
    """Leaves of these people whose last day lies between two dates, both counted."""
    statement = select(LEAVE).where(LEAVE.c.last_on.between(first, last), _NOT_OVER)
    return [_leave(row) for row in connection.execute(statement) if row.person_id in person_ids]


def list_on(connection: Connection, person_ids: Collection[int], on: date) -> dict[int, Leave]:
    """Which of these people are on leave on a date, each with his leave."""
    on_that_day = (LEAVE.c.first_on <= on, LEAVE.c.last_on >= on, _NOT_OVER)
    wanted = set(person_ids)
    leaves = [_leave(row) for row in connection.execute(select(LEAVE).where(*on_that_day))]
    return {leave.person_id: leave for leave in leaves if leave.person_id in wanted}


def _leave(row: Row[Any]) -> Leave:
    return Leave(row.id, row.person_id, row.first_on, row.last_on)
