"""Which day is meant by a date without a year, a number without a month, a weekday without a week.

What a rep promises lies ahead, so the coming day is meant; but where the last such day is nearer than the next one he
may as well be telling what was, and then that day is named, with the next one beside it, and the person is asked.
"""

from datetime import date, timedelta

from bot.domain.when.days import first_of_month, make_day, monday_of
from bot.domain.when.meanings import Weekday, Which
from bot.domain.when.named import Named
from bot.domain.when.reading import Doubt

_WEEK = timedelta(weeks=1)
# A date that is over this year is next year's if that is at most half a year off ...
_HALF_A_YEAR = timedelta(days=183)
# ... and "28 December" in the first days of January is hardly a promise for the end of the year.
_ALMOST_A_YEAR, _JUST_BEFORE = timedelta(days=300), timedelta(days=60)
_MONTHS_TO_LOOK = 60
_NO_SUCH_DAY = Named(doubt=Doubt.NO_SUCH_DAY)


def date_by_calendar(written: tuple[int | None, int, int], today: date) -> Named:
    """The day of a (year, month, day)."""
    year, month, day = written
    if year is not None:
        exact = make_day(year, month, day)
        return Named((exact,)) if exact else _NO_SUCH_DAY
    this = make_day(today.year, month, day)
    following = next((found for ahead in range(1, 9) if (found := make_day(today.year + ahead, month, day))), None)
    if this is None:
        return _NO_SUCH_DAY
    if this >= today:
        before = make_day(today.year - 1, month, day)
        if before and this - today > _ALMOST_A_YEAR and today - before <= _JUST_BEFORE:
            return Named((before,), again=this)
        return Named((this,))
    if following and following - today <= _HALF_A_YEAR:
        return Named((following,))
    return Named((this,), again=following)


def day_of_month(number: int, today: date) -> Named:
    """A number alone, "the 5th": of this month, or of the next one that has such a day."""
    this = make_day(today.year, today.month, number)
    if this and this >= today:
        return Named((this,))
    following = _first(number, today, range(1, 4))
    return _nearer(this, following, today)


def weekday_of_number(number: int, weekday: int, today: date) -> Named:
    """A number and a weekday, "Friday the 13th": the next month that has it, or the last one if that is nearer."""
    following = _first(number, today, range(_MONTHS_TO_LOOK), weekday)
    before = _first(number, today, range(0, -_MONTHS_TO_LOOK, -1), weekday)
    return _nearer(before, following, today)


def weekday_days(weekday: Weekday, today: date) -> Named:
    """The days that a weekday may mean.

    Weeks start on Monday. "next Wednesday" is the coming one to some and that of the next calendar week to others.
    """
    this = monday_of(today) + timedelta(days=weekday.weekday)
    coming = this if this > today else this + _WEEK
    match weekday.which:
        case Which.THIS:
            return Named((this,), again=coming if this < today else None)
        case Which.NEXT:
            days = tuple(sorted({coming, this + _WEEK}))
            return Named(days, Doubt.WHICH_WEEK if len(days) > 1 else None)
        case Which.COMING:
            return Named((coming,))
        case Which.LAST:
            return Named((this - _WEEK,))
        case Which.PAST:
            return Named((this if this < today else this - _WEEK,))
        case _ if this == today:
            return Named((today, today + _WEEK), Doubt.TODAY_OR_LATER)
        case Which.NEAR if this < today:
            return _nearer(this, coming, today)
        case _:
            return Named((coming,))


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


def _nearer(before: date | None, following: date | None, today: date) -> Named:
    if before and (following is None or today - before < following - today):
        return Named((before,), again=following)
    return Named((following,)) if following else _NO_SUCH_DAY
