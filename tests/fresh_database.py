"""An empty SQLite database with the schema: brought there once a process, then copied."""

import tempfile
from functools import cache
from pathlib import Path

from storage.migrations.upgrade import upgrade


def sqlite_in(folder: Path, name: str = "rounds.db") -> str:
    """Lay one into a folder; returns its address."""
    path = folder / name
    path.write_bytes(_as_upgraded())
    return f"sqlite:///{path}"


@cache
def _as_upgraded() -> bytes:
    with tempfile.TemporaryDirectory(prefix="rounds-schema-") as folder:
        path = Path(folder) / "rounds.db"
        upgrade(f"sqlite:///{path}")
        return path.read_bytes()
