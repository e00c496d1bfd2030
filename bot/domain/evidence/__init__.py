"""What was seen of a visit: fixes, stays, levels and the flags of a whole stream; never that it is genuine."""

from bot.domain.evidence.arrival import Arrival, Doubt, judge_arrival, refuse
from bot.domain.evidence.fixes import Fence, Fix, Outcome
from bot.domain.evidence.ladder import (
    Evidence,
    Fact,
    FactCode,
    Level,
    Witness,
    level_of,
    lower_than_asked,
    testified,
)
from bot.domain.evidence.points import CheckedIn, exact_stored_point, impossible_speed, same_point_other_customer
from bot.domain.evidence.settling import settled
from bot.domain.evidence.stay import Gap, Stay, stay_of
from bot.domain.evidence.streams import stream_flags
from bot.domain.evidence.twins import Match, fingerprints, same_stream

__all__ = [
    "Arrival",
    "CheckedIn",
    "Doubt",
    "Evidence",
    "Fact",
    "FactCode",
    "Fence",
    "Fix",
    "Gap",
    "Level",
    "Match",
    "Outcome",
    "Stay",
    "Witness",
    "exact_stored_point",
    "fingerprints",
    "impossible_speed",
    "judge_arrival",
    "level_of",
    "lower_than_asked",
    "refuse",
    "same_point_other_customer",
    "same_stream",
    "settled",
    "stay_of",
    "stream_flags",
    "testified",
]
