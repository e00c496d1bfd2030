"""Reviews of flagged visits, and everything that was said in them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, func, insert, or_, select, text, update

from bot.domain.review import OUT, Act, State
from storage.tables import CustomerRow, PersonRow, ReviewNoteRow, ReviewRow, TeamRow, VisitRow, table
from storage.tables.visits import WAITS

REVIEW, NOTE = table(ReviewRow), table(ReviewNoteRow)
VISIT, CUSTOMER = table(VisitRow), table(CustomerRow)
PERSON, TEAM = table(PersonRow), table(TeamRow)


def find(connection: Connection, visit_id: int, *, to_change: bool = False) -> Row[Any] | None:
    """The review of a visit, held until the transaction ends when it is going to change."""
    statement = select(REVIEW).where(REVIEW.c.visit_id == visit_id)
    return connection.execute(statement.with_for_update() if to_change else statement).one_or_none()


def put(
    connection: Connection, visit_id: int, person_id: int, state: State, now: datetime, *, verdict: str | None = None
) -> None:
    """How the review of a person's visit stands now."""
    values = {"state": state.value, "verdict": verdict, "changed_at": now}
    changed = connection.execute(update(REVIEW).where(REVIEW.c.visit_id == visit_id).values(values))
    if not changed.rowcount:
        connection.execute(insert(REVIEW).values(visit_id=visit_id, person_id=person_id, **values))


def note(connection: Connection, visit_id: int, act: Act, now: datetime, **values: Any) -> None:
    """Keep what was done: `person_id`, `words`, `photo_id`."""
    connection.execute(insert(NOTE).values({"words": "", "visit_id": visit_id, "act": act.value, "at": now, **values}))


def list_notes(connection: Connection, visit_id: int) -> list[Row[Any]]:
    """All that was done and said, the oldest first."""
    return list(connection.execute(select(NOTE).where(NOTE.c.visit_id == visit_id).order_by(NOTE.c.id)))


def states(connection: Connection, visit_ids: Collection[int]) -> dict[int, State]:
    """How the reviews of these visits stand; those without one are left out."""
    rows = connection.execute(select(REVIEW.c.visit_id, REVIEW.c.state).where(REVIEW.c.visit_id.in_(list(visit_ids))))
    return {row.visit_id: State(row.state) for row in rows}


def list_waiting(connection: Connection, team_path: str, limit: int, *, besides: int) -> list[Row[Any]]:
    """Visits of a team and those below it (all for an empty path) that wait for a manager, the best customers first.

    A visit's columns with customer_name and customer_grade; those of one person are left out.
    """
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"), CUSTOMER.c.grade.label("customer_grade"))
        .join(REVIEW, REVIEW.c.visit_id == VISIT.c.id)
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(REVIEW.c.person_id != besides)
        .order_by(func.coalesce(CUSTOMER.c.grade, "Z"), VISIT.c.checked_in_at)
        .limit(limit)
    )
    return list(connection.execute(_waiting(statement, team_path)))


def count_waiting(connection: Connection, team_path: str) -> int:
    """How many visits wait for somebody who leads that team."""
    return int(connection.execute(_waiting(select(func.count()).select_from(REVIEW), team_path)).scalar_one())


def _waiting(statement: Select[Any], team_path: str) -> Select[Any]:
    statement = statement.where(text(f"visit_review.{WAITS}"))  # as the index has it, or it would not be used
    if not team_path:
        return statement
    below = select(TEAM.c.id).where(TEAM.c.path.startswith(team_path, autoescape=True))
    return statement.where(REVIEW.c.person_id.in_(select(PERSON.c.id).where(PERSON.c.team_id.in_(below))))


def is_out(visit_id: Column[Any]) -> ColumnElement[bool]:
    """Whether that visit was rejected and does not count."""
    out = or_(*(REVIEW.c.state == state.value for state in sorted(OUT)))  # an IN could not be prepared
    return select(REVIEW.c.visit_id).where(REVIEW.c.visit_id == visit_id, out).exists()


def find_last_that_counts(connection: Connection, customer_id: int) -> datetime | None:
    """When the customer was last seen by a visit that counts: not rejected, and no call."""
    statement = select(VISIT.c.checked_in_at).where(
        VISIT.c.customer_id == customer_id,
        VISIT.c.state == "sent",
        or_(VISIT.c.arrival.is_(None), VISIT.c.arrival != "remote"),
        ~is_out(VISIT.c.id),
    )
    return connection.execute(statement.order_by(VISIT.c.checked_in_at.desc()).limit(1)).scalar()
