"""The places of live locations: kept as they come, many in one statement, and read again for a visit."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.evidence import Fence, Fix, Outcome
from bot.domain.geography import Point
from storage.prepared import Prepared
from storage.tables import LocationFixRow, LocationShareRow, table

FIX, SHARE = table(LocationFixRow), table(LocationShareRow)
_COLUMNS = ("share_id", "at", "latitude", "longitude", "accuracy", "heading")
_LEFT = (
    update(SHARE).where(SHARE.c.id == bindparam("of_share"), SHARE.c.left_at.is_(None)).values(left_at=bindparam("now"))
)
_BACK = (
    update(SHARE)
    .where(SHARE.c.id == bindparam("of_share"), SHARE.c.left_at < bindparam("now"))
    .values(left_at=None, asked=False)
)
_OF_PERSON = Prepared(
    select(FIX)
    .join(SHARE, SHARE.c.id == FIX.c.share_id)
    .where(
        SHARE.c.person_id == bindparam("of_person"),
        SHARE.c.until >= bindparam("since_instant"),
        FIX.c.at >= bindparam("since"),
        FIX.c.at <= bindparam("until"),
    )
    .order_by(FIX.c.at)
)


@dataclass(frozen=True, slots=True)
class Moved:
    """A live location that moved, of a message in a chat; `period` is how long its phone shares it in all."""

    chat_id: int
    message_id: int
    period: timedelta
    fix: Fix


def keep(connection: Connection, moves: Sequence[Moved]) -> list[Moved]:
    """Store the places of shares that are kept now, forget those of shares that are not, and return all the others.

    What returns belongs in the ordinary way of an update: a share that nobody knows yet, one that a check-in waits
    for, one that was made longer. A place that comes twice is one.
    """
    shares = _shares_of(connection, moves)
    others, rows = [], []
    for moved in sorted(moves, key=lambda moved: moved.fix.at):
        share = shares.get((moved.chat_id, moved.message_id))
        if share is None or share.awaited or share.until != share.began_at + moved.period:
            others.append(moved)
        elif share.kept_until is not None and moved.fix.at <= share.kept_until:
            rows.append((share, moved.fix))
    _store(connection, rows)
    return others


def _shares_of(connection: Connection, moves: Sequence[Moved]) -> dict[tuple[int, int], Row[Any]]:
    chats, messages = {moved.chat_id for moved in moves}, {moved.message_id for moved in moves}
    statement = select(SHARE).where(SHARE.c.chat_id.in_(chats), SHARE.c.message_id.in_(messages))
    return {(row.chat_id, row.message_id): row for row in connection.execute(statement)}


def add(connection: Connection, share: Row[Any], fix: Fix) -> None:
    """Store one place of a share."""
    _store(connection, [(share, fix)])


def _store(connection: Connection, rows: Sequence[tuple[Row[Any], Fix]]) -> None:
    if not rows:
        return
    into = (sqlite if connection.dialect.name == "sqlite" else postgresql).insert(FIX).on_conflict_do_nothing()
    connection.execute(into, [_values(share.id, fix) for share, fix in rows])
    for share_id, (has_left, at) in sorted(_crossings(rows).items()):  # in one order, or two processes might wait
        connection.execute(_LEFT if has_left else _BACK, {"of_share": share_id, "now": at})


def _values(share_id: int, fix: Fix) -> dict[str, object]:
    place = fix.point
    return dict(
        zip(_COLUMNS, (share_id, fix.at, place.latitude, place.longitude, fix.accuracy, fix.heading), strict=True)
    )


def _crossings(rows: Sequence[tuple[Row[Any], Fix]]) -> dict[int, tuple[bool, datetime]]:
    """Which shares are outside of their fence now and were not, or the other way; since when."""
    left_at: dict[int, datetime | None] = {share.id: share.left_at for share, _ in rows}
    changed: dict[int, tuple[bool, datetime]] = {}
    for share, fix in rows:
        fence = fence_of(share)
        where = fence.outcome(fix.point, fix.accuracy) if fence is not None else Outcome.CANNOT_TELL
        since = left_at[share.id]
        if where is Outcome.OUTSIDE and since is None:
            left_at[share.id], changed[share.id] = fix.at, (True, fix.at)
        elif where is Outcome.INSIDE and since is not None and since < fix.at:
            left_at[share.id], changed[share.id] = None, (False, fix.at)
    return changed


def fence_of(share: Row[Any]) -> Fence | None:
    """The fence around the customer of the share's visit; none without a visit, or without the customer's position."""
    if share.fence_latitude is None:
        return None
    return Fence(Point(share.fence_latitude, share.fence_longitude), share.fence_radius, share.fence_allowed)


def list_of(connection: Connection, person_id: int, since: datetime, until: datetime) -> list[Fix]:
    """Where a person's phone was between two instants, by every live location that was kept; the oldest first."""
    asked = {"of_person": person_id, "since_instant": since, "since": since, "until": until}
    rows = _OF_PERSON.all(connection, **asked)
    return [Fix(Point(row.latitude, row.longitude), row.at, row.accuracy, True, row.heading) for row in rows]


def forget_after(connection: Connection, share_id: int, at: datetime) -> None:
    """Drop what was stored of a share after an instant: it turned out to lie outside of the visit."""
    connection.execute(delete(FIX).where(FIX.c.share_id == share_id, FIX.c.at > at))


def forget_before(connection: Connection, before: datetime, shares: int) -> int:
    """Drop the places of some shares that began before then, the oldest first; returns how many shares.

    Shares are numbered in the order of their time: the oldest is the first of the key, and no index is needed.
    """
    oldest = connection.execute(select(func.min(FIX.c.share_id))).scalar()
    if oldest is None:
        return 0
    over = select(SHARE.c.id).where(SHARE.c.id >= oldest, SHARE.c.began_at < before).order_by(SHARE.c.id).limit(shares)
    gone: Sequence[int] = connection.execute(over).scalars().all()
    if gone:
        connection.execute(delete(FIX).where(FIX.c.share_id.in_(gone)))
    return len(gone)
