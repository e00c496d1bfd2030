"""The customers of a route: ticked in a list of who is near, typed by name, put in order, taken out."""

from typing import Any

from bot.domain import route as rules
from bot.domain.conversation import Input, Located, Refusal, Said
from bot.domain.evidence import refuse
from bot.domain.geography import Point
from bot.domain.people import Person
from bot.domain.search import name_key
from bot.services import pages, route_changes, route_pages
from bot.services.planned import is_open_to
from bot.services.turn import Turn
from storage import conversations, customers, routes, search
from storage.conversations import Place

NEAR, REACH = 40, 5000.0  # how many are listed around a point, within so many metres
FITTING = 5  # customers that one typed line may mean
# What is listed (customers' ids, with their metres from where one looked), and which typed lines nobody fits
NOTHING: dict[str, Any] = {"what": "add", "ids": [], "metres": [], "page": 0, "unknown": []}


def given(turn: Turn, place: Place, what: Input) -> Place:
    """Names, one a line, of which those that fit one customer are added; or a place to look around."""
    route, rep = route_changes.get_to_change(turn, place.subject)
    match what:
        case Located() if refuse(what) is None:
            return _list_near(turn, place, rep, what.point)
        case Said(text):
            lines = list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))
            if len(lines) > rules.MOST_STOPS:
                raise Refusal("route/too_long", most=rules.MOST_STOPS)
        case _:
            raise Refusal("route/customers_wanted")
    stops = _stops(turn, route.id)
    several: list[int] = []
    unknown: list[str] = []
    for line in lines:
        found = _meant(turn, rep, line)
        if len(found) == 1:
            stops += [of for of in found if of not in stops]
        several += [of for of in found if len(found) > 1 and of not in several]
        unknown += [line] if not found else []
    route_changes.set_stops(turn, route, rep, stops)
    state = {**NOTHING, "ids": several, "unknown": unknown}
    return conversations.save(turn.connection, place, state)


def _meant(turn: Turn, rep: Person, typed: str) -> list[int]:
    """Customers of this rep or of nobody whom the words fit; the one of that very name alone, if there is one."""
    found = search.find(turn.connection, typed, owners=[rep.id], limit=FITTING)
    open_to = [customer for customer in found if is_open_to(customer, rep.id)]
    exact = [customer for customer in open_to if name_key(customer.name) == name_key(typed)]
    return [customer.id for customer in (exact if len(exact) == 1 else open_to)]


def tapped(turn: Turn, place: Place, choice: str, detail: str) -> Place:
    """A customer of the list ticked or unticked, a page of it, or who is near the last stop."""
    route, rep = route_changes.get_to_change(turn, place.subject)
    match choice:
        case "page":
            return conversations.save(turn.connection, place, {**place.state, "page": pages.page_of(detail)})
        case "tick" if detail.isdigit() and int(detail) in place.state["ids"]:
            of = int(detail)
            stops = _stops(turn, route.id)
            stops = [stop for stop in stops if stop != of] if of in stops else [*stops, of]
            route_changes.set_stops(turn, route, rep, stops)
            return conversations.save(turn.connection, place, {**place.state, "unknown": []})
        case "near" if (last := _last_place(turn, route.id)) is not None:
            return _list_near(turn, place, rep, last)
        case _:
            raise Refusal("conversation/changed")


def _list_near(turn: Turn, place: Place, rep: Person, point: Point) -> Place:
    found = customers.find_near(turn.connection, point, REACH, owners=[rep.id], limit=NEAR)
    if not found:
        raise Refusal("route/nobody_near", reach=REACH, rep=rep.name)
    ids, metres = [customer.id for customer, _ in found], [round(away) for _, away in found]
    return conversations.save(turn.connection, place, {**NOTHING, "ids": ids, "metres": metres})


def listed(turn: Turn, place: Place) -> dict[str, Any]:
    """The question: who may be ticked, and what stands on the route."""
    stops = _stops(turn, place.subject)
    ids, page = place.state["ids"], place.state["page"]
    known = customers.list_by_ids(turn.connection, [*ids, *stops[-1:]])
    lines = [
        {
            "id": of,
            "name": known[of].name,
            "metres": metres,
            "number": stops.index(of) + 1 if of in stops else None,
        }
        for of, metres in zip(ids, place.state["metres"] or [None] * len(ids), strict=True)
        if of in known
    ]
    return {
        "customers": lines[page * pages.LISTED :][: pages.LISTED],
        "stops": len(stops),
        "last": known[stops[-1]].name if stops and known[stops[-1]].position is not None else None,
        "unknown": place.state["unknown"],
        "near": bool(place.state["metres"]),
        **pages.turning(page, pages.LISTED, len(lines)),
    }


def move(turn: Turn, route_id: int, how: str, customer_id: int) -> None:
    """A stop of the order chosen, moved, or taken out."""
    route, rep = route_changes.get_to_change(turn, route_id)
    stops = _stops(turn, route_id)
    if customer_id not in stops:
        raise Refusal("conversation/changed")
    by = {"up": -1, "down": 1, "first": -rules.MOST_STOPS}
    if how == "out":
        route_changes.set_stops(turn, route, rep, [stop for stop in stops if stop != customer_id])
        route_pages.show_order(turn, route_id, stops.index(customer_id) // route_pages.STOPS_LISTED)
        return
    if how in by:
        route_changes.set_stops(turn, route, rep, rules.moved(stops, customer_id, by[how]))
    route_pages.show_order(turn, route_id, 0, customer_id)


def _stops(turn: Turn, route_id: int) -> list[int]:
    return [stop.customer_id for stop in routes.list_stops(turn.connection, [route_id])]


def _last_place(turn: Turn, route_id: int) -> Point | None:
    stops = _stops(turn, route_id)
    return customers.get(turn.connection, stops[-1]).position if stops else None
