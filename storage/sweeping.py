"""Forgets traffic that is of no use any more, a few rows at a time: nobody is held up, and no index is needed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Column, Connection, Table, and_, delete, or_, select, tuple_

from storage.tables import InboxRow, JobRow, OccurrenceRow, OutboxRow, table

OCCURRENCE = table(OccurrenceRow)


@dataclass(frozen=True)
class Room:
    """A table whose rows are numbered in the order of their time, and how long each state is kept."""

    name: str
    rows: Table
    number: Column[int]
    at: Column[datetime]
    kept: Mapping[str, timedelta]


def rooms(kept: Mapping[str, Mapping[str, timedelta]]) -> list[Room]:
    """Inbox, outbox and jobs, each with what `kept` says for its states; a state that is not named stays."""
    inbox, outbox, job = table(InboxRow), table(OutboxRow), table(JobRow)
    return [
        Room("inbox", inbox, inbox.c.seq, inbox.c.received_at, kept["inbox"]),
        Room("outbox", outbox, outbox.c.id, outbox.c.created_at, kept["outbox"]),
        Room("job", job, job.c.id, job.c.created_at, kept["job"]),
    ]


def sweep(connection: Connection, room: Room, now: datetime, *, after: int, limit: int) -> int | None:
    """Look at the next rows beyond the number `after` and drop the outdated; where to go on, None at the end.

    The end is where the rows are too young for anything to be dropped: a walk costs what there is to drop,
    and whatever old rows have to stay.
    """
    of_number = select(room.number, room.at).where(room.number > after).order_by(room.number).limit(limit)
    seen = connection.execute(of_number).all()
    if not seen:
        return None
    number, at = seen[-1]
    outdated = [and_(room.rows.c.state == state, room.at < now - kept) for state, kept in room.kept.items()]
    connection.execute(delete(room.rows).where(room.number > after, room.number <= number, or_(*outdated)))
    return None if len(seen) < limit or at >= now - min(room.kept.values()) else number


def forget_occurrences(connection: Connection, before: datetime, limit: int) -> int:
    """Drop some of what was due before then; returns how many."""
    key = (OCCURRENCE.c.kind, OCCURRENCE.c.subject, OCCURRENCE.c.due_at)
    old = select(*key).where(OCCURRENCE.c.due_at < before).limit(limit)
    return connection.execute(delete(OCCURRENCE).where(tuple_(*key).in_(old))).rowcount
