"""A visit from check-in to sending: what is still missing, and what each input adds."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.checklist import Checklist
from bot.domain.conversation import Refusal
from bot.domain.customer import Customer
from bot.domain.effectiveness import Effectiveness, Result, VisitFacts, judge_effectiveness
from bot.domain.evidence import Arrival
from bot.domain.flags import Flag, closed_automatically, sent_late, stay_short
from bot.domain.leave import Leave
from bot.domain.people import Person
from bot.domain.policy import Policy

WORDS_MOST = 2000  # characters of what the customer said


class Purpose(StrEnum):
    """Why the rep goes; each has its own result question."""

    FIRST = "first"
    PROPOSAL = "proposal"
    RELATIONSHIP = "relationship"
    PROBLEM = "problem"


class Step(StrEnum):
    """What is asked, in this order."""

    CHECKLIST = "checklist"
    CHECK_OUT = "check_out"
    RESULT = "result"
    WORDS = "words"
    NEXT_STEP = "next_step"
    REVIEW = "review"
    DONE = "done"


@dataclass(frozen=True)
class NextStep:
    """What was promised to the customer, on a local date, with a time where one was said."""

    what: str
    due_on: date
    due_time: time | None = None


@dataclass(frozen=True)
class NoNextStep:
    """An explicit "none", with its reason."""

    reason: str


@dataclass(frozen=True)
class Visit:
    """An open or finished visit; `checked_out_at` stays None when it was closed automatically: the stay is unknown.

    A remote contact has no `arrival`: nobody came, so nobody leaves, and there is no stay. `covered` is how long a live
    location shows the rep inside the fence, where he checked out by it.
    """

    id: int
    person_id: int
    customer: Customer
    type: str
    purpose: Purpose
    checklist: Checklist
    arrival: Arrival | None
    checked_in_at: datetime
    checked_out_at: datetime | None = None
    covered: timedelta | None = None
    closed_automatically: bool = False
    result: Result | None = None
    words: str | None = None
    next_step: NextStep | NoNextStep | None = None
    flags: tuple[Flag, ...] = ()
    sent_at: datetime | None = None

    @property
    def is_remote(self) -> bool:
        return self.arrival is None

    @property
    def stay(self) -> timedelta | None:
        """What a live location covers of it, else check-out minus check-in; None while unknown."""
        if self.covered is not None:
            return self.covered
        return self.checked_out_at - self.checked_in_at if self.checked_out_at is not None else None

    @property
    def is_checked_out(self) -> bool:
        return self.checked_out_at is not None or self.closed_automatically or self.is_remote


def next_step(visit: Visit) -> Step:
    """The first thing that is still missing."""
    if visit.sent_at is not None:
        return Step.DONE
    if visit.checklist.open_items():
        return Step.CHECKLIST
    if not visit.is_checked_out:
        return Step.CHECK_OUT
    if visit.result is None:
        return Step.RESULT
    if visit.words is None:
        return Step.WORDS
    return Step.NEXT_STEP if visit.next_step is None else Step.REVIEW


def check_out(visit: Visit, now: datetime, covered: timedelta | None = None) -> Visit:
    """The rep leaves; refuses while required items are open, with their names. `covered`: see `Visit`."""
    missing = visit.checklist.missing()
    if missing:
        raise Refusal("visit/items_missing", items=[dict(item.title) for item in missing])
    if visit.is_checked_out:
        raise Refusal("conversation/changed")
    return replace(visit, checked_out_at=max(now, visit.checked_in_at), covered=covered)


def closed_for_him(visit: Visit, at: datetime) -> Visit:
    """Nobody checked out by then: the visit is closed with a flag, its stay unknown and never guessed."""
    if visit.is_checked_out:
        return visit
    flag = closed_automatically(visit.checked_in_at, at)
    return replace(visit, closed_automatically=True, flags=(*visit.flags, flag))


@dataclass(frozen=True)
class Sent:
    """A finished visit with what was judged about it."""

    visit: Visit
    effectiveness: Effectiveness
    late: bool


def send(visit: Visit, rep: Person, now: datetime, policy: Policy, leaves: Iterable[Leave] = ()) -> Sent:
    """Finish the visit: judge its process and its result, and raise what its manager should see.

    `policy` is the one in force for this rep, customer and type of visit.
    """
    if next_step(visit) is not Step.REVIEW:
        raise Refusal("conversation/changed")
    late = sent_late(visit.checked_in_at, now, rep.zone, policy, leaves)
    raised = (stay_short(visit.stay, policy.stay_minimum), late)
    visit = replace(visit, sent_at=now, flags=(*visit.flags, *(flag for flag in raised if flag is not None)))
    return Sent(visit, judge(visit, policy), late is not None)


def judge(visit: Visit, policy: Policy) -> Effectiveness:
    """How effective a finished visit was, by what is stored of it."""
    facts = VisitFacts(
        arrival=visit.arrival.outcome if visit.arrival is not None else None,
        stay=visit.stay,
        minimum_stay=policy.stay_minimum,
        required_items_missing=len(visit.checklist.missing()),
        result=visit.result,
        next_step_dated=isinstance(visit.next_step, NextStep),
    )
    return judge_effectiveness(facts, policy)
