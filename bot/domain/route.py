"""Fixed routes: on which days one is walked, in which weeks, what it may be called, and how long it is."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from bot.domain.calendar import WorkingDays
from bot.domain.geography import Point, distance

LONGEST_NAME = 40  # what a button shows
MOST_STOPS = 60  # more than a day has room for
AHEAD = timedelta(days=70)  # the next walk lies within them, after any but the longest leave
WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Route:
    """A rep's round of customers on `weekdays` (1 is Monday), every week or every second one (`every` 2).

    `starts_on` is the Monday of one of the weeks in which it runs.
    """

    id: int
    name: str
    person_id: int
    weekdays: frozenset[int]
    every: int
    starts_on: date
    paused: bool = False

    def runs_in_week_of(self, on: date) -> bool:
        """Whether the week of that date is one of its own."""
        return (monday_of(on) - self.starts_on).days // WEEK.days % self.every == 0

    def is_walked_on(self, on: date, calendar: WorkingDays) -> bool:
        """What falls on a day off is not made up for."""
        is_its_day = on.isoweekday() in self.weekdays and self.runs_in_week_of(on)
        return is_its_day and not self.paused and calendar.is_working_day(on)

    def rest_of_week(self, on: date, calendar: WorkingDays) -> list[date]:
        """The dates on which it is walked, from that one to the Sunday after it."""
        days = (monday_of(on) + n * _DAY for n in range(on.isoweekday() - 1, 7))
        return [day for day in days if self.is_walked_on(day, calendar)]

    def next_on(self, on: date, calendar: WorkingDays) -> date | None:
        """When it is walked next, that date itself counted; None when not within ten weeks."""
        days = (on + n * _DAY for n in range(AHEAD.days))
        return next((day for day in days if self.is_walked_on(day, calendar)), None)


def monday_of(on: date) -> date:
    """The first day of the week in which a date lies."""
    return on - (on.isoweekday() - 1) * _DAY


def length(points: Iterable[Point | None]) -> float:
    """Metres from stop to stop in straight lines; a stop whose place nobody knows is passed over."""
    return sum(distance(a, b) for a, b in pairwise(point for point in points if point is not None))


def moved(stops: Iterable[int], stop: int, by: int) -> list[int]:
    """The stops with one of them so many places later (or earlier, below 0), at most to the end."""
    order = list(stops)
    at = order.index(stop)
    order.insert(max(0, min(len(order), at + by)), order.pop(at))
    return order


def readable(name: str) -> str | None:
    """A typed name with its blanks made single; None when it is no name: too long, or without a letter."""
    name = " ".join(name.split())
    return name if len(name) <= LONGEST_NAME and any(character.isalnum() for character in name) else None
