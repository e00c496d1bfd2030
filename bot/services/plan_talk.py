"""The stops of a rep's day: which one is left out and why, and one that was left out taken up again."""

from typing import Any

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.services import pages
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, planned
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "plan"
REASONS = ("no_time", "by_phone", "closed", "customer_asked", "closed_down")
SHORTEST, LONGEST = 2, 200  # of a typed reason


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the day, of its stops, or a reason."""
    turn.require(Role.REP)
    choice, _, detail = press.choice.partition("-")
    match choice:
        case "stops":
            _show(turn, pages.page_of(detail))
        case "leave":
            stop = _own(turn, press.subject, "planned")
            state = {"customer": stop.customer_id}
            begun = conversations.begin(
                turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=stop.id, state=state
            )
            ask(turn, begun)
        case "take":
            planned.change(turn.connection, _own(turn, press.subject, "dropped").id, "planned", "")
            _show(turn, 0)
        case "because" if place is not None and press.revision and detail in REASONS:
            if _is_somebody_elses(turn, place.subject):
                raise Refusal("conversation/changed")
            _drop(turn, place, detail)
        case _:
            raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """A typed reason."""
    turn.require(Role.REP)
    if not isinstance(what, Said) or not SHORTEST <= len(reason := " ".join(what.text.split())) <= LONGEST:
        raise Refusal("plan/reason_wanted")
    _drop(turn, place, reason)


def ask(turn: Turn, place: Place) -> None:
    """Why the stop is left out; nothing, where it is not planned any more or its day is over."""
    stop = _asked_about(turn, place)
    if stop is None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    turn.ask(place, "plan/why", name=stop.name, reasons=list(REASONS))


def cancel(turn: Turn, place: Place) -> bool:
    """It stays planned."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("plan/kept")
    return True


def _drop(turn: Turn, place: Place, reason: str) -> None:
    stop = _asked_about(turn, place)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    if stop is None:
        turn.say("plan/over")
        return
    planned.change(turn.connection, stop.id, "dropped", reason)
    turn.ask(place, "plan/dropped", id=stop.id, name=stop.name, reason=reason)


def _show(turn: Turn, page: int) -> None:
    stops = [stop for stop in planned.list_of_day(turn.connection, turn.person.id, turn.today) if stop.state != "done"]
    lines = [
        {"id": stop.id, "name": stop.name, "left_out": stop.state == "dropped"}
        for stop in stops[page * pages.LISTED :][: pages.LISTED]
    ]
    pages.show(turn, "plan/stops", stops=lines, **pages.turning(page, pages.LISTED, len(stops)))


def _own(turn: Turn, planned_id: int, state: str) -> Row[Any]:
    """A stop of his that still stands so; what is done or over is not changed any more."""
    stop = _standing(turn, planned_id, state)
    if stop is None:
        raise Refusal("conversation/changed")
    return stop


def _is_somebody_elses(turn: Turn, planned_id: int) -> bool:
    stop = planned.find(turn.connection, planned_id)
    return stop is not None and stop.person_id != turn.person.id


def _asked_about(turn: Turn, place: Place) -> Row[Any] | None:
    """The stop of a question, if it still stands; in a week made anew its id may be another customer's."""
    stop = _standing(turn, place.subject, "planned")
    return stop if stop is not None and stop.customer_id == place.state.get("customer") else None


def _standing(turn: Turn, planned_id: int, state: str) -> Row[Any] | None:
    stop = planned.find(turn.connection, planned_id)
    is_his = stop is not None and stop.person_id == turn.person.id and stop.state == state
    return stop if stop is not None and is_his and stop.on_date >= turn.today else None


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
