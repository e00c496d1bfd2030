"""A live location that stands still as no phone does: not moving at all, or moving by chance."""

import math
from collections.abc import Sequence
from datetime import timedelta
from itertools import pairwise
from statistics import median

from bot.domain.evidence.thresholds import Thresholds
from bot.domain.evidence.track import Track, place_of
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy


def constant_point(track: Track, policy: Policy, chosen: Thresholds) -> Flag | None:
    """One point with one accuracy for most of a stream, longer than a phone rests (`evidence.still`).

    A phone that repeats a point goes on measuring: its accuracy moves even while its point does not.
    """
    if not track.fixes:
        return None
    first, last = _longest_rest(track)
    count = last - first + 1
    lasted = timedelta(seconds=track.seconds[last] - track.seconds[first])
    accuracy = track.fixes[first].accuracy
    if accuracy is None:
        longest = chosen.point_rests
    else:
        longest = policy.evidence_still if accuracy > chosen.satellite else chosen.satellite_rests
    if count < max(chosen.constant_fixes, chosen.most_of_it * len(track)) or lasted < longest:
        return None
    return Flag(FlagCode.CONSTANT_POINT, {"fixes": count, "minutes": lasted // timedelta(minutes=1)})


def _longest_rest(track: Track) -> tuple[int, int]:
    """The first and last fix of the longest run of one point and accuracy."""
    seen = [(place_of(fix), fix.accuracy) for fix in track.fixes]
    best, first = (0, 0), 0
    for now, (before, after) in enumerate(pairwise(seen), start=1):
        if before != after:
            first = now
        if now - first > best[1] - best[0]:
            best = (first, now)
    return best


def jittered_point(track: Track, chosen: Thresholds) -> Flag | None:
    """Fixes scattered around one point by chance: each new, each independent of the last, none astray.

    Real phones drift (each fix is near the last), rest (many fixes are the last one) and stray (one lies far out).
    """
    first, last = _longest_without_jump(track, chosen.jump)
    count = last - first + 1
    if count < max(chosen.jitter_fixes, chosen.most_of_it * len(track)):
        return None
    east, north = track.east[first : last + 1], track.north[first : last + 1]
    if len(set(zip(east, north, strict=True))) < chosen.nearly_all_new * count:
        return None
    variance, steps = _variance(east) + _variance(north), _mean_square_step(east) + _mean_square_step(north)
    if steps < chosen.white * variance:
        return None
    middle_east, middle_north = median(east), median(north)
    radii = [math.hypot(x - middle_east, y - middle_north) for x, y in zip(east, north, strict=True)]
    if max(radii) > chosen.outermost * median(radii):
        return None
    minutes = int(track.seconds[last] - track.seconds[first]) // 60
    return Flag(FlagCode.JITTERED_POINT, {"fixes": count, "minutes": minutes, "spread": math.ceil(max(radii))})


def _longest_without_jump(track: Track, jump: float) -> tuple[int, int]:
    best, first = (0, 0), 0
    steps = zip(pairwise(track.east), pairwise(track.north), strict=True)
    for now, ((east, to_east), (north, to_north)) in enumerate(steps, start=1):
        if abs(to_east - east) > jump or abs(to_north - north) > jump:
            first = now
        if now - first > best[1] - best[0]:
            best = (first, now)
    return best


def _variance(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    return sum([(value - mean) ** 2 for value in values]) / len(values)


def _mean_square_step(values: Sequence[float]) -> float:
    return sum([(after - before) ** 2 for before, after in pairwise(values)]) / (len(values) - 1)
