"""What an admin asks of a running system beyond its queues: whom it cannot reach, what was put aside, its backups."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from storage import marks
from storage.aside import count_quarantined
from storage.marks import Mark
from storage.schema import newest_revision
from storage.tables import PersonRow, table

PERSON = table(PersonRow)
BACKUP = "backup"  # the mark's name


@dataclass(frozen=True)
class Wellbeing:
    """`unreachable` are the first names of `unreachable_count` active people; `schema` what is there and what is due.

    `aside` updates failed for good, the oldest at `aside_since`; `backup_at` is None when none is known.
    """

    database: str
    schema: tuple[str, str]
    unreachable: list[str]
    unreachable_count: int
    aside: int
    aside_since: datetime | None
    backup_at: datetime | None


def look(connection: Connection, names: int) -> Wellbeing:
    """Look at all of it, with at most so many names of people."""
    away = (PERSON.c.status == "active", PERSON.c.reachable.is_(False))
    aside, aside_since = count_quarantined(connection)
    backup = find_backup(connection)
    return Wellbeing(
        database=connection.dialect.name,
        schema=(str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar()), newest_revision()),
        unreachable=list(
            connection.execute(select(PERSON.c.name).where(*away).order_by(PERSON.c.name).limit(names)).scalars()
        ),
        unreachable_count=connection.execute(select(func.count()).select_from(PERSON).where(*away)).scalar_one(),
        aside=aside,
        aside_since=aside_since,
        backup_at=backup.at if backup is not None else None,
    )


def find_backup(connection: Connection) -> Mark | None:
    """When the last backup was made, and its facts."""
    return marks.find(connection, BACKUP)


def note_backup(connection: Connection, at: datetime, facts: dict[str, Any]) -> None:
    """A backup was made; `facts` are JSON, and name no folder."""
    marks.put(connection, BACKUP, at, facts)
