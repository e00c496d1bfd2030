"""Files of checklists off the conversation: sent once, read in a child, and nobody is told what he let go."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import yaml
from desk_talk import Guest, Office
from registry import Post
from sqlalchemy import select

from bot.domain.attachments import FileAway
from bot.domain.conversation import Uploaded
from bot.domain.shipped import SHIPPED
from bot.media.workbooks import FaultyRow, problem_sheet
from bot.media.workers import MediaWorkers
from bot.services.sop_file_jobs import SopFiles
from bot.services.worker import NotNow
from storage import jobs, sops
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import OutboxRow, SopVersionRow, table

SENT = table(OutboxRow)


@dataclass
class Desk:
    """An office where the jobs about checklists are done when a test says so."""

    office: Office
    post: Post
    work: SopFiles
    files: list[dict[str, str]] = field(default_factory=list)

    async def send(self, admin: Guest, content: bytes | str, name: str = "check.yaml") -> None:
        data = content if isinstance(content, bytes) else content.encode()
        file_id = f"f{len(self.post.sent)}"
        self.post.sent[file_id] = data
        await admin.gives(Uploaded(file_id, file_id, name, len(data)))
        if any("Yes, read it" in label for label in admin.labels):
            await admin.taps("Yes, read it")

    async def due(self) -> list[jobs.Job]:
        return await self.office.database.read(lambda connection: jobs.list_due(connection, self.office.now, 100))

    async def do(self, admin: Guest) -> str:
        for job in await self.due():
            await self.work.kinds[job.kind](job)
        return await self.read(admin)

    async def read(self, admin: Guest) -> str:
        found = await self.office.database.read(lambda connection: list(connection.execute(select(SENT.c.context))))
        self.files += [context["file"] for (context,) in found if "file" in context]
        while await self.office.database.write(self.office._send):
            pass
        return admin.last

    async def versions(self) -> int:
        versions = select(table(SopVersionRow).c.id)
        return await self.office.database.read(lambda connection: len(connection.execute(versions).all()))


@pytest.fixture
async def desk(database: Database, tmp_path: Path) -> AsyncIterator[Desk]:
    office, post, workers = Office(database), Post(), MediaWorkers(size=1)
    await database.write(lambda connection: sops.publish_missing(connection, SHIPPED, office.now))
    yield Desk(office, post, SopFiles(office.desk, post, Blobs(str(tmp_path)), workers, office.renderer))
    await workers.close()


@pytest.fixture
async def ann(desk: Desk) -> Guest:
    return await desk.office.member(11, "Ann")


def check(count: int, **more: Any) -> str:
    asked = [{"kind": "number", "id": f"i{number}", "title": f"How many {number}?"} for number in range(count)]
    return yaml.safe_dump({"type": "check", "title": "Check", "items": [{**one, **more} for one in asked]})


async def test_thirty_mistakes_are_told_and_the_rest_is_counted(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(41, least=2, most=1))
    said = await desk.do(ann)
    assert "41 mistakes; nothing was changed" in said
    assert said.count("• ") == 30
    assert "… and 11 more." in said
    assert "<b>Line 4</b>, least: The least, 2, is above the most, 1" in said


async def test_a_line_is_where_the_word_itself_stands(desk: Desk, ann: Guest) -> None:
    text = "type: check\ntitle: Check\nitems:\n- kind: number\n  title: Stock\n  必填: 也许\n  colour: red\n"
    await desk.send(ann, text)
    said = await desk.do(ann)
    assert "<b>Line 6</b>, 必填: “也许” is neither yes nor no" in said
    assert "<b>Line 7</b>, colour: I do not know this name" in said


async def test_a_file_that_was_let_go_or_replaced_is_not_told(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(1))
    await desk.send(ann, check(2))
    assert "with 2 items" in await desk.do(ann)
    await desk.send(ann, check(3))
    (job,) = await desk.due()
    await ann.says("/cancel")
    await desk.work.read(job)
    assert "no checklist was changed" in await desk.read(ann)


async def test_who_is_no_admin_any_more_is_shown_nothing(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(1))
    await desk.office.change_person(ann, roles="rep")
    assert "Reading" in await desk.do(ann)
    assert await desk.versions() == len(SHIPPED)


async def test_reading_waits_until_telegram_is_back(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(1))
    desk.post.away = True
    with pytest.raises(NotNow, match=FileAway.__name__):
        await desk.do(ann)
    desk.post.away = False
    assert "with 1 item." in await desk.do(ann)


async def test_an_export_that_is_asked_for_twice_comes_once_and_a_repeated_job_sends_nothing(
    desk: Desk, ann: Guest
) -> None:
    await ann.says("/sop")
    await ann.taps("Store check")
    await ann.taps("Excel")
    await ann.taps("Excel")
    await ann.taps("YAML")
    waiting = await desk.due()
    await desk.do(ann)
    assert sorted(file["name"] for file in desk.files) == ["store_check.xlsx", "store_check.yaml"]
    for job in waiting:
        await desk.work.export(job)
    await desk.read(ann)
    assert len(desk.files) == 2


async def test_a_job_that_was_given_up_asks_for_the_file_again(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(1))
    (job,) = await desk.due()
    await desk.office.desk.act("given up", desk.work.lose, job)
    assert "It is damaged" in await desk.read(ann)


async def test_publishing_is_not_done_twice(desk: Desk, ann: Guest) -> None:
    await desk.send(ann, check(1))
    await desk.do(ann)
    message_id, data = ann.button("Publish")
    await ann.taps_data(message_id, data)
    await ann.taps_data(message_id, data)
    assert await desk.versions() == len(SHIPPED) + 1


async def test_a_workbook_with_more_rows_than_a_checklist_has_is_told_in_one_sentence(desk: Desk, ann: Guest) -> None:
    rows = [FaultyRow(None, "", ("number", f"How many {number}?", "yes")) for number in range(3_000)]
    await desk.send(ann, problem_sheet("Items", "#", "?", ("Kind", "Title", "Required"), rows), "big.xlsx")
    await ann.taps("A checklist")
    said = await desk.do(ann)
    assert "<b>Row 2002</b>: There are more than 2000 rows" in said
