"""A flagged visit waits for its manager: he accepts, asks or rejects; the rep answers, or appeals once."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from bot.domain.conversation import Refusal
from bot.domain.flags import Flag, FlagCode
from bot.domain.people import Person, led_by

WORDS_LEAST, WORDS_MOST = 2, 1000  # characters of a sentence


class State(StrEnum):
    """How a review stands."""

    WAITING = "waiting"
    ASKED = "asked"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    APPEALED = "appealed"


class Act(StrEnum):
    """What somebody did in a review; each is kept, with his words."""

    RAISE = "raise"  # flags were seen: the review begins, or begins again
    ACCEPT = "accept"
    ASK = "ask"
    REJECT = "reject"
    ANSWER = "answer"
    APPEAL = "appeal"
    ADD = "add"  # a sentence or a photo more


WAITS_FOR_MANAGER = frozenset((State.WAITING, State.APPEALED))
OUT = frozenset((State.REJECTED, State.APPEALED))  # it does not count: an appeal alone changes nothing about that
OF_MANAGER = frozenset((Act.ACCEPT, Act.ASK, Act.REJECT))
OF_REP = frozenset((Act.ANSWER, Act.APPEAL, Act.ADD))
NEEDS_WORDS = frozenset((Act.ASK, Act.REJECT))
_AFTER = {
    Act.RAISE: State.WAITING,
    Act.ACCEPT: State.ACCEPTED,
    Act.ASK: State.ASKED,
    Act.REJECT: State.REJECTED,
    Act.ANSWER: State.WAITING,
    Act.APPEAL: State.APPEALED,
}
_MAY: dict[Act, frozenset[State]] = {
    Act.ACCEPT: frozenset(State) - {State.ACCEPTED},
    Act.ASK: frozenset((State.WAITING, State.ASKED)),
    Act.REJECT: frozenset(State) - {State.REJECTED},
    Act.ANSWER: frozenset((State.ASKED,)),
    Act.APPEAL: frozenset((State.REJECTED,)),
    Act.ADD: frozenset((State.WAITING, State.APPEALED)),
}


def wants_review(flags: Iterable[Flag]) -> bool:
    """Whether a manager should look: a late report alone is told, but has nothing to be looked into."""
    return any(flag.code is not FlagCode.LATE for flag in flags)


def after(state: State | None, act: Act, done: Iterable[Act] = ()) -> State:
    """How the review stands after this; `done` is what was done before. Refuses what makes no sense now."""
    if act is Act.RAISE:
        return State.WAITING
    if state is None or state not in _MAY[act]:
        raise Refusal("conversation/changed")
    if act is Act.APPEAL and Act.APPEAL in done:
        raise Refusal("review/appealed_before")
    return _AFTER.get(act, state)


def judges(rep: Person, rejected_by: Person | None, everyone: Sequence[Person]) -> list[Person]:
    """Who decides on an appeal: those above him who rejected, so that nobody judges his own verdict.

    Where nobody is above him, he looks again himself. Nobody judges his own visit.
    """
    if rejected_by is None:
        return [person for person in led_by(rep, everyone) if person.id != rep.id]
    above = [person for person in led_by(rejected_by, everyone) if person.id != rep.id]
    return above or [rejected_by]
