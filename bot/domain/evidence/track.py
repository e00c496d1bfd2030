"""A stream of live fixes made ready to be judged: in order, one an instant, in metres on a plane."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.evidence.fixes import Fix, in_order
from bot.domain.geography import EARTH_RADIUS_METRES

_DIGITS = 1_000_000  # six decimals of a degree (11 cm): as fine as Telegram passes a location on
_METRES_PER_DEGREE = math.radians(EARTH_RADIUS_METRES)


def place_of(fix: Fix, per_degree: int = _DIGITS) -> int:
    """The fix's point as one number: to the last digit that Telegram passes, or on a grid of so many lines a degree."""
    return round(fix.point.latitude * per_degree) * 360 * per_degree + round(fix.point.longitude * per_degree)


@dataclass(frozen=True, slots=True)
class Track:
    """The fixes of a stream, oldest first; seconds since the first, and metres east and north of it."""

    fixes: tuple[Fix, ...]
    seconds: tuple[float, ...]
    east: tuple[float, ...]
    north: tuple[float, ...]

    @staticmethod
    def of(fixes: Iterable[Fix]) -> "Track":
        """The live ones of the fixes, on a plane through the first.

        Over the kilometres of a day's tour the plane is wrong by well under 1 %.
        """
        ordered = tuple(in_order(fixes))
        if not ordered:
            return Track((), (), (), ())
        start, began_at = ordered[0].point, ordered[0].at
        per_degree_east = _METRES_PER_DEGREE * math.cos(math.radians(start.latitude))
        return Track(
            ordered,
            tuple([(fix.at - began_at).total_seconds() for fix in ordered]),
            tuple([_degrees_east(fix.point.longitude - start.longitude) * per_degree_east for fix in ordered]),
            tuple([(fix.point.latitude - start.latitude) * _METRES_PER_DEGREE for fix in ordered]),
        )

    def surer_than(self, metres: float) -> "Track":
        """Without the fixes that are not sure within `metres`; what does not say how sure it is stays."""
        kept = [n for n, fix in enumerate(self.fixes) if fix.accuracy is None or fix.accuracy <= metres]
        if len(kept) == len(self.fixes):
            return self
        return Track(
            tuple([self.fixes[n] for n in kept]),
            tuple([self.seconds[n] for n in kept]),
            tuple([self.east[n] for n in kept]),
            tuple([self.north[n] for n in kept]),
        )

    def step(self, one: int, other: int) -> float:
        """Metres from one fix to another."""
        return math.hypot(self.east[other] - self.east[one], self.north[other] - self.north[one])

    def __len__(self) -> int:
        return len(self.fixes)


def _degrees_east(degrees: float) -> float:
    """Across the date line the way is short, too."""
    return degrees if -180 <= degrees <= 180 else degrees - math.copysign(360, degrees)
