"""What a whole live location says by itself: a point that never moves, chance, a ruler's line, a leap."""

from collections.abc import Iterable

from bot.domain.evidence.fixes import Fix
from bot.domain.evidence.moving import straight_line, teleport
from bot.domain.evidence.still import constant_point, jittered_point
from bot.domain.evidence.thresholds import CHOSEN, Thresholds
from bot.domain.evidence.track import Track
from bot.domain.flags import Flag
from bot.domain.policy import Policy

# A phone that is less sure than this (metres) jumps about by itself: its motion says nothing.
MOTION_NEEDS_ACCURACY = 100.0


def stream_flags(fixes: Iterable[Fix], policy: Policy, chosen: Thresholds = CHOSEN) -> tuple[Flag, ...]:
    """The flags of the live fixes of one visit, in whatever order they come; none for a stream of a few fixes.

    CONSTANT_POINT {fixes, minutes}, JITTERED_POINT {fixes, minutes, spread}, STRAIGHT_LINE {distance, minutes,
    kmh}, IMPOSSIBLE_SPEED {distance, minutes, kmh}.
    """
    track = Track.of(fixes)
    sure = track.surer_than(MOTION_NEEDS_ACCURACY)
    raised = (
        constant_point(track, policy, chosen),
        jittered_point(sure, chosen),
        straight_line(sure, chosen),
        teleport(sure, policy, chosen),
    )
    return tuple(flag for flag in raised if flag is not None)
