"""Follow-ups: what was promised to a customer, and when its rep is reminded next."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, select, update

from bot.domain.followup import FollowUp, Move, ReminderKind, State
from storage.tables import CustomerRow, FollowUpRow, table

FOLLOWUP, CUSTOMER = table(FollowUpRow), table(CustomerRow)
_JOINED = select(FOLLOWUP, CUSTOMER.c.name.label("customer_name")).join(
    CUSTOMER, CUSTOMER.c.id == FOLLOWUP.c.customer_id
)
_BY_ID = _JOINED.where(FOLLOWUP.c.id == bindparam("followup_id"))
_IS_OPEN = FOLLOWUP.c.state == State.OPEN.value
_BY_DATE = (FOLLOWUP.c.due_on, func.coalesce(FOLLOWUP.c.due_time, ""), FOLLOWUP.c.id)
_DUE = (
    _JOINED.where(_IS_OPEN, FOLLOWUP.c.remind_at <= bindparam("now"))
    .order_by(FOLLOWUP.c.remind_at, FOLLOWUP.c.id)
    .limit(bindparam("at_most"))
    .with_for_update(of=FOLLOWUP, skip_locked=True)  # another process has it in hand; SQLite has one writer anyway
)
_PLAN = (
    update(FOLLOWUP)
    .where(FOLLOWUP.c.id == bindparam("of_id"), FOLLOWUP.c.remind_at == bindparam("was"), _IS_OPEN)
    .values(remind_at=bindparam("new_at"), remind_kind=bindparam("new_kind"))
)


@dataclass(frozen=True)
class Owned:
    """A follow-up with its rep, its customer's name, and the instant of the next reminder."""

    followup: FollowUp
    person_id: int
    customer_name: str
    visit_id: int | None
    remind_at: datetime | None


def add(
    connection: Connection,
    *,
    person_id: int,
    customer_id: int,
    visit_id: int | None,
    what: str,
    due_on: date,
    due_time: time | None,
    created_at: datetime,
    remind_at: datetime | None,
    remind_kind: ReminderKind | None,
) -> int:
    """Store a follow-up and return its id."""
    values: dict[str, Any] = {
        "person_id": person_id,
        "customer_id": customer_id,
        "visit_id": visit_id,
        "what": what,
        "due_on": due_on,
        "due_time": _clock(due_time),
        "state": State.OPEN.value,
        "reason": "",
        "created_at": created_at,
        "remind_at": remind_at,
        "remind_kind": remind_kind,
        "moves": [],
    }
    return int(connection.execute(insert(FOLLOWUP).values(values).returning(FOLLOWUP.c.id)).scalar_one())


def save(
    connection: Connection, followup: FollowUp, *, remind_at: datetime | None, remind_kind: ReminderKind | None
) -> None:
    """Store where a follow-up stands now, and its next reminder."""
    values = {
        "due_on": followup.due_on,
        "due_time": _clock(followup.due_time),
        "state": followup.state.value,
        "reason": followup.reason,
        "closed_at": followup.closed_at,
        "moves": [_move_json(move) for move in followup.moves],
        "remind_at": remind_at,
        "remind_kind": remind_kind,
    }
    connection.execute(update(FOLLOWUP).where(FOLLOWUP.c.id == followup.id).values(values))


def plan(connection: Connection, owned: Owned, remind_at: datetime | None, remind_kind: ReminderKind | None) -> None:
    """Move the next reminder on, unless the rep changed the follow-up meanwhile: then his own change has planned it."""
    values = {"of_id": owned.followup.id, "was": owned.remind_at, "new_at": remind_at, "new_kind": remind_kind}
    connection.execute(_PLAN, values)


def get(connection: Connection, followup_id: int) -> Owned:
    """The follow-up with this id; it must be there."""
    return _owned(connection.execute(_BY_ID, {"followup_id": followup_id}).one())


def find(connection: Connection, followup_id: int) -> Owned | None:
    """The follow-up with this id, or None."""
    row = connection.execute(_BY_ID, {"followup_id": followup_id}).one_or_none()
    return _owned(row) if row is not None else None


def list_open(connection: Connection, person_id: int) -> list[Owned]:
    """A rep's open follow-ups, the earliest due first."""
    return _list(connection, _JOINED.where(FOLLOWUP.c.person_id == person_id, _IS_OPEN).order_by(*_BY_DATE))


def list_open_until(
    connection: Connection, person_ids: Iterable[int], last: date, limit: int, *, besides: Collection[int] = ()
) -> list[Owned]:
    """Open follow-ups of these people that are due by a date, the earliest first; `besides` are told of elsewhere."""
    statement = _JOINED.where(*_open_until(person_ids, last, besides)).order_by(*_BY_DATE)
    return _list(connection, statement.limit(limit))


def count_open_until(
    connection: Connection, person_ids: Iterable[int], last: date, *, besides: Collection[int] = ()
) -> int:
    """How many `list_open_until` would list without a limit."""
    statement = select(func.count()).where(*_open_until(person_ids, last, besides))
    return int(connection.execute(statement).scalar_one())


def _open_until(person_ids: Iterable[int], last: date, besides: Collection[int]) -> tuple[ColumnElement[bool], ...]:
    mine = FOLLOWUP.c.person_id.in_(list(person_ids))
    return mine, _IS_OPEN, FOLLOWUP.c.due_on <= last, FOLLOWUP.c.id.not_in(besides)


def list_open_between(
    connection: Connection, person_ids: Iterable[int], first: date, last: date, limit: int
) -> list[Owned]:
    """Open follow-ups of these people that are due from one date to another, both counted, by date and time."""
    mine = FOLLOWUP.c.person_id.in_(list(person_ids))
    statement = _JOINED.where(mine, _IS_OPEN, FOLLOWUP.c.due_on.between(first, last)).order_by(*_BY_DATE)
    return _list(connection, statement.limit(limit))


def list_open_of_customer(connection: Connection, customer_id: int) -> list[FollowUp]:
    """What is promised to a customer, by whomever, the earliest first."""
    statement = _JOINED.where(FOLLOWUP.c.customer_id == customer_id, _IS_OPEN).order_by(*_BY_DATE)
    return [owned.followup for owned in _list(connection, statement)]


def list_due(connection: Connection, now: datetime, limit: int) -> list[Owned]:
    """Open follow-ups whose reminder has come, the oldest first."""
    rows = connection.execute(_DUE, {"now": now, "at_most": limit})
    return [_owned(row) for row in rows]


def list_planned(connection: Connection, after: datetime) -> list[Owned]:
    """Open follow-ups whose reminder is still to come: to plan anew when a rule changes."""
    return _list(connection, _JOINED.where(_IS_OPEN, FOLLOWUP.c.remind_at > after).order_by(FOLLOWUP.c.id))


def _list(connection: Connection, statement: Select[Any]) -> list[Owned]:
    return [_owned(row) for row in connection.execute(statement)]


def _owned(row: Row[Any]) -> Owned:
    followup = FollowUp(
        id=row.id,
        customer_id=row.customer_id,
        what=row.what,
        due_on=row.due_on,
        due_time=_time(row.due_time),
        state=State(row.state),
        moves=tuple(_move(move) for move in row.moves),
        closed_at=row.closed_at,
        reason=row.reason,
    )
    return Owned(followup, row.person_id, row.customer_name, row.visit_id, row.remind_at)


def _clock(at: time | None) -> str | None:
    return at.isoformat("minutes") if at is not None else None


def _time(stored: str | None) -> time | None:
    return time.fromisoformat(stored) if stored else None


def _move_json(move: Move) -> dict[str, Any]:
    return {
        "from_on": move.from_on.isoformat(),
        "from_time": _clock(move.from_time),
        "reason": move.reason,
        "moved_at": move.moved_at.isoformat(),
    }


def _move(stored: dict[str, Any]) -> Move:
    return Move(
        date.fromisoformat(stored["from_on"]),
        _time(stored["from_time"]),
        stored["reason"],
        datetime.fromisoformat(stored["moved_at"]),
    )
