"""A stream of live fixes made ready to be judged: in order, one an instant, in metres on a plane."""

import math
from collections.abc import Iterable
from dataclasses import dataclass

from bot.domain.evidence.fixes import Fix
from bot.domain.geography import EARTH_RADIUS_METRES

_DIGITS = 1_000_000  # six decimals of a degree (11 cm): as fine as Telegram passes a location on
_METRES_PER_DEGREE = math.radians(EARTH_RADIUS_METRES)

Place = tuple[int, int]


def place_of(fix: Fix) -> Place:
    """The fix's point to the last digit, in millionths of a degree: equal where Telegram shows the same point."""
    return round(fix.point.latitude * _DIGITS), round(fix.point.longitude * _DIGITS)


@dataclass(frozen=True, slots=True)
class Track:
    """The fixes of a stream, oldest first; seconds since the first, and metres east and north of it."""

    fixes: tuple[Fix, ...]
    seconds: tuple[float, ...]
    east: tuple[float, ...]
    north: tuple[float, ...]

    @staticmethod
    def of(fixes: Iterable[Fix], *, sure: float = math.inf) -> "Track":
        """The live fixes that are sure within `sure` metres, or do not say how sure they are.

        On a plane through the first one; over the kilometres of a day's tour that is wrong by well under 1 %.
        """
        by_instant = {fix.at: fix for fix in fixes if fix.live and (fix.accuracy is None or fix.accuracy <= sure)}
        if not by_instant:
            return Track((), (), (), ())
        ordered = tuple(by_instant[at] for at in sorted(by_instant))
        start, began_at = ordered[0].point, ordered[0].at
        per_degree_east = _METRES_PER_DEGREE * math.cos(math.radians(start.latitude))
        return Track(
            ordered,
            tuple([(fix.at - began_at).total_seconds() for fix in ordered]),
            tuple([_degrees_east(fix.point.longitude - start.longitude) * per_degree_east for fix in ordered]),
            tuple([(fix.point.latitude - start.latitude) * _METRES_PER_DEGREE for fix in ordered]),
        )

    def step(self, one: int, other: int) -> float:
        """Metres from one fix to another."""
        return math.hypot(self.east[other] - self.east[one], self.north[other] - self.north[one])

    def __len__(self) -> int:
        return len(self.fixes)


def _degrees_east(degrees: float) -> float:
    """Across the date line the way is short, too."""
    return degrees if -180 <= degrees <= 180 else degrees - math.copysign(360, degrees)
