"""A challenge right after check-in: its answer in time is a second witness, none is a flag, and never a stop."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_talk import Guest, Office
from live_talk import NEAR, with_shop
from registry import Post
from sqlalchemy import select

from bot.domain import challenge as rules
from bot.domain.conversation import Chose, Input, Located, Photographed, Recorded
from bot.domain.flags import FlagCode
from bot.services import challenges, flows
from bot.services.recordings import Recordings
from storage import blob_names, jobs, signing, visits
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import VisitRow, VisitWitnessRow, table

VISIT, WITNESS = table(VisitRow), table(VisitWitnessRow)
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it depends on which
VOICE = Recorded("voice1", 4, 4)
ROUND = Recorded("round1", 6, 4, is_round=True)
PHOTO = Photographed("photo1", "photo1", 1000)


class Trip:
    """Emma on her way to the bakery, Mia who manages her, and an admin who has switched the challenge on."""

    def __init__(self, office: Office, blobs: Blobs, emma: Guest, mia: Guest) -> None:
        self.office, self.blobs, self.emma, self.mia, self.post = office, blobs, emma, mia, Post()
        self.post.sent |= {"voice1": b"OggS", "round1": b"mp4."}
        self.recordings = Recordings(office.desk, self.post, blobs)

    async def begins(self, asked: str = "word") -> str:
        """Check in, as often as it takes to be asked for a word (or a gesture)."""
        await self.emma.says("/visit")
        await self.emma.taps("Relationship")
        await self.emma.gives(Located(NEAR, 15.0))
        await self.emma.taps("Harbour Bakery")
        facts = {"word": {"en": "moon", "zh_Hans": "月亮"}} if asked == "word" else {"gesture": "badge"}
        await self.office.database.write(lambda c: c.execute(WITNESS.update().values(facts=facts)))
        return self.emma.last

    async def answers(self, given: Input, *, after: float = 80) -> str:
        self.office.pass_time(seconds=after)
        await self.emma.gives(given)
        for job in await self.office.database.read(lambda c: jobs.list_due(c, self.office.now, 100)):
            if job.kind == challenges.JOB:
                await self.recordings.keep(job)
        return heard(self.emma)

    async def ticks(self) -> None:
        await self.office.desk.act(f"tick:{self.office.next_update()}", flows.tick)
        await self.office.deliver()

    async def sends(self, *, photo: bool = False) -> None:
        await self.emma.taps("Decides")
        for answer in ("Cheaper delivery", "Our own van"):
            await self.emma.says(answer)
        for label in ("Skip", "No", "Skip"):
            await self.emma.taps(label)
        self.office.pass_time(minutes=20)
        await self.emma.gives(Chose("check_out_plain"))
        for label in ("Reached", "Nothing particular", "No next step", "Everything is settled", "Send"):
            await self.emma.taps(label)

    async def row(self) -> Any:
        return await self.office.database.read(lambda connection: connection.execute(select(VISIT)).one())

    async def witness(self) -> Any:
        return await self.office.database.read(lambda connection: connection.execute(select(WITNESS)).one())

    async def codes(self) -> list[str]:
        return [flag["code"] for flag in (await self.row()).flags]

    async def page(self) -> str:
        await self.mia.says("/digest")
        await self.mia.taps_data(self.mia.newest, "digest:1:0:visit")
        return self.mia.last


def heard(guest: Guest) -> str:
    return "\n".join(said.text for said in guest.screen.values())


@pytest.fixture
async def trip(database: Database, tmp_path: Path) -> AsyncIterator[Trip]:
    office = Office(database)
    await with_shop(office)
    await database.write(lambda connection: signing.add_first(connection, office.now))
    admin = await office.member(1, "Olga", "admin")
    await admin.says("/set challenge.asked on grade A")
    mia = await office.member(23, "Mia", "admin")
    yield Trip(office, Blobs(str(tmp_path / "blobs")), await office.member(21, "Emma", "rep"), mia)


async def test_a_voice_in_time_is_a_second_witness_and_the_manager_hears_it(trip: Trip) -> None:
    assert "Until 09:05, please" in await trip.begins()
    assert "check answered after 1 min 20 s: voice of 4 s" in await trip.answers(VOICE)
    assert "1." in trip.emma.last, "the visit goes on"
    await trip.sends()
    row = await trip.row()
    assert (row.level, row.flags) == (4, [])
    assert row.facts[-1]["facts"] == {"who": "challenge", "how": "voice", "after": 80, "length": 4}
    page = await trip.page()
    assert "The check was: “moon / 月亮”" in page and "voice of 4 s" in page
    await trip.mia.taps("See the answer")
    kept = await trip.witness()
    assert "yours to judge" in trip.mia.last
    assert await trip.blobs.read(kept.recording) == b"OggS" and kept.recording.endswith(".oga")
    assert await trip.office.database.read(lambda c: blob_names.find_unnamed(c, [kept.recording])) == set()


async def test_nothing_in_time_is_a_flag_and_the_visit_goes_on(trip: Trip) -> None:
    await trip.begins()
    trip.office.pass_time(minutes=5, seconds=1)
    await trip.ticks()
    assert "The 5 min for the check at Harbour Bakery are over" in heard(trip.emma)
    said = len(trip.emma.screen)
    await trip.ticks()
    assert len(trip.emma.screen) == said, "told once"
    assert "cannot listen" in await trip.answers(VOICE)
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, [FlagCode.CHALLENGE_UNMET])
    assert "The check on the spot was not answered within 5 min." in await trip.page()


@ON_ONE
async def test_an_answer_that_comes_late_counts_no_more_even_before_the_tick(trip: Trip) -> None:
    await trip.begins()
    assert "are over" in await trip.answers(VOICE, after=300)
    assert await trip.codes() == [FlagCode.CHALLENGE_UNMET]


@ON_ONE
async def test_a_gesture_is_shown_and_cannot_be_heard(trip: Trip) -> None:
    await trip.begins("gesture")
    assert "a gesture cannot be heard" in await trip.answers(VOICE, after=10)
    assert "round video of 6 s" in await trip.answers(ROUND, after=10)
    assert (await trip.witness()).recording.endswith(".mp4")


@ON_ONE
async def test_a_photo_answers_it_the_ordinary_way_and_no_item_of_the_checklist(trip: Trip) -> None:
    await trip.begins()
    assert "check answered after 1 min 20 s: photo" in await trip.answers(PHOTO)
    (photo,) = await trip.office.database.read(lambda c: visits.list_photos(c, 1))
    assert (photo.item, photo.id) == ("challenge", (await trip.witness()).photo_id)
    await trip.sends()
    assert (await trip.row()).level == 4


@ON_ONE
async def test_a_photo_that_is_of_no_use_answers_nothing(trip: Trip) -> None:
    await trip.begins()
    await trip.answers(PHOTO)
    await trip.office.database.write(lambda c: visits.change_photo(c, 1, state="broken"))
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, [FlagCode.CHALLENGE_UNMET])


@ON_ONE
async def test_the_rest_of_an_album_goes_with_its_first_photo(trip: Trip) -> None:
    await trip.begins()
    for name in ("one", "two"):
        await trip.emma.gives(Photographed(name, name, 1000, album="album"))
    photos = await trip.office.database.read(lambda c: visits.list_photos(c, 1))
    assert [photo.item for photo in photos] == ["challenge", "challenge"]


@ON_ONE
async def test_not_now_lets_the_visit_go_on_and_a_voice_still_answers(trip: Trip) -> None:
    await trip.begins()
    await trip.emma.taps("Not now")
    assert "Until 09:05 a voice message or a round video still answers" in heard(trip.emma)
    await trip.emma.taps("Decides")
    assert "voice of 4 s" in await trip.answers(VOICE)
    assert await trip.codes() == []


@ON_ONE
async def test_not_now_and_now_after_all(trip: Trip) -> None:
    await trip.begins()
    await trip.emma.says("/cancel")
    await trip.emma.taps("Answer it now")
    assert "photo" in await trip.answers(PHOTO)
    assert (await trip.witness()).answer == "photo"


@ON_ONE
async def test_an_answer_after_a_quick_report_raises_its_level_then(trip: Trip) -> None:
    await trip.begins()
    await trip.emma.taps("Not now")
    await trip.office.database.write(
        lambda c: c.execute(WITNESS.update().values(until=trip.office.now + timedelta(hours=1)))
    )
    await trip.sends()
    assert (await trip.row()).level == 1
    await trip.answers(VOICE)
    assert ((await trip.row()).level, await trip.codes()) == (4, [])


@ON_ONE
async def test_a_voice_without_a_challenge_is_answered_as_ever(trip: Trip) -> None:
    await trip.emma.gives(VOICE)
    alone = trip.emma.last
    await trip.begins()
    await trip.answers(VOICE)
    assert "cannot listen" in await trip.answers(VOICE)
    assert alone


@ON_ONE
async def test_a_visit_that_is_given_up_is_asked_nothing_and_flagged_for_nothing(trip: Trip) -> None:
    await trip.begins()
    for words in ("/cancel", "/cancel"):
        await trip.emma.says(words)
    await trip.emma.taps("Yes, give it up")
    trip.office.pass_time(minutes=6)
    await trip.ticks()
    assert ((await trip.witness()).state, await trip.codes()) == ("withdrawn", [])


def test_a_challenge_is_the_same_for_a_visit_and_nobody_foresees_it() -> None:
    asked = [rules.challenge_of(b"secret", visit_id) for visit_id in range(400)]
    assert asked == [rules.challenge_of(b"secret", visit_id) for visit_id in range(400)]
    assert asked != [rules.challenge_of(b"another", visit_id) for visit_id in range(400)]
    assert {one["word"]["en"] for one in asked if "word" in one} == {english for english, _ in rules.WORDS}
    assert {one["gesture"] for one in asked if "gesture" in one} == set(rules.GESTURES)
