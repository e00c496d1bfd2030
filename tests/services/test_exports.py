"""Taking things out as files: what an admin and a manager get, that it is safe to open, and that it comes back."""

import asyncio
import csv
import io
import json
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from desk_talk import ZONE, Guest, Office
from registry import Post
from sqlalchemy import insert, select

from bot.domain.conversation import Uploaded
from bot.domain.shipped import SHIPPED
from bot.media.workers import MediaWorkers
from bot.media.worksheets import read_sheets
from bot.services.export_jobs import Exports
from bot.services.import_jobs import Imports
from bot.services.import_reading import Lists
from bot.services.worker import NotNow
from storage import customers, jobs, people, sops
from storage.blobs import Blobs, StoreAway
from storage.database import Connection, Database
from storage.tables import AnswerRow, AuditRow, FollowUpRow, OutboxRow, PhotoRow, VisitRow, table

SENT, AUDIT = table(OutboxRow), table(AuditRow)
VISIT, ANSWER, PHOTO, FOLLOWUP = table(VisitRow), table(AnswerRow), table(PhotoRow), table(FollowUpRow)
ARRIVED = datetime(2026, 11, 20, 2, 30, tzinfo=UTC)  # 10:30 in Shanghai
DAYS = "2026-11"
# What is not about rows is shown on one kind of database alone
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


class Lasting(MediaWorkers):
    """A process that is there for the next file, too: starting one takes longer than a file."""

    async def close(self) -> None:
        """Not yet."""


@dataclass
class Company:
    """Two teams, each with a rep and a customer, and jobs that are done when a test says so."""

    office: Office
    post: Post
    blobs: Blobs
    work: Exports
    imports: Imports
    ids: dict[str, int] = field(default_factory=dict)

    async def due(self) -> list[jobs.Job]:
        return await self.office.database.read(lambda connection: jobs.list_due(connection, self.office.now, 100))

    async def do(self) -> list[tuple[str, bytes]]:
        """Do every job that waits: the names and bytes of the files that are sent, and what is said with them."""
        kinds = {**self.imports.kinds, **self.work.kinds}
        while due := await self.due():
            for job in due:
                await kinds[job.kind](job)
        found = await self.office.database.read(lambda c: list(c.execute(select(SENT.c.context).order_by(SENT.c.id))))
        files = [context["file"] for (context,) in found if context.get("file")]
        await self.office.deliver()
        return [(file["name"], await self.blobs.read(file["key"])) for file in files]

    async def gets(self, guest: Guest, order: str) -> tuple[str, bytes]:
        """Ask for a file, and have it."""
        await guest.says(f"/export {order}")
        return (await self.do())[-1]

    async def photo(self, number: int, key: str) -> None:
        """A kept photo of the visit in the East."""
        visit, rep = self.ids["east_visit"], self.ids["east_rep"]
        values = {"visit_id": visit, "person_id": rep, "item": "photo", "file_id": "f", "unique_id": f"u{number}"}
        more = {"state": "kept", "marked": key, "as_file": False, "received_at": ARRIVED}
        await self.office.database.write(lambda connection: connection.execute(insert(PHOTO).values(**values, **more)))

    async def stored(self, statement: Any) -> list[Any]:
        return await self.office.database.read(lambda connection: list(connection.execute(statement)))


@pytest.fixture
async def company(database: Database, tmp_path: Path) -> AsyncIterator[Company]:
    office, post, workers, blobs = Office(database), Post(), Lasting(size=1), Blobs(str(tmp_path))
    lists = Imports(office.desk, Lists(database, post, blobs, workers), office.renderer)
    company = Company(office, post, blobs, Exports(office.desk, blobs, office.renderer, hired=lambda: workers), lists)
    company.ids = await database.write(lambda connection: _founded(connection, office))
    yield company
    await MediaWorkers.close(workers)


def _founded(connection: Connection, office: Office) -> dict[str, int]:
    sops.publish_missing(connection, SHIPPED, office.now)
    top = people.add_team(connection, "Company")
    ids = {"company": top}
    where = {"west": "Harbour Bakery", "east": '=HYPERLINK("http://x")'}
    version = sops.newest(connection, "customer_visit")
    assert version is not None
    for number, (team, name) in enumerate(where.items()):
        ids[team] = people.add_team(connection, team.title(), top)
        values = {"telegram_id": 50 + number, "name": f"Rep {team}", "phone": f"+861380000000{number}"}
        rep = ids[f"{team}_rep"] = people.add(
            connection, **values, language="en", time_zone=ZONE, roles="rep", status="active", team_id=ids[team]
        )
        more = {"latitude": 29.5 + number, "longitude": 106.5, "datum": "gcj02", "given_latitude": 29.502 + number}
        customer = customers.add(
            connection, name=name, external_id=f"00{number}7", owner_id=rep, created_at=office.now, grade="A",
            class_="key", tags=["hot pot", "school"], phone="+8613912345678", given_longitude=106.503,
            note="-1 floor\n@back", fence_radius=300.0, aliases=["'=old"], **more,
        )  # fmt: skip
        ids[f"{team}_visit"] = _visited(connection, rep, customer, version[0])
    return ids


def _visited(connection: Connection, rep: int, customer: int, version: int) -> int:
    values: dict[str, Any] = {
        "person_id": rep, "customer_id": customer, "type": "customer_visit", "purpose": "first", "state": "sent",
        "sop_version_id": version, "checked_in_at": ARRIVED, "checked_out_at": ARRIVED.replace(hour=3),
        "visited_on": date(2026, 11, 20), "latitude": 29.5, "longitude": 106.5, "arrival": "outside",
        "distance": 811.3, "is_flagged": True, "live": False, "late": False,
        "flags": [{"code": "outside", "facts": {"distance": 812.0, "radius": 200.0}}],
        "reason": "weak_signal", "again_reason": "", "result": "partly", "words": "+1 for the bread",
        "effectiveness": "partial", "next_what": "=1+1", "next_on": date(2026, 12, 1),
        "sent_at": ARRIVED.replace(hour=4), "closed_automatically": False,
    }  # fmt: skip
    visit = connection.execute(insert(VISIT).values(values).returning(VISIT.c.id)).scalar_one()
    first = sops.get(connection, version).items
    answers = {first[0].id: first[0].choices[0].id if first[0].choices else "x", first[1].id: "A faster delivery"}
    for item, value in answers.items():
        connection.execute(insert(ANSWER).values(visit_id=visit, item=item, value=value, answered_at=ARRIVED))
    promise = {"person_id": rep, "customer_id": customer, "visit_id": visit, "what": "send it", "state": "open"}
    connection.execute(
        insert(FOLLOWUP).values(**promise, due_on=date(2026, 11, 27), reason="", created_at=ARRIVED, moves=[])
    )
    return int(visit)


@pytest.fixture
async def ann(company: Company) -> Guest:
    return await company.office.member(11, "Ann")


@pytest.fixture
async def max_(company: Company) -> Guest:
    """The manager of the team West."""
    guest = await company.office.member(12, "Max", "manager")
    await company.office.change_person(guest, team_id=company.ids["west"])
    return guest


def table_of(data: bytes, name: str, tab: int = 0) -> list[dict[str, Any]]:
    """A tab as rows by title, read by our own reader of lists."""
    titles, *rows = read_sheets(data, name, 9)[tab].rows
    return [dict(zip(titles.cells, row.cells, strict=False)) for row in rows]


async def test_the_customers_come_back_through_an_import_and_change_nothing(company: Company, ann: Guest) -> None:
    for form in ("xlsx", "csv"):
        name, data = await company.gets(ann, f"customers {form}")
        assert name == f"Customers 2026-11-23.{form}"
        await ann.says("/import")
        company.post.sent[form] = data
        await ann.gives(Uploaded(form, form, name, len(data)))
        await company.do()
        assert f"{name} changes nothing: all 2 customers" in ann.last


@ON_ONE
async def test_nothing_in_a_file_is_calculated_and_codes_keep_their_zeros(company: Company, ann: Guest) -> None:
    _, data = await company.gets(ann, "customers csv")
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    cells = [cell for row in rows for cell in row.values() if cell]
    assert [cell for cell in cells if cell[0] in "=+-@\t\r"] == []
    assert (rows[0]["Customer ID"], rows[0]["Phone"]) == ("'0007", "'+8613912345678")
    _, data = await company.gets(ann, "customers xlsx")
    book = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in book
    first = table_of(data, "x.xlsx")[1]
    assert (first["Customer name"], first["Customer ID"]) == ('=HYPERLINK("http://x")', "0017")
    assert (first["Check-in radius"], first["Grade"]) == (300.0, "A")


async def test_numbers_dates_and_moments_are_what_they_are_on_the_askers_clock(company: Company, ann: Guest) -> None:
    name, data = await company.gets(ann, f"visits {DAYS} xlsx")
    assert name == "Visits 2026-11-01 2026-11-30.xlsx"
    every, of_type = table_of(data, name), table_of(data, name, 1)
    row = every[0]
    assert (row["Day"], row["Checked in"].isoformat()) == (date(2026, 11, 20), "2026-11-20T10:30:00")
    assert (row["Stay (minutes)"], row["Distance (m)"], row["Result"]) == (60, 812, "Partly")
    assert row["What stood out"] == "Checked in 812 m from the customer; 200 m are allowed."
    assert [one["Customer"] for one in of_type] == ["Harbour Bakery", '=HYPERLINK("http://x")']
    assert "A faster delivery" in of_type[0].values()


@ON_ONE
async def test_csv_of_several_tabs_is_a_zip_that_our_own_reader_reads(company: Company, ann: Guest) -> None:
    name, data = await company.gets(ann, f"visits {DAYS} csv")
    assert name.endswith(".zip")
    parts = zipfile.ZipFile(io.BytesIO(data))
    assert len(parts.namelist()) == 2
    rows = table_of(parts.read("Visits.csv"), "Visits.csv")
    assert rows[0]["Customer's words"] == "+1 for the bread"
    assert (rows[0]["Day"], rows[0]["Checked in"]) == ("2026-11-20", "2026-11-20 10:30")


@ON_ONE
async def test_geojson_is_valid_and_in_wgs_84(company: Company, ann: Guest) -> None:
    for order, point in (("customers geojson", [106.5, 29.5]), (f"visits {DAYS} geojson", [106.5, 29.5])):
        _, data = await company.gets(ann, order)
        collection = json.loads(data)
        assert collection["type"] == "FeatureCollection"
        first = collection["features"][0]
        assert (first["type"], first["geometry"]) == ("Feature", {"type": "Point", "coordinates": point})
        assert {"latitude", "longitude", "datum"} & set(first["properties"]) == set()


async def test_a_manager_gets_his_subtree_and_nothing_of_others(company: Company, max_: Guest) -> None:
    for order in ("customers xlsx", f"visits {DAYS} xlsx", f"followups {DAYS} xlsx"):
        name, data = await company.gets(max_, order)
        rows = table_of(data, name)
        assert {row.get("Owner") or row.get("Rep") for row in rows} == {"Rep west"}, order
        assert b"HYPERLINK" not in b"".join(zipfile.ZipFile(io.BytesIO(data)).read(n) for n in _parts(data))
    assert "Only an admin" in await max_.says("/export people xlsx")


def _parts(data: bytes) -> list[str]:
    return zipfile.ZipFile(io.BytesIO(data)).namelist()


async def test_a_role_that_is_lost_before_the_job_gets_nothing_and_is_told(company: Company, max_: Guest) -> None:
    await max_.says("/export customers xlsx")
    await company.office.change_person(max_, roles="rep")
    assert await company.do() == []
    assert "has changed since you asked" in max_.last
    assert await company.stored(select(AUDIT)) == []


@ON_ONE
async def test_a_team_that_is_lost_while_the_file_is_made_gets_nothing(
    company: Company, max_: Guest, tmp_path: Path
) -> None:
    await max_.says("/export customers xlsx")

    class Meanwhile(Blobs):
        """He is moved to another team just before the file is kept."""

        async def keep(self, data: bytes, suffix: str) -> str:
            await company.office.change_person(max_, team_id=company.ids["east"])
            return await super().keep(data, suffix)

    company.work = replace(company.work, blobs=Meanwhile(str(tmp_path)))
    assert await company.do() == []
    assert "has changed since you asked" in max_.last


async def test_what_is_asked_twice_comes_once_and_a_repeated_job_sends_nothing(company: Company, ann: Guest) -> None:
    await ann.says("/export")
    await ann.taps("Customers")
    message, data = ann.button("Excel")
    await ann.taps_data(message, data)
    await ann.taps_data(message, data)
    (job,) = await company.due()
    assert len(await company.do()) == 1
    await company.work.work(job)
    assert await company.do() == []


async def test_who_took_out_what_stands_in_the_audit(company: Company, ann: Guest) -> None:
    await company.gets(ann, f"visits {DAYS} csv")
    (entry,) = await company.stored(select(AUDIT))
    told = {"what": "visits", "form": "csv", "first_on": "2026-11-01", "last_on": "2026-11-30", "records": 2}
    assert (entry.area, entry.what, entry.person_id, entry.new) == ("export", "sent", ann.person_id, told)
    assert "File taken out" in await ann.says("/audit exports")


async def test_people_go_to_an_admin_and_an_empty_stretch_is_said_to_be(company: Company, ann: Guest) -> None:
    name, data = await company.gets(ann, "people xlsx")
    rows = table_of(data, name)
    assert [row["Name"] for row in rows] == ["Rep west", "Rep east", "Ann"]
    assert rows[0]["Phone"] == "+8613800000000"
    await ann.says("/export followups 2026-01 xlsx")
    assert await company.do() == []
    assert "There is nothing of these days." in ann.last


@ON_ONE
async def test_photos_come_as_a_zip_with_a_list_and_in_parts_that_fit(company: Company, ann: Guest) -> None:
    pictures = [bytes([number]) * 900_000 for number in range(3)]
    for number, picture in enumerate(pictures):
        key = await company.blobs.keep(picture, "jpg")
        await company.photo(number, key)
    await company.photo(3, "ab/abcdef.jpg")  # the store has lost it: the others come all the same
    company.work = replace(company.work, largest=3_000_000)
    await ann.says(f"/export photos {DAYS} zip")
    files = await company.do()
    assert [name for name, _ in files] == [f"Photos 2026-11-01 2026-11-30 {part}-2.zip" for part in (1, 2)]
    archives = [zipfile.ZipFile(io.BytesIO(data)) for _, data in files]
    names = [name for archive in archives for name in archive.namelist() if name.endswith(".jpg")]
    assert len(names) == 3
    assert names[0].startswith("2026-11-20/=HYPERLINK( http x )/")
    assert [archives[0].read(name) for name in archives[0].namelist()[:2]] == pictures[:2]
    listed = list(csv.DictReader(io.StringIO(archives[0].read("Photos.csv").decode("utf-8-sig"))))
    assert [row["Customer"] for row in listed] == ['\'=HYPERLINK("http://x")'] * 2


@ON_ONE
async def test_more_photos_than_a_chat_can_take_are_refused_with_a_way_on(company: Company, ann: Guest) -> None:
    key = await company.blobs.keep(b"x" * 500_000, "jpg")
    for number in range(11):
        await company.photo(number, key)
    company.work = replace(company.work, largest=1_600_000)
    await ann.says(f"/export photos {DAYS} zip")
    assert await company.do() == []
    assert "Please choose fewer days" in ann.last
    assert "rounds export photos" in ann.last


@ON_ONE
async def test_while_the_disk_is_full_the_job_waits_and_nothing_is_lost(
    company: Company, ann: Guest, tmp_path: Path
) -> None:
    class Full(Blobs):
        async def keep(self, data: bytes, suffix: str) -> str:
            raise StoreAway("full")

    await ann.says("/export customers csv")
    good, company.work = company.work, replace(company.work, blobs=Full(str(tmp_path)))
    with pytest.raises(NotNow):
        await company.do()
    company.work = good
    assert len(await company.do()) == 1


@ON_ONE
async def test_files_are_made_one_at_a_time_so_that_photos_need_not_wait(company: Company, ann: Guest) -> None:
    for form in ("csv", "xlsx"):
        await ann.says(f"/export customers {form}")
    first, second = await company.due()
    async with asyncio.TaskGroup() as both:
        both.create_task(company.work.work(first))
        await asyncio.sleep(0)
        with pytest.raises(NotNow):
            await company.work.work(second)
    assert len(await company.do()) == 2


@ON_ONE
async def test_a_job_that_was_given_up_is_told_once(company: Company, ann: Guest) -> None:
    await ann.says("/export customers csv")
    (job,) = await company.due()
    for attempt in ("first", "second"):
        await company.office.desk.act(f"given up {attempt}", company.work.lose, job)
    await company.office.deliver()
    assert [said.text for said in ann.screen.values() if "I could not make your file" in said.text] == [ann.last]


@ON_ONE
async def test_days_are_typed_where_none_of_the_usual_ones_fits(company: Company, max_: Guest) -> None:
    await max_.says("/export")
    assert "People" not in max_.labels
    await max_.taps("Visits")
    await max_.taps("Other days")
    await max_.says("sometime")
    assert any("I cannot read days in “sometime”" in said.text for said in max_.screen.values())
    await max_.says("2026-11-20")
    assert "CSV" in max_.labels
    assert max_.last.startswith("📦 <b>Visits</b> · Fri 20 Nov")
    await max_.taps("Excel")
    ((name, _),) = await company.do()
    assert name == "Visits 2026-11-20 2026-11-20.xlsx"
