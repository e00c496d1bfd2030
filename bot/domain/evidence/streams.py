"""What a whole live location says by itself: a point that never moves, noise that is no phone's, a ruler's line."""

from collections.abc import Iterable

from bot.domain.evidence.fixes import Fix
from bot.domain.flags import Flag
from bot.domain.policy import Policy


def stream_flags(fixes: Iterable[Fix], policy: Policy) -> tuple[Flag, ...]:
    """The flags of the live fixes of one visit, in whatever order they come; none for a stream of a few fixes.

    CONSTANT_POINT {fixes, minutes, accuracy?}, JITTERED_POINT {fixes, minutes, spread}, STRAIGHT_LINE {distance,
    minutes, kmh}, IMPOSSIBLE_SPEED {distance, minutes, kmh}.
    """
    return ()
