"""An open visit: what arrives is filed, the card is kept up to date, the next question is put."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.domain import visit as rules
from bot.domain.conversation import (
    Chose,
    CodesRead,
    ContactShared,
    Input,
    Located,
    Photographed,
    Pressed,
    Refusal,
    Said,
)
from bot.domain.effectiveness import Result
from bot.domain.evidence import refuse
from bot.domain.people import Person, Role
from bot.domain.visit import Step, Visit, next_step
from bot.services import (
    challenges,
    companions,
    filing,
    live_shares,
    menus,
    nextsteps,
    positions,
    sending,
    testimonies,
    transitions,
    visit_cards,
    visit_talk,
)
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people
from storage import visits as stored
from storage.conversations import Place

FLOW_NAME = "visit"


def begin(turn: Turn, rep: Person, visit_id: int) -> None:
    """A visit was checked in: show its card and ask the first question."""
    place = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, subject=visit_id, state=_fresh())
    visit = stored.get(turn.connection, visit_id)
    held_back = bool(visit.flags) and transitions.hides(turn, rep)
    live_until, unasked = live_shares.begin_visit(turn, rep) if not visit.is_remote else (None, None)
    until = live_until.isoformat() if live_until is not None else None
    turn.say("visit/begun", held_back=held_back, live_until=until, **visit_cards.begun(visit))
    if unasked is not None:
        turn.say("live/consent", share_id=unasked, days=turn.policy.live_kept.days)
    if visit.is_remote or not challenges.begin(turn, rep, visit, place):
        visit_talk.show(turn, place, visit, card_anew=True)


def _fresh() -> dict[str, Any]:
    return {"focus": None, "pending": None, "draft": None}


def resume_open(turn: Turn, rep: Person) -> bool:
    """Go on with the rep's open visit; False when he has none. One open visit a rep."""
    visit_id = stored.find_open(turn.connection, rep.id)
    if visit_id is None:
        return False
    place = conversations.find(turn.connection, rep.id, FLOW_NAME)
    if place is None:  # it stopped when he was locked out, or was no rep for a while
        place = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, subject=visit_id, state=_fresh())
    turn.say("visit/still_open", customer=stored.get(turn.connection, visit_id).customer.name)
    conversations.raise_up(turn.connection, place)
    ask(turn, place)
    return True


def ask(turn: Turn, place: Place) -> None:
    """The card and the current question again, at the bottom of the chat."""
    turn.require(Role.REP)
    visit_talk.show(turn, place, own(turn, place), card_anew=turn.pressed_message is None)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A photo, number, text or location for the open visit."""
    turn.require(Role.REP)
    visit = own(turn, place)
    match next_step(visit), what:
        case _, Photographed():
            filing.file(turn, place, visit, what)
        case _, CodesRead(item_id, codes):
            filing.codes_read(turn, place, visit, item_id, codes)
        case Step.CHECKLIST, Said() | ContactShared():
            filing.file(turn, place, visit, what)
        case _, Said() | ContactShared() if place.state["focus"]:  # an item was tapped to be corrected
            filing.file(turn, place, visit, what)
        case Step.CHECK_OUT, Located():
            _check_out(turn, place, visit, what)
        case Step.CHECK_OUT, Chose("check_out_plain"):
            _check_out(turn, place, visit, None)
        case Step.CHECK_OUT, _:
            raise Refusal("visit/check_out_wanted")
        case Step.WORDS, Said(text):
            words = text[: rules.WORDS_MOST]
            visit_talk.save(turn, place, replace(visit, words=words))
        case Step.NEXT_STEP, Said(text):
            nextsteps.given(turn, place, visit, text, visit_talk.save)
        case Step.RESULT, _:
            raise Refusal("conversation/choose")
        case Step.REVIEW, _:
            raise Refusal("visit/review_wanted")
        case _, Located():
            raise Refusal("visit/location_later")
        case _:
            raise Refusal("conversation/unexpected")


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the card, of the question or of the review."""
    turn.require(Role.REP)
    if place is None:
        raise Refusal("conversation/changed")
    visit = own(turn, place)
    step = next_step(visit)
    choice, _, detail = press.choice.partition("-")
    match choice, step:
        case "item", _ if step is not Step.DONE:
            filing.focus(turn, place, visit, detail)
        case "answer", _:
            filing.choose(turn, place, visit, detail)
        case "tick", _:
            filing.tick(turn, place, visit, detail)
        case "ticked", _:
            filing.ticked_all(turn, place, visit)
        case "code", _ if place.state["pending"]:
            filing.choose_code(turn, place, visit, detail)
        case "sure", _:
            filing.keep_doubted(turn, place, visit)
        case "page", _ if step is not Step.DONE:
            filing.turn_page(turn, place, visit, detail)
        case "skip", _:
            filing.skip(turn, place, visit)
        case "with", _ if step is not Step.DONE and not visit.is_remote:
            companions.begin(turn, visit)
        case "here", _ if place.state["pending"]:
            filing.file_pending(turn, place, visit, detail)
        case "out", Step.CHECK_OUT:
            _check_out(turn, place, visit, None)
        case "result", Step.RESULT if detail in set(Result):
            visit_talk.save(turn, place, replace(visit, result=Result(detail)))
        case "nothing", Step.WORDS:
            visit_talk.save(turn, place, replace(visit, words=""))
        case "change", Step.REVIEW:
            _change(turn, place, visit, detail)
        case "send", Step.REVIEW:
            sending.send(turn, place, visit)
        case "cancel", _ if detail == "yes":
            _give_up(turn, place, visit)
        case "cancel", _:
            ask(turn, place)
        case "next", Step.NEXT_STEP:
            nextsteps.pressed(turn, place, visit, detail, visit_talk.save)
        case _:
            raise Refusal("conversation/changed")


def own(turn: Turn, place: Place) -> Visit:
    """The visit of this place, if it is the rep's own and still open."""
    visit = stored.get_to_change(turn.connection, place.subject)
    if visit.person_id != turn.person.id or visit.sent_at is not None:
        raise Refusal("conversation/changed")
    return visit


def _check_out(turn: Turn, place: Place, visit: Visit, located: Located | None) -> None:
    why = refuse(located) if located is not None else None
    if why is not None:
        raise Refusal(f"checkin/{why}")
    where: dict[str, Any] = {}
    if located is not None:
        where = {"out_latitude": located.point.latitude, "out_longitude": located.point.longitude}
    check_out_at(turn, place, visit, turn.now, **where)


def check_out_at(turn: Turn, place: Place, visit: Visit, at: datetime, **where: Any) -> None:
    """He has left by then; with his live location on, the stay is what that covers."""
    at = max(visit.checked_in_at, min(at, turn.now))
    is_live = live_shares.shown_on(turn, visit) is not None
    covered = live_shares.covered_of(turn, visit, at) if is_live else None
    visit = rules.check_out(visit, at, covered)
    live_shares.release(turn, visit, at)
    visit_talk.save(turn, place, visit, closes_at=None, **where)


def _change(turn: Turn, place: Place, visit: Visit, what: str) -> None:
    """From the review back to one part of the report."""
    match what:
        case "result":
            visit_talk.save(turn, place, replace(visit, result=None))
        case "words":
            visit_talk.save(turn, place, replace(visit, words=None))
        case "next":
            visit_talk.save(turn, place, replace(visit, next_step=None))
        case _:
            raise Refusal("conversation/changed")


def cancel(turn: Turn, place: Place) -> bool:
    """Ask once more: a visit is not lost by a slip of the thumb."""
    turn.ask(place, "visit/really_cancel", customer=own(turn, place).customer.name)
    return False


def _give_up(turn: Turn, place: Place, visit: Visit) -> None:
    """The visit ends unreported; what was told stays stored."""
    stored.cancel(turn.connection, visit.id)
    live_shares.release(turn, visit, visit.checked_in_at)
    positions.take_back(turn, visit)
    testimonies.withdraw(turn, visit)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    say_cancelled(turn, "visit/cancelled")


def say_cancelled(turn: Turn, message: str) -> None:
    """Say so, with the menu's keys."""
    turn.say(message, rows=menus.keys_of(turn.person.roles))


def close_forgotten(turn: Turn, visit_id: int) -> None:
    """Nobody checked out in time: the stay is unknown, and the rep is asked for his report."""
    closes_at = stored.get_row(turn.connection, visit_id).closes_at
    visit = rules.closed_for_him(stored.get_to_change(turn.connection, visit_id), closes_at or turn.now)
    stored.save(turn.connection, visit, closes_at=None)
    live_shares.release(turn, visit, closes_at or turn.now)
    rep = people.get(turn.connection, visit.person_id)
    if rep.active:
        turn.say("visit/closed_for_you", to=rep, customer=visit.customer.name, at=visit.checked_in_at.isoformat())


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
