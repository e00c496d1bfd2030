"""Which policies decide whether a flag is raised: what an admin may tune where it comes too often, or too seldom."""

from collections.abc import Iterable, Mapping
from typing import Any

from bot.domain.evidence import Doubt
from bot.domain.flags import FlagCode
from bot.domain.policy import Declaration, Policy

# The one that decides most stands first. What is missing here cannot be tuned: it is a bare fact, or a rule that was
# measured as a whole on the logs of real phones (`bot.domain.evidence.thresholds`).
TUNED_BY: Mapping[FlagCode, tuple[Declaration[Any], ...]] = {
    FlagCode.OUTSIDE: (Policy.fence_radius, Policy.fence_accuracy),
    FlagCode.CANNOT_TELL: (Policy.fence_accuracy, Policy.fence_flagged),
    FlagCode.SAME_POINT_OTHER_CUSTOMER: (Policy.fence_radius,),
    FlagCode.IMPOSSIBLE_SPEED: (Policy.speed_limit, Policy.speed_over),
    FlagCode.STAY_SHORT: (Policy.stay_minimum,),
    FlagCode.LATE: (Policy.report_late_after,),
    FlagCode.CLOSED_AUTOMATICALLY: (Policy.visit_closes_after,),
    FlagCode.EVIDENCE_LOW: (Policy.evidence_level, Policy.stay_minimum, Policy.evidence_gap),
    FlagCode.CONSTANT_POINT: (Policy.evidence_still,),
    FlagCode.CHALLENGE_UNMET: (Policy.challenge_within, Policy.challenge_asked),
}


def tuned_by(code: FlagCode, facts: Mapping[str, Any]) -> tuple[Declaration[Any], ...]:
    """The policies behind one flag; none help where nobody has told, or confirmed, where the customer is."""
    if facts.get("why") in (Doubt.NO_CUSTOMER_POSITION, Doubt.POSITION_UNCONFIRMED):
        return ()
    return TUNED_BY.get(code, ())


def first_rules(flags: Iterable[Mapping[str, Any]]) -> list[str]:
    """The key of the policy that decides most about each of these flags, as messages have them; each key once."""
    rules = [tuned_by(FlagCode(flag["code"]), flag["facts"]) for flag in flags]
    return list(dict.fromkeys(policies[0].key for policies in rules if policies))
