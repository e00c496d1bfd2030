"""A photo that came with another visit before: the visit says so, its rep hears how to go on, its manager compares."""

import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from desk_talk import Guest, Office
from PIL import Image
from registry import Post
from sqlalchemy import Connection, select, update

from bot.demo.shelf import draw_shelf
from bot.domain.conversation import Chose, Located, Photographed
from bot.domain.geography import Point
from bot.domain.review import State
from bot.domain.shipped import SHIPPED
from bot.media.workers import MediaWorkers
from bot.services import photos
from bot.services.photos import Photos
from bot.services.seen_before import BACKLOG_JOB, SeenBefore
from storage import customers, fingerprints, jobs, people, reviews, search, signing, sops, visits
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import PhotoKeyRow, PhotoRow, table

DOORS = {"Harbour Bakery": Point(29.5610, 106.5770), "Old Town Noodles": Point(29.6610, 106.5770)}
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it depends on which
PHOTO, KEY = table(PhotoRow), table(PhotoKeyRow)


@cache
def shelf(number: int) -> bytes:
    return draw_shelf(number, (640, 480))


@cache
def copy_of(number: int) -> bytes:
    """Smaller, another JPEG, and a strip of its left side is missing."""
    file = io.BytesIO()
    Image.open(io.BytesIO(shelf(number))).crop((30, 0, 640, 480)).resize((520, 409)).save(file, "JPEG", quality=60)
    return file.getvalue()


def heard(guest: Guest) -> str:
    return "\n".join(said.text for said in guest.screen.values())


class Town:
    """Two teams with a rep and a manager each, and two customers."""

    def __init__(self, office: Office, blobs: Blobs, workers: MediaWorkers) -> None:
        self.office, self.post = office, Post()
        self.guests: dict[str, Guest] = {}
        self.seen = SeenBefore(office.desk, blobs, workers)
        develop = Photos(office.desk, self.post, blobs, workers, office.renderer, office.conversations, "rounds_bot")
        self.kinds = {photos.JOB: develop.develop, **self.seen.kinds}

    def __getitem__(self, name: str) -> Guest:
        return self.guests[name]

    async def work(self, *, but: str = "") -> None:
        """Do every job that waits."""
        while due := [job for job in await self.due() if job.kind != but]:
            for job in due:
                await self.kinds[job.kind](job)
        await self.office.deliver()

    async def due(self) -> list[jobs.Job]:
        return await self.office.database.read(lambda connection: jobs.list_due(connection, self.office.now, 100))

    async def checks_in(self, rep: Guest, customer: str = "Harbour Bakery") -> None:
        await rep.says("/visit")
        await rep.taps("Relationship")
        await rep.gives(Located(DOORS[customer], 15.0))
        await rep.taps(customer)

    async def sends_photo(self, rep: Guest, data: bytes, unique_id: str = "") -> None:
        """Without waiting for what comes of it."""
        file_id = f"file{len(self.post.sent)}"
        self.post.sent[file_id] = data
        await rep.gives(Photographed(file_id, unique_id or file_id, len(data)))

    async def finishes(self, rep: Guest, *, with_photo: bool = True) -> None:
        await rep.taps("Decides")
        for answer in ("Cheaper delivery", "Our own van"):
            await rep.says(answer)
        for label in ("Skip", "No") if with_photo else ("Skip", "No", "Skip"):
            await rep.taps(label)
        self.office.pass_time(minutes=20)
        await rep.gives(Chose("check_out_plain"))
        for label in ("Reached", "Nothing particular", "No next step", "Everything is settled", "Send"):
            await rep.taps(label)

    async def whole_visit(self, rep: Guest, photo: bytes, customer: str = "Harbour Bakery") -> None:
        await self.checks_in(rep, customer)
        await self.sends_photo(rep, photo)
        await self.work()
        await self.finishes(rep)

    async def flags(self, visit_id: int) -> list[dict[str, Any]]:
        row = await self.office.database.read(lambda connection: visits.get_row(connection, visit_id))
        return [flag["facts"] for flag in row.flags if flag["code"] == "photo_seen_before"]

    async def picture(self, photo_id: int) -> Image.Image:
        pair = await self.office.database.read(lambda connection: fingerprints.find_pair(connection, photo_id))
        assert pair is not None
        return Image.open(io.BytesIO(await self.seen.blobs.read(pair.picture)))


@pytest.fixture
async def town(database: Database, tmp_path: Path) -> AsyncIterator[Town]:
    office = Office(database)

    def build(connection: Connection) -> dict[str, int]:
        sops.publish_missing(connection, SHIPPED, office.now)
        signing.add_first(connection, office.now)
        top = people.add_team(connection, "Company")
        for name, door in DOORS.items():
            place = {"latitude": door.latitude, "longitude": door.longitude, "position_from": "import"}
            customer = customers.add(connection, name=name, created_at=office.now, grade="A", **place)
            search.index(connection, [customers.get(connection, customer)])
        return {name: people.add_team(connection, name, top) for name in ("West", "East")}

    teams = await database.write(build)
    async with AsyncExitStack() as stack:
        workers = MediaWorkers(size=1)
        stack.push_async_callback(workers.close)
        town = Town(office, Blobs(str(tmp_path / "blobs")), workers)
        for telegram_id, (name, role, team) in enumerate(
            [("Emma", "rep", "West"), ("Mia", "manager", "West"), ("Tom", "rep", "East"), ("Max", "manager", "East")],
            41,
        ):
            town.guests[name] = await office.member(telegram_id, name, role)
            await office.change_person(town[name], team_id=teams[team])
        yield town


async def test_a_copy_of_a_colleagues_photo_flags_the_visit_and_its_manager_sees_both(town: Town) -> None:
    emma, tom, mia, max_ = (town[name] for name in ("Emma", "Tom", "Mia", "Max"))
    await town.whole_visit(tom, shelf(1), "Old Town Noodles")
    town.office.pass_time(days=1)
    await town.whole_visit(emma, copy_of(1))
    (facts,) = await town.flags(2)
    assert (facts["how"], facts["whose"], facts["visited_on"]) == ("looks", "other", "2026-11-23")
    assert "somebody else sent for a visit on Mon 23 Nov" in heard(emma)
    assert "Tom" not in heard(emma) and "Old Town" not in heard(emma)
    assert "looks the same" not in heard(tom)

    await mia.says("/digest")
    await mia.taps("#2")
    assert "A photo looks the same as one that somebody else sent" in mia.last
    await mia.taps("Compare the photos")
    assert "New: Tue 24 Nov, Emma, Harbour Bakery" in mia.last
    assert "Earlier: Mon 23 Nov, a visit of another team" in mia.last
    assert "Tom" not in mia.last
    pair = await town.picture(2)
    assert pair.width > pair.height == 960

    _, data = mia.button("Compare the photos")
    await max_.says("/digest")
    await max_.taps_data(max_.newest, data)
    assert "outside of your team" in max_.last
    await emma.taps_data(emma.newest, data)
    assert "somebody else's" in emma.last


async def test_the_very_file_of_an_own_visit_is_told_at_once_and_can_be_taken_back(town: Town) -> None:
    emma = town["Emma"]
    await town.whole_visit(emma, shelf(2), "Old Town Noodles")
    await town.checks_in(emma)
    await town.sends_photo(emma, shelf(2))
    await town.work()
    assert [facts["how"] for facts in await town.flags(2)] == ["file"]
    assert "the very file that the rep sent for another visit on Mon 23 Nov" in heard(emma)
    await emma.taps("Both side by side")
    assert "the same file, twice" in emma.last and "Earlier: Mon 23 Nov, Emma, Old Town Noodles" in emma.last
    await emma.taps("Take it back")
    assert await town.flags(2) == []
    assert "taken back" in heard(emma)
    await town.sends_photo(emma, shelf(3))
    await town.work()
    assert await town.flags(2) == []
    await town.finishes(emma)


@ON_ONE
async def test_a_rep_says_why_and_everybody_reads_it(town: Town) -> None:
    emma, mia = town["Emma"], town["Mia"]
    await town.whole_visit(emma, shelf(2))
    town.office.pass_time(days=1)
    await town.checks_in(emma)
    await town.sends_photo(emma, copy_of(2))
    await town.work()
    await emma.taps("Say why")
    await emma.says("The shelf was closed today, <this> is last week's")
    assert "Noted" in heard(emma)
    await town.finishes(emma)
    await mia.says("/digest")
    await mia.taps("#2")
    assert "The rep says: The shelf was closed today, &lt;this&gt; is last week" in mia.last


@ON_ONE
async def test_what_is_seen_only_after_the_visit_was_sent_is_flagged_and_counted_then(town: Town) -> None:
    emma, mia = town["Emma"], town["Mia"]
    await town.whole_visit(emma, shelf(4))
    town.office.pass_time(days=1)
    await town.checks_in(emma)
    await town.sends_photo(emma, copy_of(4))
    await town.work(but="photo_seen")
    await town.finishes(emma)
    assert await town.flags(2) == []
    await town.work()
    assert len(await town.flags(2)) == 1
    assert "is sent and now carries this remark" in heard(emma)
    await mia.says("/digest")
    assert "#2" in "".join(mia.labels)
    data = emma.button("Say why")[1].replace(":why", ":back")
    await emma.taps_data(emma.newest, data)
    assert "stay as they are" in emma.last


@ON_ONE
async def test_the_same_photo_twice_in_one_visit_is_only_told(town: Town) -> None:
    emma = town["Emma"]
    await town.checks_in(emma)
    await town.sends_photo(emma, shelf(5))
    await town.work()
    await town.sends_photo(emma, copy_of(5))
    await town.work()
    assert await town.flags(1) == []
    assert "If that is meant, there is nothing to do" in heard(emma)


@ON_ONE
async def test_what_was_sent_for_a_visit_that_was_given_up_may_be_sent_again(town: Town) -> None:
    emma = town["Emma"]
    await town.checks_in(emma)
    await town.sends_photo(emma, shelf(6))
    await town.work()
    await emma.says("/cancel")
    await emma.taps("Yes")
    await town.checks_in(emma)
    await town.sends_photo(emma, shelf(6))
    await town.work()
    assert await town.flags(2) == []


@ON_ONE
@pytest.mark.parametrize("meanwhile", ["he gave the visit up", "he was locked out"])
async def test_whoever_has_no_such_visit_any_more_hears_nothing_of_its_photo(town: Town, meanwhile: str) -> None:
    emma, tom = town["Emma"], town["Tom"]
    await town.whole_visit(emma, shelf(2))
    await town.checks_in(tom, "Old Town Noodles")
    await town.sends_photo(tom, shelf(2))
    if meanwhile == "he gave the visit up":
        await tom.says("/cancel")
        await tom.taps("Yes")
    else:
        await town.office.change_person(tom, status="locked")
    await town.work()
    assert "About your photo" not in heard(tom)
    assert len(await town.flags(2)) == (0 if meanwhile == "he gave the visit up" else 1)


@ON_ONE
async def test_a_photo_for_a_review_that_is_damaged_is_asked_for_again_and_changes_no_verdict(town: Town) -> None:
    emma, mia = town["Emma"], town["Mia"]
    await town.whole_visit(emma, shelf(1))
    await town.office.database.write(lambda c: reviews.put(c, 1, emma.person_id, State.WAITING, town.office.now))
    await mia.says("/digest")
    await mia.taps_data(mia.newest, "review:1:0:ask")
    await mia.taps("photo")
    await emma.taps("Answer")
    await town.sends_photo(emma, b"no picture")
    await town.work()
    assert "could not open the picture that you added to visit #1" in emma.last
    assert "verdict" not in emma.last and "counts" not in emma.last
    await emma.taps("The whole visit")
    assert any("Add something" in label for label in emma.labels)


async def test_of_two_copies_that_arrive_together_the_later_one_is_flagged(town: Town) -> None:
    """The earlier photo took longer to be kept, so that the later one was looked up when it was not there yet."""
    emma, tom = town["Emma"], town["Tom"]
    await town.checks_in(emma)
    await town.sends_photo(emma, shelf(7))
    await town.checks_in(tom, "Old Town Noodles")
    await town.sends_photo(tom, copy_of(7))
    first, second = await town.due()
    await town.kinds[second.kind](second)
    for job in (await town.due())[1:]:
        await town.kinds[job.kind](job)
    assert await town.flags(2) == []
    await town.kinds[first.kind](first)
    await town.work()
    assert await town.flags(1) == []
    assert len(await town.flags(2)) == 1


@ON_ONE
async def test_photos_kept_before_are_taken_in_one_by_one(town: Town) -> None:
    emma = town["Emma"]
    for number in (1, 2):
        await town.whole_visit(emma, shelf(number))
        town.office.pass_time(days=1)

    def forget(connection: Connection) -> None:
        connection.execute(KEY.delete())
        connection.execute(update(PHOTO).values(looked_at=None))
        jobs.queue(connection, BACKLOG_JOB, 0, town.office.now)

    await town.office.database.write(forget)
    await town.work()
    looked = await town.office.database.read(lambda c: list(c.execute(select(PHOTO.c.looked_at)).scalars()))
    assert None not in looked
    await town.whole_visit(emma, copy_of(2))
    assert len(await town.flags(3)) == 1
