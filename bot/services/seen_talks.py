"""What is said about a photo that was seen before: both side by side, the rep's word for it, or another photo."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.flags import Flag, FlagCode
from bot.domain.people import Role
from bot.domain.transition import is_held_back
from bot.domain.visit import Visit
from bot.services import transitions, visit_talk
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, fingerprints, people, visits
from storage.conversations import Place
from storage.database import Row

FLOW_NAME = "seen"
WHY_MOST = 500  # characters


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button below the message about a photo, or on the page of its visit."""
    photo = fingerprints.find_photo(turn.connection, press.subject)
    if photo is None:
        raise Refusal("conversation/changed")
    match press.choice:
        case "pair":
            _show_pair(turn, photo)
        case "back":
            _take_back(turn, photo)
        case "why":
            _own(turn, photo)
            begun = conversations.begin(
                turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=photo.id, state={}
            )
            ask(turn, begun)
        case _:
            raise Refusal("conversation/changed")


def _show_pair(turn: Turn, photo: Row[Any]) -> None:
    """Both photos, for who may see the new one's rep; that rep himself sees no colleague's."""
    pair = fingerprints.find_pair(turn.connection, photo.id)
    rep = people.get(turn.connection, photo.person_id)
    if not turn.person.may_see(rep):
        raise Refusal("digest/not_your_team")
    if pair is None or (turn.person.id != rep.id and _is_hidden(turn, photo)):
        raise Refusal("conversation/changed")
    earlier = visits.get_photo(turn.connection, pair.earlier_id)
    if turn.person.id == rep.id != earlier.person_id:
        raise Refusal("photo/seen_elsewhere")
    turn.say(
        "photo/seen_pair",
        photos=[pair.picture],
        how=pair.how,
        new=_side(turn, photo),
        earlier=_side(turn, earlier),
        visit_id=photo.visit_id,
    )


def _is_hidden(turn: Turn, photo: Row[Any]) -> bool:
    visited_on = visits.get_row(turn.connection, photo.visit_id).visited_on
    return is_held_back(visited_on, transitions.end_for(turn, turn.person))


def _side(turn: Turn, photo: Row[Any]) -> dict[str, Any]:
    """When and where one of the two was sent; of a foreign team's only the day."""
    row, rep = visits.get_row(turn.connection, photo.visit_id), people.get(turn.connection, photo.person_id)
    if not turn.person.may_see(rep):
        return {"on": row.visited_on.isoformat(), "rep": None, "customer": None}
    customer = visits.get(turn.connection, row.id).customer.name
    return {"on": row.visited_on.isoformat(), "rep": rep.name, "customer": customer}


def _take_back(turn: Turn, photo: Row[Any]) -> None:
    """The rep chose the wrong picture: it counts no more, what was said of it neither, and he is asked for another."""
    visit = _own(turn, photo)
    place = conversations.find(turn.connection, turn.person.id, "visit")
    if visit.sent_at is not None or place is None or place.subject != visit.id:
        raise Refusal("photo/seen_sent")
    visits.change_photo(turn.connection, photo.id, state="broken")
    fingerprints.drop_pair(turn.connection, photo.id)
    turn.say("photo/taken_back", item=dict(visit.checklist.title_of(photo.item)))
    visit = visits.get(turn.connection, visit.id)
    visit_talk.save(turn, place, replace(visit, flags=tuple(flag for flag in visit.flags if not _is_of(flag, photo))))


def _own(turn: Turn, photo: Row[Any]) -> Visit:
    """The visit of a photo that the rep himself has sent, and that still counts; held until the transaction ends."""
    turn.require(Role.REP)
    visit = visits.get_to_change(turn.connection, photo.visit_id)
    if photo.person_id != turn.person.id or photo.state != "kept":
        raise Refusal("conversation/changed")
    return visit


def _is_of(flag: Flag, photo: Row[Any]) -> bool:
    return flag.code is FlagCode.PHOTO_SEEN_BEFORE and flag.facts["photo_id"] == photo.id


def ask(turn: Turn, place: Place) -> None:
    """For a sentence."""
    turn.ask(place, "photo/seen_why")


def given(turn: Turn, place: Place, what: Input) -> None:
    """The sentence: it stands with the flag from now on, for everybody who reads it."""
    photo = fingerprints.find_photo(turn.connection, place.subject)
    if not isinstance(what, Said) or photo is None:
        raise Refusal("photo/seen_words_wanted")
    visit = _own(turn, photo)
    flags = visits.flags_json(list(_explained(visit.flags, photo, what.text.strip()[:WHY_MOST])))
    visits.change(turn.connection, visit.id, flags=flags)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("photo/seen_noted", is_open=visit.sent_at is None)
    visit_place = conversations.find_current(turn.connection, place.person_id)
    if visit_place is not None and visit_place.flow == "visit" and visit_place.subject == visit.id:
        visit_talk.show(turn, visit_place, visits.get(turn.connection, visit.id))


def _explained(flags: Iterable[Flag], photo: Row[Any], why: str) -> Iterable[Flag]:
    for flag in flags:
        yield replace(flag, facts={**flag.facts, "why": why}) if _is_of(flag, photo) else flag


def _cancel(turn: Turn, place: Place) -> bool:
    return conversations.end(turn.connection, place.person_id, place.flow)


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=_cancel, standing=True)
