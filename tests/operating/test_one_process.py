"""A second bot on the same SQLite file does not start, and says what to do."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from bot import serving
from bot.settings import Settings, WrongSettings
from storage.sole_process import Alone


async def test_a_second_bot_on_the_same_file_is_refused_with_the_way_on(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/rounds.db"
    first = Alone(make_url(url))
    await first.start()
    settings = Settings(_env_file=None, bot_token="1:" + "x" * 35, database_url=url, data_dir=tmp_path)
    try:
        with pytest.raises(WrongSettings, match=r"another process runs on this database.*PostgreSQL"):
            await asyncio.wait_for(serving.serve(settings), 20)
    finally:
        await first.stop()
    assert not (tmp_path / "rounds.db").exists()  # nor has it touched the schema
