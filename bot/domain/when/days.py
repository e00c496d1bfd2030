"""Arithmetic of days, weeks, months and working days."""

import calendar
from collections.abc import Callable
from datetime import MAXYEAR, MINYEAR, date, timedelta

from bot.domain.when.meanings import Unit

# A calendar that knows no working day at all must not be searched for ever.
_FAR = 1500


def monday_to_friday(day: date) -> bool:
    return day.weekday() < 5


def monday_of(day: date) -> date:
    return day - timedelta(days=day.weekday())


def make_day(year: int, month: int, day: int) -> date | None:
    """The day, or None where the calendar has none (30 February)."""
    if not (MINYEAR < year < MAXYEAR and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return None
    return date(year, month, day)


def first_of_month(day: date, ahead: int = 0) -> date:
    """The first of the month so many months ahead."""
    months = day.year * 12 + day.month - 1 + ahead
    return date(months // 12, months % 12 + 1, 1)


def month_end(day: date) -> date:
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def add_months(day: date, months: int) -> date:
    """The same day of the month so many months ahead, the month's last where it is shorter."""
    first = first_of_month(day, months)
    return first.replace(day=min(day.day, calendar.monthrange(first.year, first.month)[1]))


def quarter_end(day: date, ahead: int = 0) -> date:
    return month_end(first_of_month(day, (2 - (day.month - 1) % 3) + 3 * ahead))


def add(day: date, amount: int, unit: Unit, is_working_day: Callable[[date], bool]) -> date | None:
    """The day so many days, working days, weeks, months or years on; None beyond what a calendar holds."""
    if abs(amount) > _FAR or not MINYEAR + _FAR < day.year < MAXYEAR - _FAR:
        return None
    match unit:
        case Unit.WORKING_DAY:
            return _add_working_days(day, amount, is_working_day)
        case Unit.WEEK:
            return day + timedelta(weeks=amount)
        case Unit.MONTH:
            return add_months(day, amount)
        case Unit.YEAR:
            return add_months(day, 12 * amount)
        case _:
            return day + timedelta(days=amount)


def _add_working_days(day: date, amount: int, is_working_day: Callable[[date], bool]) -> date | None:
    step = timedelta(days=1 if amount >= 0 else -1)
    left = abs(amount)
    for _ in range(_FAR):
        if left == 0:
            return day
        day += step
        left -= is_working_day(day)
    return None
