"""The days that a phrase names, and those of a week, month or year that it names without a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.when.days import first_of_month, monday_of
from bot.domain.when.meanings import EndOfWeek, Meaning, Month, Unit, Week, Weekend, Year
from bot.domain.when.pieces import Frame
from bot.domain.when.reading import Doubt

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Named:
    """The days of a phrase.

    With several days `doubt` says why; with none, why there is none. `again` is when a single day that is over comes
    round. `offers` are the days of a week that was named without a day. `counted_in` is the unit of "in two weeks",
    which leaves the weekday open.
    """

    days: tuple[date, ...] = ()
    doubt: Doubt | None = None
    again: date | None = None
    offers: tuple[date, ...] = ()
    counted_in: Unit | None = None
    gone: bool = False


def fits_its_span(named: Named, means: Sequence[Meaning], frame: Frame) -> bool:
    """Whether a date lies in the week, month or year that stands beside it ("next week, 20 June")."""
    if not named.days or named.counted_in:
        return True
    for m in means:
        match m:
            case Month(first_on) if all((day.year, day.month) != (first_on.year, first_on.month) for day in named.days):
                return False
            case Year(year) if all(day.year != year for day in named.days):
                return False
            case Week(ahead) if all(
                monday_of(day) != monday_of(frame.today) + timedelta(weeks=ahead) for day in named.days
            ):
                return False
            case _:
                pass
    return True


def whole_span(means: Sequence[Meaning], frame: Frame) -> Named:
    """A week, a weekend, a month or a year without a day."""
    monday = monday_of(frame.today)
    for m in means:
        match m:
            case Weekend(ahead):
                saturday = monday + timedelta(days=5, weeks=ahead)
                return Named((saturday, saturday + _ONE_DAY), Doubt.WEEKEND)
            case EndOfWeek(ahead):
                week = [monday + timedelta(days=n, weeks=ahead) for n in range(7)]
                last = max(filter(frame.is_working_day, week), default=week[-1])
                return Named(tuple(sorted({last, week[-1]})), Doubt.WEEK_END)
            case Week(ahead):
                week = [monday + timedelta(days=n, weeks=ahead) for n in range(7)]
                offers = tuple(day for day in week if day >= frame.today and frame.is_working_day(day))
                return Named(doubt=None if ahead < 0 else Doubt.SPAN, offers=offers, gone=ahead < 0)
            case Year(year):
                return Named(doubt=None if year < frame.today.year else Doubt.SPAN, gone=year < frame.today.year)
            case Month(first_on):
                is_over = first_on < first_of_month(frame.today)
                return Named(doubt=None if is_over else Doubt.SPAN, gone=is_over)
            case _:
                pass
    return Named()
