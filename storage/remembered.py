"""What every update needs and hardly anybody changes: read once, and again only after a change."""

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from sqlalchemy import Connection, Table, text

from storage.prepared import Prepared

T = TypeVar("T")


def one_by_one(connection: Connection, changes: Table) -> None:
    """Let one change at a time be decided and committed: ids then rise as changes become visible.

    Otherwise another process could remember a newer id first and miss the change below it; and two admins would each
    write down an old value that the other has just replaced.
    """
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text(f"LOCK TABLE {changes.name} IN SHARE ROW EXCLUSIVE MODE"))


class Remembered(Generic[T]):
    """What `read` makes of a table to which changes are only added, as long as its `newest` row stays the same.

    `newest` gives the id and the instant of a change: after a failed commit SQLite gives the same id again.
    """

    def __init__(self, newest: Prepared, read: Callable[[Connection], T]) -> None:
        self._newest, self._read = newest, read
        self._held: tuple[Any, T] | None = None

    def current(self, connection: Connection) -> T:
        """As it stands; one look at an index."""
        newest = self._newest.first(connection)
        held = self._held
        if held is None or held[0] != newest:
            held = self._held = newest, self._read(connection)
        return held[1]
