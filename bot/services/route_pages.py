"""`/routes`: the list, and a page of each route on which a manager or an admin changes it; a rep reads his own."""

from typing import Any

from bot.domain import route as rules
from bot.domain.calendar import local_date
from bot.domain.conversation import Refusal
from bot.domain.geography import Point, distance
from bot.domain.people import Person, Role
from bot.domain.route import Route
from bot.domain.search import normal
from bot.services import leave_days, pages, route_changes
from bot.services.planned import is_open_to
from bot.services.turn import Turn
from storage import people, roster, routes
from storage.database import Row

STOPS_LISTED = 20  # lines of a page, and buttons below each other to order them


def command_routes(turn: Turn, argument: str = "") -> None:
    """`/routes`: all that one may see; `/routes wang`: those that are called so, or whose rep is."""
    turn.require(Role.REP, Role.MANAGER, Role.ADMIN)
    if not argument:
        show_list(turn, 0)
        return
    found = _fitting(turn, argument)
    if not found:
        raise Refusal("route/none_found", typed=argument[: rules.LONGEST_NAME])
    if len(found) == 1:
        show(turn, found[0][0].id)
    else:
        turning = {**pages.turning(0, pages.LISTED, len(found)), "after": None}  # more words find fewer
        _list(turn, found[: pages.LISTED], turning)


def show_list(turn: Turn, page: int) -> None:
    """A page of the routes."""
    found = _visible(turn)
    _list(turn, found[page * pages.LISTED :][: pages.LISTED], pages.turning(page, pages.LISTED, len(found)))


def _visible(turn: Turn) -> list[tuple[Route, str, int]]:
    person = turn.person
    if Role.ADMIN in person.roles:
        return routes.list_with_reps(turn.connection, None)
    led = Role.MANAGER in person.roles and person.team_path
    ids = {other.id for other in people.list_in(turn.connection, person.team_path)} if led else set()
    return routes.list_with_reps(turn.connection, ids | {person.id})


def _fitting(turn: Turn, typed: str) -> list[tuple[Route, str, int]]:
    ids = {row.id for row in roster.find(turn.connection, "", typed)}
    visible = _visible(turn)
    return [line for line in visible if normal(typed) in normal(line[0].name) or line[0].person_id in ids]


def _list(turn: Turn, found: list[tuple[Route, str, int]], turning: dict[str, Any]) -> None:
    lines = [{**_facts(route), "rep": rep, "stops": stops} for route, rep, stops in found]
    pages.show(turn, "route/list", routes=lines, may_change=may_change(turn), **turning)


def may_change(turn: Turn) -> bool:
    """Whether who acts makes routes, or only reads his own."""
    return bool(turn.person.roles & {Role.MANAGER, Role.ADMIN})


def show(turn: Turn, route_id: int) -> None:
    """One route: its days, its stops in order, how long it is, and who is left out."""
    route, rep = route_changes.get(turn, route_id)
    stops = routes.list_stops(turn.connection, [route_id])
    walked = [stop for stop in stops if is_open_to(stop, rep.id)]
    pages.show(
        turn,
        "route/page",
        **_facts(route),
        rep=rep.name,
        next_on=_next_on(turn, route, rep),
        stops=_lines(walked)[:STOPS_LISTED],
        stop_count=len(walked),
        metres=rules.length(_place(stop) for stop in walked),
        left_out=[stop.name for stop in stops if not is_open_to(stop, rep.id)],
        may_change=may_change(turn),
    )


def show_days(turn: Turn, route_id: int) -> None:
    """Its weekdays and weeks, each a button."""
    route, rep = route_changes.get_to_change(turn, route_id)
    today = local_date(turn.now, rep.zone)
    pages.show(
        turn,
        "route/days",
        **_facts(route),
        next_on=_next_on(turn, route, rep),
        runs_this_week=route.runs_in_week_of(today),
    )


def show_order(turn: Turn, route_id: int, page: int, chosen: int | None = None) -> None:
    """Its stops as buttons; of the chosen one what may be done with it."""
    route, _ = route_changes.get_to_change(turn, route_id)
    stops = routes.list_stops(turn.connection, [route_id])
    ids = [stop.customer_id for stop in stops]
    if chosen is not None and chosen in ids:
        page = ids.index(chosen) // STOPS_LISTED
    lines = [
        {"id": stop.customer_id, "name": stop.name, "number": number, "chosen": stop.customer_id == chosen}
        for number, stop in enumerate(stops, start=1)
    ][page * STOPS_LISTED :][:STOPS_LISTED]
    turning = pages.turning(page, STOPS_LISTED, len(stops))
    pages.show(turn, "route/order", id=route.id, name=route.name, chosen=chosen, stops=lines, **turning)


def _next_on(turn: Turn, route: Route, rep: Person) -> str | None:
    today = local_date(turn.now, rep.zone)
    next_on = route.next_on(today, leave_days.working_days_of(turn, rep, today))
    return next_on.isoformat() if next_on is not None else None


def _facts(route: Route) -> dict[str, Any]:
    days = sorted(route.weekdays)
    return {"id": route.id, "name": route.name, "weekdays": days, "every": route.every, "paused": route.paused}


def _lines(stops: list[Row[Any]]) -> list[dict[str, Any]]:
    """Each stop with the metres from the one before, where both places are known."""
    lines = []
    before: Point | None = None
    for stop in stops:
        here = _place(stop)
        away = distance(before, here) if before is not None and here is not None else None
        lines.append({"name": stop.name, "grade": stop.grade, "metres": away, "has_place": here is not None})
        before = here or before
    return lines


def _place(stop: Row[Any]) -> Point | None:
    return Point(stop.latitude, stop.longitude) if stop.latitude is not None else None
