"""Chinese dates by the calendar: 2026年12月5日, 十二月五号, 下个月5号, 29日, 月底."""

import re
from datetime import date

from bot.domain.when.chinese.festivals import FESTIVALS, FIXED_FEASTS
from bot.domain.when.chinese.words import BY, HAN_NUMBER, steps
from bot.domain.when.days import first_of_month, month_end, quarter_end
from bot.domain.when.figures import MEASURE
from bot.domain.when.meanings import Dates, DayOfMonth, Loose, Month, Year
from bot.domain.when.numbers import chinese_number
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_YEARS = {"今": 0, "本": 0, "当": 0, "明": 1, "来": 1, "后": 2, "去": -1, "前": -2}
_YEAR = r"(?:(?P<year>(?:19|20)\d\d|\d\d|[〇零一二三四五六七八九]{2,4})年|(?P<year_word>[今明来后去前本当])年)"
_UNTIL = rf"(?:\s?(?P<until>[-~到至])\s?(?P<until_day>\d{{1,2}}[日号]|{HAN_NUMBER}{{1,3}}[日号]))?"
# A house, a line or a product has a number too: 3号楼, 5号线, 南京路12号.
_NUMBERED = re.compile(
    r"(?:店|线|楼|门|仓|库|桌|房|会议|机|柜|位|产品|馆|厅|车|院|样|工|方案|文件|货|油|字|码|选|链|令|展|摊|街|路|站|出口|电池|铺|单元"
    r"|间|窗|台|井|池|炉|包|色|杆|人|客户|公馆|地块|床|病|球|员|通知|公告|标段|标|段|岛|船|泵|阀|屏|灯|坑|墩)"
)
_ADDRESS = re.compile(r"(?:第|no\.?|#|编号|型号|批号|单号|[路街弄巷道村园楼栋座区里幢])\s?$")


def year_of(match: Found, frame: Frame) -> int | None:
    """The year that a phrase names, by number or by word; None where it names none."""
    if match["year_word"]:
        return frame.today.year + _YEARS[match["year_word"]]
    if not match["year"]:
        return None
    text = match["year"]
    if text.isascii():
        return int(text) + (2000 if len(text) == 2 else 0)
    value = chinese_number(text if len(text) == 4 else "二〇" + text)
    return value if value and value > 1000 else None


def _full(match: Found, frame: Frame) -> Read:
    month, day = chinese_number(match["month"]), chinese_number(match["day"])
    if month is None or day is None:
        return None
    if not match["mark"]:
        if not match["day"].isdigit():
            return Loose(Doubt.FESTIVAL)  # 八月十五 is the lunar calendar's way of writing
        if re.match(r"\s?" + MEASURE, match.string[match.end() : match.end() + 4]):
            return None
    has_year = bool(match["year"] or match["year_word"])
    year = year_of(match, frame)
    if has_year and year is None:
        return Loose(Doubt.NO_SUCH_DAY)
    last = chinese_number((match["until_day"] or "")[:-1])
    return Dates(((year, month, day), *([(year, month, last)] if last else [])), Doubt.RANGE)


def _day(match: Found, frame: Frame) -> Read:
    day = chinese_number(match["day"])
    if not day or day > 31:
        return None
    is_address = _ADDRESS.search(match.string, max(0, match.start() - 6), match.start())
    if is_address or _NUMBERED.match(match.string, match.end()):
        return None
    return Loose(Doubt.RANGE) if match["until"] else DayOfMonth(day)


def _month(match: Found, frame: Frame) -> Read:
    year, month = year_of(match, frame), chinese_number(match["month"])
    if not month or not 1 <= month <= 12:
        return None
    if year is not None and not 1 < year < 9999:
        return Loose(Doubt.NO_SUCH_DAY)
    return month_or_its_end(year, month, match["edge"], frame)


def month_or_its_end(year: int | None, month: int, edge: str | None, frame: Frame) -> Read:
    """A month, or its last day; a month that is over without a year is next year's, its last day is asked."""
    if year is None and edge in {"底", "末"}:
        return Dates(((None, month, month_end(frame.today.replace(month=month, day=1)).day),), closing=True)
    year = year or frame.today.year + (month < frame.today.month)
    return _end_or_whole(frame.today.replace(year=year, month=month, day=1), edge)


def _end_or_whole(first: date, edge: str | None) -> Read:
    if edge in {"底", "末"}:
        return Dates.of(month_end(first), closing=True)
    return Loose(Doubt.SPAN) if edge else Month(first)


def _month_by_steps(match: Found, frame: Frame) -> Read:
    return _end_or_whole(first_of_month(frame.today, steps(match["step"])), match["edge"])


def _month_edge(match: Found, frame: Frame) -> Read:
    return _end_or_whole(frame.today.replace(day=1), match["edge"])


def _year_or_its_end(match: Found, frame: Frame) -> Read:
    year = year_of(match, frame)
    if year is None or not 1 < year < 9999:
        return None
    if match["edge"] in {"底", "末"}:
        return Dates(((year, 12, 31),), closing=True)
    return Loose(Doubt.SPAN) if match["edge"] else Year(year, by_number=bool(match["year"]))


def _year_end(match: Found, frame: Frame) -> Read:
    return Dates(((None, 12, 31),), closing=True)


def _quarter_end(match: Found, frame: Frame) -> Read:
    return Dates.of(quarter_end(frame.today, steps(match["step"] or "")), closing=True)


def _feast(match: Found, frame: Frame) -> Read:
    month, day = FIXED_FEASTS[match["feast"]]
    is_over = (month, day) < (frame.today.month, frame.today.day)
    return Dates(((year_of(match, frame) or frame.today.year + is_over, month, day),))


_MONTH_STEP = r"(?P<step>本|这个?|当|下下?个?|上上?个?|次)月(?:份)?(?:的|之内|以内|内|里)?(?:月(?=[底末初]))?"
DATES: tuple[Rule, ...] = (
    *FESTIVALS,
    (
        re.compile(
            rf"(?:{_YEAR}(?:的)?)?(?<![\d.])(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:的)?\s?"
            rf"(?P<day>\d{{1,2}}|{HAN_NUMBER}{{1,3}})(?:(?P<mark>日|号)|(?![\d.]|{HAN_NUMBER}?[月年]))" + _UNTIL + BY
        ),
        _full,
    ),
    (re.compile(rf"(?:{_YEAR}(?:的)?)?(?:五一|十一)?(?P<feast>{'|'.join(FIXED_FEASTS)})" + BY), _feast),
    (
        re.compile(
            rf"{_YEAR}(?:的)?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:的?月)?"
            rf"(?P<edge>[上中下]旬|[底末初中])?{BY}"
        ),
        _month,
    ),
    (
        re.compile(
            rf"(?P<year>)(?P<year_word>)(?<![\d个第.]|{HAN_NUMBER})(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
            r"(?:份)?(?:的?月)?(?P<edge>[上中下]旬|[底末初中])?(?![饼球台嫂])" + BY
        ),
        _month,
    ),
    (re.compile(_MONTH_STEP + r"(?P<edge>[底末初中](?!心|标)|[上中下]旬)?" + BY), _month_by_steps),
    (re.compile(r"(?<![\d个])月(?P<edge>[底末初](?!级)|中旬|[上下]旬)" + BY), _month_edge),
    (
        re.compile(rf"{_YEAR}(?:的?年(?=[底末初]))?(?P<edge>[底末初中]|[上下]半年)?(?!级|度|龄|代|货|会)" + BY),
        _year_or_its_end,
    ),
    (re.compile(r"年[底末](?!奖)" + BY), _year_end),
    (re.compile(r"(?:(?P<step>本|这个?|下个?)?季度)[底末]" + BY), _quarter_end),
    (
        re.compile(r"(?:本|这个?|下个?|上个?)季度?(?![节])|[上下]半年|年[初中](?!级)|第?[一二三四1-4]季度"),
        lambda match, frame: Loose(Doubt.SPAN),
    ),
    (
        re.compile(
            rf"(?<![\d.:/-])(?<!{HAN_NUMBER})(?P<day>\d{{1,2}}|(?<![周期拜]){HAN_NUMBER}{{1,3}})"
            r"(?:号|日(?![游内后均间报志元本]|[之以][后内]))" + _UNTIL + BY
        ),
        _day,
    ),
)
