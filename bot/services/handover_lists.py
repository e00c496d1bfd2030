"""What would be handed over, and to whom it may go: the lists that an admin reads before he confirms."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bot.domain.people import Person, Role
from bot.services import pages
from bot.services.turn import Turn
from storage import handovers, people, roster
from storage.database import Row

CUSTOMERS, PROMISES = 10, 6  # on a page to confirm
TYPED_MOST = 40


@dataclass(frozen=True)
class Found:
    """Customers (id, name, grade) and open follow-ups (id, what, due_on, customer) of somebody, as they are now."""

    customers: list[Row[Any]]
    promises: list[Row[Any]]

    @property
    def is_empty(self) -> bool:
        return not (self.customers or self.promises)

    def fingerprint(self, to_id: int | None) -> str:
        """Stands for exactly this going to exactly him: what was confirmed is what was shown."""
        ids = [sorted(row.id for row in self.customers), sorted(row.id for row in self.promises), to_id]
        return hashlib.sha256(json.dumps(ids).encode()).hexdigest()[:16]


def find(turn: Turn, person_id: int, ticked: list[int] | None) -> Found:
    """What is his of the ticked customers, or (None) all that is his."""
    customers = handovers.list_customers(turn.connection, person_id)
    if ticked is not None:
        wanted = set(ticked)
        customers = [row for row in customers if row.id in wanted]
    only = {row.id for row in customers} if ticked is not None else None
    return Found(customers, handovers.list_promises(turn.connection, person_id, only))


def to_tick(found: Found, ticked: list[int], page: int) -> dict[str, Any]:
    """A page of his customers, those ticked marked."""
    marked = set(ticked)
    rows = found.customers[page * CUSTOMERS :][:CUSTOMERS]
    lines = [{"id": row.id, "name": row.name, "grade": row.grade, "ticked": row.id in marked} for row in rows]
    return {"customers": lines, "ticked": len(marked), **pages.turning(page, CUSTOMERS, len(found.customers))}


def to_confirm(found: Found, page: int) -> dict[str, Any]:
    """A page of what goes, with the numbers of all."""
    count = max(-(-len(found.customers) // CUSTOMERS), -(-len(found.promises) // PROMISES), 1)
    return {
        "customers": [row.name for row in found.customers[page * CUSTOMERS :][:CUSTOMERS]],
        "customer_count": len(found.customers),
        "promises": [promise_json(row) for row in found.promises[page * PROMISES :][:PROMISES]],
        "promise_count": len(found.promises),
        **pages.turning(page, 1, count),
    }


def promise_json(row: Row[Any]) -> dict[str, Any]:
    """A follow-up in a list."""
    return {"id": row.id, "what": row.what, "customer": row.customer, "on": row.due_on.isoformat()}


def colleagues(turn: Turn, person: Person, typed: str, page: int) -> dict[str, Any]:
    """A page of the active reps whom the words fit, those of his own team first."""
    if typed:
        ids = [row.id for row in roster.find(turn.connection, "", typed)]
        found = list(people.list_by_ids(turn.connection, ids).values())
    else:
        found = people.list_in(turn.connection, "")
    reps = [other for other in found if other.active and Role.REP in other.roles and other.id != person.id]
    reps.sort(key=lambda rep: (rep.team_id != person.team_id, rep.name, rep.id))
    names = {team.id: team.name for team in pages.list_teams(turn)}
    lines = [
        {"id": rep.id, "name": rep.name, "team": names.get(rep.team_id) if rep.team_id is not None else None}
        for rep in reps[page * pages.LISTED :][: pages.LISTED]
    ]
    return {"people": lines, **pages.turning(page, pages.LISTED, len(reps))}
