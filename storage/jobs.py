"""Work off the conversation: queued in the transaction that asks for it, done once."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, insert, literal, or_, select, update

from storage.tables import JobRow, table

JOB = table(JobRow)
WAITING = literal("waiting", literal_execute=True)  # in the text, or the partial index is of no use
_INSERT = insert(JOB)
_DONE = update(JOB).where(JOB.c.id == bindparam("of_id"), JOB.c.state == WAITING).values(state="done")


@dataclass(frozen=True)
class Job:
    """Something to do about a subject; `attempts` counts the earlier tries."""

    id: int
    kind: str
    subject: int
    attempts: int


def queue(connection: Connection, kind: str, subject: int, now: datetime) -> None:
    """Ask for work, in the transaction that needs it."""
    values = {"kind": kind, "subject": subject, "state": "waiting", "attempts": 0, "created_at": now}
    connection.execute(_INSERT, values)


def list_due(connection: Connection, now: datetime, limit: int) -> list[Job]:
    """What may be worked on now, oldest first."""
    statement = (
        select(JOB)
        .where(JOB.c.state == WAITING, or_(JOB.c.not_before.is_(None), JOB.c.not_before <= now))
        .order_by(JOB.c.id)
        .limit(limit)
    )
    return [Job(row.id, row.kind, row.subject, row.attempts) for row in connection.execute(statement)]


def mark_done(connection: Connection, job_id: int) -> bool:
    """Close a job with its effect; False when it was closed before."""
    return connection.execute(_DONE, {"of_id": job_id}).rowcount == 1


def put_off(connection: Connection, job_id: int, *, not_before: datetime, error: str) -> None:
    """Try again later."""
    connection.execute(
        update(JOB)
        .where(JOB.c.id == job_id)
        .values(attempts=JOB.c.attempts + 1, not_before=not_before, error=error[:500])
    )


def mark_failed(connection: Connection, job_id: int, error: str) -> None:
    """Give it up; it stays for the operator to see."""
    connection.execute(update(JOB).where(JOB.c.id == job_id).values(state="failed", error=error[:500]))
