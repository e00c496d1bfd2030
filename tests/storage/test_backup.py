"""A backup holds one moment of database and photos, and makes either kind of database from it, or nothing at all."""

import asyncio
import gzip
import hashlib
import io
import json
import random
import stat
import tarfile
import uuid
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from company import checked_in
from conftest import new_database
from scene import TOKEN, acted, picture
from sqlalchemy import create_engine, inspect, select, text

from storage import inbox, jobs, outbox, people
from storage.backup.archive import MANIFEST, BrokenArchive, reading
from storage.backup.making import Made, NothingThere, make
from storage.backup.restoring import NotEmpty, restore
from storage.blobs import Blobs
from storage.database import Connection, Database
from storage.migrations.upgrade import revisions, upgrade
from storage.tables import InboxRow, JobRow, PhotoRow, TeamRow, table

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
INBOX, JOB, PHOTO, TEAM = table(InboxRow), table(JobRow), table(PhotoRow), table(TeamRow)
KINDS = ["sqlite", "postgres"]
EmptyDatabase = Callable[[str], str]


@pytest.fixture
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> EmptyDatabase:
    """Addresses of databases of a kind without even a schema."""

    def make_one(kind: str) -> str:
        if kind == "sqlite":
            return f"sqlite:///{tmp_path / f'{uuid.uuid4().hex}.db'}"
        return new_database(request.getfixturevalue("postgres"), f"e{uuid.uuid4().hex}")

    return make_one


def manifest(path: Path) -> Any:
    """What an archive says of its rows: the same rows say the same, in whatever database and order they are."""
    members = dict(reading(path))
    return json.loads(members[MANIFEST])


async def rows_of(url: str, statement: Any) -> list[Any]:
    database = Database(url)
    try:
        return await database.read(lambda c: list(c.execute(statement)))
    finally:
        await database.close()


@pytest.mark.parametrize("kind", KINDS)
async def test_a_restored_company_has_the_same_rows_and_the_same_photos(
    database_url: str, kind: str, empty: EmptyDatabase, tmp_path: Path
) -> None:
    async with acted(database_url, tmp_path) as scene:
        rep = await checked_in(scene)
        await rep.presses("Yes")
        await rep.sends_photo(picture(seed=1))
        await rep.sends_photo(picture(seed=2), picture(seed=3))
        made = await make(database_url, scene.rounds.blobs, tmp_path / "first.tar", NOW)
    assert made.missing == []
    assert made.rows["photo"] == 3
    assert made.photos == 6  # originals and marked copies

    other, store = empty(kind), Blobs(str(tmp_path / "elsewhere"))
    done = await restore(other, store, tmp_path / "first.tar")
    await make(other, store, tmp_path / "second.tar", NOW)
    assert manifest(tmp_path / "second.tar") == manifest(tmp_path / "first.tar")
    assert (done.rows, done.photos, done.missing) == (made.rows, made.photos, [])
    for row in await rows_of(other, select(PHOTO)):
        assert hashlib.sha256(await store.read(row.original)).hexdigest() == row.sha256


@pytest.mark.parametrize("kind", KINDS)
async def test_a_restored_database_gives_no_number_of_an_update_or_a_job_again(
    database: Database, kind: str, empty: EmptyDatabase, tmp_path: Path
) -> None:
    def fill(connection: Connection) -> None:
        for number in range(5):
            _arrive(connection, number)
        connection.execute(INBOX.delete())
        connection.execute(JOB.delete())

    await database.write(fill)
    await make(str_of(database), Blobs(str(tmp_path)), tmp_path / "kept.tar", NOW)
    other = empty(kind)
    await restore(other, Blobs(str(tmp_path)), tmp_path / "kept.tar")
    restored = Database(other)
    assert await restored.write(lambda c: _arrive(c, 9)) == 6
    assert [job.id for job in await restored.read(lambda c: jobs.list_due(c, NOW, 10))] == [6]
    await restored.close()


def _arrive(connection: Connection, number: int) -> int:
    """An update and a job of one transaction."""
    (row,) = inbox.keep(connection, [{"update_id": number, "lane": 1, "raw": "{}", "received_at": NOW}])
    jobs.queue(connection, "photo", number, NOW)
    return row.seq


def str_of(database: Database) -> str:
    return database.url.render_as_string(hide_password=False)


async def test_a_backup_under_load_is_one_moment_and_holds_nobody_up(database: Database, tmp_path: Path) -> None:
    over = asyncio.Event()
    longest = 0.0

    async def work(start: int) -> None:
        nonlocal longest
        for number in range(start, start + 10_000):
            if over.is_set():
                return
            began = asyncio.get_running_loop().time()
            await database.write(lambda c, number=number: _arrive(c, number))  # type: ignore[misc]
            longest = max(longest, asyncio.get_running_loop().time() - began)

    people_at_work = [asyncio.create_task(work(start * 10_000)) for start in range(4)]
    made: list[Made] = []
    for number in range(4):
        made.append(await make(str_of(database), Blobs(str(tmp_path)), tmp_path / f"{number}.tar", NOW))
    over.set()
    await asyncio.gather(*people_at_work)
    for one in made:
        assert one.rows["inbox"] == one.rows["job"]
    counts = [one.rows["inbox"] for one in made]
    assert counts == sorted(counts)
    assert counts[0] < counts[-1], "nobody worked while the backups were made"
    assert longest < 2


async def test_teams_that_stand_before_the_one_above_them_are_restored(
    database: Database, empty: EmptyDatabase, tmp_path: Path
) -> None:
    def fill(connection: Connection) -> None:
        people.found_company(connection, "Acme")
        young = people.add_team(connection, "Young region")
        old = people.add_team(connection, "Old team")
        connection.execute(TEAM.update().where(TEAM.c.id == young).values(parent_id=old))
        connection.execute(TEAM.update().where(TEAM.c.id == old).values(parent_id=None))

    await database.write(fill)
    await make(str_of(database), Blobs(str(tmp_path)), tmp_path / "kept.tar", NOW)
    for kind in KINDS:
        other = empty(kind)
        await restore(other, Blobs(str(tmp_path)), tmp_path / "kept.tar")
        (found,) = await rows_of(other, select(TEAM.c.parent_id).where(TEAM.c.name == "Young region"))
        (above,) = await rows_of(other, select(TEAM.c.id).where(TEAM.c.name == "Old team"))
        assert found.parent_id == above.id


async def test_a_database_that_is_in_use_is_not_restored_over(database: Database, tmp_path: Path) -> None:
    await database.write(lambda c: people.found_company(c, "Acme"))
    await make(str_of(database), Blobs(str(tmp_path)), tmp_path / "kept.tar", NOW)
    with pytest.raises(NotEmpty, match="team has rows"):
        await restore(str_of(database), Blobs(str(tmp_path)), tmp_path / "kept.tar")


async def test_there_is_no_backup_of_nothing(empty: EmptyDatabase, tmp_path: Path) -> None:
    for kind in KINDS:
        with pytest.raises(NothingThere):
            await make(empty(kind), Blobs(str(tmp_path)), tmp_path / "kept.tar", NOW)
    assert _files(tmp_path, "kept*") == []


def _files(folder: Path, pattern: str) -> list[Path]:
    return list(folder.glob(pattern))


async def test_a_damaged_archive_restores_nothing(database: Database, empty: EmptyDatabase, tmp_path: Path) -> None:
    """Cut off anywhere, or with any byte changed that means something."""
    store = Blobs(str(tmp_path / "photos"))
    key = await store.keep(picture(), "jpg")
    values = {"message": "photo/kept", "context": {"photos": [key]}, "state": "waiting", "created_at": NOW}
    await database.write(lambda c: _post(c, values))
    await database.write(lambda c: _arrive(c, 1))
    path = tmp_path / "kept.tar"
    assert (await make(str_of(database), store, path, NOW)).photos == 1
    whole, dice = path.read_bytes(), random.Random(7)
    damaged = tmp_path / "damaged.tar"
    places = _contents(whole)
    for number in range(24):
        changed = bytearray(whole)
        if number % 2:
            del changed[dice.randrange(places[-1]) :]
        else:
            changed[dice.choice(places)] ^= 1 << dice.randrange(8)
        damaged.write_bytes(changed)
        other = empty("sqlite")
        with pytest.raises(BrokenArchive):
            await restore(other, Blobs(str(tmp_path / "elsewhere")), damaged)
        assert _tables(other) == []


def _post(connection: Connection, values: dict[str, Any]) -> None:
    outbox.post(connection, key="one", chat_id=1, **values)


def _contents(whole: bytes) -> list[int]:
    """Where the bytes stand that mean something: a tar fills up with zeros, and keeps what we do not use."""
    places: list[int] = []
    with tarfile.open(fileobj=io.BytesIO(whole)) as tar:
        for member in tar.getmembers():
            if member.name != "rounds.json":  # its blanks may change
                places += range(member.offset_data, member.offset_data + member.size - (member.name == MANIFEST))
    manifest_at = whole.rindex(b'"tables"')
    return [place for place in places if place < manifest_at] + [manifest_at + 2]


def _tables(url: str) -> list[str]:
    engine = create_engine(url)
    try:
        return inspect(engine).get_table_names()
    finally:
        engine.dispose()


async def test_a_photo_that_the_store_lost_is_named_and_the_rest_is_kept(
    database: Database, empty: EmptyDatabase, tmp_path: Path
) -> None:
    store = Blobs(str(tmp_path / "photos"))
    here, lost = await store.keep(b"here", "jpg"), await store.keep(b"lost", "jpg")
    await store.drop(lost, kept_before=datetime.now(UTC) + timedelta(days=1))
    context = {"context": {"photos": [here, lost]}, "message": "photo/kept", "created_at": NOW}
    await database.write(lambda c: _post(c, context))
    made = await make(str_of(database), store, tmp_path / "kept.tar", NOW)
    assert (made.photos, made.missing) == (1, [lost])
    assert (await restore(empty("sqlite"), store, tmp_path / "kept.tar")).missing == [lost]


async def test_a_backup_of_an_older_schema_comes_back_with_the_newest(empty: EmptyDatabase, tmp_path: Path) -> None:
    for before, after in (("sqlite", "postgres"), ("postgres", "sqlite")):
        old = empty(before)
        upgrade(old, "0001")
        engine = create_engine(old)
        with engine.begin() as connection:
            connection.execute(text("INSERT INTO team (name, path) VALUES ('East', '/1/')"))
        engine.dispose()
        path = tmp_path / f"{before}.tar"
        await make(old, Blobs(str(tmp_path)), path, NOW)
        new = empty(after)
        await restore(new, Blobs(str(tmp_path)), path)
        assert [row.name for row in await rows_of(new, select(TEAM))] == ["East"]
        database = Database(new)
        here, needed = await database.read(revisions)
        assert here == needed
        await database.close()


async def test_only_its_owner_reads_an_archive_and_no_token_stands_in_it(database_url: str, tmp_path: Path) -> None:
    async with acted(database_url, tmp_path) as scene:
        await checked_in(scene)
        path = tmp_path / "kept.tar"
        await make(database_url, scene.rounds.blobs, path, NOW)
        with pytest.raises(FileExistsError):
            await make(database_url, scene.rounds.blobs, path, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    for name, data in reading(path):
        held = gzip.decompress(data) if name.endswith(".gz") else data
        assert TOKEN.partition(":")[2].encode() not in held, name
