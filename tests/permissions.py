"""A small company in which everybody tries everything: each try is the real use case, and is taken back at once."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from desk_talk import Office
from sqlalchemy import Connection

from bot.domain.conversation import Located, Origin, Pressed, Refusal
from bot.domain.evidence import Witness
from bot.domain.geography import Point
from bot.domain.joining import Joining
from bot.domain.likeness import How
from bot.domain.people import Role
from bot.domain.review import State
from bot.domain.shipped import SHIPPED
from bot.services.turn import Turn
from storage import (
    conversations,
    customers,
    fingerprints,
    followups,
    inbox,
    leave,
    people,
    pins,
    planned,
    reviews,
    routes,
    search,
    sops,
    visits,
    witnesses,
)
from storage.database import Database

BANK = Point(29.5610, 106.5770)
DONE = "done"
# Refusals that say: not you. Everything else is about the thing, and only who may touch it hears it.
DOORS = frozenset(
    (
        *("people/not_allowed", "people/closed", "people/not_in_your_teams", "join/not_yet", "join/unfinished"),
        *("checkin/not_yours", "followup/not_yours", "digest/not_your_team", "conversation/changed"),
    )
)


class Who(StrEnum):
    """Everybody who may try."""

    NOBODY = "nobody"
    JOINING = "joining"
    LOCKED = "locked out"
    REP = "rep"
    OTHER_REP = "another team's rep"
    MANAGER = "manager"
    OTHER_MANAGER = "another team's manager"
    ADMIN = "admin"


ROLES = {
    Who.LOCKED: "rep,manager,admin",  # he has not lost his roles: they must not help him
    Who.REP: "rep",
    Who.OTHER_REP: "rep",
    Who.MANAGER: "manager",
    Who.OTHER_MANAGER: "manager",
    Who.ADMIN: "admin",
}
IN_EAST = (Who.OTHER_REP, Who.OTHER_MANAGER)


class TakenBack(Exception):  # noqa: N818 - how a try always ends
    """What came of a try; raised inside its transaction, so that nothing of it is kept."""


@dataclass
class Company:
    """The office, its people, and the things of the rep's that others may reach for: name → id."""

    office: Office
    things: dict[str, int] = field(default_factory=lambda: {"": 0})
    places: dict[str, tuple[str, dict[str, Any]]] = field(default_factory=dict)
    origins: dict[Who, Origin] = field(default_factory=dict)

    async def attempt(self, who: Who, use_case: Callable[[Turn], None]) -> str:
        """The name of the refusal that he would hear, or DONE."""

        def watched(turn: Turn) -> None:
            try:
                use_case(turn)
            except Refusal as refusal:
                raise TakenBack(refusal.message) from None
            raise TakenBack(DONE)

        try:
            await self.office.desk.take(self.origins[who], watched)
        except TakenBack as outcome:
            return str(outcome)
        raise AssertionError("a try left something behind")

    async def commands(self, who: Who, name: str, argument: str) -> str:
        """Type a command."""
        return await self.attempt(who, lambda turn: self.office.conversations.command(turn, name, argument))

    async def presses(self, who: Who, flow: str, choice: str, thing: str, *, placed: bool) -> str:
        """Tap a button, about one of the things; a `placed` one as if its question had been asked him before."""

        def press(turn: Turn) -> None:
            subject, revision = self.things[thing], 0
            if placed and turn.visitor is not None:
                of, state = self.places[flow]
                subject = self.things[of]
                kept = {"subject": subject, "state": state}
                revision = conversations.begin(turn.connection, turn.visitor.id, flow, turn.now, **kept).revision
            self.office.conversations.resume(turn, Pressed(flow, subject, revision, choice, 0))

        return await self.attempt(who, press)

    def filled(self, text: str) -> str:
        """A choice with the ids of things in it: `customer-{customer}`."""
        return text.format_map({name: str(number) for name, number in self.things.items() if name})


async def founded(database: Database) -> Company:
    """Two teams, seven people, and everything of the rep's that somebody else may reach for."""
    office = Office(database)
    company = Company(office)
    ids = await database.write(lambda connection: _hired(connection, office))
    rep = office.stranger(100 + list(Who).index(Who.REP), "rep")
    company.things |= await database.write(lambda connection: _owned(connection, office, ids))
    await _visiting(company, rep, ids[Who.REP])
    for number, who in enumerate(Who):
        update = {"update_id": 9000 + number, "lane": 100 + number, "raw": "{}", "received_at": office.now}
        (row,) = await database.write(lambda connection, update=update: inbox.keep(connection, [update]))
        company.origins[who] = Origin(row.seq, 100 + number, 100 + number, office.now, office.now, who.value, "en")
    return company


def _hired(connection: Connection, office: Office) -> dict[str, int]:
    sops.publish_missing(connection, SHIPPED, office.now)
    top = people.add_team(connection, "Company")
    ids = {name.lower(): people.add_team(connection, name, top) for name in ("West", "East")}
    for number, who in enumerate(Who):
        if who is Who.NOBODY:
            continue
        status = {Who.JOINING: "new", Who.LOCKED: "locked"}.get(who, "active")
        team = None if who is Who.ADMIN else ids["east" if who in IN_EAST else "west"]
        values = {"telegram_id": 100 + number, "name": who.value, "language": "en", "time_zone": "Asia/Shanghai"}
        ids[who] = people.add(connection, **values, roles=ROLES.get(who, ""), status=status, team_id=team)
    begun = asdict(Joining(Role.REP, ids["east"], language="en"))
    conversations.begin(connection, ids[Who.JOINING], "join", office.now, state=begun)
    return ids


def _owned(connection: Connection, office: Office, ids: dict[str, int]) -> dict[str, int]:
    rep, admin = ids[Who.REP], ids[Who.ADMIN]
    at = {"latitude": BANK.latitude, "longitude": BANK.longitude, "position_from": "import"}
    customer = customers.add(connection, name="Harbour Bakery", created_at=office.now, owner_id=rep, **at)
    search.index(connection, [customers.get(connection, customer)])
    promise = {"person_id": rep, "customer_id": customer, "what": "call", "visit_id": None, "due_time": None}
    followup = followups.add(
        connection, **promise, due_on=date(2026, 12, 1), created_at=office.now, remind_at=None, remind_kind=None
    )
    invite = people.add_invite(
        connection, token_hash="x", role="rep", team_id=ids["west"], created_by=admin, created_at=office.now
    )
    things = {"customer": customer, "followup": followup, "invite": invite, "team": ids["west"], "east": ids["east"]}
    newest = sops.newest(connection, "store_check")
    things["checklist"] = newest[0] if newest is not None else 0
    place = {"latitude": BANK.latitude, "longitude": BANK.longitude, "person_id": rep}
    things["pin"] = pins.propose(connection, customer, office.now, why="moved", **place)
    days = {"first_on": date(2026, 12, 7), "last_on": date(2026, 12, 9)}
    things["leave"] = leave.add(connection, rep, **days, by=rep, now=office.now)
    things |= _walked(connection, office, rep, customer)
    return {**things, "person": rep, "colleague": ids[Who.OTHER_REP], "locked": ids[Who.LOCKED], "admin": admin}


def _walked(connection: Connection, office: Office, rep: int, customer: int) -> dict[str, int]:
    """A route of the rep's, and today's stop of it."""
    today = office.now.date()
    route = routes.add(connection, name="Harbour", person_id=rep, starts_on=today, by=rep, now=office.now)
    routes.set_stops(connection, route, [customer])
    planned.plan(connection, rep, [(today, customer, route)], office.now)
    (stop,) = planned.list_of_day(connection, rep, today)
    return {"route": route, "stop": stop.id}


def _seen_before(connection: Connection, visit: int, rep: int, now: datetime) -> int:
    """A photo of the visit that is a copy of another one of his."""
    sent = {"visit_id": visit, "item": "photo", "person_id": rep, "state": "kept", "received_at": now}
    earlier, copy = (visits.add_photo(connection, file_id=name, unique_id=name, **sent) for name in ("one", "two"))
    pair = fingerprints.Pair(copy, earlier, How.LOOKS, "ab/cdef.jpg", now)
    fingerprints.add_pair(connection, pair)
    return copy


def _witnesses(connection: Connection, company: Company, rep: int) -> dict[str, int]:
    """A colleague who was named as companion of the visit, and a challenge of it."""
    visit, now = company.things["visit"], company.office.now
    asked = {"asked_at": now, "until": now + timedelta(hours=15), "facts": {"gesture": "badge"}}
    return {
        "witness": witnesses.ask(connection, visit, Witness.COMPANION, company.things["colleague"], **asked),
        "challenge": witnesses.ask(connection, visit, Witness.CHALLENGE, rep, **asked),
    }


async def _visiting(company: Company, rep: Any, rep_id: int) -> None:
    """The rep stands in the middle of a visit; the places of all questions are kept, to be given to everybody."""
    read = company.office.database.read

    async def keep(flow: str, thing: str, person_id: int) -> None:
        place = await read(lambda connection: conversations.find(connection, person_id, flow))
        assert place is not None, flow
        company.things[thing] = place.subject
        company.places[flow] = (thing, place.state)

    await rep.says("/visit")
    await keep("checkin", "nothing", rep_id)
    await rep.taps("Relationship")
    await rep.gives(Located(BANK, 15.0))
    await rep.taps("Harbour Bakery")
    await keep("visit", "visit", rep_id)
    await company.office.database.write(
        lambda connection: reviews.put(connection, company.things["visit"], rep_id, State.WAITING, company.office.now)
    )
    company.places["review"] = ("visit", {"act": "ask"})
    company.things["photo"] = await company.office.database.write(
        lambda connection: _seen_before(connection, company.things["visit"], rep_id, company.office.now)
    )
    company.places["seen"] = ("photo", {})
    company.places["companion"] = ("visit", {})
    company.things |= await company.office.database.write(lambda connection: _witnesses(connection, company, rep_id))
    company.places["challenge"] = ("challenge", {})
    await rep.says("/followups")
    await rep.taps("1")
    await rep.taps("Move")
    await keep("followup", "followup", rep_id)
    nothing = ("nothing", {})
    company.places |= {"people": nothing, "team": ("team", {"what": "rename"})}
    around = {"what": "add", "ids": [], "metres": [], "page": 0, "unknown": []}
    company.places["route"] = ("route", around)
    here = {"point": [BANK.latitude, BANK.longitude], "accuracy": 15.0, "at": company.office.now.isoformat()}
    company.places["live"] = ("nothing", here)
    asked = {"scope": "person", "measure": "visits", "period": "month", "next": False}
    company.places["target"] = ("person", asked)
    company.places["plan"] = ("stop", {})
    company.places["verify"] = ("nothing", {})
    company.places["join"] = ("nothing", {"role": "rep", "team_id": None, "language": None, "phone": None})
    await _administering(company, keep)


async def _administering(company: Company, keep: Any) -> None:
    """A second admin, who tries nothing, has begun everything that an admin can begin."""
    admin = await company.office.member(99, "Zed")
    await admin.says("/invite")
    await keep("invite", "nothing", admin.person_id)
    await admin.says("/import")
    await keep("import", "nothing", admin.person_id)
    await admin.says("/sop")
    await admin.taps_data(*admin.button("", on=admin.newest))
    await keep("sop", "nothing", admin.person_id)
    handing = {"leaves": True, "ticked": None, "choosing": False, "to_id": None, "page": 0, "typed": ""}
    company.places["handover"] = ("person", handing)
    file = {"file_id": "f", "unique_id": "u", "name": "list.yaml", "size": 10}
    company.places["sop_file"] = ("nothing", {"at": "offered", "file": file})
