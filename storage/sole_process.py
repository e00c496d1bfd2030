"""The process on a SQLite file: it leads everything, and no second one may start on the same file."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

from sqlalchemy.engine import URL

from storage.leadership import Leadership


class AnotherProcess(Exception):  # noqa: N818 - what is in the way
    """The database file belongs to another running process."""


class Alone:
    """Leads everything."""

    def __init__(self, url: URL) -> None:
        self._file = Path(f"{url.database}.lock") if url.database and url.database != ":memory:" else None
        self._lock: sqlite3.Connection | None = None

    def leadership(self, name: str) -> Leadership:
        """Always ours."""
        return Leadership(name, held=True)

    def hear(self, channel: str, ring: Callable[[], None]) -> None:
        """There is nobody to hear."""

    def tell(self, channel: str) -> None:
        """There is nobody to tell."""

    async def start(self) -> None:
        """Lock the file beside the database; the system lets go of it whatever ends this process."""
        if self._file is None:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite knows how to lock a file on every system, and its lock dies with the process
        self._lock = sqlite3.connect(self._file, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            self._lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            self._lock.close()
            self._lock = None
            raise AnotherProcess(str(self._file)) from error

    async def stop(self) -> None:
        """Let the next process begin."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
