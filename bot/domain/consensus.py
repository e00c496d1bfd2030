"""Where a customer is, as visits learn it: one proposes, a manager confirms, later good fixes refine by their median.

What is refined stays near what a person vouched for, the anchor: fixes that lie elsewhere do not pull the pin along,
however many they are. They raise a question instead: has the customer moved?
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import islice
from statistics import median

from bot.domain.geography import Point, distance


class Why(StrEnum):
    """Why somebody should look at a customer's position."""

    FIRST = "first"  # he had none, and a visit found one
    PIN_WRONG = "pin_wrong"  # the rep stands at the customer's, and the pin elsewhere
    MOVED = "moved"  # the rep says so
    DRIFT = "drift"  # the last fixes agree with each other, and not with the pin


@dataclass(frozen=True)
class Sighting:
    """A good fix of a visit at the customer: the phone said how sure it was, and was sure enough."""

    point: Point
    on: date
    person_id: int


@dataclass(frozen=True)
class Refined:
    """The pin goes to the fixes' median."""

    point: Point


@dataclass(frozen=True)
class Drifted:
    """The newest fixes agree on a place that is `metres` from where a person vouched that the customer is."""

    point: Point
    metres: float


ENOUGH = 3  # fixes: with two, nobody knows which of them is off
ENOUGH_DAYS = 2  # local dates: one day is one parked car, or one phone that repeats itself
MOST = 9  # of the newest: a median that still follows a new entrance within a few weeks
WORTH_MOVING = 5.0  # metres: less is the noise of phones


def weigh(
    sightings: Iterable[Sighting], anchor: Point, stands: Point, drift: float, *, trusted: bool = True
) -> Refined | Drifted | None:
    """What the newest good fixes (newest first) say of a pin that `stands`, near or at its `anchor`.

    `drift` in metres. `trusted` False: nobody has confirmed the pin, so it is not refined, and asked about already.
    """
    newest = list(islice(sightings, MOST))
    latest = newest[:ENOUGH]
    if not _enough(latest):
        return None
    there = middle([seen.point for seen in latest])
    if all(distance(seen.point, anchor) > drift and distance(seen.point, there) <= drift for seen in latest):
        return Drifted(there, distance(there, anchor))
    near = [seen for seen in newest if distance(seen.point, anchor) <= drift]
    if not trusted or not _enough(near):
        return None
    refined = middle([seen.point for seen in near])
    return Refined(refined) if distance(refined, stands) >= WORTH_MOVING else None


def _enough(sightings: Sequence[Sighting]) -> bool:
    return len(sightings) >= ENOUGH and len({seen.on for seen in sightings}) >= ENOUGH_DAYS


def middle(points: Sequence[Point]) -> Point:
    """The median of latitudes and of longitudes, the latter counted from the first point: the date line is no edge."""
    first = points[0].longitude
    turned = median((point.longitude - first + 180) % 360 - 180 for point in points)
    return Point(median(point.latitude for point in points), (first + turned + 180) % 360 - 180)
