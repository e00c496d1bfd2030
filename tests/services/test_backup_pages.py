"""/backup in the chat: what an admin sees, what becomes of the archive, and what he hears when there is no room."""

import errno
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import select

from bot.media.workers import MediaWorkers
from bot.services.backup_jobs import Backups
from storage import jobs
from storage.backup.archive import HEADER, reading
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import AuditRow, table

AUDIT = table(AuditRow)
# What is not about rows is shown on one kind of database alone
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@dataclass
class Vault:
    """An office whose backups are made when a test says so."""

    office: Office
    work: Backups

    async def do(self) -> None:
        for job in await self.office.database.read(lambda c: jobs.list_due(c, self.office.now, 100)):
            await self.work.work(job)
        await self.office.deliver()

    @property
    def archives(self) -> list[Path]:
        return sorted(self.work.folder.glob("*"))

    async def acts(self) -> list[tuple[str, int]]:
        statement = select(AUDIT.c.what, AUDIT.c.person_id).where(AUDIT.c.area == "backup").order_by(AUDIT.c.seq)
        return await self.office.database.read(lambda c: [(row.what, row.person_id) for row in c.execute(statement)])


@pytest.fixture
async def vault(database: Database, tmp_path: Path) -> AsyncIterator[Vault]:
    office, photos = Office(database), str(tmp_path / "photos")
    Blobs(photos)
    url = database.url.render_as_string(hide_password=False)
    yield Vault(office, Backups(office.desk, url, photos, {}, tmp_path / "backups"))


@pytest.fixture
async def ann(vault: Vault) -> Guest:
    return await vault.office.member(11, "Ann")


async def test_a_backup_is_made_from_the_chat_and_the_page_knows_it(vault: Vault, ann: Guest) -> None:
    assert "There is none yet." in await ann.says("/backup")
    page = await ann.taps("Back up now")
    assert "One is being made." in page
    assert ann.labels == [], "one at a time"
    await vault.do()
    (path,) = vault.archives
    assert path.name == "rounds-chat-20261123T010000Z.tar"
    assert next(reading(path))[0] == HEADER
    assert f"<code>rounds restore {path.name}</code>" in ann.last
    assert str(path.parent) not in ann.last, "no machine's folder"
    shown = await ann.says("/backup")
    assert path.name in shown
    assert "Back up now" in ann.labels[0]
    assert await vault.acts() == [("made", ann.person_id)]


@ON_ONE
async def test_only_the_last_seven_are_kept_and_what_was_begun_goes(vault: Vault, ann: Guest) -> None:
    vault.work.folder.mkdir()
    others = ["mine.txt", "rounds-20250101T000000Z.tar", "rounds-20261123T000000Z.tar.part"]  # cron's, still at it
    own = [f"rounds-chat-202601{day:02}T000000Z.tar" for day in range(1, 9)]
    for name in [*own, *others, "rounds-chat-x.tar.part"]:
        (vault.work.folder / name).touch()
    await ann.says("/backup")
    await ann.taps("Back up now")
    await vault.do()
    names = [path.name for path in vault.archives]
    assert names == [*others, *own[2:], names[-1]]
    assert names[-1] == "rounds-chat-20261123T010000Z.tar"


@ON_ONE
async def test_two_admins_at_once_have_one_backup_made(vault: Vault, ann: Guest) -> None:
    bob = await vault.office.member(12, "Bob")
    for admin in (ann, bob):
        await admin.says("/backup")
    for admin in (ann, bob):
        await admin.taps("Back up now")
    assert len(await vault.office.database.read(lambda c: jobs.list_due(c, vault.office.now, 9))) == 1
    await vault.do()
    assert len(vault.archives) == 1


@ON_ONE
async def test_a_folder_that_cannot_be_written_is_said(vault: Vault, ann: Guest, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    vault.work = replace(vault.work, folder=tmp_path / "file" / "backups")
    await ann.says("/backup")
    await ann.taps("Back up now")
    await vault.do()
    assert "No backup was made" in ann.last
    assert "cannot be written" in ann.last
    assert ann.labels == ["💾 Try again"]
    assert await vault.acts() == [("failed", ann.person_id)]


class FullDisk(MediaWorkers):
    """Processes on a machine without room."""

    async def run(self, *_: Any, **__: Any) -> Any:
        raise OSError(errno.ENOSPC, "No space left on device")


@ON_ONE
async def test_a_full_disk_is_said_and_can_be_tried_again(vault: Vault, ann: Guest) -> None:
    good, vault.work = vault.work, replace(vault.work, hired=FullDisk)
    await ann.says("/backup")
    await ann.taps("Back up now")
    await vault.do()
    assert "The disk of the server is full." in ann.last
    assert vault.archives == []
    vault.work = good
    vault.office.pass_time(minutes=5)
    await ann.taps("Try again")
    await vault.do()
    assert "The backup is made" in ann.last
    assert await vault.acts() == [("failed", ann.person_id), ("made", ann.person_id)]


@ON_ONE
async def test_who_is_no_admin_any_more_hears_nothing_of_it(vault: Vault, ann: Guest) -> None:
    await ann.says("/backup")
    await ann.taps("Back up now")
    before = ann.newest
    await vault.office.change_person(ann, roles="rep")
    await vault.do()
    assert ann.newest == before
    assert len(vault.archives) == 1
