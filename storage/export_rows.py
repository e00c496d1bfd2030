"""Rows to be taken out, a batch at a time in the order of their ids: everybody's, or those of a manager's teams."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, and_, func, or_, select, true

from bot.domain.export import Days
from bot.domain.people import Person, Role
from storage.tables import AnswerRow, CustomerRow, FollowUpRow, PersonRow, PhotoRow, TeamRow, VisitRow, table

CUSTOMER, VISIT, FOLLOWUP, PHOTO = table(CustomerRow), table(VisitRow), table(FollowUpRow), table(PhotoRow)
ANSWER, PERSON, TEAM = table(AnswerRow), table(PersonRow), table(TeamRow)
BATCH = 500  # rows in memory, and the work of one reading thread at a time
_REP = (PERSON.c.name.label("rep"), TEAM.c.name.label("team"))
_OF_CUSTOMER = (
    CUSTOMER.c.name.label("customer"),
    CUSTOMER.c.external_id.label("customer_code"),
    CUSTOMER.c.grade.label("customer_grade"),
)


@dataclass(frozen=True)
class Reach:
    """Whose rows somebody may take out: everybody's, or what is his own and his teams'."""

    person_id: int
    team_path: str
    everybody: bool

    @staticmethod
    def of(person: Person) -> "Reach":
        """An admin's is everybody; a manager's the subtree that he leads, as in `Person.may_see`."""
        return Reach(person.id, person.team_path, Role.ADMIN in person.roles)

    def covers(self, whose: Column[Any]) -> ColumnElement[bool]:
        """Whether a row is within it, by the column that says whose it is."""
        if self.everybody:
            return true()
        if not self.team_path:
            return whose == self.person_id
        below = select(PERSON.c.id).join(TEAM, TEAM.c.id == PERSON.c.team_id)
        led = below.where(TEAM.c.path.startswith(self.team_path, autoescape=True))
        return or_(whose == self.person_id, whose.in_(led))


EVERYBODY = Reach(0, "", everybody=True)


def list_customers(connection: Connection, reach: Reach, after: int) -> list[Row[Any]]:
    """All columns of customers, with their reps' `rep`, `team` and `rep_status`."""
    statement = (
        select(CUSTOMER, *_REP, PERSON.c.status.label("rep_status"))
        .outerjoin(PERSON, PERSON.c.id == CUSTOMER.c.owner_id)
        .outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
        .where(CUSTOMER.c.id > after, reach.covers(CUSTOMER.c.owner_id))
    )
    return list(connection.execute(statement.order_by(CUSTOMER.c.id).limit(BATCH)))


def list_visits(connection: Connection, reach: Reach, days: Days | None, after: int) -> list[Row[Any]]:
    """All columns of visits that were not cancelled, with rep, team and customer."""
    statement = (
        select(VISIT, *_REP, *_OF_CUSTOMER)
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .join(PERSON, PERSON.c.id == VISIT.c.person_id)
        .outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
        .where(VISIT.c.id > after, VISIT.c.state != "cancelled", reach.covers(VISIT.c.person_id))
        .where(_within(VISIT.c.visited_on, days))
    )
    return list(connection.execute(statement.order_by(VISIT.c.id).limit(BATCH)))


def answers_of(connection: Connection, visits: Iterable[int]) -> Mapping[int, dict[str, Any]]:
    """What was answered in some visits, by visit and item."""
    statement = select(ANSWER.c.visit_id, ANSWER.c.item, ANSWER.c.value).where(ANSWER.c.visit_id.in_(list(visits)))
    found: defaultdict[int, dict[str, Any]] = defaultdict(dict)
    for row in connection.execute(statement):
        found[row.visit_id][row.item] = row.value
    return found


def photos_of(connection: Connection, visits: Iterable[int]) -> Mapping[int, dict[str, int]]:
    """How many photos there are, by visit and item."""
    statement = select(PHOTO.c.visit_id, PHOTO.c.item, func.count().label("photos")).where(
        PHOTO.c.visit_id.in_(list(visits)), PHOTO.c.state != "broken"
    )
    found: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for row in connection.execute(statement.group_by(PHOTO.c.visit_id, PHOTO.c.item)):
        found[row.visit_id][row.item] = row.photos
    return found


def list_followups(connection: Connection, reach: Reach, days: Days | None, after: int) -> list[Row[Any]]:
    """All columns of follow-ups that were or are due on those days, with rep, team and customer."""
    statement = (
        select(FOLLOWUP, *_REP, *_OF_CUSTOMER)
        .join(CUSTOMER, CUSTOMER.c.id == FOLLOWUP.c.customer_id)
        .join(PERSON, PERSON.c.id == FOLLOWUP.c.person_id)
        .outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
        .where(FOLLOWUP.c.id > after, reach.covers(FOLLOWUP.c.person_id), _within(FOLLOWUP.c.due_on, days))
    )
    return list(connection.execute(statement.order_by(FOLLOWUP.c.id).limit(BATCH)))


def list_people(connection: Connection, after: int) -> list[Row[Any]]:
    """All columns of who has joined ever, with the team's name."""
    statement = (
        select(PERSON, TEAM.c.name.label("team"))
        .outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
        .where(PERSON.c.id > after, PERSON.c.status != "new")
    )
    return list(connection.execute(statement.order_by(PERSON.c.id).limit(BATCH)))


def list_photos(connection: Connection, reach: Reach, days: Days | None, after: int) -> list[Row[Any]]:
    """The kept photos of visits on those days: id, item, blob (marked) and when received, with visit and customer."""
    statement = (
        select(PHOTO.c.id, PHOTO.c.item, PHOTO.c.marked, PHOTO.c.received_at, PHOTO.c.visit_id)
        .add_columns(VISIT.c.visited_on, VISIT.c.sop_version_id, *_REP, *_OF_CUSTOMER)
        .join(VISIT, VISIT.c.id == PHOTO.c.visit_id)
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .join(PERSON, PERSON.c.id == VISIT.c.person_id)
        .outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
        .where(PHOTO.c.id > after, PHOTO.c.state == "kept", PHOTO.c.marked.is_not(None))
        .where(VISIT.c.state != "cancelled", reach.covers(VISIT.c.person_id), _within(VISIT.c.visited_on, days))
    )
    return list(connection.execute(statement.order_by(PHOTO.c.id).limit(BATCH)))


def _within(on: Column[Any], days: Days | None) -> ColumnElement[bool]:
    return true() if days is None else and_(on >= days.first_on, on <= days.last_on)
