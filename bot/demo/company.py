"""The invented company: Cloudstep Drinks 云阶饮品, with an admin, a manager and two reps in two cities."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.demo.customers import CUSTOMERS, Invented
from bot.domain.cadence import due_on
from bot.domain.calendar import WorkingDays, local_date
from bot.domain.people import Person
from bot.domain.policy import Policy
from storage import customers, people, search
from storage.database import Connection

NAME = "Cloudstep Drinks 云阶饮品"
REGION = "West 西部大区"
ZONE = "Asia/Shanghai"

FOUNDED_BEFORE = timedelta(days=100)  # when the admin brought in the customer list
MET_BEFORE = timedelta(days=14)  # when the reps found the new shops


@dataclass(frozen=True)
class Cast:
    """Somebody of the company, and the language of his phone; `plays` is the part that the scenes give him."""

    plays: str
    telegram_id: int
    first_name: str
    last_name: str
    phone_language: str
    language: str
    phone: str
    roles: str
    team: str

    @property
    def name(self) -> str:
        """As Telegram joins it."""
        return f"{self.first_name} {self.last_name}".strip()


# The first three hold the three phones of the page. Nobody has a mobile number that begins with 100.
PEOPLE = (
    Cast("rep", 700_000_001, "王晓雨", "", "zh-hans", "zh_Hans", "+86 100 0000 0001", "rep", "Chongqing 重庆"),
    Cast("manager", 700_000_002, "陈立", "Grace Chen", "zh-hans", "zh_Hans", "+86 100 0000 0002", "manager", REGION),
    Cast("admin", 700_000_003, "Sam", "Okafor", "en", "en", "+86 100 0000 0003", "admin", NAME),
    Cast("second_rep", 700_000_004, "Emma", "Clark", "en", "en", "+86 100 0000 0004", "rep", "Chengdu 成都"),
)


@dataclass(frozen=True)
class Company:
    """What was founded: people by their part, and each rep's customers by their id, in the order of the books."""

    people: Mapping[str, Person]
    customers: Mapping[int, Mapping[int, Invented]]


def found(connection: Connection, now: datetime, policy: Policy, calendar: WorkingDays) -> Company:
    """Store teams, people and customers, as they would stand had they joined in the months before `now`."""
    teams = _add_teams(connection)
    joined_at = now - FOUNDED_BEFORE
    ids = {each.plays: _add_person(connection, each, teams[each.team], joined_at) for each in PEOPLE}
    members = {plays: people.get(connection, person_id) for plays, person_id in ids.items()}
    books = {}
    for each in PEOPLE:
        if each.team in CUSTOMERS:
            rep = members[each.plays]
            own = CUSTOMERS[each.team]
            books[rep.id] = {
                _add_customer(connection, one, rep, ids["admin"], now, policy, calendar): one for one in own
            }
    _index(connection, [customer_id for own in books.values() for customer_id in own])
    return Company(members, books)


def _add_teams(connection: Connection) -> dict[str, int]:
    company_id = people.add_team(connection, NAME)
    region_id = people.add_team(connection, REGION, company_id)
    cities = {city: people.add_team(connection, city, region_id) for city in CUSTOMERS}
    return {NAME: company_id, REGION: region_id, **cities}


def _add_person(connection: Connection, each: Cast, team_id: int, joined_at: datetime) -> int:
    return people.add(
        connection,
        telegram_id=each.telegram_id,
        name=each.name,
        phone=each.phone,
        language=each.language,
        time_zone=ZONE,
        roles=each.roles,
        team_id=team_id,
        status="active",
        joined_at=joined_at,
    )


def _add_customer(
    connection: Connection,
    one: Invented,
    rep: Person,
    admin_id: int,
    now: datetime,
    policy: Policy,
    calendar: WorkingDays,
) -> int:
    """A customer of the admin's list, or one whom the rep met; nobody has visited him yet."""
    line = one.line
    created_at = now - (MET_BEFORE if one.met else FOUNDED_BEFORE)
    grade = line.grade or None
    created_on = local_date(created_at, rep.zone)
    position: dict[str, Any] = {"latitude": line.latitude, "longitude": line.longitude, "datum": "wgs84"}
    return customers.add(
        connection,
        external_id=one.external_id,
        name=line.name,
        grade=grade,
        class_={"A": "key", "B": "interested"}.get(line.grade, "potential"),
        tags=list(one.tags),
        industry=line.kind,
        region=one.city,
        address=f"{one.city.split()[-1]} {line.quarter}",
        contact_name=line.contact,
        phone=one.phone,
        owner_id=rep.id,
        created_by=rep.id if one.met else admin_id,
        created_at=created_at,
        is_new=one.met,
        due_on=due_on(grade, None, created_on, is_new=one.met, policy=policy, calendar=calendar),
        position_from="import",
        given_latitude=line.latitude,
        given_longitude=line.longitude,
        **position,
    )


def _index(connection: Connection, customer_ids: list[int]) -> None:
    stored = customers.list_by_ids(connection, customer_ids)
    search.index(connection, [stored[customer_id] for customer_id in customer_ids])
