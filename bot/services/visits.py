"""An open visit: what arrives is filed, the card is kept up to date, the next question is put."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from bot.domain import visit as rules
from bot.domain.checklist import Filed, Kind, Unclear, Value, choice_of
from bot.domain.conversation import Chose, Input, Located, Photographed, Pressed, Refusal, Said
from bot.domain.effectiveness import Result
from bot.domain.people import Person, Role
from bot.domain.visit import Step, Visit, next_step
from bot.services import menus, nextsteps, photos, sending, visit_cards
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people
from storage import visits as stored
from storage.conversations import Place

FLOW_NAME = "visit"
ALBUM_GATHERS = timedelta(milliseconds=700)  # the photos of an album arrive as updates of their own


def begin(turn: Turn, rep: Person, visit_id: int) -> None:
    """A visit was checked in: show its card and ask the first question."""
    state: dict[str, Any] = {"focus": None, "pending": None, "draft": None}
    place = conversations.begin(turn.connection, rep.id, FLOW_NAME, turn.now, subject=visit_id, state=state)
    visit = stored.get(turn.connection, visit_id)
    turn.say("visit/begun", **visit_cards.begun(visit))
    _show(turn, place, visit, card_anew=True)


def resume_open(turn: Turn, rep: Person) -> bool:
    """Go on with the rep's open visit; False when he has none. One open visit a rep."""
    visit_id = stored.find_open(turn.connection, rep.id)
    if visit_id is None:
        return False
    place = conversations.find(turn.connection, rep.id, FLOW_NAME)
    assert place is not None, "an open visit keeps its place"
    turn.say("visit/still_open", customer=stored.get(turn.connection, visit_id).customer.name)
    conversations.raise_up(turn.connection, place)
    ask(turn, place)
    return True


def ask(turn: Turn, place: Place) -> None:
    """The card and the current question again, at the bottom of the chat."""
    turn.require(Role.REP)
    _show(turn, place, _own(turn, place), card_anew=turn.pressed_message is None)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A photo, number, text or location for the open visit."""
    turn.require(Role.REP)
    visit = _own(turn, place)
    match next_step(visit), what:
        case _, Photographed():
            _file(turn, place, visit, what)
        case Step.CHECKLIST, Said():
            _file(turn, place, visit, what)
        case Step.CHECK_OUT, Located():
            _check_out(turn, place, visit, what)
        case Step.CHECK_OUT, Chose("check_out_plain"):
            _check_out(turn, place, visit, None)
        case Step.CHECK_OUT, _:
            raise Refusal("visit/check_out_wanted")
        case Step.WORDS, Said(text):
            words = text[: rules.WORDS_MOST]
            _save(turn, place, replace(visit, words=words))
        case Step.NEXT_STEP, Said(text):
            nextsteps.given(turn, place, visit, text, _save)
        case Step.RESULT, _:
            raise Refusal("conversation/choose")
        case Step.REVIEW, _:
            raise Refusal("visit/review_wanted")
        case _:
            raise Refusal("visit/location_later")


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the card, of the question or of the review."""
    turn.require(Role.REP)
    if place is None:
        raise Refusal("conversation/changed")
    visit = _own(turn, place)
    step = next_step(visit)
    choice, _, detail = press.choice.partition("-")
    match choice, step:
        case "item", _ if step is not Step.DONE:
            _focus(turn, place, visit, detail)
        case "answer", _:
            item = visit.checklist.wanted(place.state["focus"])
            if item is None:
                raise Refusal("conversation/changed")
            _answer(turn, place, visit, Filed(item, choice_of(item, detail)))
        case "skip", _:
            item = visit.checklist.wanted(place.state["focus"])
            if item is None:
                raise Refusal("conversation/changed")
            _skip(turn, place, visit, item.id)
        case "here", _ if place.state["pending"]:
            _file_pending(turn, place, visit, detail)
        case "result", Step.RESULT if detail in set(Result):
            _save(turn, place, replace(visit, result=Result(detail)))
        case "nothing", Step.WORDS:
            _save(turn, place, replace(visit, words=""))
        case "change", Step.REVIEW:
            _change(turn, place, visit, detail)
        case "send", Step.REVIEW:
            sending.send(turn, place, visit)
        case "cancel", _ if detail == "yes":
            _give_up(turn, place, visit)
        case "cancel", _:
            ask(turn, place)
        case "next", Step.NEXT_STEP:
            nextsteps.pressed(turn, place, visit, detail, _save)
        case _:
            raise Refusal("conversation/changed")


def _own(turn: Turn, place: Place) -> Visit:
    """The visit of this place, if it is the rep's own and still open."""
    visit = stored.get_to_change(turn.connection, place.subject)
    if visit.person_id != turn.person.id or visit.sent_at is not None:
        raise Refusal("conversation/changed")
    return visit


def _file(turn: Turn, place: Place, visit: Visit, what: Input) -> None:
    """Find the item that an input answers, or ask which one is meant; an album stays together."""
    focus = place.state["focus"]
    if isinstance(what, Photographed):
        focus = photos.item_of_album(turn, visit, what) or focus
    match visit.checklist.file(what, focus):
        case Unclear(items):
            pending = photos.pending(what) if isinstance(what, Photographed) else {"text": _text(what)}
            place = conversations.save(turn.connection, place, {**place.state, "pending": pending})
            wanted = visit.checklist.wanted(focus)
            turn.ask(
                place,
                "visit/where",
                items=[visit_cards.item_json(item) for item in items],
                text=pending.get("text"),
                wanted=visit_cards.item_json(wanted) if wanted is not None else None,
            )
        case Filed(item, _) if isinstance(what, Photographed):
            photos.take(turn, visit, item, what)
            _after(turn, place, visit.id, filed=item.id, delay=ALBUM_GATHERS if what.album else None)
        case Filed() as filed:
            _answer(turn, place, visit, filed)


def _text(what: Input) -> str:
    if not isinstance(what, Said):
        raise Refusal("conversation/unexpected")
    return what.text


def _file_pending(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    """The rep said which item he meant, or none of them."""
    pending = place.state["pending"]
    if item_id == "none":
        _show(turn, _focused(turn, place, None), visit)
        return
    if "text" in pending:
        given(turn, _focused(turn, place, item_id), Said(pending["text"]))
        return
    photos.take(turn, visit, visit.checklist.item(item_id), Photographed(**pending))
    _after(turn, place, visit.id, filed=item_id)


def _focused(turn: Turn, place: Place, item_id: str | None) -> Place:
    return conversations.save(turn.connection, place, {**place.state, "focus": item_id, "pending": None})


def _focus(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    """An item of the card was tapped: ask it now, whether it is open or to be corrected."""
    item = visit.checklist.item(item_id)
    wanted = visit.checklist.wanted()
    if visit.checklist.sop.ordered and not visit.checklist.is_settled(item) and item != wanted:
        raise Refusal("checklist/in_order", item=dict(wanted.title) if wanted else {})
    _show(turn, _focused(turn, place, item_id), visit, changed=True)


def _answer(turn: Turn, place: Place, visit: Visit, filed: Filed) -> None:
    visit.checklist.with_answer(filed.item, filed.value)
    stored.answer(turn.connection, visit.id, filed.item.id, filed.value, turn.now)
    _after(turn, place, visit.id, filed=filed.item.id)


def _skip(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    item = visit.checklist.item(item_id)
    value: Value = None
    if item.kind is not Kind.PHOTO or not visit.checklist.photos.get(item.id):
        visit.checklist.with_answer(item, value)
        stored.answer(turn.connection, visit.id, item.id, value, turn.now)
    _after(turn, place, visit.id, filed=None)


def _after(turn: Turn, place: Place, visit_id: int, *, filed: str | None, delay: timedelta | None = None) -> None:
    """Something was filed: the card changes, and what is missing next is asked."""
    visit = stored.get(turn.connection, visit_id)
    kept = place.state["focus"]
    if filed is not None and kept == filed and not visit.checklist.is_settled(visit.checklist.item(filed)):
        focus = kept  # more photos are wanted for it
    else:
        focus = None
    place = conversations.save(
        turn.connection, place, {**place.state, "focus": focus, "pending": None}, next_step(visit)
    )
    _show(turn, place, visit, changed=True, filed=filed, delay=delay)


def _check_out(turn: Turn, place: Place, visit: Visit, located: Located | None) -> None:
    visit = rules.check_out(visit, turn.now)
    where: dict[str, Any] = {"closes_at": None}
    if located is not None:
        where |= {"out_latitude": located.point.latitude, "out_longitude": located.point.longitude}
    _save(turn, place, visit, **where)


def _change(turn: Turn, place: Place, visit: Visit, what: str) -> None:
    """From the review back to one part of the report."""
    match what:
        case "result":
            _save(turn, place, replace(visit, result=None))
        case "words":
            _save(turn, place, replace(visit, words=None))
        case "next":
            _save(turn, place, replace(visit, next_step=None))
        case _:
            raise Refusal("conversation/changed")


def _save(turn: Turn, place: Place, visit: Visit, **more: Any) -> None:
    """Store the visit and put the next question."""
    stored.save(turn.connection, visit, **more)
    state = {**place.state, "draft": None, "focus": None, "pending": None}
    _show(turn, conversations.save(turn.connection, place, state, next_step(visit)), visit)


def _show(
    turn: Turn,
    place: Place,
    visit: Visit,
    *,
    card_anew: bool = False,
    changed: bool = False,
    filed: str | None = None,
    delay: timedelta | None = None,
) -> None:
    """The checklist card, edited in place, and the question below it."""
    step = next_step(visit)
    focus = place.state["focus"]
    if card_anew or changed:
        turn.show("card", "visit/card", anew=card_anew, delay=delay, place=place.at, **visit_cards.card(visit, focus))
    if step is Step.NEXT_STEP and focus is None:
        nextsteps.ask(turn, place, visit)
        return
    message, context = visit_cards.question(visit, focus)
    note = visit_cards.noted(visit, filed)
    turn.ask(place, message, delay=delay, below=card_anew, note=note, **context)


def cancel(turn: Turn, place: Place) -> bool:
    """Ask once more: a visit is not lost by a slip of the thumb."""
    turn.ask(place, "visit/really_cancel", customer=_own(turn, place).customer.name)
    return False


def _give_up(turn: Turn, place: Place, visit: Visit) -> None:
    """The visit ends unreported; what was told stays stored."""
    stored.cancel(turn.connection, visit.id)
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
    rep = people.get(turn.connection, visit.person_id)
    turn.say("visit/closed_for_you", to=rep, customer=visit.customer.name, at=visit.checked_in_at.isoformat())


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
