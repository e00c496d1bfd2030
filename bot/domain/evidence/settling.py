"""A first fix that misled: what was flagged at check-in is answered by the stay that the live location shows."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.domain.evidence.arrival import Arrival, Doubt
from bot.domain.evidence.fixes import Outcome
from bot.domain.evidence.ladder import is_confirmed
from bot.domain.evidence.stay import Stay
from bot.domain.flags import Flag, FlagCode
from bot.domain.policy import Policy

_OF_THE_PHONE = {Doubt.INACCURATE.value, Doubt.AT_THE_EDGE.value}


def settled(
    arrival: Arrival, flags: Iterable[Flag], checked_in_at: datetime, stay: Stay, minimum: timedelta, policy: Policy
) -> tuple[Arrival, tuple[Flag, ...]]:
    """The arrival, and the flags of the visit that still stand, after a stay.

    Real phones report 1,100 m in the very minute of a check-in, or jump 300 m and come back. Who is found inside
    within `evidence.gap` of it, and stays there as long as is asked, was inside. A doubt about where the customer
    is remains: no phone can answer that.
    """
    flags = tuple(flags)
    in_time = stay.first_in is not None and stay.first_in - checked_in_at <= policy.evidence_gap
    if not in_time or not is_confirmed(stay, minimum) or any(_is_of_the_customer(flag) for flag in flags):
        return arrival, flags
    return replace(arrival, outcome=Outcome.INSIDE), tuple(flag for flag in flags if not _is_of_the_place(flag))


def _is_of_the_place(flag: Flag) -> bool:
    return flag.code in (FlagCode.OUTSIDE, FlagCode.CANNOT_TELL)


def _is_of_the_customer(flag: Flag) -> bool:
    return flag.code is FlagCode.CANNOT_TELL and flag.facts.get("why") not in _OF_THE_PHONE
