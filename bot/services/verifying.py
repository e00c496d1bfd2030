"""`/verify`, a picture that is sent back, or the link in its code: whose it is, and whether it was altered."""

from datetime import timedelta
from typing import Any

from bot.domain import seal
from bot.domain.attachments import LARGEST
from bot.domain.conversation import Input, Photographed, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.domain.seal import Sealed
from bot.rendering import language_for
from bot.services import menus, picture_answers, seals
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, signing
from storage.conversations import Place

FLOW_NAME = "verify"
JOB = "verify"
WITHIN = timedelta(hours=1)
MEMBERS_MOST, STRANGERS_MOST = 60, 5  # an hour: guessing a digest of 80 bits is hopeless, downloading is our time


def command_verify(turn: Turn, argument: str) -> None:
    """`/verify` asks for a picture; with a code's link behind it, it answers at once."""
    person = turn.require(*Role)
    if argument:
        sealed = seal.read(argument)
        if sealed is None:
            raise Refusal("verify/picture_wanted")
        _answer(turn, sealed)
        return
    ask(turn, conversations.begin(turn.connection, person.id, FLOW_NAME, turn.now, state={}))


def ask(turn: Turn, place: Place) -> None:
    """Which picture."""
    turn.ask(place, "verify/ask")


def given(turn: Turn, place: Place, what: Input) -> None:
    """The picture, or its code."""
    if not is_offered(turn, what):
        raise Refusal("verify/picture_wanted")
    conversations.end(turn.connection, place.person_id, FLOW_NAME)


def is_offered(turn: Turn, what: Input) -> bool:
    """A picture, or a code's link, from whomever; it is looked at."""
    if isinstance(what, Photographed):
        _take(turn, what)
        return True
    sealed = seal.read(what.text) if isinstance(what, Said) else None
    if sealed is not None:
        _answer(turn, sealed)
    return sealed is not None


def opens(turn: Turn, token: str) -> bool:
    """Whether a start link is one of a photo's code; it is answered then, whoever opened it."""
    sealed = seal.read(token)
    if sealed is not None:
        _answer(turn, sealed)
    return sealed is not None


def _take(turn: Turn, photo: Photographed) -> None:
    """Queue the picture: it has to be downloaded, read and compared."""
    if photo.size is not None and photo.size > LARGEST:
        raise Refusal("photo/too_big", megabytes=LARGEST // 1024 // 1024)
    turn.work(JOB, _note(turn, file_id=photo.file_id))


def _answer(turn: Turn, sealed: Sealed) -> None:
    """Say what the code alone tells."""
    check_id = _note(turn)
    found = picture_answers.of_code(seals.judged(turn.connection, sealed))
    picture_answers.tell(turn, check_id, found)


def _note(turn: Turn, **values: Any) -> int:
    """Write down that somebody wants to know; refuses who has asked too often."""
    visitor = turn.visitor
    is_member = visitor is not None and visitor.active
    most = MEMBERS_MOST if is_member else STRANGERS_MOST
    if signing.count_checks(turn.connection, turn.chat_id, turn.now - WITHIN) >= most:
        raise Refusal("verify/too_many", count=most, language=_language(turn))
    return signing.add_check(
        turn.connection,
        chat_id=turn.chat_id,
        person_id=visitor.id if visitor is not None and is_member else None,
        language=_language(turn),
        asked_at=turn.now,
        **values,
    )


def _language(turn: Turn) -> str:
    if turn.visitor is not None:
        return turn.visitor.language
    return language_for(turn.origin.language_code if turn.origin is not None else None)


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """No picture after all."""
    turn.require(*Role)
    if place is None or press.choice != "cancel":
        raise Refusal("conversation/changed")
    cancel(turn, place)


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing is checked."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("verify/cancelled", rows=menus.keys_of(turn.person.roles))
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel)
