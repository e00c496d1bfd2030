"""A process that stores updates for ever, a few at once, and prints the number of each when it is confirmed.

python power_load.py DATABASE_URL
"""

import asyncio
import itertools
import sys
from datetime import UTC, datetime

from storage import inbox, jobs
from storage.database import Connection, Database

AT_ONCE = 6
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


async def main(url: str) -> None:
    database, numbers = Database(url), itertools.count(1)

    async def store() -> None:
        for number in numbers:
            await database.write(lambda c, number=number: _arrive(c, number))  # type: ignore[misc]
            sys.stdout.write(f"{number}\n")
            sys.stdout.flush()

    await asyncio.gather(*(store() for _ in range(AT_ONCE)))


def _arrive(connection: Connection, number: int) -> None:
    """Two rows that must come and go together."""
    inbox.keep(connection, [{"update_id": number, "lane": 1, "raw": f"{number} " * 400, "received_at": NOW}])
    jobs.queue(connection, "photo", number, NOW)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
