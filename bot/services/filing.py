"""Filing what arrives on the checklist of a visit: photos, numbers and words find their item, in any order."""

from dataclasses import replace
from datetime import timedelta

from bot.domain.checklist import Filed, Kind, Unclear, Value
from bot.domain.conversation import Input, Photographed, Refusal, Said
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
            visit = stored.get(turn.connection, visit.id)
            _after(turn, place, visit, filed=item.id, delay=ALBUM_GATHERS if what.album else None)
        case Filed() as filed:
            answer(turn, place, visit, filed)


def _text(what: Input) -> str:
    if not isinstance(what, Said):
        raise Refusal("conversation/unexpected")
    return what.text


def file_pending(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    """The rep said which item he meant, or none of them."""
    pending = place.state["pending"]
    if item_id == "none":
        visit_talk.show(turn, _focused(turn, place, None), visit)
        return
    if "text" in pending:
        file(turn, _focused(turn, place, item_id), visit, Said(pending["text"]))
        return
    photos.take(turn, visit, visit.checklist.item(item_id), Photographed(**pending))
    _after(turn, place, stored.get(turn.connection, visit.id), filed=item_id)


def _focused(turn: Turn, place: Place, item_id: str | None) -> Place:
    return conversations.save(turn.connection, place, {**place.state, "focus": item_id, "pending": None})


def focus(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    """An item of the card was tapped: ask it now, whether it is open or to be corrected."""
    item = visit.checklist.item(item_id)
    wanted = visit.checklist.wanted()
    if visit.checklist.sop.ordered and not visit.checklist.is_settled(item) and item != wanted:
        raise Refusal("checklist/in_order", item=dict(wanted.title) if wanted else {})
    visit_talk.show(turn, _focused(turn, place, item_id), visit, changed=True)


def answer(turn: Turn, place: Place, visit: Visit, filed: Filed) -> None:
    visit = replace(visit, checklist=visit.checklist.with_answer(filed.item, filed.value))
    stored.answer(turn.connection, visit.id, filed.item.id, filed.value, turn.now)
    _after(turn, place, visit, filed=filed.item.id)


def skip(turn: Turn, place: Place, visit: Visit, item_id: str) -> None:
    item = visit.checklist.item(item_id)
    value: Value = None
    if item.kind is not Kind.PHOTO or not visit.checklist.is_settled(item):
        visit = replace(visit, checklist=visit.checklist.with_answer(item, value))
        stored.answer(turn.connection, visit.id, item.id, value, turn.now)
    _after(turn, place, visit, filed=None)


def _after(turn: Turn, place: Place, visit: Visit, *, filed: str | None, delay: timedelta | None = None) -> None:
    """Something was filed: the card changes, and what is missing next is asked."""
    kept = place.state["focus"]
    if filed is not None and kept == filed and not visit.checklist.is_settled(visit.checklist.item(filed)):
        focus = kept  # more photos are wanted for it
    else:
        focus = None
    place = conversations.save(
        turn.connection, place, {**place.state, "focus": focus, "pending": None}, next_step(visit)
    )
    visit_talk.show(turn, place, visit, changed=True, filed=filed, delay=delay)
