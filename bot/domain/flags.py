"""The bare facts about a visit that its manager should look at; a flag never refuses anything."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from bot.domain.calendar import instant, local_date
from bot.domain.geography import Point, distance
from bot.domain.leave import Leave, first_day_back
from bot.domain.policy import Policy


class FlagCode(StrEnum):
    """Each has its own sentence in the messages, read alike by rep and manager."""

    OUTSIDE = "outside"
    CANNOT_TELL = "cannot_tell"
    NO_LOCATION = "no_location"
    EXACT_STORED_POINT = "exact_stored_point"
    SAME_POINT_OTHER_CUSTOMER = "same_point_other_customer"
    IMPOSSIBLE_SPEED = "impossible_speed"
    STAY_SHORT = "stay_short"
    LATE = "late"
    CLOSED_AUTOMATICALLY = "closed_automatically"


@dataclass(frozen=True)
class Flag:
    """A fact and its numbers: metres, minutes and km/h as whole numbers, ready for JSON and for a sentence."""

    code: FlagCode
    facts: Mapping[str, int | float | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Fix:
    """Where a rep's phone was at an instant; accuracy in metres, None where it did not say.

    `customer_id` and `customer_at` tell whom he visited then, and where that customer is on file.
    """

    point: Point
    at: datetime
    accuracy: float | None = None
    customer_id: int | None = None
    customer_at: Point | None = None


# A phone indoors can repeat its last point to the last digit for about this long.
PHONE_REPEATS_FOR = timedelta(hours=1)
# Fixes worse than this (metres) jump by themselves; speed between them means nothing.
SPEED_NEEDS_ACCURACY = 50.0


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


def same_point_other_customer(now: Fix, earlier: Sequence[Fix], radius: float) -> Flag | None:
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


def stay_short(stay: timedelta | None, minimum: timedelta) -> Flag | None:
    """Shorter than the customer's grade asks for; an unknown stay is never guessed to be short."""
    if stay is None or stay >= minimum:
        return None
    facts = {"minutes": stay // timedelta(minutes=1), "minimum": minimum // timedelta(minutes=1)}
    return Flag(FlagCode.STAY_SHORT, facts)


def late_from(visited_on: date, zone: ZoneInfo, policy: Policy) -> datetime:
    """The instant from which a report of that day is late: when the last minute allowed for it is over."""
    late_after: time = policy.report_late_after
    return instant(visited_on, late_after, zone) + timedelta(minutes=1)


def sent_late(
    checked_in_at: datetime, sent_at: datetime, zone: ZoneInfo, policy: Policy, leaves: Iterable[Leave] = ()
) -> Flag | None:
    """Sent after the local day of the visit; what was done on leave has time until the first day after it."""
    visited_on = local_date(checked_in_at, zone)
    if sent_at < late_from(first_day_back(visited_on, leaves), zone, policy):
        return None
    return Flag(FlagCode.LATE, {"visited_on": visited_on.isoformat(), "sent_on": local_date(sent_at, zone).isoformat()})


def closed_automatically(checked_in_at: datetime, closed_at: datetime) -> Flag:
    """The rep forgot to check out, and the visit was closed for him with an unknown stay."""
    return Flag(FlagCode.CLOSED_AUTOMATICALLY, {"minutes": round((closed_at - checked_in_at) / timedelta(minutes=1))})
