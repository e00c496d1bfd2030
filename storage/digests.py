"""What a digest and a rep's day tell of customers and visits, by questions that an index answers."""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, func, or_, select, text

from storage.tables import CustomerRow, FollowUpRow, PersonRow, TeamRow, VisitRow, table

VISIT, CUSTOMER, FOLLOWUP = table(VisitRow), table(CustomerRow), table(FollowUpRow)
PERSON, TEAM = table(PersonRow), table(TeamRow)
_PAGE = 500
LATEST = timedelta(days=31)  # a report that comes later than this is found in the customer's history


def list_reported_between(
    connection: Connection, person_ids: Collection[int], after: datetime, until: datetime, *, before_on: date
) -> list[Row[Any]]:
    """Visits of earlier days that were sent in a span of time, with customer_name and customer_grade."""
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"), CUSTOMER.c.grade.label("customer_grade"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(
            VISIT.c.person_id.in_(list(person_ids)),
            VISIT.c.visited_on.between(before_on - LATEST, before_on - timedelta(days=1)),
            VISIT.c.state == "sent",
            VISIT.c.sent_at > after,
            VISIT.c.sent_at <= until,
        )
        .order_by(VISIT.c.person_id, VISIT.c.checked_in_at)
    )
    return list(connection.execute(statement))


def list_customers_due(
    connection: Connection, owner_ids: Collection[int], until: date, limit: int, *, besides: Collection[int] = ()
) -> list[Row[Any]]:
    """Customers due by a date, the longest overdue first: id, name, grade, due_on, last_visit_at, owner_id.

    `besides` are customers who are told of elsewhere.
    """
    columns = (CUSTOMER.c.id, CUSTOMER.c.name, CUSTOMER.c.grade, CUSTOMER.c.due_on, CUSTOMER.c.last_visit_at)
    statement = (
        select(*columns, CUSTOMER.c.owner_id)
        .where(CUSTOMER.c.owner_id.in_(list(owner_ids)), CUSTOMER.c.due_on <= until, CUSTOMER.c.id.not_in(besides))
        .order_by(CUSTOMER.c.due_on, func.coalesce(CUSTOMER.c.grade, "Z"), CUSTOMER.c.id)
        .limit(limit)
    )
    return list(connection.execute(statement))


def count_customers_due(
    connection: Connection, owner_ids: Collection[int], until: date, *, besides: Collection[int] = ()
) -> int:
    """How many customers of these people are due by a date, but for some."""
    mine = CUSTOMER.c.owner_id.in_(list(owner_ids))
    statement = select(func.count()).where(mine, CUSTOMER.c.due_on <= until, CUSTOMER.c.id.not_in(besides))
    return int(connection.execute(statement).scalar_one())


def find_rep_of_visit(connection: Connection, visit_id: int) -> int | None:
    """Whose visit it is, or None where there is no such visit."""
    return connection.execute(select(VISIT.c.person_id).where(VISIT.c.id == visit_id)).scalar()


# --- of a large team: by indexes alone, and no more rows than are told of ---------------------------


def list_reps(connection: Connection, team_path: str) -> list[Row[Any]]:
    """Active reps of a team and those below it (all for an empty path): id, team_id (None: none), reachable."""
    # most are nothing else, and to be compared is cheaper than to be searched
    is_rep = or_(PERSON.c.roles == "rep", ("," + PERSON.c.roles + ",").like("%,rep,%"))
    statement = select(PERSON.c.id, PERSON.c.team_id, PERSON.c.reachable).where(PERSON.c.status == "active", is_rep)
    if team_path:
        below = select(TEAM.c.id).where(TEAM.c.path.startswith(team_path, autoescape=True))
        statement = statement.where(PERSON.c.team_id.in_(below))
    return list(connection.execute(statement))


def list_team_names(connection: Connection, team_path: str) -> list[Row[Any]]:
    """A team and those below it (all for an empty path), a parent before its children: id, name."""
    statement = select(TEAM.c.id, TEAM.c.name).order_by(TEAM.c.path)
    if team_path:
        statement = statement.where(TEAM.c.path.startswith(team_path, autoescape=True))
    return list(connection.execute(statement))


def list_flagged(connection: Connection, on: date, limit: int) -> list[Row[Any]]:
    """Visits of a day with flags, anybody's: id, person_id, grade of the customer."""
    statement = (
        select(VISIT.c.id, VISIT.c.person_id, CUSTOMER.c.grade)
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(VISIT.c.visited_on == on, text("visit.is_flagged"))
        .limit(limit)
    )
    return list(connection.execute(statement))


def list_visits(connection: Connection, ids: Collection[int]) -> list[Row[Any]]:
    """Visits by id, with customer_name and customer_grade."""
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"), CUSTOMER.c.grade.label("customer_grade"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(VISIT.c.id.in_(list(ids)))
    )
    return list(connection.execute(statement))


def overdue_customers(until: date) -> Select[Any]:
    """Customers due by a date, anybody's, the longest overdue first: id, person_id (the owner)."""
    columns = select(CUSTOMER.c.id, CUSTOMER.c.owner_id.label("person_id")).where(CUSTOMER.c.due_on <= until)
    return columns.order_by(CUSTOMER.c.due_on, CUSTOMER.c.owner_id)


def overdue_promises(until: date) -> Select[Any]:
    """Open follow-ups due by a date, anybody's, the longest overdue first: id, person_id."""
    columns = select(FOLLOWUP.c.id, FOLLOWUP.c.person_id).where(FOLLOWUP.c.due_on <= until)
    return columns.where(text("follow_up.state = 'open'")).order_by(FOLLOWUP.c.due_on, FOLLOWUP.c.person_id)


def unreported(before: date) -> Select[Any]:
    """Open visits of earlier days, anybody's: id, person_id."""
    columns = select(VISIT.c.id, VISIT.c.person_id).where(text("visit.state = 'open'"), VISIT.c.visited_on < before)
    return columns.order_by(VISIT.c.person_id)  # as the index of open visits has them, or SQLite reads all earlier ones


def list_some(
    connection: Connection, wanted: Select[Any], people_ids: Collection[int], most: int
) -> tuple[list[int], bool]:
    """Ids of the first rows of a list that are these people's, and whether there may be more of them.

    Read in pages until `most` are found: an index gives them in their order, and nobody's are sorted.
    """
    found: list[int] = []
    offset = 0
    while True:
        page = list(connection.execute(wanted.limit(_PAGE).offset(offset)))
        found += [row.id for row in page if row.person_id in people_ids]
        if len(found) >= most:
            return found[:most], len(found) > most or len(page) == _PAGE
        if len(page) < _PAGE:
            return found, False
        offset += _PAGE
