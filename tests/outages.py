"""Things that go wrong on order, at the driver's edge: commits that fail, and a database that is away."""

import sqlite3
from typing import Any

from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from storage.database import Database


class Outage:
    """Fails the next commits of a database, as a full disk does; on PostgreSQL as a lost connection does."""

    def __init__(self, database: Database) -> None:
        self.left = 0
        self.struck = 0
        event.listen(database.engine, "commit", self._on_commit)

    def _on_commit(self, _connection: Any) -> None:
        if self.left > 0:
            self.left -= 1
            self.struck += 1
            raise OperationalError("COMMIT", {}, sqlite3.OperationalError("database or disk is full"))


class Darkness:
    """While it lasts nobody gets a connection: neither those who write nor those who read."""

    def __init__(self, database: Database) -> None:
        self.lasts = False
        for engine in {database.engine, database.reading_engine}:
            event.listen(engine, "begin", self._on_begin)

    def _on_begin(self, _connection: Any) -> None:
        if self.lasts:
            raise OperationalError("BEGIN", {}, sqlite3.OperationalError("unable to open database file"))
