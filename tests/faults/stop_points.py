"""Numbered moments at which a bot's process can kill itself: before and after every COMMIT, of whatever it writes.

After the COMMIT that claims a message is before its call to Telegram, before the one that marks it sent is after it.
"""

import mmap
import os
import signal
import struct
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.pool import Pool

from storage.database import Database

_FIELDS = struct.Struct("<iid")


class Controls:
    """A few numbers in memory that the test and its bots share; `create` makes them, all zero."""

    def __init__(self, path: Path) -> None:
        with path.open("r+b") as file:
            self._memory = mmap.mmap(file.fileno(), _FIELDS.size)

    @classmethod
    def create(cls, path: Path) -> "Controls":
        path.write_bytes(bytes(_FIELDS.size))
        return cls(path)

    @property
    def left(self) -> int:
        """The stop point at which the bot dies, counted from here; 0 for none."""
        return int(self._read()[0])

    @property
    def passed(self) -> int:
        """How many stop points were passed since the last `arm`."""
        return int(self._read()[1])

    @property
    def ahead(self) -> float:
        """How many seconds the bot's clock is ahead of the machine's."""
        return float(self._read()[2])

    def arm(self, number: int) -> None:
        """Let the bot die at its next stop point number so and so; 0 lets it live."""
        self._write(number, 0, self.ahead)

    def set_ahead(self, seconds: float) -> None:
        self._write(self.left, self.passed, seconds)

    def step(self) -> bool:
        """A stop point is reached; whether it is the one."""
        left, passed, ahead = self._read()
        self._write(max(0, left - 1), passed + 1, ahead)
        return left == 1

    def _read(self) -> Any:
        return _FIELDS.unpack(self._memory[:])

    def _write(self, left: int, passed: int, ahead: float) -> None:
        self._memory[:] = _FIELDS.pack(left, passed, ahead)


class StopPoints:
    """Watches the commits of this process; each stop point leaves a line in the trail before it may be the last."""

    def __init__(self, controls: Controls, trail: Path) -> None:
        self._controls = controls
        self._trail = os.open(trail, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        self._here = threading.local()
        self._lock = threading.Lock()

    def watch(self) -> None:
        """Listen at SQLAlchemy's edge: the product carries no hook for it."""
        event.listen(Engine, "commit", lambda _connection: self._before())
        event.listen(Pool, "checkin", lambda _connection, _record: self._after())
        self._note_names()

    def _note_names(self) -> None:
        """Let every unit tell its name when it runs, so that a stop point can be called by what it commits."""
        write, here = Database.write, self._here

        async def noted(database: Database, unit: Any) -> Any:
            def named(connection: Any) -> Any:
                here.names = [*getattr(here, "names", []), _name(unit)]
                return unit(connection)

            return await write(database, named)

        Database.write = noted  # type: ignore[method-assign,assignment]

    def _before(self) -> None:
        self._here.committed = True
        self._pass("before")

    def _after(self) -> None:
        if getattr(self._here, "committed", False):
            self._pass("after")
        self._here.committed, self._here.names = False, []

    def _pass(self, where: str) -> None:
        with self._lock:
            names = "+".join(getattr(self._here, "names", [])) or "start"
            dies = self._controls.step()
            os.write(self._trail, f"{os.getpid()} {where} {names}{' dies' if dies else ''}\n".encode())
            if dies:
                os.kill(os.getpid(), signal.SIGKILL)
                signal.pause()


def _name(unit: Any) -> str:
    while hasattr(unit, "func"):
        unit = unit.func
    return str(getattr(unit, "__qualname__", unit)).split(".<locals>")[0].replace("<", "").replace(">", "")
