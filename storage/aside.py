"""Updates that were put aside after they failed for good: listed for the operator, and put back to be tried again."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, literal_column, select, update

from storage.inbox import INBOX, Received
from storage.tables.traffic import ASIDE

QUARANTINED: ColumnElement[str] = literal_column("'quarantined'")
REPLAYED: ColumnElement[str] = literal_column("'replayed'")
_IS_ASIDE: ColumnElement[bool] = literal_column(ASIDE)  # in the words of the partial index, or it is of no use


@dataclass(frozen=True)
class Aside:
    """An update in quarantine; `raw` is its JSON, which is personal."""

    seq: int
    received_at: datetime
    error: str
    raw: str


def list_quarantined(connection: Connection) -> list[Aside]:
    """Everything in quarantine, oldest first."""
    rows = connection.execute(select(INBOX).where(_IS_ASIDE, INBOX.c.state == QUARANTINED).order_by(INBOX.c.seq))
    return [Aside(row.seq, row.received_at, row.error or "", row.raw) for row in rows]


def count_quarantined(connection: Connection) -> tuple[int, datetime | None]:
    """How many are in quarantine, and when the oldest came."""
    found = select(func.count(), func.min(INBOX.c.received_at)).where(_IS_ASIDE, INBOX.c.state == QUARANTINED)
    number, since = connection.execute(found).one()
    return int(number), since


def replay(connection: Connection, seqs: Collection[int] | None) -> list[int]:
    """Put updates back, all of them for None; returns which were there. A bot that runs takes them up soon."""
    statement = update(INBOX).where(_IS_ASIDE, INBOX.c.state == QUARANTINED)
    if seqs is not None:
        statement = statement.where(INBOX.c.seq.in_(seqs))
    values = {"state": "replayed", "attempts": 0, "error": None}
    return sorted(connection.execute(statement.values(values).returning(INBOX.c.seq)).scalars())


def take_replayed(connection: Connection) -> list[Received]:
    """What an operator has put back: it waits from now on like everything else, behind what waits already."""
    statement = update(INBOX).where(_IS_ASIDE, INBOX.c.state == REPLAYED).values(state="waiting").returning(INBOX)
    rows = sorted(connection.execute(statement), key=lambda row: row.seq)
    return [Received(row.seq, row.lane, row.raw, row.received_at, row.attempts) for row in rows]


def has_replayed(connection: Connection) -> bool:
    """Whether there is something to take up; a look that writes nothing."""
    found = select(func.count()).select_from(INBOX).where(_IS_ASIDE, INBOX.c.state == REPLAYED)
    return connection.execute(found).scalar_one() > 0
