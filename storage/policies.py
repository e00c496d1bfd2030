"""Policies: every change is kept, the newest of a key is in force."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, text

from bot.domain.policy import Policy
from storage.prepared import Prepared
from storage.tables import PersonRow, PolicyChangeRow, table

CHANGE, PERSON = table(PolicyChangeRow), table(PersonRow)
_NEWEST = Prepared(select(CHANGE.c.id, CHANGE.c.changed_at).order_by(CHANGE.c.id.desc()).limit(1))


class Cache:
    """The policy in force, read again only after a change, so that a change takes effect at the next update."""

    def __init__(self) -> None:
        self._newest: Any = ()
        self._policy = Policy()

    def current(self, connection: Connection) -> Policy:
        # the instant beside the id: after a failed commit SQLite gives the same id again
        newest = _NEWEST.first(connection)
        if newest != self._newest:
            self._policy = Policy.of(in_force(connection))
            self._newest = newest
        return self._policy


def in_force(connection: Connection) -> dict[str, str]:
    """Key → stored value, for what differs from the default."""
    newest = select(func.max(CHANGE.c.id)).group_by(CHANGE.c.key)
    rows = connection.execute(select(CHANGE.c.key, CHANGE.c.new).where(CHANGE.c.id.in_(newest)))
    return {key: new for key, new in rows if new is not None}


def take_turns(connection: Connection) -> None:
    """Let one change at a time be decided and committed: ids then rise as changes become visible.

    Otherwise the cache of another process could see a newer id first, and miss the change below it;
    and two admins would each write down an old value that the other has just replaced.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text(f"LOCK TABLE {CHANGE.name} IN SHARE ROW EXCLUSIVE MODE"))


def record(
    connection: Connection,
    *,
    key: str,
    old: str | None,
    new: str | None,
    by: int,
    at: datetime,
    undoes: int | None = None,
) -> int:
    """Keep a change; `new` None is the default again."""
    values: dict[str, Any] = {"key": key, "old": old, "new": new, "changed_by": by, "changed_at": at, "undoes": undoes}
    return int(connection.execute(insert(CHANGE).values(values).returning(CHANGE.c.id)).scalar_one())


def list_changes(
    connection: Connection, *, key: str | None = None, by: int | None = None, limit: int = 20
) -> Sequence[Row[Any]]:
    """The newest changes first, of one key or by one person if given, each with the name of who made it."""
    statement = select(CHANGE, PERSON.c.name).join(PERSON, PERSON.c.id == CHANGE.c.changed_by)
    if key is not None:
        statement = statement.where(CHANGE.c.key == key)
    if by is not None:
        statement = statement.where(CHANGE.c.changed_by == by)
    return connection.execute(statement.order_by(CHANGE.c.id.desc()).limit(limit)).all()


def find_change(connection: Connection, change_id: int) -> Row[Any] | None:
    """One change, with the name of who made it."""
    statement = select(CHANGE, PERSON.c.name).join(PERSON, PERSON.c.id == CHANGE.c.changed_by)
    return connection.execute(statement.where(CHANGE.c.id == change_id)).one_or_none()
