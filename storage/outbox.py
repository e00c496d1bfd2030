"""What is to be said: posted in the transaction that decides it, kept for whom it cannot reach."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from storage.prepared import Prepared
from storage.tables import OutboxRow, PersonRow, ShownRow, table

OUTBOX, SHOWN, PERSON = table(OutboxRow), table(ShownRow), table(PersonRow)
WAITING: ColumnElement[str] = literal_column("'waiting'")  # in the text, or the partial indexes are of no use
SENDING: ColumnElement[str] = literal_column("'sending'")

_SUPERSEDE = Prepared(
    update(OUTBOX)
    .where(OUTBOX.c.chat_id == bindparam("of_chat"), OUTBOX.c.slot == bindparam("of_slot"), OUTBOX.c.state == WAITING)
    .values(state="superseded")
    .returning(OUTBOX.c.anew)
)
_REPLACE = Prepared(
    update(OUTBOX)
    .where(
        OUTBOX.c.chat_id == bindparam("of_chat"),
        OUTBOX.c.slot == bindparam("of_slot"),
        OUTBOX.c.state == WAITING,
        OUTBOX.c.anew.is_(False),
    )
    .values(message=bindparam("by_message"), context=bindparam("by_context"))
    .returning(OUTBOX.c.id)
)


_FIND_SHOWN = Prepared(
    select(SHOWN.c.message_id).where(SHOWN.c.chat_id == bindparam("of_chat"), SHOWN.c.slot == bindparam("of_slot"))
)

_UNSAID = {
    "person_id": None,
    "state": "waiting",
    "attempts": 0,
    "bulk": False,
    "anew": False,
    "slot": None,
    "not_before": None,
}
_POSTED = (
    "key", "chat_id", "person_id", "message", "context", "slot", "anew", "bulk", "state", "attempts", "not_before",
    "created_at",
)  # fmt: skip


def _has_company() -> ColumnElement[bool]:
    """Whether something is under way to a message's chat, or waits for it and must go first."""
    other = OUTBOX.alias("other")
    same_chat = other.c.chat_id == bindparam("chat_id")
    waiting = select(other.c.id).where(same_chat, other.c.state == WAITING, other.c.bulk.is_(False), keeps_place(other))
    return or_(waiting.exists(), select(other.c.id).where(same_chat, other.c.state == SENDING).exists())


def keeps_place(row: Any) -> ColumnElement[bool]:
    """An edit that is gathered holds up nobody; whatever else waits, or was tried, comes before what followed it."""
    return or_(row.c.slot.is_(None), row.c.anew, row.c.not_before.is_(None), row.c.attempts > 0)


_POST = Prepared(
    lambda insert: (
        insert(OUTBOX)
        .values({name: bindparam(name) for name in _POSTED})
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OUTBOX.c.id)
    )
)
POST_AT_ONCE = Prepared(
    lambda insert: (
        insert(OUTBOX)
        .values({name: bindparam(name) for name in _POSTED if name not in ("state", "attempts")})
        .values(state=case((_has_company(), WAITING), else_=SENDING), attempts=case((_has_company(), 0), else_=1))
        .on_conflict_do_nothing(index_elements=["key"])
        .returning(OUTBOX.c.id, OUTBOX.c.state)
    )
)
_HOLD = Prepared(
    lambda insert: (
        given := insert(SHOWN).values({name: bindparam(name) for name in ("chat_id", "slot", "message_id")})
    ).on_conflict_do_update(index_elements=["chat_id", "slot"], set_={"message_id": given.excluded.message_id})
)


@dataclass(frozen=True)
class Outgoing:
    """A message on its way; `edits` is the message id that its slot holds now; language and zone are the reader's.

    `attempts` counts this one; `last_error` is what ended the one before, and `parts` what of it has arrived.
    """

    id: int
    chat_id: int
    person_id: int | None
    message: str
    context: dict[str, Any]
    slot: str | None
    edits: int | None
    language: str | None
    time_zone: str | None
    bulk: bool
    attempts: int
    last_error: str | None
    created_at: datetime
    parts: int = 0


def post(connection: Connection, **values: Any) -> bool:
    """Post a message (columns of `OutboxRow`); False when its key was posted before.

    A waiting message of the same slot is superseded: nobody needs a card that is already out of date. One
    edit that waits takes the place of another, and its time, so that who never pauses sees his card all the same.
    """
    values = {**_UNSAID, **values}
    return _replaces(connection, values) or _POST.scalar(connection, **values) is not None


def post_at_once(
    connection: Connection, *, language: str | None, time_zone: str | None, **values: Any
) -> Outgoing | bool:
    """Post a message into the hands of the sender, who need not look for it then.

    Nothing may be under way or waiting for its chat, else it waits as any other (True), or was posted before (False).
    """
    values = {**_UNSAID, **values}
    if _replaces(connection, values):
        return True
    del values["state"], values["attempts"]
    row = POST_AT_ONCE.first(connection, **values)
    if row is None or row.state == "waiting":
        return row is not None
    is_edit = values["slot"] is not None and not values["anew"]
    return Outgoing(
        id=row.id,
        edits=find_shown(connection, values["chat_id"], values["slot"]) if is_edit else None,
        language=language,
        time_zone=time_zone,
        attempts=1,
        last_error=None,
        **{name: values[name] for name in ("chat_id", "person_id", "message", "context", "slot", "bulk", "created_at")},
    )


def _replaces(connection: Connection, values: dict[str, Any]) -> bool:
    """Whether a waiting edit of the slot became this one; other waiting ones of the slot are superseded."""
    if values["slot"] is None:
        return False
    slot = {"of_chat": values["chat_id"], "of_slot": values["slot"]}
    if not values["anew"]:
        edit = {"by_message": values["message"], "by_context": values["context"]}
        if _REPLACE.first(connection, **slot, **edit) is not None:
            return True
    values["anew"] = any(row.anew for row in _SUPERSEDE.all(connection, **slot)) or values["anew"]
    return False


def hold(connection: Connection, chat_id: int, slot: str, message_id: int) -> None:
    """Let a slot hold this message from now on."""
    _HOLD.run(connection, chat_id=chat_id, slot=slot, message_id=message_id)


def find_shown(connection: Connection, chat_id: int, slot: str) -> int | None:
    """The message that a slot holds."""
    held: int | None = _FIND_SHOWN.scalar(connection, of_chat=chat_id, of_slot=slot)
    return held


def park(connection: Connection, person_id: int) -> None:
    """Hold back everything for a person who cannot be reached."""
    connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.state.in_(("waiting", "sending")))
        .values(state="parked")
    )
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(reachable=False))


def unpark(connection: Connection, person_id: int) -> int:
    """The person is back: what was held goes now; returns how much that is."""
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(reachable=True, block_told_at=None))
    return connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.state == "parked")
        .values(state="waiting", not_before=None)
    ).rowcount


def move_chat(connection: Connection, old: int, new: int) -> None:
    """A group became a supergroup: everything for it goes to the new id, where what a slot holds already stays."""
    there = select(SHOWN.c.slot).where(SHOWN.c.chat_id == new).scalar_subquery()
    connection.execute(delete(SHOWN).where(SHOWN.c.chat_id == old, SHOWN.c.slot.in_(there)))
    for rows in (OUTBOX, SHOWN):
        connection.execute(update(rows).where(rows.c.chat_id == old).values(chat_id=new))


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    rows = connection.execute(select(OUTBOX.c.state, func.count().label("number")).group_by(OUTBOX.c.state))
    return {row.state: row.number for row in rows}
