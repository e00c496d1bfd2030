"""Amounts of time in two parts: two and a half hours, a month and a half, one hour and twenty minutes."""

from bot.domain.when.meanings import Ahead, Anchor, Loose, Unit
from bot.domain.when.reading import Doubt

# How many of the smallest unit of its kind each unit has; kinds do not convert into each other.
_MINUTES = {Unit.MINUTE: 1, Unit.HOUR: 60}
_DAYS = {Unit.DAY: 1, Unit.WEEK: 7}
_MONTHS = {Unit.MONTH: 1, Unit.YEAR: 12}
_MINUTES_A_DAY = 24 * 60


def and_a_half(amount: int, unit: Unit, sign: int, anchor: Anchor = Anchor.NOW) -> Ahead | Loose:
    """So many and a half of a unit; half a month is 15 days, half a day or week may be anything."""
    match unit:
        case Unit.HOUR:
            return Ahead(sign * (60 * amount + 30), Unit.MINUTE, anchor)
        case Unit.MONTH if amount == 0:
            return Ahead(sign * 15, Unit.DAY, anchor)
        case Unit.MONTH:
            return Ahead(sign * amount, unit, anchor, extra_days=sign * 15)
        case Unit.YEAR:
            return Ahead(sign * (12 * amount + 6), Unit.MONTH, anchor)
        case _:
            return Loose(Doubt.SOME_DAY)


def sum_of(one: int, unit: Unit, other: int, other_unit: Unit, sign: int) -> Ahead | Loose:
    """One hour and twenty minutes, two weeks and three days, a month and ten days."""
    units = {unit, other_unit}
    if units <= _MINUTES.keys():
        return Ahead(sign * (one * _MINUTES[unit] + other * _MINUTES[other_unit]), Unit.MINUTE)
    if units <= _DAYS.keys():
        return Ahead(sign * (one * _DAYS[unit] + other * _DAYS[other_unit]), Unit.DAY)
    if units <= _MONTHS.keys():
        return Ahead(sign * (one * _MONTHS[unit] + other * _MONTHS[other_unit]), Unit.MONTH)
    if unit in _DAYS and other_unit in _MINUTES:
        minutes = one * _DAYS[unit] * _MINUTES_A_DAY + other * _MINUTES[other_unit]
        return Ahead(sign * minutes, Unit.MINUTE)
    if unit in _MONTHS and other_unit in _DAYS:
        return Ahead(sign * one * _MONTHS[unit], Unit.MONTH, extra_days=sign * other * _DAYS[other_unit])
    return Loose(Doubt.SOME_DAY)
