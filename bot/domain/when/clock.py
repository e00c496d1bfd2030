"""Hours of a twelve-hour clock, read by the part of the day or else as business is done."""

from dataclasses import dataclass
from datetime import time

from bot.domain.when.meanings import Clock, Half
from bot.domain.when.reading import Doubt, Part

_PARTS = {
    Half.MORNING: Part.MORNING,
    Half.AM: Part.MORNING,
    Half.AFTERNOON: Part.AFTERNOON,
    Half.PM: Part.AFTERNOON,
    Half.EVENING: Part.EVENING,
}


@dataclass(frozen=True, slots=True)
class Hour:
    """A time of day, and how many days after the named one it falls ("Friday 24:00" is Saturday)."""

    at: time
    days_on: int = 0


@dataclass(frozen=True, slots=True)
class Hours:
    """The times that a clock may mean; `other` is the one on the other half of the day, if nothing else fits."""

    options: tuple[Hour, ...]
    doubt: Doubt | None = None
    other: Hour | None = None


def part_of(half: Half | None) -> Part | None:
    """The part of the day, for a phrase without an hour; noon is an hour, and the night has no business in it."""
    return _PARTS.get(half) if half else None


def hours_of(clock: Clock, half: Half | None) -> Hours:
    """The times that are meant by an hour and the part of the day beside it.

    Without either, an hour is read as business is done: 8 to 11 is the morning, 12 to 6 the afternoon, and 7 is asked.
    """
    hour, minute, half = clock.hour, clock.minute, clock.half or half
    if hour == 24:
        return Hours((Hour(time(0, minute), 1),))
    if half is None:
        return _by_business(hour, minute, clock.literal)
    if hour > 12 or (hour == 0 and half not in {Half.NIGHT, Half.EVENING}):
        return Hours((Hour(time(hour, minute)),))
    if half in {Half.EVENING, Half.NIGHT}:
        return _by_night(hour, minute, half)
    noon_is_12 = half not in {Half.AM, Half.DAWN}
    if half in {Half.PM, Half.AFTERNOON} or (half is Half.NOON and hour < 10):
        return Hours((Hour(time(hour % 12 + 12, minute)),))
    return Hours((Hour(time(hour if noon_is_12 else hour % 12, minute)),))


def _by_business(hour: int, minute: int, literal: bool) -> Hours:
    if literal or hour > 12 or hour == 0:
        return Hours((Hour(time(hour, minute)),))
    morning, evening = Hour(time(hour % 12, minute)), Hour(time(hour % 12 + 12, minute))
    if hour == 7:
        return Hours((morning, evening), Doubt.AM_OR_PM)
    return Hours((morning,), other=evening) if 8 <= hour <= 11 else Hours((evening,))


def _by_night(hour: int, minute: int, half: Half) -> Hours:
    """Twelve at night belongs to two days, and so do the small hours of "tonight at three"."""
    small_hours_until = 4 if half is Half.EVENING else 5
    if hour in {0, 12}:
        return Hours((Hour(time(0, minute)), Hour(time(0, minute), 1)), Doubt.MIDNIGHT)
    if hour <= small_hours_until:
        return Hours((Hour(time(hour, minute)), Hour(time(hour, minute), 1)), Doubt.AM_OR_PM)
    return Hours((Hour(time(hour + 12, minute)),))
