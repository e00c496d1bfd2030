"""A live location that moves as nobody does: along a ruler at an even speed, or from one place to another at once."""

import math
from collections.abc import Iterator
from itertools import pairwise

from bot.domain.evidence.points import SPEED_NEEDS_ACCURACY
from bot.domain.evidence.thresholds import Thresholds
from bot.domain.evidence.track import Track
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy


def straight_line(track: Track, chosen: Thresholds) -> Flag | None:
    """A part of the way on which every fix is where an even speed in one direction puts it, within a few metres.

    Traffic, lights and feet are never that even: on real tracks a dozen fixes miss such a line by far more.
    """
    for first, last, speed in _even_parts(track, chosen):
        seconds = track.seconds[last] - track.seconds[first]
        if last - first + 1 < chosen.line_fixes or seconds < chosen.line_lasts.total_seconds():
            continue
        if speed * seconds >= chosen.line_metres:
            facts = {"distance": round(speed * seconds), "minutes": round(seconds / 60), "kmh": round(speed * 3.6, 1)}
            return Flag(FlagCode.STRAIGHT_LINE, facts)
    return None


def _even_parts(track: Track, chosen: Thresholds) -> Iterator[tuple[int, int, float]]:
    """Where an even motion begins and ends, and its speed in m/s: each part as long as it stays even.

    Least squares of place by time with running sums, so that a whole stream is gone through once.
    """
    first, speed = 0, 0.0
    n = t = tt = x = y = xx = tx = ty = 0.0
    for now in range(len(track)):
        s, e, m = track.seconds[now] - track.seconds[first], track.east[now], track.north[now]
        e, m = e - track.east[first], m - track.north[first]
        n, t, tt, x, y = n + 1, t + s, tt + s * s, x + e, y + m
        xx, tx, ty = xx + e * e + m * m, tx + s * e, ty + s * m
        if n < 3:
            continue
        spread, along_east, along_north = tt - t * t / n, tx - t * x / n, ty - t * y / n
        along = along_east * along_east + along_north * along_north
        missed = (xx - (x * x + y * y) / n - along / spread) / n
        now_speed = math.sqrt(along) / spread
        if missed <= chosen.off_line**2 + (chosen.misdated * now_speed) ** 2:
            speed = now_speed
            continue
        yield first, now - 1, speed
        first, speed = now, 0.0
        n, t, tt, x, y, xx, tx, ty = 1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0
    if len(track):
        yield first, len(track) - 1, speed


def teleport(track: Track, policy: Policy, chosen: Thresholds) -> Flag | None:
    """Faster from one sure fix to the next than anything on the road, to stay there.

    A phone that jumps away and is back within minutes is honest, and so is a last fix that no other confirms.
    """
    sure = [n for n, fix in enumerate(track.fixes) if fix.accuracy is not None and fix.accuracy <= SPEED_NEEDS_ACCURACY]
    back_at = -1
    farthest, limit = policy.speed_over, policy.speed_limit
    for here, there in pairwise(sure):
        if here < back_at:
            continue
        if (metres := track.step(here, there)) < farthest:
            continue
        # Telegram dates by the second, so two fixes of one second may be almost a second apart.
        seconds = max(track.seconds[there] - track.seconds[here], 1.0)
        kmh = metres / seconds * 3.6
        if kmh <= limit:
            continue
        after = [n for n in sure if n > there]
        soon = [n for n in after if track.seconds[n] - track.seconds[there] <= chosen.bounces_within.total_seconds()]
        returned = next((n for n in soon if track.step(here, n) < metres / 2), None)
        if returned is not None:
            back_at = returned
        elif after:
            return Flag(
                FlagCode.IMPOSSIBLE_SPEED,
                {"kmh": round(kmh), "distance": round(metres), "minutes": round(seconds / 60)},
            )
    return None
