"""The challenge of a visit: asked right after check-in where the policy says so, answered in its time or flagged."""

from datetime import timedelta
from typing import Any

from bot.domain import challenge as rules
from bot.domain.attachments import LARGEST
from bot.domain.audit import Area
from bot.domain.conversation import Input, Photographed, Pressed, Recorded, Refusal
from bot.domain.evidence import Witness
from bot.domain.flags import challenge_unmet
from bot.domain.people import Person, Role
from bot.domain.visit import Visit
from bot.services import audit, evidences, later_flags, photos, testimonies, visit_talk
from bot.services.conversations import Flow
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import conversations, people, signing, visits
from storage import witnesses as stored
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "challenge"
JOB = "recording"
AT_ONCE = 200  # that have run out, in one tick


def begin(turn: Turn, rep: Person, visit: Visit, place: Place) -> bool:
    """A visit was checked in: show its card and ask the challenge first; False where none is asked."""
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    if not policy.challenge_asked:
        return False
    task = rules.challenge_of(signing.current(turn.connection).secret, visit.id)
    times = {"asked_at": turn.now, "until": turn.now + policy.challenge_within}
    witness_id = stored.ask(turn.connection, visit.id, Witness.CHALLENGE, rep.id, facts=task, **times)
    visit_talk.show_card(turn, place, visit, anew=True, delay=None)
    begun = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, subject=witness_id, state={})
    _ask(turn, begun, below=True)
    return True


def ask(turn: Turn, place: Place) -> None:
    """What is to be said, written or shown, and until when."""
    turn.require(Role.REP)
    _ask(turn, place)


def _ask(turn: Turn, place: Place, *, below: bool = False) -> None:
    row = stored.find(turn.connection, place.subject)
    assert row is not None
    customer = visits.get(turn.connection, row.visit_id).customer.name
    turn.ask(place, "challenge/ask", below=below, customer=customer, until=row.until.isoformat(), asked=_task(row))


def _task(row: Row[Any]) -> dict[str, Any]:
    return {"word": row.facts.get("word"), "gesture": row.facts.get("gesture")}


def given(turn: Turn, place: Place, what: Input) -> None:
    """The answer: what it shows no machine judges."""
    turn.require(Role.REP)
    row = _held(turn, place.subject)
    if row.state != "open" or turn.now >= row.until:
        _run_out(turn, row)
        return
    match what:
        case Recorded(size=size) if size is not None and size > LARGEST:
            raise Refusal("photo/too_big", megabytes=LARGEST // 1024 // 1024)
        case Recorded() if rules.can_be_met(row.facts, _how(what)):
            _answered(turn, row, _how(what), file_id=what.file_id, facts={**row.facts, "length": what.seconds})
            turn.work(JOB, row.id)
        case Photographed():
            visit = visits.get(turn.connection, row.visit_id)
            photo_id = photos.take(turn, visit, photos.OF_CHALLENGE, what)
            _answered(turn, row, rules.BY_PHOTO, photo_id=photo_id)
        case _:
            raise Refusal("challenge/wanted", asked=_task(row))


def _how(what: Recorded) -> str:
    return rules.BY_ROUND if what.is_round else rules.BY_VOICE


def _held(turn: Turn, witness_id: int) -> Row[Any]:
    """A challenge of who acts with its visit, both held until the transaction ends."""
    row = stored.find(turn.connection, witness_id)
    if row is None or row.kind != Witness.CHALLENGE or turn.visitor is None or row.person_id != turn.visitor.id:
        raise Refusal("conversation/changed")
    visits.get_to_change(turn.connection, row.visit_id)
    row = stored.find(turn.connection, witness_id, to_change=True)
    assert row is not None
    return row


def _answered(turn: Turn, row: Row[Any], how: str, **values: Any) -> None:
    """It was there in time: that is the fact, and a report that was sent meanwhile is raised by it."""
    stored.change(turn.connection, row.id, state="answered", answered_at=turn.now, answer=how, **values)
    answered = stored.find(turn.connection, row.id)
    assert answered is not None
    fact = testimonies.met(answered)
    evidences.hear(turn, row.visit_id, fact)
    turn.say("challenge/kept", facts=dict(fact.facts))
    _end(turn, row)


def _end(turn: Turn, row: Row[Any]) -> None:
    """Back to what the visit asks, where the challenge stood in front of it and he is still with us."""
    current = conversations.find_current(turn.connection, row.person_id)
    conversations.end(turn.connection, row.person_id, FLOW_NAME)
    is_here = turn.visitor is not None and may_be_told(turn.visitor)
    if is_here and current is not None and current.flow == FLOW_NAME:
        _show_visit(turn, row)


def _show_visit(turn: Turn, row: Row[Any]) -> None:
    place = conversations.find(turn.connection, row.person_id, "visit")
    if place is not None and place.subject == row.visit_id:
        visit_talk.show(turn, place, visits.get(turn.connection, row.visit_id))


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """Not now, or now after all; and the answer, for who decides about the visit."""
    if press.choice == "show":
        _show(turn, press.subject)
        return
    turn.require(Role.REP)
    if place is None or place.subject != press.subject:
        raise Refusal("conversation/changed")
    if press.choice == "later":
        cancel(turn, place)
        turn.pressed_message = None  # the question goes below what was just said
        _show_visit(turn, _held(turn, place.subject))
    else:
        conversations.raise_up(turn.connection, place)
        ask(turn, place)


def cancel(turn: Turn, place: Place) -> bool:
    """Not now: a voice or a round video still answers it in its time, whatever he is at."""
    row = _held(turn, place.subject)
    visit_place = conversations.find(turn.connection, row.person_id, "visit")
    if visit_place is not None:
        conversations.raise_up(turn.connection, visit_place)
        turn.say("challenge/later", until=row.until.isoformat(), witness_id=row.id, asked=_task(row))
    else:
        conversations.end(turn.connection, row.person_id, FLOW_NAME)
    return True


def page(turn: Turn, visit_id: int) -> dict[str, Any] | None:
    """The challenge as the visit's page tells it; None where none was asked."""
    row = next(iter(stored.list_of(turn.connection, visit_id, Witness.CHALLENGE)), None)
    if row is None:
        return None
    there = row.recording is not None or row.photo_id is not None
    return {"id": row.id, "state": row.state, "has_answer": there, **_task(row)}


def _show(turn: Turn, witness_id: int) -> None:
    """The very answer, to whoever may see the rep's visit; what he finds in it is his to say."""
    row = stored.find(turn.connection, witness_id)
    if row is None or row.kind != Witness.CHALLENGE:
        raise Refusal("conversation/changed")
    if not turn.person.may_see(people.get(turn.connection, row.person_id)):
        raise Refusal("digest/not_your_team")
    if row.person_id != turn.person.id:
        audit.note(turn, Area.REVIEW, "looked", f"visit:{row.visit_id}")
    about: dict[str, Any] = {"visit_id": row.visit_id, "asked": _task(row)}
    if row.recording is not None:
        suffix = row.recording.rpartition(".")[2]
        file = {"key": row.recording, "name": f"challenge-{row.visit_id}.{suffix}", "as": _SENT_AS[row.answer]}
        turn.say("challenge/shown", file=file, **about)
        return
    photo = visits.get_photo(turn.connection, row.photo_id) if row.photo_id is not None else None
    if photo is None or photo.sendable is None:
        raise Refusal("challenge/not_there_yet")
    turn.say("challenge/shown", photos=[photo.sendable], **about)


_SENT_AS = {rules.BY_VOICE: "voice", rules.BY_ROUND: "video_note"}


def tick(turn: Turn) -> None:
    """What nobody has answered in time is flagged."""
    for row in stored.list_run_out(turn.connection, turn.now, AT_ONCE):
        turn.cause = f"challenge:{row.id}"
        turn.visitor = people.get(turn.connection, row.person_id)
        _run_out(turn, _held(turn, row.id))
        turn.visitor = None


def _run_out(turn: Turn, row: Row[Any]) -> None:
    """Its time is over: a fact for the manager, once, and the visit goes on."""
    if row.state == "open":
        stored.change(turn.connection, row.id, state="over")
        later_flags.raise_on(turn, row.visit_id, challenge_unmet(row.until - row.asked_at))
        if turn.visitor is not None and may_be_told(turn.visitor):
            customer = visits.get(turn.connection, row.visit_id).customer.name
            turn.say("challenge/over", customer=customer, minutes=(row.until - row.asked_at) // timedelta(minutes=1))
    _end(turn, row)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True, hears=True)
