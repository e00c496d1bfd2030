"""Chinese dates by the calendar: 2026年12月5日, 十二月五号, 下个月5号, 29日; what is lunar is never turned into a date."""

import re
from datetime import date

from bot.domain.when.days import first_of_month, month_end, quarter_end
from bot.domain.when.figures import MEASURE
from bot.domain.when.numbers import CHINESE, chinese_number
from bot.domain.when.pieces import Dates, DayOfMonth, Found, Frame, Loose, Month, Read, Rule, Year
from bot.domain.when.reading import Doubt

_HAN_NUMBER = r"[〇零一二两三四五六七八九十廿卅]"
_YEARS = {"今": 0, "本": 0, "当": 0, "明": 1, "来": 1, "后": 2, "去": -1, "前": -2}
_YEAR = rf"(?:(?P<year>(?:19|20)\d\d|\d\d|[〇零一二三四五六七八九]{{2,4}})年|(?P<year_word>[今明来后去前本当])年)"
_BY = r"(?:之前|以前|前后|左右|前(?![台往面端期]))?"
_UNTIL = r"(?:\s?(?P<until>[-~到至])\s?(?P<until_day>\d{1,2}(?:日|号)|(?P<until_han>[一二三四五六七八九十廿卅]{1,3}(?:日|号))))?"
_FEAST = (
    r"(?:除夕|大年三十|大年初[一二三四五六七]|年三十|年初[一二三四五六七]|春节|元宵|端午|中秋|重阳|七夕|中元|清明|冬至|夏至|立[春夏秋冬]|腊八|小年|寒食)"
    r"(?:节)?"
)
_LUNAR_MONTH = r"(?:正月|腊月|冬月|闰[一二三四五六七八九十]{1,2}月)"
# A house, a line or a product has a number too: 3号楼, 5号线, 南京路12号.
_NUMBERED = re.compile(
    r"(?:店|线|楼|门|仓|库|桌|房|会议|机|柜|位|产品|馆|厅|车|院|样|工|方案|文件|货|油|字|码|选|链|令|展|摊|街|路|站|出口|电池|铺|单元"
    r"|间|窗|台|井|池|炉|包|色|杆|人|客户|公馆|地块|床|病|球|员|通知|公告|标段|标|段|岛|船|泵|阀|屏|灯|坑|墩)"
)
_ADDRESS = re.compile(r"(?:第|no\.?|#|编号|型号|批号|单号|[路街弄巷道村园楼栋座区里幢])\s?$")
_FIXED_FEASTS = {"元旦": (1, 1), "国庆节": (10, 1), "劳动节": (5, 1), "圣诞节": (12, 25), "平安夜": (12, 24)}


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
    last = chinese_number((match["until_day"] or match["until_han"] or "")[:-1])
    return Dates(((year, month, day), *([(year, month, last)] if last else [])), Doubt.RANGE)


def _day(match: Found, frame: Frame) -> Read:
    day = chinese_number(match["day"])
    if not day or day > 31:
        return None
    if _NUMBERED.match(match.string, match.end()) or _ADDRESS.search(match.string, max(0, match.start() - 6), match.start()):
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


def _steps(word: str) -> int:
    """下下个月 is two ahead, 上月 one back, 本月 this one."""
    return word.count("下") - word.count("上") + (word == "次")


def _month_by_steps(match: Found, frame: Frame) -> Read:
    return _end_or_whole(first_of_month(frame.today, _steps(match["step"])), match["edge"])


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
    return Dates(((frame.today.year, 12, 31),), closing=True)


def _quarter_end(match: Found, frame: Frame) -> Read:
    return Dates.of(quarter_end(frame.today, _steps(match["step"] or "")), closing=True)


def _feast(match: Found, frame: Frame) -> Read:
    month, day = _FIXED_FEASTS[match["feast"]]
    is_over = (month, day) < (frame.today.month, frame.today.day)
    return Dates(((year_of(match, frame) or frame.today.year + is_over, month, day),))


_MONTH_STEP = r"(?P<step>本|这个?|当|下下?个?|上上?个?|次)月(?:份)?(?:的|之内|以内|内|里)?"
DATES: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?:{CHINESE}年)?(?:的)?(?:农历|阴历|旧历)(?:{CHINESE}年)?(?:{_LUNAR_MONTH}|{CHINESE}月)?(?:初?{CHINESE}(?:日|号)?)?"
            rf"|(?:[\u4e00-\u9fff]{{2}}[元一二三四五六七八九十]{{1,3}}年|[今明后去前]年|(?:19|20)\d\d年)?(?:的)?"
            rf"(?:{_FEAST}|{_LUNAR_MONTH}(?:初?{CHINESE})?){_BY}"
            rf"|{CHINESE}月初[一二三四五六七八九十](?!级|期|步|次|版|稿|中|审)"
            r"|(?<![\d半〇零一二两三四五六七八九十几数])(?:过完?年|年[前后](?!\d)|节[前后])"
            r"|(?:国庆|五一|十一|元旦|圣诞|劳动节)节?(?:长假|假期|黄金周)?(?:之?[前后]|期间|长假|假期|黄金周)"
        ),
        lambda match, frame: Loose(Doubt.FESTIVAL),
    ),
    (
        re.compile(
            rf"(?:{_YEAR}(?:的)?)?(?<![\d.])(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?:的)?\s?"
            rf"(?P<day>\d{{1,2}}|{_HAN_NUMBER}{{1,3}})(?:(?P<mark>日|号)|(?![\d.]|{_HAN_NUMBER}?[月年]))" + _UNTIL + _BY
        ),
        _full,
    ),
    (re.compile(rf"(?:{_YEAR}(?:的)?)?(?:五一|十一)?(?P<feast>{'|'.join(_FIXED_FEASTS)})" + _BY), _feast),
    (re.compile(rf"{_YEAR}(?:的)?(?P<month>\d{{1,2}}|[一二三四五六七八九十]{{1,2}})月(?:份)?(?P<edge>[上中下]旬|[底末初中])?" + _BY), _month),
    (
        re.compile(
            rf"(?P<year>)(?P<year_word>)(?<![\d个第.]|{_HAN_NUMBER})(?P<month>1[0-2]|[1-9]|十[一二]?|[一二三四五六七八九])月"
            r"(?:份)?(?P<edge>[上中下]旬|[底末初中])?(?![饼球台嫂])" + _BY
        ),
        _month,
    ),
    (re.compile(_MONTH_STEP + r"(?P<edge>[底末初中](?!心|标)|[上中下]旬)?" + _BY), _month_by_steps),
    (re.compile(r"(?<![一-鿿\d])?(?<![\d个])月(?P<edge>[底末初](?!级)|中旬|[上下]旬)" + _BY), _month_edge),
    (re.compile(rf"{_YEAR}(?P<edge>[底末初中]|[上下]半年)?(?!级|度|龄|代|货|会)" + _BY), _year_or_its_end),
    (re.compile(r"年[底末](?!奖)" + _BY), _year_end),
    (re.compile(r"(?:(?P<step>本|这个?|下个?)?季度)[底末]" + _BY), _quarter_end),
    (re.compile(r"(?:本|这个?|下个?|上个?)季度?(?![节])|[上下]半年|年[初中](?!级)|第?[一二三四1-4]季度"), lambda match, frame: Loose(Doubt.SPAN)),
    (
        re.compile(rf"(?<![\d.:/-])(?<!{_HAN_NUMBER})(?P<day>\d{{1,2}}|(?<![周期拜]){_HAN_NUMBER}{{1,3}})"
                   r"(?:号|日(?![游内后均间报志元本]|[之以][后内]))" + _UNTIL + _BY),
        _day,
    ),
)
