"""The keys that photos are signed with: made once, changed by command, in the backup and in no log."""

from argparse import Namespace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.settings import Settings
from bot.upkeep import keys
from storage import signing
from storage.database import Database
from storage.signing import SigningKey
from storage.tables import SigningKeyRow, table

NOW = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


async def test_the_first_key_is_made_once_and_a_new_one_signs_beside_it(database: Database) -> None:
    for _ in range(2):  # two processes start
        await database.write(lambda connection: signing.add_first(connection, NOW))
    first = await database.read(signing.current)
    assert await database.write(lambda connection: signing.rotate(connection, NOW)) == 2
    second = await database.read(signing.current)
    assert (first.id, second.id) == (1, 2) and first.secret != second.secret
    assert await database.read(lambda connection: signing.find(connection, 1)) == first
    assert await database.read(lambda connection: signing.find(connection, 3)) is None


async def test_there_is_no_key_that_a_code_has_no_room_for(database: Database) -> None:
    row = table(SigningKeyRow).insert().values(id=255, secret="ab" * 32, made_at=NOW)
    await database.write(lambda connection: connection.execute(row).rowcount)
    with pytest.raises(signing.NoMoreKeys):
        await database.write(lambda connection: signing.rotate(connection, NOW))


def test_a_key_does_not_show_its_secret() -> None:
    assert "ab" not in repr(SigningKey(1, bytes.fromhex("ab" * 32)))


async def test_the_operator_changes_the_key(database_url: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = Settings(_env_file=None, database_url=database_url)
    assert await keys(Namespace(rotate=False), settings) == 0
    assert "no key yet" in capsys.readouterr().out
    assert await keys(Namespace(rotate=True), settings) == await keys(Namespace(rotate=True), settings) == 0
    older, newest = capsys.readouterr().out.splitlines()[-2:]
    assert older.startswith("key 1 of ") and newest.endswith(", signs now")


async def test_no_key_is_made_in_a_database_of_another_version(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert (
        await keys(Namespace(rotate=True), Settings(_env_file=None, database_url=f"sqlite:///{tmp_path}/rounds.db"))
        == 1
    )
    assert "rounds migrate" in capsys.readouterr().err
