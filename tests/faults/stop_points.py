"""Numbered moments at which a bot's process can kill itself: before and after every COMMIT of something written.

After the COMMIT that claims a message is before its call to Telegram, before the one that marks it sent is after it.
"""

import mmap
import os
import signal
import struct
import threading
from collections import Counter
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from storage.database import Database

_FIELDS = struct.Struct("<did96s")
UNITS, COMMITS, CHANGES = "stop_points_units", "stop_points_commits", "stop_points_changes"  # kept with a connection


class Controls:
    """What the test tells its bots, in memory that they share; `create` makes it, all zero."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FIELDS.size)

    @classmethod
    def create(cls, path: Path) -> "Controls":
        path.write_bytes(bytes(_FIELDS.size))
        return cls(path)

    @property
    def ahead(self) -> float:
        """How many seconds the bot's clock is ahead of the machine's."""
        return float(self.read()[0])

    def set_ahead(self, seconds: float) -> None:
        """Let the bot's clock go ahead of the machine's."""
        _, left, order, wanted = self.read()
        self.write(seconds, left, order, wanted)

    def arm(self, left: int = 0, wanted: str = "") -> None:
        """Let the bot die at its `left`-th stop point from here, or at the one called so; without either it lives."""
        self.write(self.ahead, left, self.read()[2] + 1, wanted.encode())

    @property
    def is_armed(self) -> bool:
        """Whether the bot has still to die."""
        _, left, _, wanted = self.read()
        return bool(left or wanted.rstrip(b"\0"))

    def read(self) -> Any:
        """Seconds ahead, stop points left, the number of the order, and the name of the stop point that is meant."""
        return _FIELDS.unpack(self._memory[:])

    def write(self, ahead: float, left: int, order: float, wanted: bytes) -> None:
        """All of it."""
        self._memory[:] = _FIELDS.pack(ahead, left, order, wanted)


class StopPoints:
    """Watches the commits of this process; each stop point leaves a line in the trail before it may be the last."""

    def __init__(self, controls: Controls, trail: Path) -> None:
        self._controls = controls
        self._trail = os.open(trail, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._lock = threading.Lock()
        self._order = 0.0
        self._passed: Counter[str] = Counter()  # since the order was given

    def watch(self) -> None:
        """Listen at SQLAlchemy's edge: the product carries no hook for it."""
        event.listen(Engine, "commit", self._before)
        event.listen(Pool, "checkin", self._after)
        self._note_names()

    def _note_names(self) -> None:
        """Let every unit tell its name when it runs, so that a stop point can be called by what it commits."""
        write = Database.write

        async def noted(database: Database, unit: Any, **more: Any) -> Any:
            def named(connection: Connection) -> Any:
                connection.info.setdefault(UNITS, []).append(_name(unit))
                return unit(connection)

            return await write(database, named, **more)

        Database.write = noted  # type: ignore[method-assign,assignment]

    def _before(self, connection: Connection) -> None:
        connection.info[COMMITS] = _has_written(connection)
        if connection.info[COMMITS]:
            self._pass("before", connection.info)

    def _after(self, _driver: Any, record: Any) -> None:
        if record.info.get(COMMITS):
            self._pass("after", record.info)
        record.info[COMMITS], record.info[UNITS] = False, []

    def _pass(self, where: str, info: dict[Any, Any]) -> None:
        with self._lock:
            names = info.get(UNITS) or ["start"]
            dies = self._is_meant([f"{where} {name}" for name in names])
            os.write(self._trail, f"{os.getpid()} {where} {'+'.join(names)}{' dies' if dies else ''}\n".encode())
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()

    def _is_meant(self, points: list[str]) -> bool:
        """Whether the order is to die here; a group's COMMIT is a point of each of its units."""
        ahead, left, order, wanted = self._controls.read()
        if order != self._order:
            self._order = order
            self._passed.clear()
        self._passed.update(points)
        name = wanted.rstrip(b"\0").decode()
        if left == 1 or any(name == f"{point} {self._passed[point]}" for point in points):
            self._controls.write(ahead, 0, order, b"")
            return True
        if left:
            self._controls.write(ahead, left - 1, order, wanted)
        return False


def _has_written(connection: Connection) -> bool:
    """An empty COMMIT, of a claim that found nothing, is no stop point: it is the same as the one before."""
    driver: Any = connection.connection.driver_connection
    if connection.dialect.name != "sqlite":
        return driver.execute("SELECT pg_current_xact_id_if_assigned()").fetchone()[0] is not None
    before, now = connection.info.get(CHANGES, 0), driver.total_changes
    connection.info[CHANGES] = now
    return bool(now != before)


def _name(unit: Any) -> str:
    while hasattr(unit, "func"):
        unit = unit.func
    return str(getattr(unit, "__qualname__", unit)).split(".<locals>")[0].replace("<", "").replace(">", "")
