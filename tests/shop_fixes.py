"""Fixes at a shop and around it, for what is said about stays and streams."""

import math
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from random import Random

from bot.domain.evidence import Fence, Fix
from bot.domain.geography import Point

NINE = datetime(2026, 5, 4, 1, tzinfo=UTC)
SHOP = Point(31.2305, 121.4737)
FENCE = Fence(SHOP, 200, 100)


def minutes(number: float) -> timedelta:
    return timedelta(minutes=number)


def at(minute: float, metres: float = 0, accuracy: float | None = 20, *, live: bool = True) -> Fix:
    """A fix so many metres north of the shop."""
    return Fix(Point(SHOP.latitude + metres / 111_195, SHOP.longitude), NINE + minutes(minute), accuracy, live)


EVERY = timedelta(seconds=30)
Way = Callable[[int, Random], tuple[float, float]]


def stream(way: Way, *, fixes: int = 60, accuracy: Iterable[float | None] = (20,)) -> list[Fix]:
    """A fix every 30 s, each so many metres east and north of the shop; accuracies by turns."""
    random, accuracies = Random(7), list(accuracy)
    made = []
    for n in range(fixes):
        east, north = way(n, random)
        point = Point(SHOP.latitude + north / 111_195, SHOP.longitude + east / 111_195 / math.cos(math.radians(31.23)))
        made.append(Fix(point, NINE + n * EVERY, accuracies[n % len(accuracies)], live=True))
    return made


def rest(_: int, __: Random) -> tuple[float, float]:
    return 0.0, 0.0


def chance(_: int, random: Random) -> tuple[float, float]:
    return random.gauss(0, 5), random.gauss(0, 5)


def ruler(n: int, random: Random) -> tuple[float, float]:
    return 40.0 * n + random.gauss(0, 2), 5.0 * n + random.gauss(0, 2)


def drift(n: int, random: Random) -> tuple[float, float]:
    return 10 * math.sin(n / 7) + random.gauss(0, 1), 12 * math.cos(n / 9) + random.gauss(0, 1)


def drive(n: int, random: Random) -> tuple[float, float]:
    """Through a town: faster, slower, round corners."""
    return 250.0 * n + 150 * math.sin(n / 2), 400 * math.sin(n / 5) + random.gauss(0, 5)


def leap(n: int, random: Random) -> tuple[float, float]:
    east, north = drift(n, random)
    return (east, north) if n < 20 else (east + 5000, north)


def bounce(n: int, random: Random) -> tuple[float, float]:
    east, north = drift(n, random)
    return (east + 5000, north) if 20 <= n < 24 else (east, north)


def stray(n: int, random: Random) -> tuple[float, float]:
    """A phone that rests and now and then is 300 m away."""
    return (300.0, 0.0) if n % 13 == 5 else drift(n, random)


def later(fixes: list[Fix], by: timedelta) -> list[Fix]:
    return [Fix(fix.point, fix.at + by, fix.accuracy, fix.live) for fix in fixes]
