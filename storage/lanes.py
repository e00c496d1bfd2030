"""The inbox among several workers: the oldest waiting update of a lane is the lane's lock.

A worker claims such heads for a few seconds, so that two rarely decode the same; but what keeps a person's order is
`take`: it closes a head only, in the transaction of its effect, and finds closed what another has taken meanwhile.
On SQLite there is one process, which keeps its lanes in memory and needs none of this.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    case,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
    update,
)

from storage import inbox
from storage.inbox import INBOX, WAITING, Received
from storage.prepared import Prepared

# Three deaths in the company of others, then five alone: two alone convicted innocent updates while every worker was
# killed every 2 s, as each life tries its suspects first
DEATHS_TO_SUSPECT, DEATHS_TO_CONVICT = 2, 8
LEASE = 4.0  # seconds that a claim lasts without being renewed: so long the lane of a killed worker waits
NOW: ColumnElement[datetime] = literal_column("now()", INBOX.c.received_at.type)  # the server's: machines differ
UNTIL: ColumnElement[datetime] = literal_column(f"now() + interval '{LEASE} seconds'", INBOX.c.received_at.type)


def _is_blocked() -> ColumnElement[bool]:
    """Whether an earlier update of the lane waits."""
    earlier = INBOX.alias("earlier")
    return (
        select(earlier.c.seq)
        .where(earlier.c.lane == INBOX.c.lane, earlier.c.state == WAITING, earlier.c.seq < INBOX.c.seq)
        .exists()
    )


def _heads() -> Select[Any]:
    """Waiting updates before which nothing of their lane waits."""
    heads = select(INBOX.c.seq).where(INBOX.c.state == WAITING, ~_is_blocked())
    return heads.with_for_update(skip_locked=True, of=INBOX)


_FREE = or_(INBOX.c.claimed_until.is_(None), INBOX.c.claimed_until < NOW)
_DIED = case((INBOX.c.claimed_until.is_(None), 0), else_=1)  # a claim that ran out is one that nobody gave back


def _firsts() -> CTE:
    """The first waiting update of every lane, from one lane to the next by the index.

    To ask each waiting update whether one waits before it costs 17 ms, or 170 ms after many have come and gone, while
    2,000 of one person wait, and everybody's claims pay for it; this way 0.2 ms.
    """
    found = select(INBOX.c.lane, INBOX.c.seq).where(INBOX.c.state == WAITING)
    start = found.order_by(INBOX.c.lane, INBOX.c.seq).limit(1).subquery("start")
    firsts = select(start.c.lane, start.c.seq).cte("firsts", recursive=True)
    other = INBOX.alias("other")
    following = (
        select(other.c.lane, other.c.seq)
        .where(other.c.state == WAITING, other.c.lane > firsts.c.lane)
        .order_by(other.c.lane, other.c.seq)
        .limit(1)
        .lateral("following")
    )
    return firsts.union_all(select(following.c.lane, following.c.seq).select_from(firsts.join(following, true())))


def _claim(condition: ColumnElement[bool]) -> Prepared:
    heads = select(INBOX.c.seq).where(INBOX.c.state == WAITING, INBOX.c.seq.in_(select(_firsts().c.seq)))
    free = heads.where(_FREE, condition).order_by(INBOX.c.seq).limit(bindparam("most"))
    claimed = free.with_for_update(skip_locked=True, of=INBOX).cte("claimed")
    values = {"claimed_until": UNTIL, "deaths": INBOX.c.deaths + _DIED}
    return Prepared(update(INBOX).where(INBOX.c.seq == claimed.c.seq).values(values).returning(*INBOX.c))


_CLAIM = _claim(INBOX.c.deaths < DEATHS_TO_SUSPECT)
_CLAIM_SUSPECT = _claim(INBOX.c.deaths >= DEATHS_TO_SUSPECT)
# A claim need not survive the server's power cut, and so its COMMIT need not wait for the disk
_FORGIVING = Prepared(text("SET LOCAL synchronous_commit TO off"))
# It waits for who holds the row, for a moment: that may be no more than the renewal of our own claim
_TAKE = Prepared(
    update(INBOX)
    .where(INBOX.c.seq == bindparam("of_seq"), INBOX.c.state == WAITING, ~_is_blocked())
    .values(state="done")
)


def take(connection: Connection, seq: int) -> bool:
    """Close an update in the transaction that carries its effect.

    False when it was closed before, by whomever, or when an earlier one of its lane is open.
    """
    if connection.dialect.name == "sqlite":
        return inbox.mark_done(connection, seq)
    return _TAKE.run(connection, of_seq=seq) == 1


def claim_heads(connection: Connection, most: int) -> list[Received]:
    """Lanes that nobody works on, by their oldest updates: ours until the lease ends."""
    _FORGIVING.run(connection)
    rows = sorted(_CLAIM.all(connection, most=most), key=lambda row: row.seq)
    return [Received(row.seq, row.lane, row.raw, row.received_at, row.attempts) for row in rows]


def claim_suspect(connection: Connection) -> tuple[Received, bool] | None:
    """An update in whose company several workers died, to be tried alone; True when that was tried often enough."""
    row = _CLAIM_SUSPECT.first(connection, most=1)
    if row is None:
        return None
    received = Received(row.seq, row.lane, row.raw, row.received_at, row.attempts)
    return received, row.deaths >= DEATHS_TO_CONVICT


def has_suspect(connection: Connection) -> bool:
    """Whether `claim_suspect` might find one."""
    suspect = select(INBOX.c.seq).where(INBOX.c.state == WAITING, INBOX.c.deaths >= DEATHS_TO_SUSPECT, _FREE).limit(1)
    return connection.execute(suspect).first() is not None


def hold_on(connection: Connection, seqs: Collection[int]) -> None:
    """Renew the claims on what we have in hand; what is just being taken needs none, and never wait for it."""
    ours = select(INBOX.c.seq).where(INBOX.c.seq.in_(seqs), INBOX.c.state == WAITING)
    free = ours.with_for_update(skip_locked=True).cte("free")
    connection.execute(update(INBOX).where(INBOX.c.seq == free.c.seq).values(claimed_until=UNTIL))


def let_go(connection: Connection, seqs: Collection[int]) -> None:
    """Leave what we have not begun to others."""
    connection.execute(update(INBOX).where(INBOX.c.seq.in_(seqs), INBOX.c.state == WAITING).values(claimed_until=None))


def count_waiting(connection: Connection) -> int:
    """How many updates are still to be worked off."""
    return int(connection.execute(select(func.count()).select_from(INBOX).where(INBOX.c.state == WAITING)).scalar_one())


def find_newest(connection: Connection) -> int:
    """The number of the newest update; 0 when there is none."""
    return int(connection.execute(select(func.coalesce(func.max(INBOX.c.seq), 0))).scalar_one())


def has_waiting_in(connection: Connection, lane: int) -> bool:
    """Whether something of this lane is still to be worked off."""
    waiting = select(INBOX.c.seq).where(INBOX.c.state == WAITING, INBOX.c.lane == lane).limit(1)
    return connection.execute(waiting).first() is not None


def has_waiting(connection: Connection, until: int) -> bool:
    """Whether an update up to this number is still to be worked off."""
    waiting = select(INBOX.c.seq).where(INBOX.c.state == WAITING, INBOX.c.seq <= until).limit(1)
    return connection.execute(waiting).first() is not None
