"""Witnesses of visits: companions who were named, and challenges."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text, update

from bot.domain.evidence import Witness
from storage.tables import VisitRow, VisitWitnessRow, table
from storage.tables.witnesses import WAITS

WITNESS, VISIT = table(VisitWitnessRow), table(VisitRow)


def ask(connection: Connection, visit_id: int, kind: Witness, person_id: int, **values: Any) -> int:
    """Store that somebody is asked (columns of `VisitWitnessRow`); returns the id. The visit is held by the caller."""
    row = {"visit_id": visit_id, "kind": kind.value, "person_id": person_id, "state": "open", "facts": {}, **values}
    return int(connection.execute(insert(WITNESS).values(row).returning(WITNESS.c.id)).scalar_one())


def find(connection: Connection, witness_id: int, *, to_change: bool = False) -> Row[Any] | None:
    """All columns of one, held until the transaction ends when it is going to change."""
    statement = select(WITNESS).where(WITNESS.c.id == witness_id)
    return connection.execute(statement.with_for_update() if to_change else statement).one_or_none()


def list_of(connection: Connection, visit_id: int, kind: Witness | None = None) -> list[Row[Any]]:
    """Everybody who was asked about a visit, first the one who was asked first."""
    statement = select(WITNESS).where(WITNESS.c.visit_id == visit_id).order_by(WITNESS.c.id)
    return list(connection.execute(statement.where(WITNESS.c.kind == kind.value) if kind is not None else statement))


def change(connection: Connection, witness_id: int, **values: Any) -> None:
    """Set columns of one."""
    connection.execute(update(WITNESS).where(WITNESS.c.id == witness_id).values(values))


def withdraw(connection: Connection, visit_id: int) -> None:
    """Nobody need answer any more: the visit is given up."""
    still_asked = (WITNESS.c.visit_id == visit_id, WITNESS.c.state == "open")
    connection.execute(update(WITNESS).where(*still_asked).values(state="withdrawn"))


def list_companions(connection: Connection, rep_id: int, since: datetime, limit: int) -> Sequence[int]:
    """The ids of those whom a rep has named since then, the newest first."""
    statement = (
        select(WITNESS.c.person_id)
        .join(VISIT, VISIT.c.id == WITNESS.c.visit_id)
        .where(VISIT.c.person_id == rep_id, VISIT.c.checked_in_at >= since)
        .where(WITNESS.c.kind == Witness.COMPANION.value)
        .group_by(WITNESS.c.person_id)
        .order_by(func.max(WITNESS.c.id).desc())
        .limit(limit)
    )
    return connection.execute(statement).scalars().all()


def list_run_out(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Challenges that nobody has met in time."""
    waits = text(WAITS)  # as the index has it, or it would not be used
    return list(connection.execute(select(WITNESS).where(waits, WITNESS.c.until < now).limit(limit)))
