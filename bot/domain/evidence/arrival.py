"""What a check-in's location shows: inside, outside or cannot tell, and at which level of evidence."""

import math
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.conversation import Located
from bot.domain.evidence.fixes import Fence, Outcome
from bot.domain.evidence.ladder import Level
from bot.domain.flags import Flag, FlagCode
from bot.domain.geography import Point, distance
from bot.domain.policy import Policy


class Doubt(StrEnum):
    """Why nobody can tell."""

    NO_LOCATION = "no_location"
    NO_CUSTOMER_POSITION = "no_customer_position"
    POSITION_UNCONFIRMED = "position_unconfirmed"
    INACCURATE = "inaccurate"
    AT_THE_EDGE = "at_the_edge"


@dataclass(frozen=True)
class Arrival:
    """A judged check-in: metres where known, the flags for review, and what is asked of the rep.

    `proposes` is the point to propose as the customer's position, when he has none and the fix is good.
    """

    outcome: Outcome
    level: Level
    distance: float | None = None
    accuracy: float | None = None
    flags: tuple[Flag, ...] = ()
    needs_reason: bool = False
    proposes: Point | None = None


def refuse(located: Located) -> str | None:
    """Why this is not the sender's own location at all: forwarded, venue or inline; None when it may be."""
    if located.forwarded:
        return "forwarded"
    if located.inline:
        return "inline"
    return "venue" if located.venue else None


def _level(located: Located | None) -> Level:
    """Nothing; a point that may be a pin set on the map; or a device's fix, which only live sharing shows."""
    if located is None:
        return Level.NOTHING
    return Level.DEVICE if located.live else Level.POINT


def judge_arrival(
    located: Located | None, customer_at: Point | None, radius: float, policy: Policy, *, confirmed: bool = True
) -> Arrival:
    """Judge a location (None: the rep gives none) against the customer's position (None: not known) and fence.

    The phone says that it is somewhere within `accuracy` metres of its point. Up to `fence.accuracy`
    that is allowed for in the rep's favour: inside is any circle that touches the fence. A wider
    circle tells only when it lies wholly inside or wholly outside; else it passes with a flag up to
    `fence.flagged`, and beyond that needs a reason, as does being outside. A point without an
    accuracy may be off by as much as is allowed for: in that ring around the fence, we cannot tell.
    A position that is not `confirmed` shows how far two visits were apart, not where the customer is.
    """
    level = _level(located)
    if located is None:
        flag = Flag(FlagCode.NO_LOCATION)
        return Arrival(Outcome.CANNOT_TELL, level, flags=(flag,), needs_reason=True)
    accuracy = located.accuracy
    too_wide = accuracy is not None and accuracy > policy.fence_flagged
    if customer_at is None:
        good = accuracy is None or accuracy <= policy.fence_accuracy
        flag = _cannot_tell(Doubt.NO_CUSTOMER_POSITION, None, radius, accuracy)
        proposes = located.point if good else None
        return Arrival(Outcome.CANNOT_TELL, level, None, accuracy, (flag,), too_wide, proposes)

    away = distance(located.point, customer_at)
    if not confirmed:
        flag = _cannot_tell(Doubt.POSITION_UNCONFIRMED, away, radius, accuracy)
        return Arrival(Outcome.CANNOT_TELL, level, away, accuracy, (flag,), too_wide)
    outcome = Fence(customer_at, radius, policy.fence_accuracy).outcome_at(away, accuracy)
    match outcome:
        case Outcome.INSIDE:
            return Arrival(outcome, level, away, accuracy)
        case Outcome.OUTSIDE:
            flag = Flag(FlagCode.OUTSIDE, _metres(away, radius, accuracy))
            return Arrival(outcome, level, away, accuracy, (flag,), needs_reason=True)
        case Outcome.CANNOT_TELL:
            doubt = Doubt.AT_THE_EDGE if accuracy is None else Doubt.INACCURATE
            return Arrival(outcome, level, away, accuracy, (_cannot_tell(doubt, away, radius, accuracy),), too_wide)


def _cannot_tell(doubt: Doubt, away: float | None, radius: float, accuracy: float | None) -> Flag:
    return Flag(FlagCode.CANNOT_TELL, {"why": doubt.value, **_metres(away, radius, accuracy)})


def _metres(away: float | None, radius: float, accuracy: float | None) -> dict[str, int | float | str]:
    """Whole metres for people; distance rounded up, so that 200.4 m is not shown as outside of 200 m."""
    facts: dict[str, int | float | str] = {"radius": round(radius)}
    if away is not None:
        facts["distance"] = math.ceil(away)
    if accuracy is not None:
        facts["accuracy"] = round(accuracy)
    return facts
