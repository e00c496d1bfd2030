"""A process that upgrades a database again and again, is killed one statement later each time, and says what was left.

    python migration_walk.py DATABASE_URL

Prints a line of JSON for each life: the stop point, and the fingerprint of what the next start would find.
"""

import hashlib
import json
import os
import signal
import sys
from typing import Any

from sqlalchemy import create_engine, event, inspect, text
from sqlalchemy.engine import Engine

from storage.migrations.upgrade import upgrade


def die_at(stop: int) -> None:
    """SIGKILL before the statement of this number; a COMMIT counts as one."""
    passed = 0

    def on_statement(*_about: Any) -> None:
        nonlocal passed
        passed += 1
        if passed == stop:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(Engine, "before_cursor_execute", on_statement)
    event.listen(Engine, "commit", on_statement)


def left(url: str) -> dict[str, Any]:
    """What stands there: the revision, a fingerprint of tables, columns and indexes, and the rows from before."""
    engine = create_engine(url)
    try:
        with engine.connect() as connection:
            there = inspect(connection)
            tables = sorted(there.get_table_names())
            parts: list[Any] = []
            for name in tables:
                parts.append([name, sorted((c["name"], str(c["type"])) for c in there.get_columns(name))])
                parts.append(sorted(str(index["name"]) for index in there.get_indexes(name)))
            revision = None
            if "alembic_version" in tables:
                revision = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
            rows = connection.execute(text("SELECT count(*) FROM team")).scalar() if "team" in tables else None
    finally:
        engine.dispose()
    return {"revision": revision, "schema": hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:12], "rows": rows}


def main(url: str) -> None:
    print(json.dumps({"stop": 0, **left(url)}), flush=True)
    stop, killed = 0, True
    while killed:
        stop += 1
        child = os.fork()
        if child == 0:
            die_at(stop)
            upgrade(url)
            os._exit(0)
        killed = os.WIFSIGNALED(os.waitpid(child, 0)[1])
        print(json.dumps({"stop": stop, "killed": killed, **left(url)}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
