"""What becomes of a route: its rep, its days, its stops; each change holds at once for the week it is in."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.domain import route as rules
from bot.domain.audit import Area
from bot.domain.calendar import local_date
from bot.domain.conversation import Refusal
from bot.domain.daily import day_key
from bot.domain.people import Person, Role
from bot.domain.route import Route
from bot.services import audit, planned
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import people, routes
from storage.occurrences import claim


def get(turn: Turn, route_id: int) -> tuple[Route, Person]:
    """A route with its rep, if who acts may read it: the rep himself, who leads him, an admin."""
    route = routes.find(turn.connection, route_id)
    if route is None:
        raise Refusal("route/gone")
    rep = people.get(turn.connection, route.person_id)
    if not turn.person.may_see(rep):
        raise Refusal("people/not_yours")
    return route, rep


def get_to_change(turn: Turn, route_id: int) -> tuple[Route, Person]:
    """The same for a manager or an admin, held until the transaction ends."""
    turn.require(Role.MANAGER, Role.ADMIN)
    _, rep = get(turn, route_id)
    people.get_acting(turn.connection, rep.id)  # his week is made anew by one at a time
    return get(turn, route_id)


def get_rep(turn: Turn, person_id: int) -> Person:
    """A rep whom who acts may give a route."""
    actor = turn.require(Role.MANAGER, Role.ADMIN)
    rep = people.find(turn.connection, person_id)
    if rep is None or not rep.active or Role.REP not in rep.roles or not actor.may_see(rep):
        raise Refusal("people/not_yours")
    return people.get_acting(turn.connection, rep.id)


def make(turn: Turn, name: str, rep: Person) -> Route:
    """A route without days and stops."""
    monday = rules.monday_of(local_date(turn.now, rep.zone))
    by, now = turn.person.id, turn.now
    route_id = routes.add(turn.connection, name=name, person_id=rep.id, starts_on=monday, by=by, now=now)
    route, _ = get(turn, route_id)
    _note(turn, "route_made", route, None, {"to": f"person:{rep.id}", **_facts(route)})
    return route


def change(turn: Turn, route: Route, rep: Person, **values: Any) -> None:
    """Another name, other days or weeks, paused or not."""
    changed = replace(route, **values)
    routes.change(turn.connection, changed)
    before, after = _facts(route), _facts(changed)
    changes = [key for key in before if before[key] != after[key]]
    _note(turn, "route_changed", changed, {key: before[key] for key in changes}, {key: after[key] for key in changes})
    _follow(turn, changed, rep)


def set_stops(turn: Turn, route: Route, rep: Person, stops: Sequence[int]) -> None:
    """These customers, in this order."""
    if len(stops) > rules.MOST_STOPS:
        raise Refusal("route/too_long", most=rules.MOST_STOPS)
    before = [stop.customer_id for stop in routes.list_stops(turn.connection, [route.id])]
    routes.set_stops(turn.connection, route.id, stops)
    _note(turn, "route_changed", route, {"stops": _keys(before)}, {"stops": _keys(stops)})
    _follow(turn, route, rep)


def give(turn: Turn, route: Route, rep: Person, to: Person) -> None:
    """It is another rep's from now on; customers who are not his are left out of it."""
    changed = replace(route, person_id=to.id)
    routes.change(turn.connection, changed)
    _note(turn, "route_given", route, {"to": f"person:{rep.id}"}, {"to": f"person:{to.id}"})
    planned.remake(turn, rep)
    _follow(turn, changed, to)
    _tell(turn, rep, route, is_gone=True)


def remove(turn: Turn, route: Route, rep: Person) -> None:
    """It is walked no more."""
    routes.remove(turn.connection, route.id, turn.now)
    _note(turn, "route_deleted", route, _facts(route), None)
    planned.remake(turn, rep)
    _tell(turn, rep, route, is_gone=True)


def _follow(turn: Turn, route: Route, rep: Person) -> None:
    planned.remake(turn, rep)
    _tell(turn, rep, route)


def _tell(turn: Turn, rep: Person, route: Route, *, is_gone: bool = False) -> None:
    """The rep hears of what somebody else changes: once a day, for many taps make one change, and of its end."""
    if rep.id == turn.person.id or not may_be_told(rep):
        return
    today = day_key(local_date(turn.now, rep.zone))
    if claim(turn.connection, f"route_told_{rep.id}", route.id, today) or is_gone:
        turn.say("route/changed_for_you", to=rep, id=route.id, name=route.name, by=turn.person.name, is_gone=is_gone)


def _note(turn: Turn, what: str, route: Route, old: Any, new: Any) -> None:
    audit.note(turn, Area.PLAN, what, f"route:{route.id}", old, new)


def _facts(route: Route) -> dict[str, Any]:
    facts = {"title": route.name, "weekdays": sorted(route.weekdays), "every": route.every}
    return {**facts, "starts_on": route.starts_on.isoformat(), "paused": "yes" if route.paused else "no"}


def _keys(stops: Sequence[int]) -> list[str]:
    return [f"customer:{customer_id}" for customer_id in stops]
