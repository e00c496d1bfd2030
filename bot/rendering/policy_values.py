"""How the value of a policy is written for a reader: "150 m", "3 小时", "Mon–Fri", "开"."""

import re
from collections.abc import Mapping
from itertools import groupby

from babel.dates import get_day_names
from babel.units import format_unit

from bot.domain.policy_values import Kind

_UNITS: Mapping[Kind, str] = {
    Kind.METRES: "length-meter",
    Kind.MINUTES: "duration-minute",
    Kind.HOURS: "duration-hour",
    Kind.DAYS: "duration-day",
    Kind.KMH: "speed-kilometer-per-hour",
}
_STATES = {"en": {"on": "on", "off": "off"}, "zh_Hans": {"on": "开", "off": "关"}}
_POINTS = {"en": "points", "zh_Hans": "分"}
_TO = {"en": "–", "zh_Hans": "至"}
_AND = {"en": ", ", "zh_Hans": "、"}
# As `policy.store` writes an amount; an hour or a day that is not whole is kept in minutes.
_AMOUNT = re.compile(r"(\d+)(min)?")
_BETWEEN_DIGIT_AND_WORD = re.compile(r"(?<=\d)(?=[^\W\d_a-zA-Z])")


def written(value: str, kind: str, language: str) -> str:
    """A stored value in the reader's language; a text that is no value of its kind is shown as it is."""
    amount = _AMOUNT.fullmatch(value)
    match Kind(kind):
        case Kind.FLAG:
            return _STATES[language].get(value, value)
        case Kind.WEEKDAYS if re.fullmatch("[1-7](,[1-7])*", value):
            return _weekdays([int(day) for day in value.split(",")], language)
        case Kind.PERCENT if amount:
            return f"{value} %"
        case Kind.POINTS if amount:
            return f"{value} {_POINTS[language]}"
        case measured if amount and measured in _UNITS:
            return _amount(int(amount[1]), Kind.MINUTES if amount[2] else measured, language)
        case _:
            return value


def _amount(number: int, kind: Kind, language: str) -> str:
    # CLDR's short English hour is "hr"; Chinese has one form only, and Babel no long one for it.
    length = "long" if language == "en" and kind in (Kind.HOURS, Kind.DAYS) else "short"
    return _BETWEEN_DIGIT_AND_WORD.sub(" ", format_unit(number, _UNITS[kind], length=length, locale=language))  # type: ignore[arg-type]


def _weekdays(days: list[int], language: str) -> str:
    """Three and more in a row as a range."""
    names = get_day_names("abbreviated", locale=language)
    parts = []
    for _, group in groupby(enumerate(sorted(days)), key=lambda numbered: numbered[1] - numbered[0]):
        run = [str(names[day - 1]) for _, day in group]
        parts += [run[0] + _TO[language] + run[-1]] if len(run) > 2 else run
    return _AND[language].join(parts)
