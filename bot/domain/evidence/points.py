"""What a single point of a check-in says beside the fence, held against the rep's earlier ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise

from bot.domain.evidence.fixes import Fix
from bot.domain.flags import Flag, FlagCode
from bot.domain.geography import Point, distance
from bot.domain.policy import Policy

# A phone indoors can repeat its last point to the last digit for about this long.
PHONE_REPEATS_FOR = timedelta(hours=1)
# Fixes worse than this (metres) jump by themselves; speed between them means nothing.
SPEED_NEEDS_ACCURACY = 50.0


@dataclass(frozen=True, slots=True)
class CheckedIn(Fix):
    """The fix of a check-in, with whom the rep visited, and where that customer is on file."""

    customer_id: int | None = None
    customer_at: Point | None = None


def _same_point(one: Point, other: Point) -> bool:
    """Equal to six decimals of a degree (11 cm): as fine as Telegram passes a location on."""
    return (round(one.latitude, 6), round(one.longitude, 6)) == (round(other.latitude, 6), round(other.longitude, 6))


def exact_stored_point(point: Point, customer_at: Point | None, *, learned_from_visits: bool) -> Flag | None:
    """The rep's point is the stored one to the last digit, as if it had been copied from it.

    A position that was learned from visits says nothing: a phone indoors gives the same point again.
    """
    if customer_at is None or learned_from_visits or not _same_point(point, customer_at):
        return None
    return Flag(FlagCode.EXACT_STORED_POINT)


def same_point_other_customer(now: CheckedIn, earlier: Sequence[CheckedIn], radius: float) -> Flag | None:
    """The very point of an earlier visit to another customer.

    Honest are neighbours (on file within one radius, in metres, of each other) and a phone that repeats itself.
    """
    for fix in earlier:
        if fix.customer_id == now.customer_id or not _same_point(fix.point, now.point):
            continue
        if now.at - fix.at <= PHONE_REPEATS_FOR or _neighbours(fix.customer_at, now.customer_at, radius):
            continue
        facts: dict[str, int | float | str] = {"visited_at": fix.at.isoformat()}
        if fix.customer_id is not None:
            facts["customer_id"] = fix.customer_id
        return Flag(FlagCode.SAME_POINT_OTHER_CUSTOMER, facts)
    return None


def _neighbours(one: Point | None, other: Point | None, radius: float) -> bool:
    return one is not None and other is not None and distance(one, other) <= radius


def impossible_speed(earlier: Sequence[Fix], now: Fix, policy: Policy) -> Flag | None:
    """Faster from the last fix than anything on the road; `earlier` is the rep's fixes, oldest first.

    A phone that jumps away and comes back is honest: when the last fix was itself an impossible jump
    and this one fits the fix before it, the last one was the error.
    """
    if not earlier:
        return None
    last = earlier[-1]
    speed = _impossible_kmh(last, now, policy)
    if speed is None:
        return None
    for before, jumped in pairwise(earlier[-2:]):
        if _impossible_kmh(before, jumped, policy) is not None and _impossible_kmh(before, now, policy) is None:
            return None
    minutes = round((now.at - last.at) / timedelta(minutes=1))
    metres = round(distance(last.point, now.point))
    return Flag(FlagCode.IMPOSSIBLE_SPEED, {"kmh": round(speed), "distance": metres, "minutes": minutes})


def _impossible_kmh(one: Fix, other: Fix, policy: Policy) -> float | None:
    """The speed in km/h when it is impossible, None when it is possible or cannot be known."""
    for fix in (one, other):
        if fix.accuracy is None or fix.accuracy > SPEED_NEEDS_ACCURACY:
            return None
    metres = distance(one.point, other.point)
    # Telegram dates by the second, so two fixes of one second may be almost a second apart.
    hours = max(abs(other.at - one.at), timedelta(seconds=1)) / timedelta(hours=1)
    kmh = metres / 1000 / hours
    return kmh if metres >= policy.speed_over and kmh > policy.speed_limit else None
