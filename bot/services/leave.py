"""`/leave`: the days on which a person does not work; his own, or entered by his manager or an admin."""

from datetime import date
from typing import Any

from bot.domain.audit import Area
from bot.domain.calendar import local_date
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.leave import Leave, read_leave
from bot.domain.people import Person, Role, led_by
from bot.services import audit, pages
from bot.services.conversations import Flow
from bot.services.members import may_be_told
from bot.services.replanning import replan
from bot.services.turn import Turn
from storage import conversations, followups, people
from storage import leave as stored
from storage.conversations import Place

FLOW_NAME = "leave"


def command_leave(turn: Turn, argument: str) -> None:
    """`/leave` lists one's own; `/leave 2026-12-01 2026-12-05` enters one, `/leave tomorrow` as well."""
    person = turn.person
    if argument:
        _enter(turn, person, argument)
    _show(turn, person)


def _show(turn: Turn, person: Person) -> None:
    today = local_date(turn.now, person.zone)
    pages.show(
        turn,
        "leave/list",
        id=person.id,
        name=person.name,
        own=person.id == turn.person.id,
        leaves=[leave_json(leave) for leave in stored.list_of(turn.connection, person.id, today)],
    )


def leave_json(leave: Leave) -> dict[str, Any]:
    """A leave as the messages speak of it."""
    return {"id": leave.id, "first_on": leave.first_on.isoformat(), "last_on": leave.last_on.isoformat()}


def _for(turn: Turn, person_id: int) -> Person:
    """Himself, or somebody whom his manager or an admin enters it for."""
    actor = turn.person
    person = people.find(turn.connection, person_id)
    leads = bool(actor.roles & {Role.MANAGER, Role.ADMIN})
    if person is None or not person.active or not (person.id == actor.id or (leads and actor.may_see(person))):
        raise Refusal("people/not_yours")
    return person


# --- entered and cancelled --------------------------------------------------------------------


def _enter(turn: Turn, person: Person, typed: str) -> None:
    people.get_acting(turn.connection, person.id)  # two that overlap must not be entered at the same time
    first_on, last_on = read_leave(typed, turn.now.astimezone(person.zone))
    for other in stored.list_of(turn.connection, person.id, first_on):
        if other.first_on <= last_on:
            raise Refusal("leave/overlaps", **leave_json(other))
    by = turn.person
    leave_id = stored.add(turn.connection, person.id, first_on, last_on, by=by.id, now=turn.now)
    leave = Leave(leave_id, person.id, first_on, last_on)
    audit.note(turn, Area.PEOPLE, "leave_set", f"person:{person.id}", new=_days(leave))
    replan(turn, person)
    own = person.id == by.id
    promised = followups.count_open_until(turn.connection, [person.id], last_on)
    facts = {**leave_json(leave), "name": person.name, "promised": promised}
    turn.say("leave/entered", own=own, **facts)
    _tell_others(turn, person, "leave/entered_for_you", "leave/told", leave)


def _cancel_leave(turn: Turn, leave_id: int) -> Person:
    leave = stored.find(turn.connection, leave_id)
    if leave is None:
        raise Refusal("leave/gone")
    person = _for(turn, leave.person_id)
    if leave.last_on < local_date(turn.now, person.zone):
        raise Refusal("leave/over", first_on=leave.first_on.isoformat(), last_on=leave.last_on.isoformat())
    stored.cancel(turn.connection, leave_id, by=turn.person.id, now=turn.now)
    audit.note(turn, Area.PEOPLE, "leave_cancelled", f"person:{person.id}", old=_days(leave))
    replan(turn, person)
    _tell_others(turn, person, "leave/cancelled_for_you", "leave/cancelled", leave)
    return person


def _days(leave: Leave) -> dict[str, str]:
    return {"first_on": leave.first_on.isoformat(), "last_on": leave.last_on.isoformat()}


def _tell_others(turn: Turn, person: Person, to_him: str, to_manager: str, leave: Leave) -> None:
    """He hears what somebody else has entered for him; else his managers hear of it."""
    by = turn.person
    if person.id != by.id:
        turn.say(to_him, to=person, by=by.name, **leave_json(leave))
        return
    for manager in led_by(person, people.list_leaders(turn.connection)):
        if may_be_told(manager):
            turn.say(to_manager, to=manager, name=person.name, **leave_json(leave))


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the list, or the one that leaves the typed days."""
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    match press.choice:
        case "of":
            _show(turn, _for(turn, press.subject))
        case "new":
            person = _for(turn, press.subject)
            ask(
                turn,
                conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=person.id, state={}),
            )
        case "cancel":
            _show(turn, _cancel_leave(turn, press.subject))
        case _:
            raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """The days."""
    person = _for(turn, place.subject)
    if not isinstance(what, Said):
        raise Refusal("leave/no_days", typed="")
    _enter(turn, person, what.text)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    _show(turn, person)


def ask(turn: Turn, place: Place) -> None:
    """Which days; of whom he may no longer speak, nothing is asked."""
    person = people.find(turn.connection, place.subject)
    if person is None or not (person.id == turn.person.id or turn.person.may_see(person)):
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    example = date.fromordinal(turn.today.toordinal() + 7)
    until = date.fromordinal(example.toordinal() + 4)
    own = person.id == turn.person.id
    first_on, last_on = example.isoformat(), until.isoformat()
    turn.ask(place, "leave/which", own=own, name=person.name, first_on=first_on, last_on=last_on)


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing is entered."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("leave/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
