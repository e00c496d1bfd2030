"""Dates and hours written in figures, alike in both languages: 2026-12-05, 11/28, 5.12., 20261205, 14:30."""

import re

from bot.domain.when.days import make_day
from bot.domain.when.meanings import Clock, Dates, Half, Loose
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

# What may follow a bare figure in English, so that "12-11 boxes" or "by 2.5 points" is no date.
STOP = (
    r"(?=\s{0,3}(?:$|[,.;:!?)\]\-\x00。、；！？]|[^\x00-\x7f]|(?:at|in|on|by|for|with|to|and|or|of|from|until|till|around"
    r"|about|the|please|pls|if|when|this|next|as|my|our|we|i|he|she|they|you|will|sharp|latest|or)(?![a-z])))"
)
MEASURE = (
    r"(?:个|箱|件|家|台|套|份|瓶|盒|支|人|名|位|种|张|批|轮|场|项|单|条|元|块|万|千|百|亿|公|斤|克|吨|米|升|毫|寸|折|倍|度"
    r"|天|周|星期|礼拜|小时|分钟|分|点|次|年|月|版|代|级|包|袋|桶|杯|颗|只|双|层|楼|期|款|%|％|℃)"
)
_LEAP_YEAR = 2024  # a day that some year has
_AHEAD = r"(?<![\da-z./_#+-])"
_ENGLISH_UNIT = r"(?!\s?(?:of|inch|inches|in\b|price|off|cups?|full|pints?|lb|kg|mm|cm|寸|英寸|折|价))"
_NUMBER_LABEL = re.compile(r"(?:号|单|码|编|款|(?<![a-z])(?:no\.?|id|order|po|sn|sku|ref\.?))\s?[:#]?\s?$|#\s?$")
_DATE_LEAD = re.compile(r"(?:^|(?<![a-z])(?:on|before|until|till|due)\s|在|于|到)\s{0,2}$")
# "up by 2.5" is a measure, "by 25.11" a date.
_ANY_LEAD = re.compile(_DATE_LEAD.pattern + r"|(?<![a-z])(?:by|this|next|for|from)\s{1,2}$")


def _is_led(match: Found, lead: re.Pattern[str]) -> bool:
    """Whether the lead stands right before the match."""
    return lead.search(match.string, max(0, match.start() - 12), match.start()) is not None


def _full(match: Found, frame: Frame) -> Read:
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    return Dates(((year, month, day),)) if make_day(year, month, day) else Loose(Doubt.NO_SUCH_DAY)


def _compact(match: Found, frame: Frame) -> Read:
    """Eight digits are a date only near to today and not behind "no." or 单号: order numbers look the same."""
    found = make_day(int(match[1]), int(match[2]), int(match[3]))
    if not found or abs(found.year - frame.today.year) > 3:
        return None
    return None if _is_led(match, _NUMBER_LABEL) else Dates.of(found)


def _year_last(match: Found, frame: Frame) -> Read:
    first, second, year = int(match[1]), int(match[3]), int(match[4])
    return _either(frame, [(year, first, second)], [(year, second, first)])


def _short_year(match: Found, frame: Frame) -> Read:
    """12-11-10: in Chinese the year stands first; in English each of three orders is in use."""
    one, two, three = int(match[1]), int(match[3]), int(match[4])
    year_first = [(2000 + one, two, three)]
    if frame.chinese and make_day(*year_first[0]):
        return Dates((year_first[0],))
    return _either(frame, [(2000 + three, one, two)], [(2000 + three, two, one)], year_first)


def _either(frame: Frame, *orders: list[tuple[int, int, int]]) -> Read:
    """The orders that are days at all; the one the reader is used to comes first."""
    real = [order[0] for order in orders if make_day(*order[0])]
    if not real:
        return None
    if frame.day_first and len(real) > 1 and make_day(*orders[1][0]):
        real.sort(key=lambda option: option != orders[1][0])
    return Dates(tuple(dict.fromkeys(real)), Doubt.DAY_OR_MONTH)


def _month_and_day(match: Found, frame: Frame) -> Read:
    """Chinese writes the month first; in other texts 3/4 is a question, 13/4 is not."""
    one, two = int(match[1]), int(match[2])
    if one in (7, 24) and two in (7, 24) and "/" in match[0]:
        return None  # 24/7
    if match.re.groups == 4 and match[4]:
        return Loose(Doubt.RANGE)
    if _is_led(match, _NUMBER_LABEL):
        return None
    if frame.chinese and one < two <= 10 and match.string.startswith("的", match.end()):
        return None  # 1/3的客户
    if not frame.chinese and "-" in match[0] and not _is_led(match, _ANY_LEAD):
        return None
    real = [(None, month, day) for month, day in ((one, two), (two, one)) if make_day(_LEAP_YEAR, month, day)]
    if not real:
        return None
    is_iso_order = "-" in match[0] and not frame.day_first  # 09-01 is cut from 2026-09-01
    if (frame.chinese or is_iso_order) and (None, one, two) in real:
        real = [(None, one, two)]
    elif frame.day_first:
        real.reverse()
    return Dates(tuple(dict.fromkeys(real)), Doubt.DAY_OR_MONTH)


def _dotted(match: Found, frame: Frame) -> Read:
    """5.12 is a date only where one is expected: prices, versions and measures are written alike."""
    lead = _DATE_LEAD if len(match[2]) == 1 else _ANY_LEAD
    if match[3] is None and not _is_led(match, lead):
        return None
    return _month_and_day(match, frame)


def _in_chinese_order(match: Found, frame: Frame) -> Read:
    month, day = int(match[1]), int(match[2])
    return Dates(((None, month, day),)) if make_day(_LEAP_YEAR, month, day) else None


def _clock(match: Found, frame: Frame) -> Read:
    hour, minute = int(match[1]), int(match[2])
    half = {"a": Half.AM, "p": Half.PM, None: None}[match[4] or match[5]]
    if half and not 1 <= hour <= 12 and not (half is Half.PM and hour < 24):
        return None
    literal = match[1].startswith("0") or match[3] is not None
    return Clock(hour, minute, half, literal=literal)


FIGURES: tuple[Rule, ...] = (
    (re.compile(r"(?<![\d./])((?:19|20)\d\d)([-/.])(\d{1,2})\2(\d{1,2})(?!\d|[-/.]\d)t?(?=[^a-z]|$)"), _full),
    (re.compile(r"(?<![\da-z_#-])(20\d\d)(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?![\da-z-])"), _compact),
    (re.compile(_AHEAD + r"(\d{1,2})([-/.])(\d{1,2})\2((?:19|20)\d\d)(?!\d)"), _year_last),
    (re.compile(_AHEAD + r"(\d{2})([-/.])(\d{1,2})\2(\d{2})(?![\da-z]|[-/.]\d)"), _short_year),
    (
        re.compile(
            r"(?<![\d:.])([01]?\d|2[0-4]):([0-5]\d)(:[0-5]\d(?:\.\d{1,6})?)?(?![\d:])"
            r"(?:\s?([ap])\.?\s?m\.?(?![a-z])|([ap])(?![a-z]))?"
        ),
        _clock,
    ),
    (
        re.compile(
            r"(?:(?<![a-z])this\s)?"
            + _AHEAD
            + r"(\d{1,2})/(\d{1,2})(?:\s?([-~])\s?(\d{1,2}/\d{1,2}))?(?![\d/%]|\.\d)"
            + _ENGLISH_UNIT
        ),
        _month_and_day,
    ),
    (re.compile(_AHEAD + r"(\d{1,2})·(\d{1,2})(?![\d·])"), _in_chinese_order),
    (re.compile(_AHEAD + r"(\d\d)-(\d\d)(?![\d-])(?!\s?" + MEASURE + ")" + STOP), _month_and_day),
)
# After the hours of each language: "at 2.30" is an hour.
DOTTED: tuple[Rule, ...] = (
    (
        re.compile(
            _AHEAD + r"(\d{1,2})\.(\d{1,2})(\.(?=\s{0,2}(?:\x00|at)))?(?![\d%/]|\.\d)(?!\s?" + MEASURE + ")" + STOP
        ),
        _dotted,
    ),
)
