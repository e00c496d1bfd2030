"""Which days a phrase names: one, several with the doubt between them, or none."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from bot.domain.when.coming import date_by_calendar, day_of_month, weekday_days, weekday_of_number
from bot.domain.when.days import add, make_day, monday_of
from bot.domain.when.meanings import (
    Ahead,
    Anchor,
    BareNumber,
    Bound,
    Dates,
    DayOfMonth,
    EndOfWeek,
    Gone,
    Loose,
    Meaning,
    Month,
    Unit,
    Week,
    Weekday,
    Weekend,
    Year,
)
from bot.domain.when.named import Named, fits_its_span, whole_span
from bot.domain.when.pieces import Frame
from bot.domain.when.reading import Doubt

_ONE_DAY = timedelta(days=1)
# How near the Friday the 20th must be for "Friday 20 boxes" to be doubtful.
_SOON = timedelta(days=62)


def name_days(means: Sequence[Meaning], frame: Frame) -> Named:
    """The days that the meanings of one phrase name together."""
    strong = next((m.reason for m in means if isinstance(m, Loose) and not m.weak), None)
    if strong:
        return Named(doubt=strong)
    named = _bounded(_unbounded(means, frame), means)
    weak = next((m.reason for m in means if isinstance(m, Loose)), None)
    if not (named.days or named.doubt or named.gone):
        return Named(doubt=weak) if weak else Named(gone=any(isinstance(m, Gone) for m in means))
    return named


def _unbounded(means: Sequence[Meaning], frame: Frame) -> Named:
    counted, anchors = _counted(means, frame)
    means = [m for index, m in enumerate(means) if index not in anchors]
    certain = [*counted, *_by_calendar(means, frame)]
    weekdays = {m.weekday: m for m in means if isinstance(m, Weekday)}
    numbers = [m.day for m in means if isinstance(m, DayOfMonth)]
    bare = [m for m in means if isinstance(m, BareNumber)]
    if certain:
        named = _agreed(certain)
        if numbers and named.counted_in is Unit.MONTH:
            named = _in_month(named.days[0], numbers[0])
        for weekday in weekdays:
            named = _on_weekday(named, weekday)
        return named if fits_its_span(named, means, frame) else Named(doubt=Doubt.MISMATCH)
    months = [m.first_on for m in means if isinstance(m, Month)]
    if numbers and months:
        named = _in_month(months[0], numbers[0])
        return _on_weekday(named, next(iter(weekdays))) if weekdays else named
    if weekdays and not months:
        return _by_weekdays(list(weekdays.values()), means, numbers, bare, frame)
    if numbers:
        named = _agreed([day_of_month(number, frame.today) for number in numbers])
        return named if fits_its_span(named, means, frame) else Named(doubt=Doubt.MISMATCH)
    return whole_span(means, frame)


def _counted(means: Sequence[Meaning], frame: Frame) -> tuple[list[Named], set[int]]:
    """Counts: "in two weeks", "3 days after January 12th", "Monday week"; and which meanings they were counted from."""
    found: list[Named] = []
    anchors: set[int] = set()
    for index, counted in enumerate(means):
        if not isinstance(counted, Ahead) or counted.unit in {Unit.MINUTE, Unit.HOUR}:
            continue
        match counted.anchor:
            case Anchor.NOW:
                base = Named((frame.today,))
            case Anchor.FOLLOWING:
                base = _unbounded(means[index + 1 : index + 2], frame)
                anchors.add(index + 1)
            case Anchor.PRECEDING:
                base = _unbounded(means[index - 1 : index], frame) if index else Named()
                anchors.add(index - 1)
        # Three weeks after a Christmas that has just been, or after the one to come: both.
        starts = [*base.days, *([base.again] if base.again else [])]
        days = [add(day, counted.amount, counted.unit, frame.is_working_day) for day in starts]
        ends = tuple(day + timedelta(days=counted.extra_days) for day in days if day)
        found.append(
            Named(ends, base.doubt or Doubt.SEVERAL, counted_in=counted.unit)
            if ends
            else Named(doubt=base.doubt or Doubt.SOME_DAY)
        )
    return found, anchors


def _by_calendar(means: Sequence[Meaning], frame: Frame) -> list[Named]:
    """The days that are named with their month."""
    year = next((m.year for m in means if isinstance(m, Year)), None)
    found: list[Named] = []
    for dates in means:
        if not isinstance(dates, Dates):
            continue
        ways = [date_by_calendar((y or year, month, day), frame.today) for y, month, day in dates.options]
        if len(ways) == 1:
            found += ways
        else:
            days = dict.fromkeys(day for way in ways for day in ([way.again] if way.again else way.days))
            found.append(Named(tuple(days), dates.reason if len(days) > 1 else None))
    return found


def _agreed(certain: Sequence[Named]) -> Named:
    """The days that all agree on; where there is none, all of them."""
    if len(certain) == 1:
        return certain[0]
    common = set(certain[0].days).intersection(*(named.days for named in certain[1:]))
    if common:
        return replace(
            certain[0],
            days=tuple(day for day in certain[0].days if day in common),
            doubt=certain[0].doubt if len(common) > 1 else None,
        )
    everything = tuple(sorted({day for named in certain for day in named.days}))
    return Named(everything, Doubt.SEVERAL if everything else certain[0].doubt)


def _on_weekday(named: Named, weekday: int) -> Named:
    """A date with a weekday beside it: the weekday may decide, may pick a day of the week, or may not fit at all."""
    in_that_week = tuple(monday_of(day) + timedelta(days=weekday) for day in named.days)
    if named.counted_in in {Unit.WEEK, Unit.MONTH, Unit.YEAR}:
        return replace(named, days=tuple(sorted(set(in_that_week))))
    fitting = tuple(day for day in named.days if day.weekday() == weekday)
    if fitting:
        return replace(named, days=fitting, doubt=named.doubt if len(fitting) > 1 else None)
    if named.again and named.again.weekday() == weekday:
        return Named((named.again,))
    if not named.days:
        return named
    return Named(tuple(sorted({*named.days, *in_that_week})), Doubt.MISMATCH)


def _in_month(first_on: date, number: int) -> Named:
    day = make_day(first_on.year, first_on.month, number)
    return Named((day,)) if day else Named(doubt=Doubt.NO_SUCH_DAY)


def _by_weekdays(
    weekdays: Sequence[Weekday], means: Sequence[Meaning], numbers: list[int], bare: list[BareNumber], frame: Frame
) -> Named:
    weekday = weekdays[0]
    plain = [number.number for number in bare if not number.counts_something]
    if len(weekdays) == 1 and (numbers or (plain and plain[0] > 12)):
        return weekday_of_number((numbers or plain)[0], weekday.weekday, frame.today)
    weeks = [m.ahead for m in means if isinstance(m, Week | Weekend | EndOfWeek)]
    if weeks:
        start = monday_of(frame.today) + timedelta(weeks=weeks[0])
        days = tuple(sorted(start + timedelta(days=m.weekday) for m in weekdays))
        again = days[0] + timedelta(weeks=1) if len(days) == 1 and days[0] < frame.today and weeks[0] == 0 else None
        return Named(days, Doubt.SEVERAL if len(days) > 1 else None, again)
    found = [weekday_days(m, frame.today) for m in weekdays]
    if len(found) > 1:  # 周一、周二: the coming ones
        return _agreed([Named((named.again,)) if named.again else named for named in found])
    if bare:
        by_number = weekday_of_number(bare[0].number, weekday.weekday, frame.today).days
        if by_number and (plain or abs(by_number[0] - frame.today) < _SOON):
            days = tuple(sorted({*found[0].days, *by_number}))
            return Named(days, Doubt.DAY_OR_HOUR) if len(days) > 1 else found[0]
    return found[0]


def _bounded(named: Named, means: Sequence[Meaning]) -> Named:
    """What is after a day has no end; "before Friday" is Thursday to some and Friday to others."""
    bounds = [m.after for m in means if isinstance(m, Bound)]
    if not bounds or not named.days:
        return named
    if bounds[0]:
        return Named(doubt=Doubt.OPEN_END)
    closing = any(isinstance(m, Dates) and m.closing for m in means)
    if closing or len(named.days) > 1:
        return named
    return replace(named, days=(named.days[0] - _ONE_DAY, named.days[0]), doubt=Doubt.BEFORE)
