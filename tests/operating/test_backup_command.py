"""`rounds backup` and `rounds restore` as an operator uses them: one file, an empty host, and sentences otherwise."""

import stat
from pathlib import Path

import pytest
from operators_host import Host
from sqlalchemy import create_engine, text

from storage.migrations.upgrade import upgrade


@pytest.fixture
def hosts(tmp_path: Path) -> tuple[Host, Host]:
    """One with a company, one with nothing."""
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
    old, new = Host(tmp_path / "old"), Host(tmp_path / "new")
    upgrade(old.database)
    engine = create_engine(old.database)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO team (name, path) VALUES ('East', '/1/')"))
    engine.dispose()
    return old, new


def only_file(folder: Path) -> Path:
    (path,) = folder.glob("*.tar")
    return path


async def test_a_backup_of_one_host_is_restored_on_an_empty_one(hosts: tuple[Host, Host], tmp_path: Path) -> None:
    old, new = hosts
    code, said = await old.runs("backup", str(tmp_path))
    path = only_file(tmp_path)
    assert (code, stat.S_IMODE(path.stat().st_mode)) == (0, 0o600)
    assert said == f"{path}: 1 rows and 0 photos of 0.0 MiB\n"
    code, said = await new.runs("restore", str(path))
    assert (code, said.splitlines()[-1]) == (0, "1 rows and 0 photos are back; rounds doctor looks at them")
    engine = create_engine(new.database)
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM team")).scalars().all() == ["East"]
    engine.dispose()

    code, said = await new.runs("restore", str(path))
    assert code == 1
    assert "the database is in use: its table team has rows. Restore into a new one" in said
    code, said = await new.runs("backup", str(path))
    assert (code, "a backup overwrites nothing" in said) == (1, True)


async def test_what_is_no_backup_and_what_has_no_database_are_said_in_a_sentence(hosts: tuple[Host, Host]) -> None:
    old, new = hosts
    (new.folder / "holiday.tar").write_bytes(b"pictures" * 1000)
    for words, sentence in (
        (("restore", "holiday.tar"), "no backup of Rounds"),
        (("restore", "lost.tar"), "lost.tar cannot be read: No such file or directory"),
        (("backup", "nowhere/x.tar"), "nowhere/x.tar cannot be written: No such file or directory"),
    ):
        code, said = await new.runs(*words)
        assert (code, sentence in said, "Traceback" in said) == (1, True, False), said
    code, said = await new.runs("backup", "x.tar")
    assert (code, "nothing was backed up: " in said) == (1, True), said
    engine = create_engine(old.database)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    code, said = await old.runs("migrate")
    assert code == 2
    assert "the database has schema 9999, of a newer version of Rounds: install that one" in said
    assert "Traceback" not in said
