"""The usual stack on PostgreSQL: aiogram 3, a step through SQLModel's AsyncSession over psycopg, then the reply."""

import argparse
import asyncio
import sys

from side import Side, asked
from sqlalchemy.ext.asyncio import create_async_engine
from usual_aiogram_side import poll
from usual_store import filled


async def run(side: Side, database: str) -> None:
    engine = create_async_engine(database, pool_size=16, max_overflow=0, pool_timeout=60)
    await poll(side, await filled(engine, side))


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--database", required=True)
    own, sys.argv[1:] = parser.parse_known_args()
    asyncio.run(run(asked(), own.database))
