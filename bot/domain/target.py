"""Targets of a rep: so many visits, effective visits and new customers a month or a week, and what that means today."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.calendar import WorkingDays
from bot.domain.route import WEEK, monday_of

_DAY = timedelta(days=1)


class Measure(StrEnum):
    """What is counted; a new customer is one whose first visit ever was this rep's."""

    VISITS = "visits"
    EFFECTIVE = "effective"
    NEW = "new"


class Period(StrEnum):
    """A month of the calendar, or a week from Monday."""

    MONTH = "month"
    WEEK = "week"


class Scope(StrEnum):
    """Whose target it is; the more specific wins. It is always meant for each rep."""

    PERSON = "person"
    TEAM = "team"
    COMPANY = "company"


@dataclass(frozen=True)
class Level:
    """The company (subject 0), a team or a person, by id."""

    scope: Scope
    subject: int = 0


COMPANY = Level(Scope.COMPANY)
Key = tuple[Level, Measure, Period]
MOST = {
    (Measure.VISITS, Period.MONTH): 1000,
    (Measure.EFFECTIVE, Period.MONTH): 1000,
    (Measure.NEW, Period.MONTH): 300,
    (Measure.VISITS, Period.WEEK): 250,
    (Measure.EFFECTIVE, Period.WEEK): 250,
    (Measure.NEW, Period.WEEK): 75,
}


@dataclass(frozen=True)
class InForce:
    """A target and the level that it comes from."""

    value: int
    level: Level


@dataclass(frozen=True)
class Goal:
    """How a rep stands: `done` of `target` in its period, `today` of these already today.

    `per_day` is what is left at the day's beginning, spread over the working days left with this one (0: a day off).
    """

    measure: Measure
    period: Period
    target: int
    done: int
    today: int
    days_left: int
    per_day: int

    @property
    def is_reached(self) -> bool:
        return self.done >= self.target


def in_force(stored: Mapping[Key, int], levels: Iterable[Level], measure: Measure, period: Period) -> InForce | None:
    """The target of the first of these levels, the nearest before the widest, that has one; 0 says: none."""
    for level in levels:
        value = stored.get((level, measure, period))
        if value is not None:
            return InForce(value, level) if value else None
    return None


def first_of(period: Period, on: date) -> date:
    """The first day of the period in which a date lies."""
    return monday_of(on) if period is Period.WEEK else on.replace(day=1)


def last_of(period: Period, on: date) -> date:
    """Its last day."""
    return following(period, on) - _DAY


def following(period: Period, on: date) -> date:
    """The first day of the next one."""
    if period is Period.WEEK:
        return monday_of(on) + WEEK
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)


def working_days(calendar: WorkingDays, first: date, last: date) -> int:
    """How many days are worked, both ends counted."""
    return sum(calendar.is_working_day(first + n * _DAY) for n in range((last - first).days + 1))


def per_day(target: int, done_before: int, days_left: int) -> int:
    """What each of the days left has to bring, rounded up."""
    return -(-max(0, target - done_before) // days_left) if days_left else 0


def goal(
    measure: Measure, period: Period, target: int, counted: Mapping[date, int], on: date, calendar: WorkingDays
) -> Goal:
    """How a rep stands on a day, by what was `counted` on each day up to it."""
    done = sum(number for day, number in counted.items() if first_of(period, on) <= day <= on)
    today = counted.get(on, 0)
    left = working_days(calendar, on, last_of(period, on))
    wanted = per_day(target, done - today, left) if calendar.is_working_day(on) else 0
    return Goal(measure, period, target, done, today, left, wanted)


def of_week(target: int, on: date, calendar: WorkingDays) -> int:
    """A month's target broken down to the week of a date, by working days of that month, rounded up."""
    first, last = first_of(Period.MONTH, on), last_of(Period.MONTH, on)
    month = working_days(calendar, first, last)
    week = working_days(calendar, max(first, monday_of(on)), min(last, last_of(Period.WEEK, on)))
    return -(-target * week // month) if month else 0
