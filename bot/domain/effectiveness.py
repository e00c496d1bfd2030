"""Whether a visit was effective, and what says so: its process and its result."""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from bot.domain.evidence import Outcome
from bot.domain.policy import Policy


class Result(StrEnum):
    """How far the visit's purpose was reached, in the rep's own judgement."""

    REACHED = "reached"
    PARTLY = "partly"
    NOT_REACHED = "not_reached"


class Verdict(StrEnum):
    """All requirements met, one missing, or more."""

    EFFECTIVE = "effective"
    PARTIAL = "partial"
    NOT_EFFECTIVE = "not_effective"


class Requirement(StrEnum):
    """What an effective visit needs: the first three are its process, the last two its result."""

    FENCE = "fence"
    STAY = "stay"
    ITEMS = "items"
    RESULT = "result"
    NEXT_STEP = "next_step"


@dataclass(frozen=True)
class VisitFacts:
    """What is known of a finished visit. `arrival` is None for a remote contact, `stay` None when it is unknown."""

    arrival: Outcome | None
    stay: timedelta | None
    minimum_stay: timedelta
    required_items_missing: int
    result: Result | None
    next_step_dated: bool


@dataclass(frozen=True)
class Effectiveness:
    """The verdict with the requirements that were met and those that were missing, in their order."""

    verdict: Verdict
    met: tuple[Requirement, ...]
    missing: tuple[Requirement, ...]


def judge_effectiveness(facts: VisitFacts, policy: Policy) -> Effectiveness:
    """Judge by the requirements that the company switched on and that apply to this kind of visit.

    Only what was shown counts as met: a location that cannot tell and an unknown stay are missing.
    A remote contact has neither fence nor stay, and is judged by the rest.
    """
    remote = facts.arrival is None
    met_by_requirement: dict[Requirement, bool] = {}
    if policy.effective_needs_fence and not remote:
        met_by_requirement[Requirement.FENCE] = facts.arrival is Outcome.INSIDE
    if policy.effective_needs_stay and not remote:
        met_by_requirement[Requirement.STAY] = facts.stay is not None and facts.stay >= facts.minimum_stay
    if policy.effective_needs_items:
        met_by_requirement[Requirement.ITEMS] = facts.required_items_missing == 0
    if policy.effective_needs_result:
        met_by_requirement[Requirement.RESULT] = facts.result in (Result.REACHED, Result.PARTLY)
    if policy.effective_needs_next_step:
        met_by_requirement[Requirement.NEXT_STEP] = facts.next_step_dated

    missing = tuple(requirement for requirement, met in met_by_requirement.items() if not met)
    verdict = {0: Verdict.EFFECTIVE, 1: Verdict.PARTIAL}.get(len(missing), Verdict.NOT_EFFECTIVE)
    return Effectiveness(verdict, tuple(r for r, met in met_by_requirement.items() if met), missing)
