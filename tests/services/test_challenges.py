"""A challenge right after check-in: its answer in time is a second witness, none is a flag, and never a stop."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from desk_talk import Office
from live_talk import with_shop
from registry import Post
from sqlalchemy import select
from trips import Trip, heard

from bot.domain import challenge as rules
from bot.domain.conversation import Input, Photographed, Recorded
from bot.domain.flags import FlagCode
from bot.services import challenges, flows
from bot.services.recordings import Recordings
from storage import blob_names, jobs, signing, visits
from storage.blobs import Blobs
from storage.database import Database
from storage.tables import VisitWitnessRow, table

WITNESS = table(VisitWitnessRow)
ON_ONE = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)  # nothing in it depends on which
VOICE = Recorded("voice1", 4, 4)
ROUND = Recorded("round1", 6, 4, is_round=True)
PHOTO = Photographed("photo1", "photo1", 1000)


@dataclass
class Checked(Trip):
    """Emma's trip, where the challenge is on."""

    blobs: Blobs
    post: Post = field(default_factory=Post)

    def __post_init__(self) -> None:
        self.post.sent |= {"voice1": b"OggS", "round1": b"mp4."}
        self.recordings = Recordings(self.office.desk, self.post, self.blobs)

    async def begins(self, asked: str = "word") -> str:
        """Check in, and be asked for a word that is known here, or for a gesture."""
        said = await self.checks_in()
        facts = {"word": {"en": "moon", "zh_Hans": "月亮"}} if asked == "word" else {"gesture": "badge"}
        await self.office.database.write(lambda c: c.execute(WITNESS.update().values(facts=facts)))
        return said

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

    async def witness(self) -> Any:
        return await self.office.database.read(lambda connection: connection.execute(select(WITNESS)).one())


@pytest.fixture
async def trip(database: Database, tmp_path: Path) -> AsyncIterator[Checked]:
    office = Office(database)
    await with_shop(office)
    await database.write(lambda connection: signing.add_first(connection, office.now))
    admin = await office.member(1, "Olga", "admin")
    await admin.says("/set challenge.asked on grade A")
    mia = await office.member(23, "Mia", "admin")
    yield Checked(office, await office.member(21, "Emma", "rep"), mia, Blobs(str(tmp_path / "blobs")))


async def test_a_voice_in_time_is_a_second_witness_and_the_manager_hears_it(trip: Checked) -> None:
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


async def test_nothing_in_time_is_a_flag_and_the_visit_goes_on(trip: Checked) -> None:
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
async def test_an_answer_that_comes_late_counts_no_more_even_before_the_tick(trip: Checked) -> None:
    await trip.begins()
    assert "are over" in await trip.answers(VOICE, after=300)
    assert await trip.codes() == [FlagCode.CHALLENGE_UNMET]


@ON_ONE
async def test_a_gesture_is_shown_and_cannot_be_heard(trip: Checked) -> None:
    await trip.begins("gesture")
    assert "a gesture cannot be heard" in await trip.answers(VOICE, after=10)
    assert "round video of 6 s" in await trip.answers(ROUND, after=10)
    assert (await trip.witness()).recording.endswith(".mp4")


@ON_ONE
async def test_a_photo_answers_it_the_ordinary_way_and_no_item_of_the_checklist(trip: Checked) -> None:
    await trip.begins()
    assert "check answered after 1 min 20 s: photo" in await trip.answers(PHOTO)
    (photo,) = await trip.office.database.read(lambda c: visits.list_photos(c, 1))
    assert (photo.item, photo.id) == ("challenge", (await trip.witness()).photo_id)
    await trip.sends()
    assert (await trip.row()).level == 4


@ON_ONE
async def test_a_photo_that_is_of_no_use_answers_nothing(trip: Checked) -> None:
    await trip.begins()
    await trip.answers(PHOTO)
    await trip.office.database.write(lambda c: visits.change_photo(c, 1, state="broken"))
    await trip.sends()
    assert ((await trip.row()).level, await trip.codes()) == (1, [FlagCode.CHALLENGE_UNMET])


@ON_ONE
async def test_the_rest_of_an_album_goes_with_its_first_photo(trip: Checked) -> None:
    await trip.begins()
    for name in ("one", "two"):
        await trip.emma.gives(Photographed(name, name, 1000, album="album"))
    photos = await trip.office.database.read(lambda c: visits.list_photos(c, 1))
    assert [photo.item for photo in photos] == ["challenge", "challenge"]


@ON_ONE
async def test_not_now_lets_the_visit_go_on_and_a_voice_still_answers(trip: Checked) -> None:
    await trip.begins()
    await trip.emma.taps("Not now")
    assert "Until 09:05 a voice message or a round video still answers" in heard(trip.emma)
    await trip.emma.taps("Decides")
    assert "voice of 4 s" in await trip.answers(VOICE)
    assert await trip.codes() == []


@ON_ONE
async def test_not_now_and_now_after_all(trip: Checked) -> None:
    await trip.begins()
    await trip.emma.says("/cancel")
    await trip.emma.taps("Answer it now")
    assert "photo" in await trip.answers(PHOTO)
    assert (await trip.witness()).answer == "photo"


@ON_ONE
async def test_an_answer_after_a_quick_report_raises_its_level_then(trip: Checked) -> None:
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
async def test_a_voice_without_a_challenge_is_answered_as_ever(trip: Checked) -> None:
    await trip.emma.gives(VOICE)
    alone = trip.emma.last
    await trip.begins()
    await trip.answers(VOICE)
    assert "cannot listen" in await trip.answers(VOICE)
    assert alone


@ON_ONE
async def test_a_visit_that_is_given_up_is_asked_nothing_and_flagged_for_nothing(trip: Checked) -> None:
    await trip.begins()
    for words in ("/cancel", "/cancel"):
        await trip.emma.says(words)
    await trip.emma.taps("Yes, give it up")
    trip.office.pass_time(minutes=6)
    await trip.ticks()
    assert ((await trip.witness()).state, await trip.codes()) == ("withdrawn", [])


@ON_ONE
async def test_who_is_locked_out_meanwhile_is_told_nothing_and_stops_nobody(trip: Checked) -> None:
    await trip.begins()
    await trip.office.change_person(trip.emma, status="locked")
    said = len(trip.emma.screen)
    trip.office.pass_time(minutes=6)
    await trip.ticks()
    assert (await trip.witness()).state == "over" and len(trip.emma.screen) == said


def test_a_challenge_is_the_same_for_a_visit_and_nobody_foresees_it() -> None:
    asked = [rules.challenge_of(b"secret", visit_id) for visit_id in range(400)]
    assert asked == [rules.challenge_of(b"secret", visit_id) for visit_id in range(400)]
    assert asked != [rules.challenge_of(b"another", visit_id) for visit_id in range(400)]
    assert {one["word"]["en"] for one in asked if "word" in one} == {english for english, _ in rules.WORDS}
    assert {one["gesture"] for one in asked if "gesture" in one} == set(rules.GESTURES)
