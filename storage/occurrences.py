"""What was due once: any number of processes may find it, one of them posts it."""

from datetime import datetime

from sqlalchemy import Connection, bindparam, select

from storage.prepared import Prepared
from storage.tables import OccurrenceRow, table

OCCURRENCE = table(OccurrenceRow)
_CLAIM = Prepared(
    lambda insert: (
        insert(OCCURRENCE)
        .values({name: bindparam(name) for name in ("kind", "subject", "due_at")})
        .on_conflict_do_nothing()
        .returning(OCCURRENCE.c.subject)  # a count of rows is not told by every driver; a row that comes back is
    )
)


def claim(connection: Connection, kind: str, subject: int, due_at: datetime) -> bool:
    """True for the one who may act on it, in whose transaction it is recorded."""
    return _CLAIM.scalar(connection, kind=kind, subject=subject, due_at=due_at) is not None


def is_claimed(connection: Connection, kind: str, subject: int, due_at: datetime) -> bool:
    """Whether somebody has acted on it."""
    key = (OCCURRENCE.c.kind == kind, OCCURRENCE.c.subject == subject, OCCURRENCE.c.due_at == due_at)
    return connection.execute(select(OCCURRENCE.c.subject).where(*key)).first() is not None
