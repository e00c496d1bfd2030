"""What is to be said: posted in the transaction that decides it, claimed and sent by the sender."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Select,
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


def _is_quiet() -> ColumnElement[bool]:
    """Nothing is under way to the message's chat: since we looked, something may have been posted into our hands."""
    other = OUTBOX.alias("other")
    return ~select(other.c.id).where(other.c.chat_id == OUTBOX.c.chat_id, other.c.state == SENDING).exists()


_TAKE = Prepared(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of_id"), OUTBOX.c.state == WAITING, _is_quiet())
    .values(state="sending", attempts=OUTBOX.c.attempts + 1)
    .returning(OUTBOX)
)
# Among several transactions: those whose row somebody holds are left for the next look, and nobody waits in a circle
_FREE = (
    select(OUTBOX.c.id)
    .where(OUTBOX.c.id == func.any(bindparam("of_ids", type_=ARRAY(BigInteger))), OUTBOX.c.state == WAITING)
    .where(_is_quiet())
    .with_for_update(skip_locked=True)
    .cte("free")
)
_TAKE_FREE = Prepared(
    update(OUTBOX)
    .where(OUTBOX.c.id == _FREE.c.id)
    .values(state="sending", attempts=OUTBOX.c.attempts + 1)
    .returning(*OUTBOX.c)
)
_FIND_SHOWN = Prepared(
    select(SHOWN.c.message_id).where(SHOWN.c.chat_id == bindparam("of_chat"), SHOWN.c.slot == bindparam("of_slot"))
)

_MARK_SENT = Prepared(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of_id"), OUTBOX.c.state == SENDING, OUTBOX.c.attempts == bindparam("of_attempt"))
    .values(state="sent", sent_at=bindparam("at"), message_id=bindparam("as_message"), context={})
)  # without its context: an invite's link must not stay
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
    waiting = select(other.c.id).where(
        same_chat, other.c.state == WAITING, other.c.bulk.is_(False), _keeps_place(other)
    )
    return or_(waiting.exists(), select(other.c.id).where(same_chat, other.c.state == SENDING).exists())


def _keeps_place(row: Any) -> ColumnElement[bool]:
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


def _due() -> Select[Any]:
    """The oldest waiting message of each chat, people before bulk, as far as it may go now."""
    earlier = OUTBOX.alias("earlier")
    blocked = (
        select(earlier.c.id)
        .where(
            earlier.c.chat_id == OUTBOX.c.chat_id,
            earlier.c.id < OUTBOX.c.id,
            earlier.c.bulk == OUTBOX.c.bulk,
            earlier.c.state == WAITING,
            _keeps_place(earlier),
        )
        .exists()
    )
    return (
        select(
            *(OUTBOX.c[name] for name in ("id", "chat_id", "bulk", "anew")),  # the context waits until it is claimed
            SHOWN.c.message_id.label("edits"),
            PERSON.c.language,
            PERSON.c.time_zone,
        )
        .outerjoin(SHOWN, (SHOWN.c.chat_id == OUTBOX.c.chat_id) & (SHOWN.c.slot == OUTBOX.c.slot))
        .outerjoin(PERSON, PERSON.c.id == OUTBOX.c.person_id)
        .where(
            OUTBOX.c.state == WAITING,
            or_(OUTBOX.c.not_before.is_(None), OUTBOX.c.not_before <= bindparam("now")),
            ~blocked,
        )
        .order_by(OUTBOX.c.bulk, OUTBOX.c.id)
        .limit(bindparam("most"))
    )


DUE = Prepared(_due())


@dataclass(frozen=True)
class Due:
    """What decides whether a waiting message may go now; `edits` is the message id that its slot holds."""

    chat_id: int
    bulk: bool
    edits: int | None


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


def claim_due(
    connection: Connection, now: datetime, *, busy: Collection[int], limit: int, spare: Callable[[Due], bool]
) -> list[Outgoing]:
    """Mark the next messages *sending*: one a chat, people before bulk, none of `busy` chats, none without `spare`."""
    chosen: list[tuple[Any, Due]] = []
    chats = set(busy)
    # a chat has two such rows at most, one of them bulk: so many are read that those of busy chats hide nobody
    for row in DUE.all(connection, now=now, most=limit + 2 * len(busy)):
        if len(chosen) == limit:
            break
        due = Due(row.chat_id, row.bulk, None if row.anew else row.edits)
        if due.chat_id in chats or not spare(due):
            continue
        chats.add(due.chat_id)
        chosen.append((row, due))
    taken = _take(connection, [row.id for row, _ in chosen])
    # what is not among them was superseded or parked since we looked, by a transaction beside ours
    return [_outgoing(taken[row.id], due, row.language, row.time_zone) for row, due in chosen if row.id in taken]


def _take(connection: Connection, ids: list[int]) -> dict[int, Any]:
    if connection.dialect.name == "sqlite":
        rows = [row for one in ids if (row := _TAKE.first(connection, of_id=one)) is not None]
    else:
        rows = _TAKE_FREE.all(connection, of_ids=ids) if ids else []
    return {row.id: row for row in rows}


def _outgoing(row: Any, due: Due, language: str | None, time_zone: str | None) -> Outgoing:
    return Outgoing(
        id=row.id,
        chat_id=row.chat_id,
        person_id=row.person_id,
        message=row.message,
        context=row.context,
        slot=row.slot,
        edits=due.edits,
        language=language,
        time_zone=time_zone,
        bulk=row.bulk,
        attempts=row.attempts,
        last_error=row.error,
        created_at=row.created_at,
        parts=row.parts,
    )


def note_parts(connection: Connection, outgoing_id: int, parts: int) -> None:
    """So many parts of a long message have arrived: what interrupts the rest does not repeat them."""
    connection.execute(update(OUTBOX).where(OUTBOX.c.id == outgoing_id).values(parts=parts))


def mark_sent(connection: Connection, message: Outgoing, message_id: int | None, now: datetime) -> None:
    """Close a message that Telegram took, and remember which message its slot holds."""
    _MARK_SENT.run(connection, of_id=message.id, of_attempt=message.attempts, at=now, as_message=message_id)
    if message.slot is not None and message_id is not None:
        hold(connection, message.chat_id, message.slot, message_id)


def hold(connection: Connection, chat_id: int, slot: str, message_id: int) -> None:
    """Let a slot hold this message from now on."""
    _HOLD.run(connection, chat_id=chat_id, slot=slot, message_id=message_id)


def find_shown(connection: Connection, chat_id: int, slot: str) -> int | None:
    """The message that a slot holds."""
    held: int | None = _FIND_SHOWN.scalar(connection, of_chat=chat_id, of_slot=slot)
    return held


def put_back(connection: Connection, message: Outgoing, *, not_before: datetime, error: str) -> None:
    """Wait and try again: Telegram was away, or asked for a pause."""
    _close(connection, message, state="waiting", not_before=not_before, error=error[:500])


def show_anew(connection: Connection, message: Outgoing) -> None:
    """The message that was to be edited is gone: say it as a new one."""
    _close(connection, message, state="waiting", anew=True)


def mark_refused(connection: Connection, message: Outgoing, error: str) -> None:
    """Telegram will never take it; it stays for the operator to see."""
    _close(connection, message, state="refused", error=error[:500])


def _close(connection: Connection, message: Outgoing, **values: Any) -> None:
    """Write down what became of this try, unless another process has taken the message up since."""
    ours = (OUTBOX.c.id == message.id, OUTBOX.c.state == SENDING, OUTBOX.c.attempts == message.attempts)
    connection.execute(update(OUTBOX).where(*ours).values(values))


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
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(reachable=True))
    return connection.execute(
        update(OUTBOX)
        .where(OUTBOX.c.person_id == person_id, OUTBOX.c.state == "parked")
        .values(state="waiting", not_before=None)
    ).rowcount


def take_up_uncertain(connection: Connection, but: Collection[int] = ()) -> int:
    """After a crash: what was *sending* may or may not have arrived; it is said again, which an edit does not show.

    `but` are messages that are known to be under way.
    """
    forgotten = update(OUTBOX).where(OUTBOX.c.state == SENDING, OUTBOX.c.id.not_in(but))
    return connection.execute(forgotten.values(state="waiting")).rowcount


def move_chat(connection: Connection, old: int, new: int) -> None:
    """A group became a supergroup: everything for it goes to the new id, where what a slot holds already stays."""
    there = select(SHOWN.c.slot).where(SHOWN.c.chat_id == new).scalar_subquery()
    connection.execute(delete(SHOWN).where(SHOWN.c.chat_id == old, SHOWN.c.slot.in_(there)))
    for rows in (OUTBOX, SHOWN):
        connection.execute(update(rows).where(rows.c.chat_id == old).values(chat_id=new))


def next_due_at(connection: Connection) -> datetime | None:
    """When the next delayed message may go."""
    return connection.execute(
        select(func.min(OUTBOX.c.not_before)).where(OUTBOX.c.state == WAITING, OUTBOX.c.not_before.is_not(None))
    ).scalar()


def count_by_state(connection: Connection) -> dict[str, int]:
    """How many messages are in each state."""
    rows = connection.execute(select(OUTBOX.c.state, func.count().label("number")).group_by(OUTBOX.c.state))
    return {row.state: row.number for row in rows}
