"""Talking about a flagged visit: a manager's question or reason, a rep's answer or appeal."""

from functools import partial

from bot.domain import review as rules
from bot.domain.conversation import Input, Photographed, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.domain.review import Act
from bot.services import digest_pages, menus, photos, reviews
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people, visits
from storage import reviews as stored
from storage.conversations import Place

FLOW_NAME = "review"
OFFERED = {Act.ASK: ("where", "photo", "short"), Act.REJECT: ("elsewhere", "other_photo", "no_visit")}


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A decision about the visit, or one of the reasons that are offered for it."""
    person = turn.person
    choice, _, detail = press.choice.partition("-")
    if place is not None and choice in ("because", "nothing", "back"):
        _of_question(turn, place, choice, detail)
        return
    if choice not in set(Act) or Act(choice) not in rules.OF_MANAGER | rules.OF_REP:
        raise Refusal("conversation/changed")
    act = Act(choice)
    person.require(*((Role.MANAGER, Role.ADMIN) if act in rules.OF_MANAGER else (Role.REP,)))
    if act is Act.ACCEPT:
        reviews.act(turn, press.subject, act)
        _passed_on(turn, press.subject, act)
        return
    if act is Act.APPEAL:  # one tap: what he adds to it may come, or not
        reviews.act(turn, press.subject, act)
        act = Act.ADD
    else:
        reviews.check(turn, press.subject, act)
    begin = partial(conversations.begin, subject=press.subject, state={"act": act.value})
    ask(turn, begin(turn.connection, person.id, FLOW_NAME, turn.now))


def _of_question(turn: Turn, place: Place, choice: str, detail: str) -> None:
    act = Act(place.state["act"])
    match choice:
        case "because" if detail in OFFERED.get(act, ()):
            _finish(turn, place, f"{act.value}.{detail}")
        case "nothing" if act is Act.ADD:
            _end(turn, place)
            turn.say("review/noted", rows=menus.keys_of(turn.person.roles))
        case "back":
            _end(turn, place)
            digest_pages.show_visit(turn, place.subject)
        case _:
            raise Refusal("conversation/changed")


def ask(turn: Turn, place: Place) -> None:
    """For a sentence; of a rep also for a photo."""
    act = Act(place.state["act"])
    visit = visits.get(turn.connection, place.subject)
    message = "review/why" if act in rules.OF_MANAGER else "review/say"
    offered = list(OFFERED.get(act, ()))
    turn.ask(place, message, act=act.value, customer=visit.customer.name, visit_id=visit.id, offered=offered)


def given(turn: Turn, place: Place, what: Input) -> None:
    """The sentence, or a rep's photo with or without one."""
    act = Act(place.state["act"])
    if act not in reviews.acts_of(turn, turn.person, place.subject):
        _overtaken(turn, place)
        return
    match what:
        case Said(text):
            _finish(turn, place, text)
        case Photographed() if act in rules.OF_REP:
            visit = visits.get(turn.connection, place.subject)
            photo_id = photos.take(turn, visit, photos.OF_REVIEW, what)
            _finish(turn, place, what.caption, photo_id)
        case _:
            raise Refusal("review/words_wanted")


def _finish(turn: Turn, place: Place, words: str, photo_id: int | None = None) -> None:
    act = Act(place.state["act"])
    if len(words.strip()) < rules.WORDS_LEAST and photo_id is None:
        raise Refusal("review/words_wanted")
    reviews.act(turn, place.subject, act, words, photo_id)
    _end(turn, place)
    if act in rules.OF_MANAGER:
        _passed_on(turn, place.subject, act)
    else:
        turn.say("review/noted", rows=menus.keys_of(turn.person.roles))


def _overtaken(turn: Turn, place: Place) -> None:
    """Somebody else decided meanwhile, or it is not his to say any more: the question is not put again."""
    _end(turn, place)
    turn.say("review/overtaken", visit_id=place.subject)


def _passed_on(turn: Turn, visit_id: int, act: Act) -> None:
    visit = visits.get(turn.connection, visit_id)
    rep = people.get(turn.connection, visit.person_id).name
    turn.say("review/passed_on", act=act.value, visit_id=visit_id, customer=visit.customer.name, rep=rep)


def _end(turn: Turn, place: Place) -> None:
    """Whatever was said, the question is answered."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)


def cancel(turn: Turn, place: Place) -> bool:
    """Nothing was said: the review stands as it did."""
    _end(turn, place)
    turn.say("review/as_it_was", state=stored.states(turn.connection, [place.subject])[place.subject].value)
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
