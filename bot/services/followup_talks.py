"""What is asked about a follow-up: to which day it moves and why, why it is dropped, and a note on a kept one."""

from dataclasses import replace
from datetime import date, time
from typing import Any

from bot.domain import followup as rules
from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.followup import FollowUp
from bot.domain.postponing import Day, days_to_offer, read_days
from bot.services import calendars, followups, menus
from bot.services.conversations import Flow
from bot.services.followups import FLOW_NAME
from bot.services.turn import Turn
from storage import conversations
from storage import followups as stored
from storage.conversations import Place

MOVE_REASONS = ("customer_asked", "not_ready", "no_time", "not_reached")  # templates/messages/followup/reasons.html
DROP_REASONS = ("not_wanted", "settled_otherwise", "closed_down", "noted_twice")
REASON_MOST = 500  # characters


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a list, of a reminder, or of the question that stands."""
    owned = followups.own(turn, press.subject)
    choice, _, detail = press.choice.partition("-")
    match choice:
        case "open":
            followups.show_card(turn, owned)
        case "done":
            followups.finish(turn, owned, press)
            if place is not None and place.subject == press.subject:
                conversations.end(turn.connection, place.person_id, FLOW_NAME)
        case "move" | "drop":
            rules.must_be_open(owned.followup)
            _begin(turn, owned.followup, choice)
        case "note" if owned.followup.state is rules.State.DONE:
            _begin(turn, owned.followup, "note")
        case _ if place is not None and place.subject == press.subject and press.revision:
            _answered(turn, place, owned.followup, choice, detail)
        case _:
            raise Refusal("conversation/changed")


def _begin(turn: Turn, promise: FollowUp, act: str) -> None:
    state: dict[str, Any] = {"act": act, "days": [], "day": None, "words": ""}
    place = conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=promise.id, state=state)
    ask(turn, place)


def _answered(turn: Turn, place: Place, promise: FollowUp, choice: str, detail: str) -> None:
    """A day was picked, another one is wanted, or a reason was tapped."""
    state = place.state
    match state["act"], choice:
        case "move", "day" if _is_date(detail):
            _choose(turn, place, promise, [Day(date.fromisoformat(detail), promise.due_time)], "")
        case "move", "pick" if detail.isdigit() and int(detail) < len(state["days"]):
            _choose(turn, place, promise, [_day(state["days"][int(detail)])], state["words"])
        case "move", "again":
            _keep(turn, place, {**state, "days": [], "day": None})
        case "move", "because" if detail in MOVE_REASONS:
            _move(turn, place, promise, detail)
        case "move", "words" if state["words"]:
            _move(turn, place, promise, state["words"])
        case "drop", "because" if detail in DROP_REASONS:
            _drop(turn, place, promise, detail)
        case _:
            raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """Typed words: a day, a reason, or a note."""
    promise = followups.own(turn, place.subject).followup
    if not isinstance(what, Said):
        raise Refusal("followup/words_wanted")
    words = what.text.strip()[:REASON_MOST]
    match place.state["act"]:
        case "note":
            noted = replace(promise, reason=words)
            stored.save(turn.connection, noted, remind_at=None, remind_kind=None)
            _end(turn, place, "followup/noted")
        case "drop":
            _drop(turn, place, promise, words)
        case _ if place.state["day"] is None:
            days, rest = read_days(words, turn.now.astimezone(turn.zone), _calendar(turn))
            _choose(turn, place, promise, days, rest)
        case _:
            _move(turn, place, promise, words)


def _choose(turn: Turn, place: Place, promise: FollowUp, days: list[Day], words: str) -> None:
    """One day is shown back and its reason asked; of several, the rep picks one."""
    if len(days) == 1:
        # a day that cannot be is refused now, not after the reason was told
        rules.moved(promise, days[0].on, days[0].at, "…", turn.now, turn.zone)
    day = _day_json(days[0]) if len(days) == 1 else None
    options = [_day_json(one) for one in days] if day is None else []
    _keep(turn, place, {**place.state, "days": options, "day": day, "words": words})


def _move(turn: Turn, place: Place, promise: FollowUp, reason: str) -> None:
    if place.state["day"] is None:
        raise Refusal("conversation/changed")
    day = _day(place.state["day"])
    moved = rules.moved(promise, day.on, day.at, reason, turn.now, turn.zone)
    followups.store_move(turn, moved)
    _end(turn, place, "followup/moved", reason=reason)


def _drop(turn: Turn, place: Place, promise: FollowUp, reason: str) -> None:
    stored.save(turn.connection, rules.dropped(promise, turn.now, reason), remind_at=None, remind_kind=None)
    _end(turn, place, "followup/dropped", reason=reason)


def _end(turn: Turn, place: Place, message: str, **context: Any) -> None:
    owned = stored.get(turn.connection, place.subject)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.ask(place, message, **followups.line(turn, turn.person, owned, turn.today), **context)


def _keep(turn: Turn, place: Place, state: dict[str, Any]) -> None:
    ask(turn, conversations.save(turn.connection, place, state))


def ask(turn: Turn, place: Place) -> None:
    """The question that stands; about what is a colleague's meanwhile nothing is asked."""
    owned = stored.get(turn.connection, place.subject)
    if owned.person_id != turn.person.id:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    facts = followups.line(turn, turn.person, owned, turn.today)
    state = place.state
    match state["act"]:
        case "note":
            turn.ask(place, "followup/note", **facts)
        case "drop":
            turn.ask(place, "followup/why_drop", reasons=list(DROP_REASONS), **facts)
        case _ if state["day"] is not None:
            reasons = list(MOVE_REASONS)
            turn.ask(place, "followup/why_move", day=state["day"], reasons=reasons, words=state["words"], **facts)
        case _ if state["days"]:
            turn.ask(place, "followup/which_day", days=state["days"], **facts)
        case _:
            offered = [day.isoformat() for day in days_to_offer(turn.today, _calendar(turn))]
            turn.ask(place, "followup/when", days=offered, **facts)


def cancel(turn: Turn, place: Place) -> bool:
    """Leave the follow-up as it is."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("followup/left", rows=menus.keys_of(turn.person.roles))
    return True


def _calendar(turn: Turn) -> WorkingDays:
    return calendars.working_days(turn, turn.zone.key, turn.today)


def _is_date(text: str) -> bool:
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _day_json(day: Day) -> dict[str, Any]:
    return {"on": day.on.isoformat(), "at": day.at.isoformat("minutes") if day.at is not None else None}


def _day(stored_day: dict[str, Any]) -> Day:
    at = stored_day["at"]
    return Day(date.fromisoformat(stored_day["on"]), time.fromisoformat(at) if at else None)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
