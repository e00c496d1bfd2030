"""What Telegram sent: kept before it is acknowledged, worked off a lane at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, func, literal_column, select, update

from storage.prepared import Prepared
from storage.tables import InboxRow, table

INBOX = table(InboxRow)
WAITING: ColumnElement[str] = literal_column("'waiting'")  # in the text, or the partial index is of no use
_WAITING = select(INBOX).where(INBOX.c.state == WAITING, INBOX.c.seq > bindparam("after")).order_by(INBOX.c.seq)
_STATE = select(INBOX.c.state).where(INBOX.c.seq == bindparam("of_seq"))
_DONE = Prepared(update(INBOX).where(INBOX.c.seq == bindparam("of_seq"), INBOX.c.state == WAITING).values(state="done"))
_NEW = {"state": "waiting", "attempts": 0}
_KEEP = Prepared(
    lambda insert: (
        insert(INBOX)
        .values({name: bindparam(name) for name in ("update_id", "lane", "raw", "received_at")} | _NEW)
        .on_conflict_do_nothing(index_elements=["update_id"])
        .returning(INBOX.c.seq)
    )
)
# Telegram brings an update again for 24 h. Its ids start anywhere after a quiet week: one that we know from long
# before is another update, and the old row gives the number up
DOUBLES_WITHIN = timedelta(hours=48)
_RELEASE = Prepared(
    update(INBOX)
    .where(INBOX.c.update_id == bindparam("of_id"), INBOX.c.received_at < bindparam("before"))
    .values(update_id=-INBOX.c.seq)
)


@dataclass(frozen=True)
class Received:
    """A stored update: `seq` is our own order, `raw` its JSON."""

    seq: int
    lane: int
    raw: str
    received_at: datetime
    attempts: int


def keep(connection: Connection, updates: Sequence[dict[str, Any]]) -> list[Received]:
    """Store updates (`update_id`, `lane`, `raw`, `received_at`); those seen before are left out of what returns."""
    kept = []
    for row in updates:
        seq = _KEEP.scalar(connection, **row)
        if seq is None and _RELEASE.run(connection, of_id=row["update_id"], before=row["received_at"] - DOUBLES_WITHIN):
            seq = _KEEP.scalar(connection, **row)
        if seq is not None:
            kept.append(Received(seq, row["lane"], row["raw"], row["received_at"], 0))
    return kept


def list_waiting(connection: Connection, *, after: int = 0, limit: int = 1000) -> list[Received]:
    """What is still to be done, oldest first, beyond `after`."""
    rows = connection.execute(_WAITING.limit(limit), {"after": after})
    return [Received(row.seq, row.lane, row.raw, row.received_at, row.attempts) for row in rows]


def is_waiting(connection: Connection, seq: int) -> bool:
    """False when the update has had its effect already."""
    return connection.execute(_STATE, {"of_seq": seq}).scalar() == "waiting"


def mark_done(connection: Connection, seq: int) -> bool:
    """Close the update in the transaction that carries its effect; False when it was closed before."""
    return _DONE.run(connection, of_seq=seq) == 1


def note_failure(connection: Connection, seq: int, error: str, *, quarantine: bool) -> None:
    """Count a failed attempt; in quarantine the row waits, with its raw JSON, for someone to replay it."""
    values: dict[str, Any] = {"attempts": INBOX.c.attempts + 1, "error": error[:500]}
    if quarantine:
        values["state"] = "quarantined"
    connection.execute(update(INBOX).where(INBOX.c.seq == seq).values(values))


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many updates are in each state."""
    rows = connection.execute(select(INBOX.c.state, func.count().label("number")).group_by(INBOX.c.state))
    return {row.state: row.number for row in rows}
