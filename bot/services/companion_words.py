"""What a companion says to it in his own chat: that he is there, with his location or without, or that he is not."""

from typing import Any

from bot.domain.conversation import Input, Located, Pressed, Refusal
from bot.domain.evidence import Outcome, Witness, judge_arrival, refuse
from bot.domain.flags import companion_not_there
from bot.services import evidences, later_flags, menus, testimonies
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people, visits
from storage import witnesses as stored
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "witness"


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """His answer; with `place` he is asked for his location first."""
    row = _asked(turn, press.subject)
    match press.choice:
        case "yes":
            _says_yes(turn, row)
        case "no":
            _says_no(turn, row)
        case "place":
            begin = conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=row.id, state={})
            ask(turn, begin)
        case _:
            raise Refusal("conversation/changed")


def _asked(turn: Turn, witness_id: int) -> Row[Any]:
    """The question that was put to who acts, while it waits for an answer; its visit is held as well."""
    row = stored.find(turn.connection, witness_id)
    if row is None or row.kind != Witness.COMPANION or row.person_id != turn.person.id:
        raise Refusal("conversation/changed")
    visits.get_to_change(turn.connection, row.visit_id)
    row = stored.find(turn.connection, witness_id, to_change=True)
    assert row is not None
    if row.state == "withdrawn":
        raise Refusal("witness/withdrawn")
    if row.state != "open":
        raise Refusal("conversation/changed")
    if turn.now >= row.until:
        raise Refusal("witness/too_late")
    return row


def ask(turn: Turn, place: Place) -> None:
    """Where he is."""
    row = stored.find(turn.connection, place.subject)
    assert row is not None
    turn.ask(place, "witness/where", customer=visits.get(turn.connection, row.visit_id).customer.name)


def given(turn: Turn, place: Place, what: Input) -> None:
    """His location."""
    if not isinstance(what, Located):
        raise Refusal("witness/where_wanted")
    why = refuse(what)
    if why is not None:
        raise Refusal(f"checkin/{why}")
    _says_yes(turn, _asked(turn, place.subject), what)


def _says_yes(turn: Turn, row: Row[Any], located: Located | None = None) -> None:
    """His word counts as a second witness, unless his own phone shows him elsewhere."""
    facts = _seen_of(turn, row, located) if located is not None else {}
    row = _answered(turn, row, "yes", facts)
    if testimonies.is_word_for_him(row):
        evidences.hear(turn, row.visit_id, testimonies.word_of(turn, row, later=turn.now))
    else:
        flag = companion_not_there(turn.person.id, turn.person.name, facts["metres"])
        later_flags.raise_on(turn, row.visit_id, flag)
    _tell(turn, row, asked_where=located is not None)


def _says_no(turn: Turn, row: Row[Any]) -> None:
    """A fact for the manager."""
    row = _answered(turn, row, "no", {})
    later_flags.raise_on(turn, row.visit_id, companion_not_there(turn.person.id, turn.person.name))
    _tell(turn, row)


def _seen_of(turn: Turn, row: Row[Any], located: Located) -> dict[str, Any]:
    """How far he was from the customer, by the rules that hold for the rep's own check-in; no point is kept."""
    visit = visits.get(turn.connection, row.visit_id)
    rep = people.get(turn.connection, visit.person_id)
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    confirmed = not visit.customer.is_proposed
    where = judge_arrival(located, visit.customer.position, policy.fence_radius, policy, confirmed=confirmed)
    if where.distance is None:
        return {}
    return {"metres": round(where.distance), "outside": where.outcome is Outcome.OUTSIDE}


def _answered(turn: Turn, row: Row[Any], answer: str, facts: dict[str, Any]) -> Row[Any]:
    values = {"state": "answered", "answered_at": turn.now, "answer": answer, "facts": facts}
    stored.change(turn.connection, row.id, **values)
    conversations.end(turn.connection, turn.person.id, FLOW_NAME)
    answered = stored.find(turn.connection, row.id)
    assert answered is not None
    return answered


def _tell(turn: Turn, row: Row[Any], *, asked_where: bool = False) -> None:
    """Thanks to him, with his keys where they gave way to one for his location, and to the rep what came of it."""
    visit = visits.get(turn.connection, row.visit_id)
    rep = people.get(turn.connection, visit.person_id)
    said = {"answer": row.answer, "outside": bool(row.facts.get("outside")), "metres": row.facts.get("metres")}
    about = {"customer": visit.customer.name, **said}
    rows = menus.keys_of(turn.person.roles) if asked_where else []
    turn.say("witness/thanks", rep=rep.name, rows=rows, **about)
    if rep.active:
        turn.say("companion/told", to=rep, name=turn.person.name, **about)


def cancel(turn: Turn, place: Place) -> bool:
    """The location is not asked for any more; the question itself stands."""
    return conversations.end(turn.connection, place.person_id, FLOW_NAME)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
