"""A live location that stands still as no phone does: not moving at all, or moving by chance."""

import math
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median

from bot.domain.evidence.track import Track, place_of
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy

# docs/evidence.md tells by which measurements these were chosen.
MOST_OF_IT = 0.8  # of the stream: a phone on a table may rest for a while in a longer stay
CONSTANT_FIXES = 10
# A fix this sure comes from satellites, and they never give one point twice for long; indoors a phone rests on what
# its networks say (20 m and worse).
SATELLITE = 15.0
SATELLITE_RESTS_FOR = timedelta(minutes=5)
# Without an accuracy to go by there is the point alone, and phones repeat that for an hour.
POINT_RESTS_FOR = timedelta(minutes=90)

JITTER_FIXES = 15
JUMP = 200.0
# Of independent draws the mean squared step is twice the variance; what drifts or rests has steps far shorter.
WHITE = 1.3
NEARLY_ALL_NEW = 0.8
# The outermost draw lies within this many times the median radius; a real phone's stray fix lies beyond.
OUTERMOST = 4.0


def constant_point(track: Track, policy: Policy) -> Flag | None:
    """One point with one accuracy for most of a stream, longer than a phone rests (`evidence.still`).

    A phone that repeats a point goes on measuring: its accuracy moves even while its point does not.
    """
    first, last = _longest_rest(track)
    count = last - first + 1
    lasted = timedelta(seconds=track.seconds[last] - track.seconds[first])
    accuracy = track.fixes[first].accuracy
    if accuracy is None:
        longest = POINT_RESTS_FOR
    else:
        longest = min(SATELLITE_RESTS_FOR, policy.evidence_still) if accuracy <= SATELLITE else policy.evidence_still
    if count < max(CONSTANT_FIXES, MOST_OF_IT * len(track)) or lasted < longest:
        return None
    return Flag(FlagCode.CONSTANT_POINT, {"fixes": count, "minutes": lasted // timedelta(minutes=1)})


def _longest_rest(track: Track) -> tuple[int, int]:
    """The first and last fix of the longest run of one point and accuracy."""
    seen = [(*place_of(fix), fix.accuracy) for fix in track.fixes]
    best, first = (0, 0), 0
    for now, (before, after) in enumerate(pairwise(seen), start=1):
        if before != after:
            first = now
        if now - first > best[1] - best[0]:
            best = (first, now)
    return best


def jittered_point(track: Track) -> Flag | None:
    """Fixes scattered around one point by chance: each new, each independent of the last, none astray.

    Real phones drift (each fix is near the last), rest (many fixes are the last one) and stray (one lies far out).
    """
    first, last = _longest_without_jump(track)
    count = last - first + 1
    if count < max(JITTER_FIXES, MOST_OF_IT * len(track)):
        return None
    east, north = track.east[first : last + 1], track.north[first : last + 1]
    if len(set(zip(east, north, strict=True))) < NEARLY_ALL_NEW * count:
        return None
    variance, steps = _variance(east) + _variance(north), _mean_square_step(east) + _mean_square_step(north)
    if steps < WHITE * variance:
        return None
    middle_east, middle_north = median(east), median(north)
    radii = [math.hypot(x - middle_east, y - middle_north) for x, y in zip(east, north, strict=True)]
    if max(radii) > OUTERMOST * median(radii):
        return None
    minutes = int(track.seconds[last] - track.seconds[first]) // 60
    return Flag(FlagCode.JITTERED_POINT, {"fixes": count, "minutes": minutes, "spread": math.ceil(max(radii))})


def _longest_without_jump(track: Track) -> tuple[int, int]:
    best, first = (0, 0), 0
    for now in range(1, len(track)):
        if track.step(now - 1, now) > JUMP:
            first = now
        if now - first > best[1] - best[0]:
            best = (first, now)
    return best


def _variance(values: Sequence[float]) -> float:
    mean = math.fsum(values) / len(values)
    return math.fsum([(value - mean) ** 2 for value in values]) / len(values)


def _mean_square_step(values: Sequence[float]) -> float:
    return math.fsum([(after - before) ** 2 for before, after in pairwise(values)]) / (len(values) - 1)
