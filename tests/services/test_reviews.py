"""A flagged visit waits for its manager; what he says reaches the rep, and what the rep says reaches him."""

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest
from desk_talk import Guest, Office
from sqlalchemy import Connection

from bot.domain.conversation import Chose, Located, Photographed
from bot.domain.geography import Point
from bot.domain.shipped import SHIPPED
from bot.domain.visit import NextStep
from bot.services import sending
from bot.services.turn import Turn
from bot.services.visit_pictures import JOB, VisitPictures
from storage import audit, customers, jobs, people, reviews, search, sops, totals, visits
from storage.database import Database
from storage.tables import AuditRow, table

DOOR = Point(29.5610, 106.5770)
HERE = Point(29.5612, 106.5770)  # 22 m north of it
FAR = Point(29.5655, 106.5770)  # 500 m
AUDIT = table(AuditRow)


def heard(guest: Guest) -> str:
    return "\n".join(said.text for said in guest.screen.values())


class Town:
    """A rep, his manager, the region's manager above, and a customer who was never seen."""

    def __init__(self, office: Office, customer_id: int, **guests: Guest) -> None:
        self.office, self.customer_id = office, customer_id
        self.rep, self.manager, self.region, self.admin = (guests[n] for n in ("rep", "manager", "region", "admin"))

    async def visits(self, at: Point = FAR) -> int:
        """A whole visit; returns its number."""
        await self.rep.says("/visit")
        await self.rep.taps("Relationship")
        await self.rep.gives(Located(at, 15.0))
        await self.rep.taps("Harbour Bakery")
        if "say why" in self.rep.last:
            await self.rep.says("I met him at the market")
        await self.rep.taps("Decides")
        for answer in ("Cheaper delivery", "Our own van"):
            await self.rep.says(answer)
        for label in ("Skip", "No", "Skip"):
            await self.rep.taps(label)
        self.office.pass_time(minutes=20)
        await self.rep.gives(Chose("check_out_plain"))
        for label in ("Reached", "Nothing particular", "No next step", "Everything is settled", "Send"):
            await self.rep.taps(label)
        visit_id = await self.office.database.read(lambda c: visits.list_recent_fixes(c, self.rep.person_id, 1))
        assert visit_id
        return await self.newest()

    async def newest(self) -> int:
        day = self.office.now.date()
        rows = await self.office.database.read(lambda c: visits.list_of_day(c, [self.rep.person_id], day))
        return int(rows[-1].id)

    async def state(self, visit_id: int) -> str | None:
        row = await self.office.database.read(lambda c: reviews.find(c, visit_id))
        return row.state if row is not None else None

    async def visit(self, visit_id: int) -> Any:
        return await self.office.database.read(lambda c: visits.get_row(c, visit_id))

    async def seen_at(self) -> Any:
        return (await self.office.database.read(lambda c: customers.get_row(c, self.customer_id))).last_visit_at

    async def opens(self, who: Guest, visit_id: int) -> str:
        """From the digest."""
        await who.says("/digest")
        await who.taps(f"#{visit_id}")
        return who.last


@pytest.fixture
async def town(database: Database) -> AsyncIterator[Town]:
    office = Office(database)

    def build(connection: Connection) -> tuple[int, int, int]:
        sops.publish_missing(connection, SHIPPED, office.now)
        top = people.add_team(connection, "Company")
        west = people.add_team(connection, "West", top)
        city = people.add_team(connection, "City", west)
        place = {"latitude": DOOR.latitude, "longitude": DOOR.longitude, "position_from": "import", "grade": "A"}
        customer = customers.add(connection, name="Harbour Bakery", created_at=office.now, **place)
        search.index(connection, [customers.get(connection, customer)])
        return west, city, customer

    west, city, customer = await database.write(build)
    guests = {
        "rep": await office.member(41, "Emma", "rep"),
        "manager": await office.member(42, "Mia", "manager"),
        "region": await office.member(43, "Rose", "manager"),
        "admin": await office.member(44, "Ann", "admin"),
    }
    for name, team in (("rep", city), ("manager", city), ("region", west)):
        await office.change_person(guests[name], team_id=team)
    yield Town(office, customer, **guests)


async def test_a_visit_without_a_flag_waits_for_nobody(town: Town) -> None:
    visit_id = await town.visits(HERE)
    assert await town.state(visit_id) is None
    await town.manager.says("/digest")
    assert "Nothing needs a decision" in town.manager.last


async def test_a_flagged_visit_waits_until_its_manager_accepts_it_also_on_later_days(town: Town) -> None:
    visit_id = await town.visits()
    town.office.pass_time(days=3)
    page = await town.opens(town.manager, visit_id)
    assert "Waits for a manager" in page and "are allowed" in page
    before = heard(town.rep)
    await town.manager.taps("Accept")
    assert "is accepted" in town.manager.last and await town.state(visit_id) == "accepted"
    assert heard(town.rep) == before, "that all is well needs no message"
    await town.manager.says("/digest")
    assert "Nothing needs a decision" in town.manager.last


async def test_a_question_reaches_the_rep_with_what_was_seen_and_his_answer_comes_back(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Ask")
    await town.manager.taps("Where exactly were you?")
    assert "Mia asks about visit" in town.rep.last and "are allowed" in town.rep.last
    assert "Where exactly were you?" in town.rep.last
    await town.rep.taps("Answer")
    await town.rep.says("In the wholesale market, gate 3")
    assert "passed on" in town.rep.last
    assert "Emma answers" in town.manager.last and "gate 3" in town.manager.last
    await town.manager.taps("Look and decide")
    assert "gate 3" in town.manager.last and "Where exactly were you?" in town.manager.last
    await town.manager.taps("Accept")
    assert "Mia has accepted visit" in town.rep.last


async def test_a_rejected_visit_does_not_count_and_the_rep_may_appeal_in_one_tap(town: Town) -> None:
    await town.visits(HERE)
    first_seen = await town.seen_at()
    town.office.pass_time(days=1)
    visit_id = await town.visits()
    assert await town.seen_at() > first_seen
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.says("The market is not his shop")
    assert await town.seen_at() == first_seen, "a rejected visit is not a visit"
    assert "it does not count" in town.rep.last and "The market is not his shop" in town.rep.last
    await town.rep.taps("Appeal")
    assert await town.state(visit_id) == "appealed"
    assert "Emma appeals" in town.region.last, "who stands above decides"
    await town.rep.says("He has a stall there on Mondays")
    assert "He has a stall there" in town.region.last
    await town.opens(town.manager, visit_id)
    assert not any("Accept" in label for label in town.manager.labels), "nobody judges his own verdict"
    assert "Who decides: Rose" in town.manager.last
    await town.opens(town.region, visit_id)
    await town.region.taps("Accept")
    assert "Rose has accepted" in town.rep.last
    assert "Rose has heard the appeal" in town.manager.last and "counts again" in town.manager.last
    assert await town.seen_at() > first_seen


async def test_an_effective_visit_counts_again_when_the_appeal_is_heard(town: Town) -> None:
    visit_id = await town.visits()

    async def counted() -> tuple[str, int]:
        row = await town.visit(visit_id)
        day = await town.office.database.read(
            lambda c: totals.sum_by_day(c, [town.rep.person_id], row.visited_on, row.visited_on)
        )
        return row.effectiveness, day[0].effective

    def make_effective(connection: Connection) -> None:
        visits.change(connection, visit_id, effectiveness="effective")
        totals.count_effective(connection, town.rep.person_id, town.office.now.date(), 1)

    await town.office.database.write(make_effective)
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.taps("You were not at the customer's")
    assert await counted() == ("not_effective", 0)
    await town.rep.taps("Appeal")
    await town.rep.taps("Nothing to add")
    assert await counted() == ("not_effective", 0)
    await town.opens(town.region, visit_id)
    await town.region.taps("Accept")
    assert await counted() == ("effective", 1)


async def test_an_appeal_may_bring_a_new_photo_and_is_decided_for_good(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.taps("The photo is not of this visit")
    await town.rep.taps("Appeal")
    await town.rep.gives(Photographed("file", "unique", 1000, caption="The sign above the door"))
    assert "with a new photo" in town.region.last and "The sign above the door" in town.region.last
    await town.opens(town.region, visit_id)
    await town.region.taps("Reject")
    await town.region.says("It is another street")
    assert not any("Appeal" in label for label in town.rep.labels)
    assert "has rejected" in town.rep.last


async def test_a_rejected_visit_that_loses_a_photo_counts_no_more_than_before(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.taps("The photo is not of this visit")
    assert (await town.visit(visit_id)).effectiveness == "not_effective"

    def lose_a_photo(turn: Turn) -> None:
        with_a_next_step = replace(visits.get(turn.connection, visit_id), next_step=NextStep("Call", turn.today))
        assert sending.judge_again(turn, with_a_next_step) is None, "it does not count, whatever it lost"

    await town.office.desk.act("a photo was broken", lose_a_photo)
    assert (await town.visit(visit_id)).effectiveness == "not_effective"
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Accept")
    assert (await town.visit(visit_id)).effectiveness == "partial", "as it was judged meanwhile"


async def test_an_appealed_visit_is_not_when_the_customer_was_last_seen(town: Town) -> None:
    await town.visits(HERE)
    first_seen = await town.seen_at()
    for _ in range(2):
        town.office.pass_time(days=1)
        visit_id = await town.visits()
        await town.opens(town.manager, visit_id)
        await town.manager.taps("Reject")
        await town.manager.taps("You were not at the customer's")
        await town.rep.taps("Appeal")
        await town.rep.taps("Nothing to add")
        assert await town.seen_at() == first_seen


async def test_an_answer_to_who_has_left_reaches_who_leads_the_rep_now(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Ask")
    await town.manager.taps("Where exactly were you?")
    await town.office.change_person(town.manager, status="gone")
    await town.rep.taps("Answer")
    await town.rep.says("In the wholesale market, gate 3")
    assert "Emma answers" in town.region.last and "gate 3" in town.region.last
    assert "gate 3" not in heard(town.manager)


async def test_a_question_that_was_overtaken_is_not_put_again_and_again(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Ask")
    await town.manager.taps("Where exactly were you?")
    await town.rep.taps("Answer")
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Accept")
    assert "has moved on" in await town.rep.says("In the wholesale market, gate 3")
    assert "gate 3" not in heard(town.manager)
    await town.rep.says("/visit")
    assert "Relationship" in str(town.rep.labels), "what he says next is about something else"


async def test_the_visit_of_a_rep_who_has_left_waits_for_its_manager_none_the_less(town: Town) -> None:
    visit_id = await town.visits()
    await town.office.change_person(town.rep, status="gone")
    town.office.pass_time(days=2)
    assert "Waits for a manager" in await town.opens(town.manager, visit_id)
    await town.manager.taps("Accept")
    assert await town.state(visit_id) == "accepted"


async def test_a_manager_is_not_asked_about_his_own_visit_but_who_leads_him_is(town: Town) -> None:
    await town.office.change_person(town.rep, roles="rep,manager")
    visit_id = await town.visits()
    await town.rep.says("/digest")
    assert f"#{visit_id}" not in str(town.rep.labels)
    assert "Waits for a manager" in await town.opens(town.region, visit_id)


@pytest.mark.parametrize("data", ["digest:999:0:pictures", "digest:999:0:visit", "review:999:0:accept"])
async def test_a_visit_that_does_not_exist_is_said_to_have_moved_on(town: Town, data: str) -> None:
    await town.manager.says("/digest")
    await town.manager.taps_data(town.manager.newest, data)
    assert "things have moved on" in town.manager.last


async def test_a_reason_must_say_something(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.says(".")
    assert "A sentence, please" in heard(town.manager) and await town.state(visit_id) == "waiting"
    await town.manager.says("/cancel")
    assert "waits as before" in heard(town.manager)


async def test_everything_that_was_decided_is_in_the_audit(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Reject")
    await town.manager.taps("This was no visit yet")
    await town.rep.taps("Appeal")
    entries = await town.office.database.read(lambda c: list(c.execute(AUDIT.select().where(AUDIT.c.area == "review"))))
    assert [(entry.what, entry.subject) for entry in entries] == [
        ("rejected", f"visit:{visit_id}"),
        ("appealed", f"visit:{visit_id}"),
    ]
    assert audit.find_head is not None


async def test_a_second_tap_decides_nothing_twice(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    message, data = town.manager.button("Accept")
    await town.manager.taps_data(message, data)
    await town.manager.taps_data(message, data)
    notes = await town.office.database.read(lambda c: reviews.list_notes(c, visit_id))
    assert [note.act for note in notes] == ["raise", "accept"]


async def test_a_flag_leads_to_its_rule_and_an_admin_may_tune_it_from_there(town: Town) -> None:
    visit_id = await town.visits()
    assert "Rules behind it: Check-in radius" in await town.opens(town.manager, visit_id)
    assert "⚙️ Check-in radius" not in town.manager.labels
    assert "Rules behind it" not in await town.opens(town.admin, visit_id)
    await town.admin.taps("⚙️ Check-in radius")
    assert "from further away is flagged" in town.admin.last


async def test_who_waits_for_pictures_that_cannot_be_made_is_told_once(town: Town) -> None:
    visit_id = await town.visits()
    await town.opens(town.manager, visit_id)
    await town.manager.taps("Map and photos")
    nothing: Any = None
    pictures, desk = VisitPictures(town.office.desk, nothing, nothing, town.office.renderer), town.office.desk
    due = await desk.database.read(lambda connection: jobs.list_due(connection, town.office.now, 50))
    (job,) = [job for job in due if job.kind == JOB]
    for again in range(2):
        await desk.act(f"given up:{again}", lambda turn: pictures.lose(turn, job))
    await town.office.deliver()
    assert heard(town.manager).count("could not be made. Please open the visit") == 1
