"""Fixes at a shop and around it, for what is said about stays and streams."""

from datetime import UTC, datetime, timedelta

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
