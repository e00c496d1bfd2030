"""A checklist acted out for the admin who writes it: he answers as a rep would, and nothing of it is stored."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import timedelta
from typing import Any

from bot.domain.answers import Value, several_of, value_of
from bot.domain.checklist import Filed, Unclear
from bot.domain.conversation import ContactShared, Input, Photographed, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.domain.sop import Item, Kind
from bot.domain.visit import Visit
from bot.services import sop_talk, visit_cards
from bot.services.conversations import Flow
from bot.services.filing import ALBUM_GATHERS
from bot.services.sop_drafting import FLOW_NAME as DRAFTING
from bot.services.sop_drafting import Work, find, load
from bot.services.sop_trial import NOTHING_YET, moved, show, visit_of
from bot.services.turn import Turn
from storage import conversations
from storage.conversations import Place

FLOW_NAME = "soptry"


def start(turn: Turn, work: Work, _detail: str) -> None:
    """Take up the checklist as it is now."""
    if not work.sop.items:
        raise Refusal("sop/nothing_to_try")
    state = {"type": work.sop.type, "answers": {}, "photos": {}, **NOTHING_YET}
    place = conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state)
    show(turn, place, card_anew=True)


def ask(turn: Turn, place: Place) -> None:
    """Where the trial stands; one of a draft that is gone is over."""
    if find(turn, place) is None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    else:
        show(turn, place, card_anew=turn.pressed_message is None)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A photo, a card or words find their item as they do at a visit."""
    visit = visit_of(turn, place)
    if not isinstance(what, Photographed | Said | ContactShared):
        raise Refusal("conversation/unexpected")
    match visit.checklist.file(what, place.state["focus"], turn.now.astimezone(turn.zone)):
        case Unclear(items, told):
            wanted = visit.checklist.wanted(place.state["focus"])
            place = moved(turn, place, pending=_pending(told))
            turn.ask(
                place,
                "visit/where",
                items=[{**visit_cards.item_json(item), "number": visit_cards.number_of(visit, item)} for item in items],
                text=told.text if isinstance(told, Said) else None,
                wanted=visit_cards.item_json(wanted) if wanted is not None and wanted not in items else None,
            )
        case Filed(item, None) if isinstance(what, Photographed):
            _photo(turn, place, item, delay=ALBUM_GATHERS if what.album else None)
        case Filed() as filed:
            _answer(turn, place, visit, filed)


def _pending(told: Input) -> dict[str, Any]:
    if isinstance(told, Said | ContactShared):
        return asdict(told)
    return {"photo": True}


def _photo(turn: Turn, place: Place, item: Item, *, delay: timedelta | None = None) -> None:
    if item.kind is Kind.CODE:
        raise Refusal("sop/try_code")
    photos = {**place.state["photos"], item.id: place.state["photos"].get(item.id, 0) + 1}
    focus = place.state["focus"] if photos[item.id] < item.minimum else None
    show(turn, moved(turn, place, photos=photos, focus=focus), filed=item.id, delay=delay)


def _answer(turn: Turn, place: Place, visit: Visit, filed: Filed, *, sure: bool = False) -> None:
    doubt = visit.checklist.checked(filed.item, filed.value)
    if doubt is not None and not sure:
        kept = {"item": filed.item.id, "value": filed.value}
        place = moved(turn, place, focus=filed.item.id, doubt=kept)
        about = visit_cards.noted_as(visit, filed.item, filed.value)
        turn.ask(place, "visit/doubt", item=about, words=dict(doubt))
        return
    _take(turn, place, visit, filed.item, filed.value)


def _take(turn: Turn, place: Place, visit: Visit, item: Item, value: Value) -> None:
    checklist = visit.checklist.with_answer(item, value)
    show(turn, moved(turn, place, answers=dict(checklist.answers)), filed=item.id if value is not None else None)


# --- tapped -----------------------------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of the card, of a question, or of the end, to which an older card leads as well."""
    turn.require(Role.ADMIN)
    choice, _, detail = press.choice.partition("-")
    if place is None or choice not in _TAPS or (press.revision == 0 and choice != "end"):
        raise Refusal("conversation/changed")
    _TAPS[choice](turn, place, detail)


def _wanted(visit: Visit, place: Place) -> Item:
    item = visit.checklist.wanted(place.state["focus"])
    if item is None:
        raise Refusal("conversation/changed")
    return item


def _numbered(visit: Visit, number: str) -> Item:
    if not number.isdecimal() or not 0 < int(number) <= len(visit.checklist.items):
        raise Refusal("conversation/changed")
    return visit.checklist.items[int(number) - 1]


def _focus(turn: Turn, place: Place, number: str) -> None:
    visit = visit_of(turn, place)
    item, wanted = _numbered(visit, number), visit.checklist.wanted()
    if visit.checklist.sop.ordered and not visit.checklist.is_settled(item) and item != wanted:
        raise Refusal("checklist/in_order", item=dict(wanted.title) if wanted else {})
    show(turn, moved(turn, place, focus=item.id))


def _choose(turn: Turn, place: Place, choice: str) -> None:
    visit = visit_of(turn, place)
    item = _wanted(visit, place)
    _answer(turn, place, visit, Filed(item, value_of(item, Said(choice), turn.now.astimezone(turn.zone))))


def _tick(turn: Turn, place: Place, choice: str) -> None:
    visit = visit_of(turn, place)
    item = _wanted(visit, place)
    if choice not in {known.id for known in item.choices}:
        raise Refusal("conversation/changed")
    ticked = set(visit_cards.ticked(visit, item, place.state["ticked"])) ^ {choice}
    kept = {"item": item.id, "choices": sorted(ticked)}
    show(turn, moved(turn, place, focus=place.state["focus"], ticked=kept))


def _ticked(turn: Turn, place: Place, _detail: str) -> None:
    visit = visit_of(turn, place)
    item = _wanted(visit, place)
    ticked = visit_cards.ticked(visit, item, place.state["ticked"])
    _answer(turn, place, visit, Filed(item, several_of(item, ticked)))


def _sure(turn: Turn, place: Place, _detail: str) -> None:
    visit, doubt = visit_of(turn, place), place.state["doubt"]
    if doubt is None:
        raise Refusal("conversation/changed")
    _answer(turn, place, visit, Filed(visit.checklist.item(doubt["item"]), doubt["value"]), sure=True)


def _skip(turn: Turn, place: Place, _detail: str) -> None:
    visit = visit_of(turn, place)
    item = _wanted(visit, place)
    if item.kind is Kind.PHOTO and visit.checklist.is_settled(item):
        show(turn, moved(turn, place))
    else:
        _take(turn, place, visit, item, None)


def _here(turn: Turn, place: Place, number: str) -> None:
    """Which item a photo or words belong to."""
    pending = place.state["pending"]
    if number == "none" or pending is None:
        show(turn, moved(turn, place))
        return
    item = _numbered(visit_of(turn, place), number)
    if "photo" in pending:
        _photo(turn, place, item)
    else:
        told = ContactShared(**pending) if "phone" in pending else Said(pending["text"])
        given(turn, moved(turn, place, focus=item.id), told)


def _page(turn: Turn, place: Place, page: str) -> None:
    state = {**place.state, "page": int(page) if page.isdecimal() else None}
    show(turn, conversations.save(turn.connection, place, state))


def _again(turn: Turn, place: Place, _detail: str) -> None:
    show(turn, moved(turn, place, answers={}, photos={}), card_anew=True)


def _end(turn: Turn, place: Place, _detail: str) -> None:
    """Back to what is drafted."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("sop/try_left")
    drafting = conversations.find(turn.connection, place.person_id, DRAFTING)
    if drafting is not None and drafting.state["type"] is not None:
        turn.pressed_message = None
        sop_talk.show_page(turn, load(turn, drafting))


def cancel(turn: Turn, place: Place) -> bool:
    """Leave the trial."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("sop/try_left")
    return True


_TAPS: Mapping[str, Callable[[Turn, Place, str], None]] = {
    "item": _focus,
    "answer": _choose,
    "tick": _tick,
    "ticked": _ticked,
    "sure": _sure,
    "skip": _skip,
    "here": _here,
    "page": _page,
    "again": _again,
    "end": _end,
}
ACTS: Mapping[str, Callable[[Turn, Work, str], None]] = {"try": start}
FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
