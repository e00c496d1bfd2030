"""The kinds of value that a policy can have: how a person types one, in English or Chinese, and how it is kept."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import time, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Kind(StrEnum):
    """What a policy measures; messages name the unit by it."""

    METRES = "metres"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    TIME = "time"
    WEEKDAYS = "weekdays"
    PERCENT = "percent"
    COUNT = "count"
    POINTS = "points"
    FLAG = "flag"
    CHOICE = "choice"
    KMH = "kmh"


class Unreadable(ValueError):  # noqa: N818 - an answer to the reader, as BadValue is
    """Text that is no value of its kind; `reason` is one of the codes that `BadValue` lists."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True)
class Form(Generic[T]):
    """How values of one kind are read and written: `read(write(value)) == value`."""

    kind: Kind
    read: Callable[[str], T]
    write: Callable[[T], str]


LONGEST_TEXT = 60
# Far above every bound and far below what timedelta can hold, so that arithmetic cannot overflow.
LARGEST_NUMBER = 10**8

_NUMERALS = {numeral: value for value, numeral in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_CHINESE_NUMBER = re.compile("[零〇一二两三四五六七八九十百千万]+")
# Up to 99 only, and one digit only without 十: 一百五 is said for 150 and written for 105, 二三天 is two or three days.
_CLEAR_NUMBER = re.compile("([二两三四五六七八九]?)(十)([一二三四五六七八九]?)|([零〇一二两三四五六七八九])")


def plain(text: str) -> str:
    """The text in lower case, with full-width digits and punctuation made narrow and outer blanks gone."""
    if len(text) > LONGEST_TEXT:
        raise Unreadable("not_understood")
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _with_digits(text: str) -> str:
    """The text with Chinese numbers up to 99 in digits: 十五分钟 becomes 15分钟."""

    def digits(written: re.Match[str]) -> str:
        number = _CLEAR_NUMBER.fullmatch(written[0])
        if number is None:
            return written[0]
        tens, ten, ones, single = number.groups()
        if not ten:
            return str(_NUMERALS[single])
        return str((_NUMERALS[tens] if tens else 1) * 10 + (_NUMERALS[ones] if ones else 0))

    return _CHINESE_NUMBER.sub(digits, text)


_LENGTHS = {
    1: ("m", "metre", "metres", "meter", "meters", "米", "公尺"),
    1000: ("km", "kilometre", "kilometres", "kilometer", "kilometers", "公里", "千米"),
}
_DURATIONS = {
    1: ("m", "min", "mins", "minute", "minutes", "分", "分钟"),
    60: ("h", "hr", "hrs", "hour", "hours", "小时", "钟头", "个小时", "个钟头"),
    24 * 60: ("d", "day", "days", "天", "日"),
    7 * 24 * 60: ("w", "week", "weeks", "周", "星期", "个星期"),
}
_UNITS: Mapping[Kind, Mapping[int, tuple[str, ...]]] = {
    Kind.METRES: _LENGTHS,
    Kind.MINUTES: _DURATIONS,
    Kind.HOURS: _DURATIONS,
    Kind.DAYS: _DURATIONS,
    Kind.PERCENT: {1: ("%", "percent", "per cent")},
    Kind.COUNT: {1: ("time", "times", "次", "个")},
    Kind.POINTS: {1: ("point", "points", "分")},
    Kind.KMH: {1: ("km/h", "kmh", "kph", "公里/小时", "千米/小时", "公里每小时", "千米每小时")},
}
# The unit that a bare number is in, counted in the smallest unit of its kind.
_BARE_UNIT = {Kind.HOURS: 60, Kind.DAYS: 24 * 60}
_AMOUNT = re.compile(r"([+-]?)(\d+|\d{1,3}(?:,\d{3})+)(\.\d+)?\s*(\D*)")


def _read_amount(kind: Kind, text: str) -> int:
    """The number in the smallest unit of its kind: metres, minutes, per cent, times, km/h."""
    match = _AMOUNT.fullmatch(_with_digits(plain(text)))
    if match is None:
        raise Unreadable("not_understood")
    sign, whole, fraction, unit = match.groups()
    if len(whole) > len(str(LARGEST_NUMBER)):
        raise Unreadable("too_small" if sign == "-" else "too_large")
    factor = _BARE_UNIT.get(kind, 1)
    if unit:
        factor = next((factor for factor, names in _UNITS[kind].items() if unit in names), 0)
        if not factor:
            raise Unreadable("wrong_unit")
    amount = Decimal(f"{sign}{whole.replace(',', '')}{fraction or ''}") * factor
    if abs(amount) > LARGEST_NUMBER:
        raise Unreadable("too_large" if amount > 0 else "too_small")
    step = 24 * 60 if kind is Kind.DAYS else 1
    if amount % step:
        raise Unreadable("not_whole")
    return int(amount)


def _amount(kind: Kind) -> Form[float]:
    return Form(kind, lambda text: float(_read_amount(kind, text)), lambda value: str(round(value)))


def _integer(kind: Kind) -> Form[int]:
    return Form(kind, lambda text: _read_amount(kind, text), str)


def _duration(kind: Kind) -> Form[timedelta]:
    def write(value: timedelta) -> str:
        minutes, unit = value // timedelta(minutes=1), _BARE_UNIT.get(kind, 1)
        return f"{minutes}min" if minutes % unit else str(minutes // unit)

    return Form(kind, lambda text: timedelta(minutes=_read_amount(kind, text)), write)


# Which hours each part of the day can mean: 晚上7点 is 19:00, and 晚上12点 is nobody's guess. None is longer than
# twelve hours, so that an hour never fits twice.
_PARTS_OF_DAY = {
    "am": range(12),
    "pm": range(12, 24),
    "凌晨": range(6),
    "早上": range(4, 12),
    "早晨": range(4, 12),
    "上午": range(6, 13),
    "中午": range(11, 15),
    "下午": range(12, 19),
    "傍晚": range(16, 20),
    "晚上": range(17, 24),
}
_TIME = re.compile(
    r"(?P<before>凌晨|早上|早晨|上午|中午|下午|傍晚|晚上)?\s*"
    r"(?:(?P<compact>\d{4})|(?P<hour>\d{1,2})\s*"
    r"(?::(?P<minute>\d{2})(?::00)?|[点时](?:(?P<half>半)|(?P<quarters>[13])刻|(?P<minutes>\d{1,2})分?|整|钟)?)?)"
    r"\s*(?P<after>am|pm)?"
)


def _read_time(text: str) -> time:
    match = _TIME.fullmatch(_with_digits(plain(text)).replace("a.m.", "am").replace("p.m.", "pm"))
    if match is None:
        raise Unreadable("not_understood")
    if match["compact"]:
        hour, minute = int(match["compact"][:2]), int(match["compact"][2:])
    elif match["half"]:
        hour, minute = int(match["hour"]), 30
    else:
        hour, minute = int(match["hour"]), int(match["minute"] or match["minutes"] or 0)
        minute += 15 * int(match["quarters"] or 0)
    for part in filter(None, (match["before"], match["after"])):
        meant = {hour, hour + 12 if hour < 12 else 0 if hour == 12 else hour}
        fitting = meant & set(_PARTS_OF_DAY[part])
        if not fitting:
            raise Unreadable("not_understood")
        hour = fitting.pop()
    if hour > 23 or minute > 59:
        raise Unreadable("no_such_time")
    return time(hour, minute)


TIME = Form(Kind.TIME, _read_time, lambda value: f"{value:%H:%M}")

_EVERY_DAY = frozenset(range(1, 8))
_NAMED_WEEKDAYS = {
    **dict.fromkeys(("every day", "everyday", "daily", "每天", "每日"), _EVERY_DAY),
    **dict.fromkeys(("weekdays", "working days", "工作日"), frozenset(range(1, 6))),
    **dict.fromkeys(("weekend", "weekends", "周末"), frozenset({6, 7})),
}
_ENGLISH_WEEKDAY = re.compile(
    r"(?<![a-z])(?:(mon(?:day)?)|(tue(?:s(?:day)?)?)|(wed(?:nesday)?)|(thu(?:r(?:s(?:day)?)?)?)|(fri(?:day)?)"
    r"|(sat(?:urday)?)|(sun(?:day)?))s?(?![a-z])"
)
_CHINESE_WEEKDAYS = str.maketrans("一二三四五六日天", "12345677")
_RANGE = re.compile(r"([1-7])\s*(?:-|–|—|~|\bto\b|到|至)\s*([1-7])")


def _read_weekdays(text: str) -> frozenset[int]:
    text = plain(text)
    if text in _NAMED_WEEKDAYS:
        return _NAMED_WEEKDAYS[text]
    text = _ENGLISH_WEEKDAY.sub(lambda match: str(match.lastindex), text)
    text = re.sub("周|星期|礼拜", "", text).translate(_CHINESE_WEEKDAYS)

    def spelled_out(match: re.Match[str]) -> str:
        first, last = int(match[1]), int(match[2])
        return "".join(str((first - 1 + step) % 7 + 1) for step in range((last - first) % 7 + 1))

    text = re.sub(r"\band\b|[,;、&+\s]|和|及|与", "", _RANGE.sub(spelled_out, text))
    if not re.fullmatch("[1-7]+", text):
        raise Unreadable("not_understood")
    return frozenset(int(digit) for digit in text)


WEEKDAYS = Form(Kind.WEEKDAYS, _read_weekdays, lambda value: ",".join(str(day) for day in sorted(value)))

_ON = frozenset(("on", "yes", "y", "true", "1", "开", "开启", "打开", "启用", "是"))
_OFF = frozenset(("off", "no", "n", "false", "0", "关", "关闭", "关掉", "停用", "否", "不"))


def _read_flag(text: str) -> bool:
    word = plain(text)
    if word not in _ON | _OFF:
        raise Unreadable("not_understood")
    return word in _ON


FLAG = Form(Kind.FLAG, _read_flag, lambda value: "on" if value else "off")
METRES, KMH = _amount(Kind.METRES), _amount(Kind.KMH)
PERCENT, COUNT, POINTS = _integer(Kind.PERCENT), _integer(Kind.COUNT), _integer(Kind.POINTS)
MINUTES, HOURS, DAYS = _duration(Kind.MINUTES), _duration(Kind.HOURS), _duration(Kind.DAYS)


def choice_of(names: tuple[str, ...]) -> Form[str]:
    """One of a few names, in capitals or not; what they mean in each language is a message's matter."""
    by_plain = {plain(name): name for name in names}

    def read(text: str) -> str:
        name = by_plain.get(plain(text))
        if name is None:
            raise Unreadable("no_such_choice")
        return name

    return Form(Kind.CHOICE, read, str)
