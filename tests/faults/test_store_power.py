"""The power fails at any moment under load: what SQLite's files hold then is everything that was confirmed."""

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from fresh_database import sqlite_in
from sqlalchemy import text

from storage.database import Database
from storage.migrations.upgrade import upgrade

pytestmark = pytest.mark.storm

LOAD = Path(__file__).parent / "power_load.py"
ROOT = Path(__file__).parents[2]
MOMENTS = 12
FRAME_HEADER, WAL_HEADER = 24, 32  # bytes; https://www.sqlite.org/fileformat2.html#the_write_ahead_log


class Load:
    """The process at work, and what it has confirmed so far."""

    def __init__(self, url: str) -> None:
        self.process = subprocess.Popen([sys.executable, str(LOAD), url], cwd=ROOT, stdout=subprocess.PIPE, env=_path())
        assert self.process.stdout is not None
        self._pipe = self.process.stdout.fileno()
        os.set_blocking(self._pipe, False)
        self._rest = b""
        self.confirmed: set[int] = set()

    def read(self) -> set[int]:
        """Everything confirmed until now."""
        while True:
            try:
                more = os.read(self._pipe, 65536)
            except BlockingIOError:
                return self.confirmed
            assert more, "the load has ended by itself"
            *lines, self._rest = (self._rest + more).split(b"\n")
            self.confirmed |= {int(line) for line in lines}

    def run_for(self, seconds: float) -> None:
        """Go on, then stand still; the pipe must not fill up meanwhile."""
        self.process.send_signal(signal.SIGCONT)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self.read()
            time.sleep(0.005)
        self.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)


def _path() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture
def load(tmp_path: Path) -> Iterator[Load]:
    opened = Load(sqlite_in(tmp_path))
    while not opened.read():
        time.sleep(0.01)
    yield opened
    opened.process.kill()
    opened.process.communicate()


def synced_end(shm: bytes) -> int:
    """Where the last commit ends in the log that its writer has synced: it publishes the frame's number after that."""
    (page,) = struct.unpack_from("=H", shm, 14)
    frames = min(struct.unpack_from("=I", shm, 16)[0], struct.unpack_from("=I", shm, 48 + 16)[0])
    return WAL_HEADER + frames * (FRAME_HEADER + page) if frames else 0


def whole(_folder: Path, _dice: random.Random) -> None:
    """The files as they are."""


def without_index(folder: Path, _dice: random.Random) -> None:
    """The index of the log is memory that no file system promises to keep."""
    (folder / "rounds.db-shm").unlink()


def cut(folder: Path, dice: random.Random) -> None:
    """The log ends at any byte after the last synced commit."""
    end = synced_end((folder / "rounds.db-shm").read_bytes())
    log = folder / "rounds.db-wal"
    os.truncate(log, dice.randint(min(end, log.stat().st_size), log.stat().st_size))
    without_index(folder, dice)


def scribbled(folder: Path, dice: random.Random) -> None:
    """What was being written when the power failed is anything."""
    end = synced_end((folder / "rounds.db-shm").read_bytes())
    log = folder / "rounds.db-wal"
    tail = log.stat().st_size - end
    with log.open("r+b") as file:
        file.seek(end)
        file.write(dice.randbytes(min(max(tail, 0), 20_000)))
    without_index(folder, dice)


def test_whatever_was_confirmed_is_in_the_files_at_any_moment(load: Load, tmp_path: Path) -> None:
    dice = random.Random(11)
    logs: list[int] = []
    for moment in range(MOMENTS):
        load.run_for(dice.uniform(0.05, 0.6))
        confirmed = set(load.read())
        for ruin in (whole, without_index, cut, scribbled):
            copy = tmp_path / f"{moment} {ruin.__name__}"
            copy.mkdir()
            for name in ("rounds.db", "rounds.db-wal", "rounds.db-shm"):
                shutil.copyfile(tmp_path / name, copy / name)
            ruin(copy, dice)
            _judge(copy, confirmed, ruin)
        logs.append((tmp_path / "rounds.db").stat().st_size)
    assert len(load.confirmed) > 500
    assert len(set(logs)) > 1, "no checkpoint came between: the load was too small to show anything"


def _judge(copy: Path, confirmed: set[int], ruin: Callable[[Path, random.Random], None]) -> None:
    upgrade(f"sqlite:///{copy / 'rounds.db'}")  # as the next start does
    with closing(sqlite3.connect(copy / "rounds.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        there = {number for (number,) in connection.execute("SELECT update_id FROM inbox")}
        jobs = {number for (number,) in connection.execute("SELECT subject FROM job")}
    assert confirmed <= there, f"{ruin.__name__}: {len(confirmed - there)} of {len(confirmed)} confirmed are lost"
    assert there == jobs, f"{ruin.__name__}: half of a transaction is there"


async def test_each_commit_is_synced_before_it_is_confirmed(tmp_path: Path) -> None:
    """A copy of the files cannot show a missing sync: the system has them in memory. SQLite's word for it can."""
    database = Database(sqlite_in(tmp_path))
    for name, value in (("journal_mode", "wal"), ("synchronous", 2)):
        assert await database.write(lambda c, name=name: c.execute(text(f"PRAGMA {name}")).scalar()) == value
    await database.close()
