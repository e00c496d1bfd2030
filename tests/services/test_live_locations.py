"""Live locations across the desk: agreed to, kept for a visit or a day and for nothing else, and asked about."""

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from conftest import new_database
from desk_talk import Guest, Office
from fresh_database import sqlite_in
from live_talk import FAR, NEAR, Phone, with_shop
from sqlalchemy import select, text

from bot.domain.conversation import Located, Pressed
from bot.domain.geography import Point
from storage import location_shares
from storage.database import Database
from storage.tables import LocationFixRow, LocationShareRow, VisitRow, table

EDGE = Point(29.5630, 106.5770)  # 222 m from the shop
PLAIN = Located(NEAR, 12)
FIX, SHARE, VISIT = table(LocationFixRow), table(LocationShareRow), table(VisitRow)
HOUR = timedelta(hours=1)


# What differs by database is shown on both; the rest of the talk is the same on either.
EITHER = pytest.mark.parametrize("office", ["sqlite", "postgres"], indirect=True)


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    if getattr(request, "param", "sqlite") == "sqlite":
        url = sqlite_in(tmp_path)
    else:
        url = new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}", "template_rounds")
    database = Database(url)
    office = Office(database)
    await with_shop(office)
    yield office
    await database.close()


@pytest.fixture
async def emma(office: Office) -> Guest:
    return await office.member(21, "Emma", "rep")


async def agreed(rep: Guest) -> None:
    def agree(connection: Any) -> None:
        location_shares.answer(connection, rep.person_id, given=True, now=rep.office.now)

    await rep.office.database.write(agree)


async def checks_in(rep: Guest, phone: Phone | None = None, at: Located = PLAIN) -> None:
    """As far as the first question; with a phone the location that is asked for is shared live."""
    await rep.says("/visit")
    await rep.taps("Relationship")
    if phone is not None:
        await phone.shares(NEAR)
    else:
        await rep.gives(at)
    await rep.taps("Harbour Bakery")


async def answers(rep: Guest) -> None:
    """The whole checklist of a customer visit."""
    await rep.taps("Decides")
    for words in ("A faster delivery", "Our morning round"):
        await rep.says(words)
    await rep.taps("Skip")
    await rep.taps("Yes")
    await rep.taps("Skip")


async def reports(rep: Guest) -> None:
    """From the check-out to the sending."""
    for label in ("Check out now", "Reached", "Nothing particular", "No next step", "No interest", "Send"):
        await rep.taps(label)


async def rows(office: Office, statement: Any) -> list[Any]:
    return await office.database.read(lambda connection: list(connection.execute(statement)))


async def fixes(office: Office) -> int:
    return len(await rows(office, select(FIX)))


async def the_visit(office: Office) -> Any:
    return (await rows(office, select(VISIT)))[-1]


@EITHER
async def test_a_check_in_by_live_location_needs_none_at_check_out_and_counts_the_covered_time(
    office: Office, emma: Guest
) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    said = "\n".join(screen.text for screen in emma.screen.values())
    assert "Your live location counts your stay until 10:00" in said
    assert "Live until 10:00" in said
    await phone.stays(NEAR, minutes=12)
    await answers(emma)
    assert "your live location counts the time" in emma.last
    await emma.taps("Check out now")
    visit = await the_visit(office)
    assert visit.covered == 12 * 60
    assert (visit.out_latitude, visit.closes_at) == (None, None)


async def test_a_gap_in_the_live_location_is_not_counted(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=6)
    office.pass_time(minutes=20)
    await phone.stays(NEAR, minutes=6)
    await answers(emma)
    await emma.taps("Check out now")
    visit = await the_visit(office)
    # of the second stretch the first minute ends a gap of 21 minutes
    assert timedelta(seconds=visit.covered) == timedelta(minutes=11)


async def test_what_was_seen_is_judged_at_sending_and_read_by_rep_and_manager(office: Office, emma: Guest) -> None:
    ann = await office.member(11, "Ann", "admin")
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=12)
    await answers(emma)
    await reports(emma)
    visit = await the_visit(office)
    assert (visit.level, visit.state) == (3, "sent")
    seen = "<b>E3</b>: 13 fixes of a live location, inside the fence for 12 min of 12 min"
    assert any(seen in screen.text for screen in emma.screen.values())
    await ann.gives(Pressed("digest", visit.id, 0, "visit", 1))
    assert seen in ann.last


async def test_a_doubt_of_the_phone_is_told_with_what_settles_it_and_a_stay_does(office: Office, emma: Guest) -> None:
    await agreed(emma)
    await checks_in(emma, at=Located(EDGE, 300))
    assert any("a stay at the customer settles it" in screen.text for screen in emma.screen.values())
    phone = Phone(emma)
    await phone.shares(NEAR)
    await phone.stays(NEAR, minutes=12)
    await answers(emma)
    await reports(emma)
    visit = await the_visit(office)
    assert (visit.level, visit.flags) == (3, [])


@EITHER
async def test_leaving_the_fence_is_asked_about_once_and_the_check_out_is_when_he_left(
    office: Office, emma: Guest
) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=14)
    await answers(emma)
    await phone.stays(FAR, minutes=11)
    left = office.now - timedelta(minutes=10)
    assert "Your phone left <b>Harbour Bakery</b> at 09:15" in await phone.ticks()
    before = emma.newest
    await phone.stays(FAR, minutes=2)
    await phone.ticks()
    assert emma.newest == before, "he was asked again"
    await emma.taps("Yes, check out at 09:15")
    visit = await the_visit(office)
    assert visit.checked_out_at == left
    assert visit.covered == 14 * 60
    kept = await rows(office, select(FIX.c.at).order_by(FIX.c.at.desc()))
    assert kept[0].at <= left, "where he went afterwards is nobody's business"


async def test_a_jump_away_and_back_is_not_asked_about(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=2)
    await phone.stays(FAR, minutes=1)
    await phone.stays(NEAR, minutes=12)
    assert "left" not in await phone.ticks()


async def test_who_is_still_there_goes_on_with_his_visit(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(FAR, minutes=12)
    await phone.ticks()
    await emma.taps("I am still here")
    assert "the visit goes on" in emma.last
    assert (await the_visit(office)).checked_out_at is None


@pytest.mark.parametrize("ends", ["stopped", "run out"])
async def test_the_end_of_sharing_closes_nothing_and_is_said_kindly(office: Office, emma: Guest, ends: str) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=3)
    if ends == "stopped":
        said = await phone.stops(NEAR)
    else:
        office.pass_time(hours=1)
        said = await phone.ticks()
    assert "Your visit to <b>Harbour Bakery</b> is still open" in said
    assert (await the_visit(office)).checked_out_at is None
    await answers(emma)
    assert "check out with your location" in emma.last
    await emma.gives(Located(NEAR, 12))
    visit = await the_visit(office)
    assert visit.covered is None, "with the sharing off the stay is from check-in to check-out"
    assert visit.checked_out_at is not None


async def test_a_second_share_goes_on_with_the_same_visit(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=5)
    await phone.stops(NEAR)
    office.pass_time(minutes=1)
    assert "it counts your time at <b>Harbour Bakery</b>" in await phone.shares(NEAR)
    await phone.stays(NEAR, minutes=5)
    await answers(emma)
    await emma.taps("Check out now")
    assert (await the_visit(office)).covered == 11 * 60


async def test_a_share_that_is_made_longer_is_kept_longer(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    office.pass_time(minutes=30)
    await phone.moves(NEAR, period=timedelta(hours=2))
    (share,) = await rows(office, select(SHARE))
    assert share.kept_until - share.began_at == timedelta(hours=2)


async def test_without_consent_nothing_is_kept_and_the_visit_goes_on(office: Office, emma: Guest) -> None:
    phone = Phone(emma)
    await checks_in(emma, phone)
    asked = next(screen.text for screen in emma.screen.values() if "May I keep your live location?" in screen.text)
    assert "deleted after 60 days" in asked
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 0, "nothing is kept before he has answered"
    await emma.taps("No", on=next(i for i, s in emma.screen.items() if s.text == asked))
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 0
    await answers(emma)
    await emma.gives(Located(NEAR, 12))
    assert (await the_visit(office)).checked_out_at is not None
    assert await office.database.read(lambda c: location_shares.has_agreed(c, emma.person_id)) is False


async def test_whoever_agrees_is_asked_no_second_time(office: Office, emma: Guest) -> None:
    phone = Phone(emma)
    await checks_in(emma, phone)
    await emma.taps("Yes, keep it")
    assert "it counts your time at <b>Harbour Bakery</b>" in emma.last
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 2
    await phone.stops(NEAR)
    await phone.shares(NEAR)
    assert "May I keep" not in emma.last


async def test_a_live_location_out_of_the_blue_is_asked_about_and_starts_a_visit(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    assert "What is it for?" in await phone.shares(NEAR)
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 0
    await emma.taps("Start a visit here")
    await emma.taps("Relationship")
    await emma.taps("Harbour Bakery")
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 2
    assert (await the_visit(office)).live


async def test_for_nothing_nothing_is_kept(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await phone.shares(NEAR)
    await emma.taps("Nothing")
    await phone.stays(NEAR, minutes=3)
    assert await fixes(office) == 0


async def test_a_share_that_runs_already_is_taken_by_the_check_in_at_its_next_place(
    office: Office, emma: Guest
) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await phone.shares(FAR)
    await emma.taps("Nothing")
    office.pass_time(minutes=30)
    await emma.says("/visit")
    await emma.taps("Relationship")
    assert "I take its next place by myself" in emma.last
    await phone.moves(NEAR)
    await emma.taps("Harbour Bakery")
    visit = await the_visit(office)
    assert (visit.arrival, visit.live, visit.latitude) == ("inside", True, NEAR.latitude)


@EITHER
async def test_a_day_is_kept_within_working_hours_and_its_newest_place_checks_in(office: Office, emma: Guest) -> None:
    await emma.says("/day")
    assert "never outside working hours or a visit" in emma.last
    await emma.taps("Start my day")
    await emma.taps("Yes, keep it")
    assert "Now share your location" in emma.last
    phone = Phone(emma)
    assert "Your day is shared until 18:00" in await phone.shares(FAR, period=timedelta(hours=12))
    await phone.stays(FAR, minutes=5)
    assert await fixes(office) == 6
    office.pass_time(minutes=1)
    await phone.moves(NEAR)
    await emma.says("/visit")
    await emma.taps("Relationship")
    await emma.taps("Harbour Bakery")
    assert (await the_visit(office)).arrival == "inside"
    await answers(emma)
    await emma.taps("Check out now")
    kept = await fixes(office)
    await phone.stays(FAR, minutes=5)
    assert await fixes(office) == kept + 5, "the day goes on after the visit"
    office.pass_time(hours=10)
    assert "Your working day is over" in await phone.ticks()
    kept = await fixes(office)
    await phone.stays(FAR, minutes=3)
    assert await fixes(office) == kept


async def test_a_day_goes_on_when_a_forgotten_visit_is_closed_wherever_the_rep_is(office: Office, emma: Guest) -> None:
    await office.change_person(emma, time_zone="America/New_York")
    office.pass_time(hours=13)  # nine in the morning there; at three it is tomorrow in the company's zone
    await agreed(emma)
    await emma.says("/day")
    await emma.taps("Start my day")
    phone = Phone(emma)
    await phone.shares(NEAR, period=timedelta(hours=8))
    await emma.says("/visit")
    await emma.taps("Relationship")
    await emma.taps("Harbour Bakery")
    office.pass_time(hours=3, minutes=1)
    await phone.ticks()
    assert (await the_visit(office)).closed_automatically
    kept = await fixes(office)
    await phone.stays(FAR, minutes=2)
    assert await fixes(office) == kept + 2


@pytest.mark.parametrize(("hours", "why"), [(10.0, "evening"), (-2.0, "early morning"), (120.0, "Saturday")])
async def test_no_day_begins_outside_of_working_hours(office: Office, emma: Guest, hours: float, why: str) -> None:
    office.pass_time(hours=hours)
    await emma.says("/day")
    assert "It is not your working time (09:00–18:00" in emma.last
    assert emma.labels == [], why
    phone = Phone(emma)
    await phone.shares(NEAR)
    assert not any("Start my day" in label for label in emma.labels)


async def test_a_visit_in_the_evening_is_not_offered_a_live_location(office: Office, emma: Guest) -> None:
    office.pass_time(hours=11)
    await emma.says("/visit")
    await emma.taps("Relationship")
    assert "live" not in emma.last


async def test_consent_taken_back_ends_the_day_and_the_keeping(office: Office, emma: Guest) -> None:
    await agreed(emma)
    await emma.says("/day")
    await emma.taps("Start my day")
    phone = Phone(emma)
    await phone.shares(FAR)
    await emma.says("/day")
    await emma.taps("Keep nothing any more")
    kept = await fixes(office)
    await phone.stays(FAR, minutes=3)
    assert await fixes(office) == kept


@EITHER
async def test_two_reps_with_one_stream_are_both_flagged(office: Office, emma: Guest) -> None:
    oscar = await office.member(22, "Oscar", "rep")
    track = [Point(NEAR.latitude + n % 4 * 3e-5, NEAR.longitude + n % 7 * 2e-5) for n in range(14)]
    for rep in (emma, oscar):
        await agreed(rep)
        phone = Phone(rep)
        await checks_in(rep, phone)
        for place in track:
            office.pass_time(minutes=1)
            await phone.moves(place)
        await answers(rep)
        await reports(rep)
    flags = [[flag["code"] for flag in visit.flags] for visit in await rows(office, select(VISIT).order_by(VISIT.c.id))]
    assert all("shared_stream" in codes for codes in flags), flags
    totals = await rows(office, text("SELECT flagged FROM day_total ORDER BY person_id"))
    assert [total.flagged for total in totals] == [1, 1]


async def test_of_whoever_is_locked_out_nothing_is_kept(office: Office, emma: Guest) -> None:
    ann = await office.member(11, "Ann", "admin")
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=2)
    await ann.gives(Pressed("people", emma.person_id, 0, "locked", 1))
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 2


async def test_a_visit_that_is_given_up_leaves_no_places(office: Office, emma: Guest) -> None:
    await agreed(emma)
    phone = Phone(emma)
    await checks_in(emma, phone)
    await phone.stays(NEAR, minutes=2)
    await emma.says("/cancel")
    await emma.taps("Yes, give it up")
    assert await fixes(office) == 0
    await phone.stays(NEAR, minutes=2)
    assert await fixes(office) == 0


async def test_a_form_of_a_sale_is_no_visit_because_his_day_is_shared(office: Office, emma: Guest) -> None:
    await agreed(emma)
    await emma.says("/day")
    await emma.taps("Start my day")
    await Phone(emma).shares(FAR)
    await emma.says("/visit")
    await emma.taps("Customer visit")
    await emma.taps("More forms")
    await emma.taps("Need statement")
    await emma.taps("Proposal")
    assert "Where are you?" in emma.last
