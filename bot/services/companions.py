"""An accompanied visit: the rep names who is with him, and that person is asked in his own chat."""

from datetime import time, timedelta
from typing import Any

from bot.domain.calendar import instant, local_date
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.evidence import Witness
from bot.domain.people import Person, Role
from bot.domain.visit import Visit
from bot.services import visit_talk
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people, roster, visits
from storage import witnesses as stored
from storage.conversations import Place

FLOW_NAME = "companion"
RECENT = timedelta(days=90)
LISTED = 6  # people below one question
MOST = 5  # companions of a visit: each of them is asked in his own chat


def begin(turn: Turn, visit: Visit) -> None:
    """The button of the visit's card: who is with him?"""
    ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=visit.id, state={}))


def ask(turn: Turn, place: Place) -> None:
    """Whom he named lately; anybody else he types."""
    rep = turn.require(Role.REP)
    recent = stored.list_companions(turn.connection, rep.id, turn.now - RECENT, LISTED)
    known = people.list_by_ids(turn.connection, recent)
    _offer(turn, place, [known[id_] for id_ in recent if known[id_].active])


def _offer(turn: Turn, place: Place, companions: list[Person], typed: str = "") -> None:
    customer = _own(turn, place).customer.name
    lines = [_line(turn, companion) for companion in companions]
    turn.ask(place, "companion/who", customer=customer, people=lines, typed=typed)


def _line(turn: Turn, companion: Person) -> dict[str, Any]:
    team = people.team_name(turn.connection, companion.team_id) if companion.team_id is not None else None
    return {"id": companion.id, "name": companion.name, "team": team}


def _own(turn: Turn, place: Place) -> Visit:
    """The rep's own visit, while it is open; held until the transaction ends."""
    visit = visits.get_to_change(turn.connection, place.subject)
    is_open = visits.get_row(turn.connection, visit.id).state == "open"
    if visit.person_id != turn.person.id or not is_open:
        raise Refusal("conversation/changed")
    return visit


def given(turn: Turn, place: Place, what: Input) -> None:
    """A part of a name, its pinyin, or the end of a phone."""
    rep = turn.require(Role.REP)
    if not isinstance(what, Said):
        raise Refusal("companion/type_it")
    rows = roster.find(turn.connection, "", what.text)
    ids = [row.id for row in rows if row.status == "active" and row.id != rep.id][:LISTED]
    if not ids:
        raise Refusal("companion/nobody", typed=what.text)
    found = people.list_by_ids(turn.connection, ids)
    _offer(turn, place, [found[id_] for id_ in ids], what.text)


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """Somebody of the list, or nobody."""
    turn.require(Role.REP)
    if place is None:
        raise Refusal("conversation/changed")
    visit = _own(turn, place)
    choice, _, detail = press.choice.partition("-")
    match choice:
        case "name" if detail.isdigit():
            _name(turn, place, visit, int(detail))
        case "back":
            _go_back(turn, place)
        case _:
            raise Refusal("conversation/changed")


def _name(turn: Turn, place: Place, visit: Visit, person_id: int) -> None:
    """Ask him, once for this visit; his answer counts until the visit's day is over."""
    rep = turn.person
    companion = people.find(turn.connection, person_id)
    if companion is None or not companion.active or companion.id == rep.id:
        raise Refusal("companion/nobody", typed="")
    named = stored.list_of(turn.connection, visit.id, Witness.COMPANION)
    is_new = companion.id not in {row.person_id for row in named}
    if is_new and len(named) >= MOST:
        raise Refusal("companion/enough", count=MOST)
    if is_new:
        ends_at = instant(local_date(visit.checked_in_at, rep.zone) + timedelta(days=1), time(), rep.zone)
        when = {"asked_at": turn.now, "until": ends_at}
        witness_id = stored.ask(turn.connection, visit.id, Witness.COMPANION, companion.id, **when)
        about = {"rep": rep.name, "customer": visit.customer.name, "since": visit.checked_in_at.isoformat()}
        turn.say("witness/asked", to=companion, witness_id=witness_id, **about)
    turn.say("companion/named", name=companion.name, is_new=is_new)
    turn.pressed_message = None  # the visit's question goes below that
    _go_back(turn, place)


def _go_back(turn: Turn, place: Place) -> None:
    """To what the visit asks."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    visit_place = conversations.find(turn.connection, place.person_id, "visit")
    if visit_place is not None and visit_place.subject == place.subject:
        visit_talk.show(turn, visit_place, visits.get(turn.connection, place.subject))


def cancel(turn: Turn, place: Place) -> bool:
    """He is alone after all."""
    return conversations.end(turn.connection, place.person_id, FLOW_NAME)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
