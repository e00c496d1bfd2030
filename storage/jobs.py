"""Work off the conversation: queued in the transaction that asks for it, done once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, literal, or_, select, update

from storage.lanes import NOW, UNTIL
from storage.tables import JobRow, table

JOB = table(JobRow)
WAITING = literal("waiting", literal_execute=True)  # in the text, or the partial index is of no use
_FREE = or_(JOB.c.claimed_until.is_(None), JOB.c.claimed_until < NOW)
_INSERT = insert(JOB)
_DONE = update(JOB).where(JOB.c.id == bindparam("of_id"), JOB.c.state == WAITING).values(state="done")


@dataclass(frozen=True)
class Job:
    """Something to do about a subject, asked for at `created_at`; `attempts` counts the earlier tries."""

    id: int
    kind: str
    subject: int
    attempts: int
    created_at: datetime


def queue(connection: Connection, kind: str, subject: int, now: datetime) -> None:
    """Ask for work, in the transaction that needs it."""
    values = {"kind": kind, "subject": subject, "state": "waiting", "attempts": 0, "created_at": now}
    connection.execute(_INSERT, values)


def is_waiting(connection: Connection, kind: str) -> bool:
    """Whether work of a kind was asked for that is not done yet."""
    statement = select(JOB.c.id).where(JOB.c.state == WAITING, JOB.c.kind == kind).limit(1)
    return connection.execute(statement).first() is not None


def list_due(connection: Connection, now: datetime, limit: int) -> list[Job]:
    """What may be worked on now, oldest first."""
    return [_job(row) for row in connection.execute(_due(now, limit))]


def claim_due(connection: Connection, now: datetime, limit: int) -> list[Job]:
    """The same where several processes share the database: what nobody else works on, ours until the lease ends."""
    free = _due(now, limit).with_only_columns(JOB.c.id).where(_FREE).with_for_update(skip_locked=True).cte("free")
    rows = connection.execute(update(JOB).where(JOB.c.id == free.c.id).values(claimed_until=UNTIL).returning(*JOB.c))
    return sorted((_job(row) for row in rows), key=lambda job: job.id)


def hold_on(connection: Connection, ids: Collection[int]) -> None:
    """Renew the claims on what we are still at."""
    connection.execute(update(JOB).where(JOB.c.id.in_(ids), JOB.c.state == WAITING).values(claimed_until=UNTIL))


def let_go(connection: Connection, ids: Collection[int]) -> None:
    """Leave what we did not finish to others."""
    connection.execute(update(JOB).where(JOB.c.id.in_(ids)).values(claimed_until=None))


def _due(now: datetime, limit: int) -> Select[Any]:
    may = or_(JOB.c.not_before.is_(None), JOB.c.not_before <= now)
    return select(JOB).where(JOB.c.state == WAITING, may).order_by(JOB.c.id).limit(limit)


def _job(row: Any) -> Job:
    return Job(row.id, row.kind, row.subject, row.attempts, row.created_at)


def mark_done(connection: Connection, job_id: int) -> bool:
    """Close a job with its effect; False when it was closed before."""
    return connection.execute(_DONE, {"of_id": job_id}).rowcount == 1


def put_off(connection: Connection, job_id: int, *, not_before: datetime, error: str) -> None:
    """Try again later."""
    connection.execute(
        update(JOB)
        .where(JOB.c.id == job_id)
        .values(attempts=JOB.c.attempts + 1, not_before=not_before, error=error[:500], claimed_until=None)
    )


def mark_failed(connection: Connection, job_id: int, error: str) -> bool:
    """Give it up; it stays for the operator to see. False when it was closed before."""
    open_one = update(JOB).where(JOB.c.id == job_id, JOB.c.state == WAITING)
    return connection.execute(open_one.values(state="failed", error=error[:500])).rowcount == 1
