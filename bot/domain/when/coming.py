"""Which day is meant by a date without a year, a number without a month, a weekday without a week.

What a rep promises lies ahead, so the coming day is meant; but where the last such day is nearer than the next one he
may as well be telling what was, and then that day is named, with the next one beside it, and the person is asked.
"""

from datetime import date, timedelta

from bot.domain.when.days import first_of_month, make_day, monday_of
from bot.domain.when.meanings import Weekday, Which
from bot.domain.when.reading import Doubt

_WEEK = timedelta(weeks=1)
# A date that is over this year is next year's if that is at most half a year off ...
_HALF_A_YEAR = timedelta(days=183)
# ... and "28 December" in the first days of January is hardly a promise for the end of the year.
_ALMOST_A_YEAR, _JUST_BEFORE = timedelta(days=300), timedelta(days=60)
_MONTHS_TO_LOOK = 60

DayAndNext = tuple[date | None, date | None]


def date_by_calendar(written: tuple[int | None, int, int], today: date) -> DayAndNext:
    """The day of a (year, month, day), and its next coming round where the day itself is over."""
    year, month, day = written
    if year is not None:
        return make_day(year, month, day), None
    this = make_day(today.year, month, day)
    following = next((found for ahead in range(1, 9) if (found := make_day(today.year + ahead, month, day))), None)
    if this is None:
        return None, None
    if this >= today:
        before = make_day(today.year - 1, month, day)
        if before and this - today > _ALMOST_A_YEAR and today - before <= _JUST_BEFORE:
            return before, this
        return this, None
    if following and following - today <= _HALF_A_YEAR:
        return following, None
    return this, following


def day_of_month(number: int, today: date) -> DayAndNext:
    """A number alone, "the 5th": of this month, or of the next one that has such a day."""
    this = make_day(today.year, today.month, number)
    if this and this >= today:
        return this, None
    following = _first(number, today, range(1, 4))
    return _nearer(this, following, today)


def weekday_of_number(number: int, weekday: int, today: date) -> DayAndNext:
    """A number and a weekday, "Friday the 13th": the next month that has it, or the last one if that is nearer."""
    following = _first(number, today, range(_MONTHS_TO_LOOK), weekday)
    before = _first(number, today, range(0, -_MONTHS_TO_LOOK, -1), weekday)
    return _nearer(before, following, today)


def weekday_days(weekday: Weekday, today: date) -> tuple[tuple[date, ...], Doubt | None, date | None]:
    """The days that a weekday may mean, the doubt if there are several, the next one if the only one is over.

    Weeks start on Monday. "next Wednesday" is the coming one to some and that of the next calendar week to others.
    """
    this = monday_of(today) + timedelta(days=weekday.weekday)
    coming = this if this > today else this + _WEEK
    match weekday.which:
        case Which.THIS:
            return (this,), None, coming if this < today else None
        case Which.NEXT:
            days = tuple(sorted({coming, this + _WEEK}))
            return days, Doubt.WHICH_WEEK if len(days) > 1 else None, None
        case Which.COMING:
            return (coming,), None, None
        case Which.LAST:
            return (this - _WEEK,), None, None
        case Which.PAST:
            return (coming - _WEEK if coming - _WEEK < today else coming - 2 * _WEEK,), None, None
        case _ if this == today:
            return (today, today + _WEEK), Doubt.TODAY_OR_LATER, None
        case Which.NEAR if this < today:
            day, again = _nearer(this, coming, today)
            return ((day,) if day else ()), None, again
        case _:
            return (coming,), None, None


def _first(number: int, today: date, months: range, weekday: int | None = None) -> date | None:
    """The first day with the number (and weekday), month by month: from today on, or before it if months run back."""
    for ahead in months:
        first = first_of_month(today, ahead)
        found = make_day(first.year, first.month, number)
        if not found or (weekday is not None and found.weekday() != weekday):
            continue
        if (found < today) == (months.step < 0):
            return found
    return None


def _nearer(before: date | None, following: date | None, today: date) -> DayAndNext:
    if before and (following is None or today - before < following - today):
        return before, following
    return following, None
