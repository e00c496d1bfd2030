"""A migration is killed before each of its statements in turn: what is left is old or new, and it says so."""

import asyncio
import json
import logging
import sys
import uuid
from pathlib import Path
from typing import Any

import pytest
from conftest import new_database
from sqlalchemy import create_engine, text

from storage.database import Database
from storage.migrations.upgrade import UnknownSchema, revisions, upgrade
from storage.schema import newest_revision

WALK = Path(__file__).parent / "migration_walk.py"
ROOT = Path(__file__).parents[2]
LONGEST = 240  # seconds


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database of each kind without a schema."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'old.db'}"
    return new_database(request.getfixturevalue("postgres"), f"m{uuid.uuid4().hex}")


async def walk(url: str) -> list[dict[str, Any]]:
    """Each life of the walk: where it ended, and what it left."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(WALK), url, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(LONGEST):
            said, _ = await process.communicate()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    assert process.returncode == 0
    return [json.loads(line) for line in said.splitlines()]


def judge(lives: list[dict[str, Any]], least: int) -> None:
    old, new = lives[0], lives[-1]
    assert new["revision"] != old["revision"]
    assert len(lives) > least, "the walk passed too few statements to be one"
    for life in lives[1:-1]:
        assert life["killed"]
        left = {name: life[name] for name in ("revision", "schema", "rows")}
        assert left == {name: old[name] for name in left}, f"killed at statement {life['stop']}: between old and new"


@pytest.mark.storm
@pytest.mark.long
async def test_the_newest_steps_killed_at_any_statement_leave_the_old_schema_and_the_next_start_goes_on(
    empty_url: str,
) -> None:
    upgrade(empty_url, "0001")
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO team (name, path) VALUES ('East', '/1/')"))
    engine.dispose()
    lives = await walk(empty_url)
    judge(lives, least=10)
    assert lives[-1]["rows"] == 1
    database = Database(empty_url)
    here, needed = await database.read(revisions)
    await database.close()
    assert here == needed


@pytest.mark.storm
@pytest.mark.long
@pytest.mark.parametrize("empty_url", ["sqlite"], indirect=True)
async def test_the_first_schema_killed_at_any_statement_leaves_an_empty_database(empty_url: str) -> None:
    lives = await walk(empty_url)
    judge(lives, least=60)
    assert {(life["revision"], life["rows"]) for life in lives[:-1]} == {(None, None)}
    assert lives[-1]["revision"] == newest_revision()


def test_the_start_after_says_which_schema_it_found_and_which_it_made(
    empty_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    upgrade(empty_url, "0001")
    with caplog.at_level(logging.INFO, logger="storage"):
        before, after = upgrade(empty_url)
    assert f"the database's schema was 0001 and is {after} now" in caplog.text
    assert before == "0001"


async def test_processes_that_start_together_make_the_steps_once(empty_url: str) -> None:
    results = await asyncio.gather(*(asyncio.to_thread(upgrade, empty_url) for _ in range(4)))
    needed = results[0][1]
    assert sorted(before or "" for before, _ in results) == ["", needed, needed, needed]


def test_a_database_of_a_newer_version_is_left_alone(empty_url: str) -> None:
    upgrade(empty_url)
    engine = create_engine(empty_url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(UnknownSchema, match="newer version of Rounds"):
        upgrade(empty_url)
