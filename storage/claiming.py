"""What is claimed to be said, and what became of each try."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, ColumnElement, Connection, Select, bindparam, func, or_, select, update

from storage.outbox import OUTBOX, PERSON, SENDING, SHOWN, WAITING, Outgoing, hold, keeps_place
from storage.prepared import Prepared


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


_MARK_SENT = Prepared(
    update(OUTBOX)
    .where(OUTBOX.c.id == bindparam("of_id"), OUTBOX.c.state == SENDING, OUTBOX.c.attempts == bindparam("of_attempt"))
    .values(state="sent", sent_at=bindparam("at"), message_id=bindparam("as_message"), context={})
)  # without its context: an invite's link must not stay


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
            keeps_place(earlier),
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


def take_up_uncertain(connection: Connection, but: Collection[int] = ()) -> int:
    """After a crash: what was *sending* may or may not have arrived; it is said again, which an edit does not show.

    `but` are messages that are known to be under way.
    """
    forgotten = update(OUTBOX).where(OUTBOX.c.state == SENDING, OUTBOX.c.id.not_in(but))
    return connection.execute(forgotten.values(state="waiting")).rowcount
