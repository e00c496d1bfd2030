"""Filing what arrives on the checklist of a visit: photos, numbers and words find their item, in any order."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Any

from bot.domain.answers import Value, several_of, value_of
from bot.domain.checklist import Filed, Unclear
from bot.domain.conversation import ContactShared, Input, Photographed, Refusal, Said
from bot.domain.sop import PICTURED, Item, Kind
from bot.domain.visit import Visit, next_step
from bot.services import photos, visit_cards, visit_talk
from bot.services.turn import Turn
from storage import conversations
from storage import visits as stored
from storage.conversations import Place

ALBUM_GATHERS = timedelta(milliseconds=700)  # the photos of an album arrive as updates of their own


def file(turn: Turn, place: Place, visit: Visit, what: Input) -> None:
    """Find the item that an input answers, or ask which one is meant; an album stays together."""
    focus = place.state["focus"]
    if isinstance(what, Photographed):
        focus = photos.item_of_album(turn, visit, what) or focus
        if focus == photos.OF_CHALLENGE:  # the rest of an album, whose first photo has answered it
            photos.take(turn, visit, focus, what)
            return
    match visit.checklist.file(what, focus, _local(turn)):
        case Unclear(items, given):
            place = _moved(turn, place, pending=_pending(given))
            wanted = visit.checklist.wanted(focus)
            turn.ask(
                place,
                "visit/where",
                items=[{**visit_cards.item_json(item), "number": visit_cards.number_of(visit, item)} for item in items],
                text=what.text if isinstance(what, Said) else None,
                wanted=visit_cards.item_json(wanted) if wanted is not None and wanted not in items else None,
            )
        case Filed(item, None) if isinstance(what, Photographed):
            photos.take(turn, visit, item.id, what)
            visit = stored.get(turn.connection, visit.id)
            _after(turn, place, visit, filed=item.id, delay=ALBUM_GATHERS if what.album else None)
        case Filed() as filed:
            answer(turn, place, visit, filed)


def _pending(given: Input) -> dict[str, Any]:
    """An input that waits for its item, as the conversation keeps it."""
    if not isinstance(given, Said | Photographed | ContactShared):
        raise Refusal("conversation/unexpected")
    return asdict(given)


def _kept(pending: dict[str, Any]) -> Said | Photographed | ContactShared:
    if "file_id" in pending:
        return Photographed(**pending)
    return ContactShared(**pending) if "phone" in pending else Said(pending["text"])


def file_pending(turn: Turn, place: Place, visit: Visit, number: str) -> None:
    """The rep said which item he meant, or none of them."""
    if number == "none":
        visit_talk.show(turn, _moved(turn, place), visit)
        return
    item, given = numbered(visit, number), _kept(place.state["pending"])
    if not isinstance(given, Photographed):
        file(turn, _moved(turn, place, focus=item.id), visit, given)
        return
    photos.take(turn, visit, item.id, given)
    _after(turn, place, stored.get(turn.connection, visit.id), filed=item.id)


def numbered(visit: Visit, number: str) -> Item:
    """The item of a line of the card; refuses a number that the card does not have."""
    items = visit.checklist.items
    if not number.isdecimal() or not 0 < int(number) <= len(items):
        raise Refusal("conversation/changed")
    return items[int(number) - 1]


def _local(turn: Turn) -> datetime:
    return turn.now.astimezone(turn.zone)


def _moved(turn: Turn, place: Place, *, step: str | None = None, **state: Any) -> Place:
    """The conversation goes on; what is not named here is over: an item in focus, ticks, a doubt, a waiting photo."""
    over = {"focus": None, "pending": None, "ticked": None, "doubt": None, "page": None}
    kept = {**place.state, **over, **state}
    return conversations.save(turn.connection, place, kept, place.step if step is None else step)


def focus(turn: Turn, place: Place, visit: Visit, number: str) -> None:
    """An item of the card was tapped: ask it now, whether it is open or to be corrected."""
    item = numbered(visit, number)
    wanted = visit.checklist.wanted()
    if visit.checklist.sop.ordered and not visit.checklist.is_settled(item) and item != wanted:
        raise Refusal("checklist/in_order", item=dict(wanted.title) if wanted else {})
    visit_talk.show(turn, _moved(turn, place, focus=item.id), visit, changed=True)


def turn_page(turn: Turn, place: Place, visit: Visit, page: str) -> None:
    """Another page of the card."""
    if not page.isdecimal():
        raise Refusal("conversation/changed")
    state = {**place.state, "page": int(page)}
    place = conversations.save(turn.connection, place, state, place.step)
    visit_talk.show(turn, place, visit)
    visit_talk.show_card(turn, place, visit, anew=False, delay=None)


def tick(turn: Turn, place: Place, visit: Visit, choice: str) -> None:
    """One of several answers was tapped, on or off; they count once the rep says that these are all."""
    item = visit.checklist.wanted(place.state["focus"])
    if item is None or item.kind is not Kind.SEVERAL_OF or choice not in {known.id for known in item.choices}:
        raise Refusal("conversation/changed")
    ticked = set(visit_cards.ticked(visit, item, place.state.get("ticked"))) ^ {choice}
    place = _moved(turn, place, focus=place.state["focus"], ticked={"item": item.id, "choices": sorted(ticked)})
    visit_talk.show(turn, place, visit)


def ticked_all(turn: Turn, place: Place, visit: Visit) -> None:
    """These are all: the ticked choices are the answer."""
    item = visit.checklist.wanted(place.state["focus"])
    if item is None or item.kind is not Kind.SEVERAL_OF:
        raise Refusal("conversation/changed")
    ticked = visit_cards.ticked(visit, item, place.state.get("ticked"))
    answer(turn, place, visit, Filed(item, several_of(item, ticked)))


def codes_read(turn: Turn, place: Place, visit: Visit, item_id: str, codes: Sequence[str]) -> None:
    """A photo was looked through for codes: one is the answer; of several the rep says which, none he is told."""
    if item_id not in {item.id for item in visit.checklist.items} or visit.checklist.answers.get(item_id) is not None:
        return  # typed meanwhile, or not asked any more
    item = visit.checklist.item(item_id)
    if len(codes) == 1:
        try:
            answer(turn, place, visit, Filed(item, codes[0]))
        except Refusal as refusal:  # a check forbids this code; nobody has typed it who could be refused
            turn.say(refusal.message, **refusal.context)
        return
    place = _moved(turn, place, focus=item_id, pending={"codes": list(codes)} if codes else None)
    about = {**visit_cards.item_json(item), "number": visit_cards.number_of(visit, item)}
    turn.ask(place, "visit/codes", item=about, codes=list(codes))


def choose_code(turn: Turn, place: Place, visit: Visit, number: str) -> None:
    """Which of the codes on the photo is meant."""
    codes, item = place.state["pending"].get("codes", ()), visit.checklist.wanted(place.state["focus"])
    if item is None or not number.isdecimal() or not 0 < int(number) <= len(codes):
        raise Refusal("conversation/changed")
    answer(turn, place, visit, Filed(item, codes[int(number) - 1]))


def choose(turn: Turn, place: Place, visit: Visit, choice: str) -> None:
    """A button that is the answer itself."""
    item = visit.checklist.wanted(place.state["focus"])
    if item is None:
        raise Refusal("conversation/changed")
    answer(turn, place, visit, Filed(item, value_of(item, Said(choice), _local(turn))))


def answer(turn: Turn, place: Place, visit: Visit, filed: Filed, *, sure: bool = False) -> None:
    """Take an answer; one that a soft check doubts is asked about first."""
    doubt = visit.checklist.checked(filed.item, filed.value)
    if doubt is not None and not sure:
        place = _moved(turn, place, focus=filed.item.id, doubt={"item": filed.item.id, "value": filed.value})
        about = visit_cards.noted_as(visit, filed.item, filed.value)
        turn.ask(place, "visit/doubt", item=about, words=dict(doubt))
        return
    _take(turn, place, visit, filed.item, filed.value, filed=filed.item.id)


def keep_doubted(turn: Turn, place: Place, visit: Visit) -> None:
    """The rep is sure of an answer that was doubted."""
    doubt = place.state.get("doubt")
    if doubt is None:
        raise Refusal("conversation/changed")
    answer(turn, place, visit, Filed(visit.checklist.item(doubt["item"]), doubt["value"]), sure=True)


def skip(turn: Turn, place: Place, visit: Visit) -> None:
    """Leave out the optional item that is asked, or go on from one that has its photos."""
    item = visit.checklist.wanted(place.state["focus"])
    if item is None:
        raise Refusal("conversation/changed")
    if item.kind in PICTURED and visit.checklist.is_settled(item):
        _after(turn, place, visit, filed=None)
    else:
        _take(turn, place, visit, item, None, filed=None)


def _take(turn: Turn, place: Place, visit: Visit, item: Item, value: Value, *, filed: str | None) -> None:
    visit = replace(visit, checklist=visit.checklist.with_answer(item, value))
    stored.answer(turn.connection, visit.id, item.id, value, turn.now)
    _after(turn, place, visit, filed=filed)


def _after(turn: Turn, place: Place, visit: Visit, *, filed: str | None, delay: timedelta | None = None) -> None:
    """Something was filed: the card changes, and what is missing next is asked."""
    kept = place.state["focus"]
    more = filed is not None and kept == filed and not visit.checklist.is_settled(visit.checklist.item(filed))
    place = _moved(turn, place, focus=kept if more else None, step=next_step(visit))
    visit_talk.show(turn, place, visit, changed=True, filed=filed, delay=delay)
