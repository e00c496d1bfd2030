"""Places proposed for customers, and the good fixes of visits from which a pin is learned."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, func, select, update

from bot.domain.consensus import MOST, Sighting
from bot.domain.flags import FlagCode
from bot.domain.geography import Point
from storage.prepared import Prepared
from storage.reviews import is_out
from storage.tables import CustomerPinRow, CustomerRow, PersonRow, TeamRow, VisitRow, table

PIN, CUSTOMER, VISIT = table(CustomerPinRow), table(CustomerRow), table(VisitRow)
PERSON, TEAM = table(PersonRow), table(TeamRow)
# A point of which one of these was said teaches nothing about where the customer is
_DOUBTED = frozenset((FlagCode.EXACT_STORED_POINT, FlagCode.SAME_POINT_OTHER_CUSTOMER, FlagCode.IMPOSSIBLE_SPEED))
_SEEN = Prepared(
    select(VISIT.c.latitude, VISIT.c.longitude, VISIT.c.visited_on, VISIT.c.person_id, VISIT.c.flags)
    .where(
        VISIT.c.customer_id == bindparam("of_customer"),
        VISIT.c.state == "sent",
        VISIT.c.latitude.is_not(None),
        VISIT.c.accuracy <= bindparam("accuracy"),
        ~is_out(VISIT.c.id),
    )
    .order_by(VISIT.c.checked_in_at.desc())
    .limit(2 * MOST)
)
_OPEN = PIN.c.state == "open"


def list_sightings(connection: Connection, customer_id: int, accuracy: float) -> list[Sighting]:
    """The newest fixes of the visits at a customer that count, at least so accurate (metres) and not doubted."""
    rows = _SEEN.all(connection, of_customer=customer_id, accuracy=accuracy)
    return [
        Sighting(Point(row.latitude, row.longitude), row.visited_on, row.person_id)
        for row in rows
        if not _DOUBTED & {flag["code"] for flag in row.flags}
    ]


def propose(connection: Connection, customer_id: int, now: datetime, **values: Any) -> int:
    """Put a place before a manager (columns of `CustomerPinRow`), instead of the one that waited; returns its id."""
    close(connection, customer_id, "replaced")
    row = {"customer_id": customer_id, "proposed_at": now, "state": "open", **values}
    return int(connection.execute(PIN.insert().values(row).returning(PIN.c.id)).scalar_one())


def close(connection: Connection, customer_id: int, state: str, *, of_visit: int | None = None) -> bool:
    """Nobody need decide on the customer's open place any more, or only if this visit proposed it; whether one was."""
    statement = update(PIN).where(PIN.c.customer_id == customer_id, _OPEN)
    if of_visit is not None:
        statement = statement.where(PIN.c.visit_id == of_visit)
    return bool(connection.execute(statement.values(state=state)).rowcount)


def outdate(connection: Connection, customer_ids: Sequence[int]) -> None:
    """A list says where these customers are: what visits proposed before is asked no more."""
    waiting = iter(customer_ids)
    while some := list(islice(waiting, 1_000)):
        connection.execute(update(PIN).where(PIN.c.customer_id.in_(some), _OPEN).values(state="replaced"))


def decide(connection: Connection, pin_id: int, state: str, person_id: int, now: datetime) -> bool:
    """Close an open place; False where somebody else has done so."""
    statement = update(PIN).where(PIN.c.id == pin_id, _OPEN)
    done = connection.execute(statement.values(state=state, decided_by=person_id, decided_at=now))
    return bool(done.rowcount)


def find(connection: Connection, pin_id: int) -> Row[Any] | None:
    """All columns of a proposed place."""
    return connection.execute(select(PIN).where(PIN.c.id == pin_id)).one_or_none()


def find_open(connection: Connection, customer_id: int) -> Row[Any] | None:
    """The customer's place that waits for a manager."""
    return connection.execute(select(PIN).where(PIN.c.customer_id == customer_id, _OPEN)).one_or_none()


def find_refused(connection: Connection, customer_id: int, why: Collection[str]) -> Row[Any] | None:
    """The newest refusal of a place that was proposed for one of these reasons."""
    statement = select(PIN).where(PIN.c.customer_id == customer_id, PIN.c.state == "refused", PIN.c.why.in_(why))
    return connection.execute(statement.order_by(PIN.c.id.desc()).limit(1)).first()


def next_open(connection: Connection, team_path: str, after: int = 0) -> Row[Any] | None:
    """The first open place beyond an id that somebody of the team or below it proposed; all for an empty path."""
    return connection.execute(_of(select(PIN), team_path).where(PIN.c.id > after).order_by(PIN.c.id).limit(1)).first()


def count_open(connection: Connection, team_path: str) -> int:
    """How many wait for a manager who leads that team."""
    return int(connection.execute(_of(select(func.count()).select_from(PIN), team_path)).scalar_one())


def _of(statement: Select[Any], team_path: str) -> Select[Any]:
    statement = statement.where(_OPEN)
    if not team_path:
        return statement
    below = select(TEAM.c.id).where(TEAM.c.path.startswith(team_path, autoescape=True))
    return statement.where(PIN.c.person_id.in_(select(PERSON.c.id).where(PERSON.c.team_id.in_(below))))
