"""Files that somebody waits for: asked for in the chat, made by a job, sent once."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select

from storage import marks
from storage.tables import MarkRow, table

MARK = table(MarkRow)
_BEGINNING = "export:"


def add(connection: Connection, number: int, person_id: int, order: dict[str, Any], at: datetime) -> bool:
    """Note that a person waits for a file under a number of its own; False where he waits for the same one already."""
    waiting = select(MARK.c.note).where(MARK.c.name.startswith(_BEGINNING, autoescape=True))
    note = {"person_id": person_id, **order}
    if note in connection.execute(waiting).scalars().all():
        return False
    marks.put(connection, f"{_BEGINNING}{number}", at, note)
    return True


def find(connection: Connection, number: int) -> dict[str, Any] | None:
    """The order, with the `person_id` of who waits; None when it was settled."""
    mark = marks.find(connection, f"{_BEGINNING}{number}")
    return mark.note if mark is not None else None


def settle(connection: Connection, number: int) -> bool:
    """He has it, or will not get it; False when that was so already."""
    return marks.drop(connection, f"{_BEGINNING}{number}")
