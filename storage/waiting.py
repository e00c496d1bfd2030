"""How much waits, and for how long: asked when somebody looks at the process, from the partial indexes alone."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, FromClause, func, literal_column, select

from storage.tables import InboxRow, JobRow, OutboxRow, table

INBOX, OUTBOX, JOB = table(InboxRow), table(OutboxRow), table(JobRow)
WAITING: ColumnElement[str] = literal_column("'waiting'")  # in the text, or the partial indexes are of no use
FEW = 3  # messages or jobs that fail alone say nothing of the others


@dataclass(frozen=True)
class Waiting:
    """One queue: how many wait, since when the oldest does, and since when the oldest after a few stragglers."""

    depth: int
    oldest_at: datetime | None
    most_at: datetime | None


def look(connection: Connection) -> dict[str, Waiting]:
    """The queues: inbox, outbox (to people), bulk (digests in the outbox), jobs."""
    return {
        "inbox": _queue(connection, INBOX, INBOX.c.received_at, INBOX.c.seq),
        "outbox": _queue(connection, OUTBOX, OUTBOX.c.created_at, OUTBOX.c.id, OUTBOX.c.bulk.is_(False)),
        "bulk": _queue(connection, OUTBOX, OUTBOX.c.created_at, OUTBOX.c.id, OUTBOX.c.bulk.is_(True)),
        "jobs": _queue(connection, JOB, JOB.c.created_at, JOB.c.id),
    }


def _queue(
    connection: Connection,
    rows: FromClause,
    since: ColumnElement[datetime],
    order: ColumnElement[int],
    *more: ColumnElement[bool],
) -> Waiting:
    which = (rows.c.state == WAITING, *more)
    depth = connection.execute(select(func.count()).select_from(rows).where(*which)).scalar_one()
    oldest = connection.execute(select(since).where(*which).order_by(order).limit(FEW + 1)).scalars().all()
    return Waiting(depth, oldest[0] if oldest else None, oldest[FEW] if len(oldest) > FEW else None)
