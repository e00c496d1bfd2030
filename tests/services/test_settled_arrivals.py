"""A check-in whose first fix was blurred counts as inside once the live location has shown the stay."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from desk_talk import Office
from live_talk import NEAR, Phone, with_shop
from sqlalchemy import select

from storage import location_shares
from storage.database import Database
from storage.tables import VisitRow, table

VISIT = table(VisitRow)
BLURRED = 300.0  # metres: goes through flagged


@pytest.fixture
async def office(database: Database) -> AsyncIterator[Office]:
    office = Office(database)
    await with_shop(office)
    yield office


async def reports_after(office: Office, *, minutes: int) -> Any:
    """Check in by a blurred live location, stay so long, report and send; the visit's row."""
    emma = await office.member(21, "Emma", "rep")
    person_id, now = emma.person_id, office.now
    await office.database.write(lambda connection: location_shares.answer(connection, person_id, given=True, now=now))
    phone = Phone(emma)
    await emma.says("/visit")
    await emma.taps("Relationship")
    await phone.shares(NEAR, accuracy=BLURRED)
    await emma.taps("Harbour Bakery")
    await phone.stays(NEAR, minutes=minutes)
    await emma.taps("Decides")
    for words in ("A faster delivery", "Our morning round"):
        await emma.says(words)
    for label in ("Skip", "Yes", "Skip", "Check out now", "Reached"):
        await emma.taps(label)
    for label in ("Nothing particular", "No next step", "No interest", "Send"):
        await emma.taps(label)
    return await office.database.read(lambda connection: connection.execute(select(VISIT)).one())


async def test_a_confirmed_stay_takes_the_flag_of_a_blurred_first_fix_away(office: Office) -> None:
    row = await reports_after(office, minutes=13)
    assert (row.state, row.arrival, row.flags, row.level) == ("sent", "inside", [], 3)


async def test_a_stay_too_short_leaves_it(office: Office) -> None:
    row = await reports_after(office, minutes=3)
    assert (row.state, row.arrival, row.level) == ("sent", "cannot_tell", 2)
    assert {flag["code"] for flag in row.flags} == {"cannot_tell", "stay_short"}


async def test_a_level_asked_for_by_grade_flags_what_is_below_it(office: Office) -> None:
    admin = await office.member(1, "Olga", "admin")
    await admin.says("/set evidence.level e3 grade A")
    row = await reports_after(office, minutes=3)
    facts = {flag["code"]: flag["facts"] for flag in row.flags}["evidence_low"]
    assert (facts["level"], facts["asked"], facts["missing"], facts["minimum"]) == (2, 3, "stay", 600)
