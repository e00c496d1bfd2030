"""One place that a phone gave, and the fence around a customer that it is held against."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.geography import Point, distance


@dataclass(frozen=True, slots=True)
class Fix:
    """Where a rep's phone was at an instant, as Telegram passed it on.

    `accuracy` is the radius in metres that the phone gave for itself, None where it gave none; `live` is a
    point of a live location, which only a device sends; `heading` is in degrees, None while it stands.
    """

    point: Point
    at: datetime
    accuracy: float | None = None
    live: bool = False
    heading: float | None = None


def in_order(fixes: Iterable[Fix]) -> list[Fix]:
    """The fixes of a live location, oldest first and one an instant; in whatever order they come, the same ones."""
    by_instant: dict[datetime, Fix] = {}
    for fix in fixes:
        if fix.live and ((known := by_instant.setdefault(fix.at, fix)) is fix or _where(fix) < _where(known)):
            by_instant[fix.at] = fix
    return [by_instant[at] for at in sorted(by_instant)]


def _where(fix: Fix) -> tuple[float, float, float]:
    return fix.point.latitude, fix.point.longitude, fix.accuracy or 0


class Outcome(StrEnum):
    """Where the rep was, as far as his phone can say."""

    INSIDE = "inside"
    OUTSIDE = "outside"
    CANNOT_TELL = "cannot_tell"


@dataclass(frozen=True, slots=True)
class Fence:
    """A customer's place in WGS-84, the radius in metres that counts as being there, and how far (metres) a
    phone's own inaccuracy is allowed for."""

    centre: Point
    radius: float
    allowed: float

    def outcome(self, point: Point, accuracy: float | None) -> Outcome:
        """Where a point is beside the fence; `judge_arrival` tells the rule."""
        return self.outcome_at(distance(point, self.centre), accuracy)

    def outcome_at(self, away: float, accuracy: float | None) -> Outcome:
        """The same for a point `away` metres from the centre."""
        if accuracy is None:
            if away <= self.radius:
                return Outcome.INSIDE
            return Outcome.OUTSIDE if away > self.radius + self.allowed else Outcome.CANNOT_TELL
        if away > self.radius + accuracy:
            return Outcome.OUTSIDE
        if accuracy <= self.allowed or away + accuracy <= self.radius:
            return Outcome.INSIDE
        return Outcome.CANNOT_TELL
