"""What is tapped and typed about routes: a new one, its name, whose it is, its days, and its customers."""

from typing import Any

from bot.domain import route as rules
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.services import pages, route_changes, route_stops
from bot.services import route_pages as shown
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people, roster, routes
from storage.conversations import Place

FLOW_NAME = "route"


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a page (it stands for itself), or of a question."""
    turn.person  # noqa: B018 - refuses whoever has not joined
    choice, _, detail = press.choice.partition("-")
    if press.revision:
        if place is None:
            raise Refusal("conversation/changed")
        _answer(turn, place, choice, detail)
    elif choice == "list":
        shown.show_list(turn, pages.page_of(detail))
    elif choice == "open":
        if place is not None and place.subject == press.subject:
            conversations.end(turn.connection, place.person_id, FLOW_NAME)
        shown.show(turn, press.subject)
    else:
        turn.require(Role.MANAGER, Role.ADMIN)
        _change(turn, press.subject, choice, detail)


def _change(turn: Turn, route_id: int, choice: str, detail: str) -> None:
    match choice:
        case "new":
            _begin(turn, 0, {"what": "name"})
        case "rename":
            route_changes.get_to_change(turn, route_id)
            _begin(turn, route_id, {"what": "name"})
        case "give":
            route_changes.get_to_change(turn, route_id)
            _begin(turn, route_id, {"what": "whose", "typed": "", "page": 0})
        case "add":
            route_changes.get_to_change(turn, route_id)
            _begin(turn, route_id, route_stops.NOTHING)
        case "days":
            shown.show_days(turn, route_id)
        case "order":
            shown.show_order(turn, route_id, pages.page_of(detail))
        case "stop" | "up" | "down" | "first" | "out" if detail.isdigit():
            route_stops.move(turn, route_id, choice, int(detail))
        case _:
            _alter(turn, route_id, choice, detail)


def _alter(turn: Turn, route_id: int, choice: str, detail: str) -> None:
    """Its days and weeks, paused or not, or the end of it."""
    route, rep = route_changes.get_to_change(turn, route_id)
    match choice:
        case "day" if detail in set("1234567"):
            route_changes.change(turn, route, rep, weekdays=route.weekdays ^ {int(detail)})
        case "every" if detail in ("1", "2"):
            route_changes.change(turn, route, rep, every=int(detail))
        case "week" if detail in ("this", "next"):
            monday = rules.monday_of(turn.now.astimezone(rep.zone).date())
            route_changes.change(turn, route, rep, starts_on=monday + (detail == "next") * rules.WEEK)
        case "pause" | "go":
            route_changes.change(turn, route, rep, paused=choice == "pause")
            shown.show(turn, route_id)
            return
        case "delete":
            pages.show(turn, "route/really_delete", id=route.id, name=route.name, rep=rep.name)
            return
        case "deleted":
            route_changes.remove(turn, route, rep)
            shown.show_list(turn, 0)
            return
        case _:
            raise Refusal("conversation/changed")
    shown.show_days(turn, route_id)


# --- questions --------------------------------------------------------------------------------


def _begin(turn: Turn, route_id: int, state: dict[str, Any]) -> None:
    ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=route_id, state=state))


def _answer(turn: Turn, place: Place, choice: str, detail: str) -> None:
    """A button of the question that stands."""
    turn.require(Role.MANAGER, Role.ADMIN)
    match place.state["what"], choice:
        case "whose", "page":
            ask(turn, conversations.save(turn.connection, place, {**place.state, "page": pages.page_of(detail)}))
        case "whose", "rep" if detail.isdigit():
            _belongs_to(turn, place, int(detail))
        case "add", "done":
            _end(turn, place, place.subject)
        case "add", _:
            ask(turn, route_stops.tapped(turn, place, choice, detail))
        case _:
            raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """A name, a rep's name, or customers."""
    turn.require(Role.MANAGER, Role.ADMIN)
    if place.state["what"] == "add":
        ask(turn, route_stops.given(turn, place, what))
    elif not isinstance(what, Said):
        raise Refusal("conversation/choose")
    elif place.state["what"] == "name":
        _called(turn, place, what.text)
    else:
        typed = what.text[: rules.LONGEST_NAME]
        ask(turn, conversations.save(turn.connection, place, {**place.state, "typed": typed, "page": 0}))


def _called(turn: Turn, place: Place, typed: str) -> None:
    name = rules.readable(typed)
    if name is None:
        raise Refusal("invite/no_name", longest=rules.LONGEST_NAME)
    if place.subject:
        route, rep = route_changes.get_to_change(turn, place.subject)
        route_changes.change(turn, route, rep, name=name)
        _end(turn, place, route.id)
    else:
        state = {"what": "whose", "typed": "", "page": 0, "name": name}
        ask(turn, conversations.save(turn.connection, place, state))


def _belongs_to(turn: Turn, place: Place, person_id: int) -> None:
    rep = route_changes.get_rep(turn, person_id)
    if place.subject:
        route, before = route_changes.get_to_change(turn, place.subject)
        if rep.id != before.id:
            route_changes.give(turn, route, before, rep)
        _end(turn, place, route.id)
    else:
        route = route_changes.make(turn, place.state["name"], rep)
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        shown.show_days(turn, route.id)


def _end(turn: Turn, place: Place, route_id: int) -> None:
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    shown.show(turn, route_id)


def ask(turn: Turn, place: Place) -> None:
    """The question that stands; of a route that is gone or not to be changed any more nothing is asked."""
    route = routes.find(turn.connection, place.subject) if place.subject else None
    allowed = shown.may_change(turn) and (
        route is None or turn.person.may_see(people.get(turn.connection, route.person_id))
    )
    if not allowed or (place.subject and route is None):
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    name = route.name if route is not None else place.state.get("name", "")
    match place.state["what"]:
        case "name":
            turn.ask(place, "route/name", name=name)
        case "whose":
            turn.ask(place, "route/whose", name=name, is_new=route is None, **_reps(turn, place))
        case _:
            turn.ask(place, "route/add", name=name, **route_stops.listed(turn, place))


def _reps(turn: Turn, place: Place) -> dict[str, Any]:
    """A page of the reps whom who acts leads, whom the typed words fit."""
    path = "" if Role.ADMIN in turn.person.roles else turn.person.team_path
    led = people.list_in(turn.connection, path, Role.REP) if path or Role.ADMIN in turn.person.roles else []
    typed, page = place.state["typed"], place.state["page"]
    if typed:
        ids = {row.id for row in roster.find(turn.connection, path, typed)}
        led = [rep for rep in led if rep.id in ids]
    lines = [{"id": rep.id, "name": rep.name} for rep in led[page * pages.LISTED :][: pages.LISTED]]
    return {"people": lines, "typed": typed, **pages.turning(page, pages.LISTED, len(led))}


def cancel(turn: Turn, place: Place) -> bool:
    """What was chosen before stays."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("route/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
