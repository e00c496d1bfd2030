"""What would be handed over, and to whom it may go: the lists that an admin reads before he confirms."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from bot.domain.people import Person, Role
from bot.domain.route import Route
from bot.services import pages
from bot.services.turn import Turn
from storage import handovers, people, roster, routes
from storage.database import Row

CUSTOMERS, PROMISES, ROUTES = 10, 6, 6  # on a page to confirm
TYPED_MOST = 40


@dataclass(frozen=True)
class Found:
    """Customers (id, name, grade), open follow-ups (id, what, due_on, customer) and routes of somebody, as they are."""

    customers: list[Row[Any]]
    promises: list[Row[Any]]
    routes: list[Route]

    @property
    def is_empty(self) -> bool:
        return not (self.customers or self.promises or self.routes)

    def fingerprint(self, to_id: int | None) -> str:
        """Stands for exactly this going to exactly him: what was confirmed is what was shown."""
        ids = [sorted(each.id for each in found) for found in (self.customers, self.promises, self.routes)]
        return hashlib.sha256(json.dumps([*ids, to_id]).encode()).hexdigest()[:16]


def find(turn: Turn, person_id: int, ticked: list[int] | None) -> Found:
    """What is his of the ticked customers, or (None) all that is his; a route goes with all of its customers only."""
    customers = handovers.list_customers(turn.connection, person_id)
    if ticked is not None:
        wanted = set(ticked)
        customers = [row for row in customers if row.id in wanted]
    only = {row.id for row in customers} if ticked is not None else None
    promises = handovers.list_promises(turn.connection, person_id, only)
    return Found(customers, promises, _routes(turn, person_id, only))


def _routes(turn: Turn, person_id: int, customer_ids: set[int] | None) -> list[Route]:
    his = routes.list_of(turn.connection, person_id)
    if customer_ids is None:
        return his
    stops: dict[int, set[int]] = {}
    for stop in routes.list_stops(turn.connection, [route.id for route in his]):
        stops.setdefault(stop.route_id, set()).add(stop.customer_id)
    return [route for route in his if route.id in stops and stops[route.id] <= customer_ids]


def to_tick(found: Found, ticked: list[int], page: int) -> dict[str, Any]:
    """A page of his customers, those ticked marked."""
    marked = set(ticked)
    rows = found.customers[page * CUSTOMERS :][:CUSTOMERS]
    lines = [{"id": row.id, "name": row.name, "grade": row.grade, "ticked": row.id in marked} for row in rows]
    return {"customers": lines, "ticked": len(marked), **pages.turning(page, CUSTOMERS, len(found.customers))}


def to_confirm(found: Found, page: int) -> dict[str, Any]:
    """A page of what goes, with the numbers of all."""
    numbers = ((len(found.customers), CUSTOMERS), (len(found.promises), PROMISES), (len(found.routes), ROUTES))
    count = max(1, *(-(-number // listed) for number, listed in numbers))
    return {
        "customers": [row.name for row in found.customers[page * CUSTOMERS :][:CUSTOMERS]],
        "customer_count": len(found.customers),
        "promises": [promise_json(row) for row in found.promises[page * PROMISES :][:PROMISES]],
        "promise_count": len(found.promises),
        "routes": [route.name for route in found.routes[page * ROUTES :][:ROUTES]],
        "route_count": len(found.routes),
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
