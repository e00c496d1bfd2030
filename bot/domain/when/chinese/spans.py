"""Chinese days counted from today, and time without a day: 后天, 两周后, 三个工作日内, 半小时后, 过几天."""

import re
from datetime import date, timedelta

from bot.domain.when.amounts import and_a_half, sum_of
from bot.domain.when.chinese.words import BY
from bot.domain.when.meanings import Ahead, Bound, Dates, DayEnd, Gone, Half, Loose, Moment, PartOfDay, Unit
from bot.domain.when.numbers import CHINESE, chinese_number
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_DAYS = {"今": 0, "明": 1, "后": 2, "大后": 3, "昨": -1, "前": -2, "大前": -3}
_PARTS = {"早": Half.MORNING, "晨": Half.MORNING, "晚": Half.EVENING, "夜": Half.EVENING}
_UNITS = {
    "分钟": Unit.MINUTE,
    "分": Unit.MINUTE,
    "小时": Unit.HOUR,
    "钟头": Unit.HOUR,
    "天": Unit.DAY,
    "日": Unit.DAY,
    "工作日": Unit.WORKING_DAY,
    "周": Unit.WEEK,
    "星期": Unit.WEEK,
    "礼拜": Unit.WEEK,
    "月": Unit.MONTH,
    "年": Unit.YEAR,
}
_UNIT = r"(?P<unit>分钟|小时|钟头|工作日|天|日|周|星期|礼拜|月|年)"
_AMOUNT = rf"(?<![\d.\-~第])(?P<amount>{CHINESE}|半)\s?(?P<of>个)?(?P<half>半)?(?:多)?\s?{_UNIT}(?P<half2>半)?"
_AFTER = r"(?:之后|以后|后(?![天台面勤期备端厨门市半]|续(?![约签费保租]))|过后|之内|以内|内(?!部|容|存|科|衣|地|蒙))"


def _named_day(match: Found, frame: Frame) -> Read:
    return Dates.of(frame.today + timedelta(days=_DAYS[match["day"]]))


def _day_and_part(match: Found, frame: Frame) -> Read:
    return Dates.of(frame.today + timedelta(days=_DAYS[match["day"]])), PartOfDay(_PARTS[match["part"][0]])


def _two_days(frame: Frame, first: int) -> tuple[date, date]:
    return frame.today + timedelta(days=first), frame.today + timedelta(days=first + 1)


def _ahead(match: Found, frame: Frame, sign: int = 1) -> Read:
    unit = _UNITS[match["unit"]]
    halves = bool(match["half"] or match["half2"])
    if match["amount"] == "半":
        return None if halves else and_a_half(0, unit, sign)
    amount = chinese_number(match["amount"])
    if amount is None or (unit is Unit.MONTH and not match["of"]):
        return None  # 5月后 is May, 5个月后 an amount
    return and_a_half(amount, unit, sign) if halves else Ahead(sign * amount, unit)


def _ahead_in_two_parts(match: Found, frame: Frame) -> Read:
    """3小时20分钟后, 一年零两个月后."""
    one, other = chinese_number(match["one"]), chinese_number(match["other"])
    if one is None or other is None:
        return Loose(Doubt.SOME_DAY)
    unit, other_unit = _UNITS[match["unit"]], _UNITS[match["other_unit"]]
    return sum_of(one, unit, other, other_unit, sign=-1 if "前" in match["way"] else 1)


def _ago(match: Found, frame: Frame) -> Read:
    return _ahead(match, frame, sign=-1)


def _moment(match: Found, frame: Frame) -> Read:
    return Moment(frame.now.replace(second=0, microsecond=0))


def _shifted(match: Found, frame: Frame) -> Read:
    """周五前三天, 春节后两周: counted from a day that is named before; left to be asked."""
    return Loose(Doubt.OPEN_END) if frame.spoken[match.start() - 1] in "前后後" else None


_SOME = (
    r"(?:几|数|若干|好几|两三|三四|三五|四五|五六|七八|十几|十来|\d{1,2}\s?[-~到至、]\s?\d{1,2}"
    r"|[一二三四五六七八九][到至、][一二三四五六七八九十])"
)
# The third Friday, the second week: counted within a span that the phrase names, or does not.
NTH: tuple[Rule, ...] = (
    (
        re.compile(
            rf"第\s?{CHINESE}\s?个?(?:天|日|周|星期|礼拜|月|季度|工作日)[一二三四五六日天]?"
            r"|最后一个?(?:天|周|星期|工作日)[一二三四五六日天]?"
        ),
        lambda match, frame: Loose(Doubt.SPAN),
    ),
)
_TWO_PARTS = (
    rf"(?<![\d.\-~第])(?P<one>{CHINESE})\s?个?{_UNIT}[零又]?\s?(?P<other>{CHINESE})\s?个?"
    rf"(?P<other_unit>分钟?|小时|钟头|天|日|周|星期|礼拜|月)(?P<way>{_AFTER}|之前|以前|前)"
)
SPANS: tuple[Rule, ...] = (
    (re.compile(_TWO_PARTS), _ahead_in_two_parts),
    (
        re.compile(rf"(?<!\d)(?:再?过|隔)?{_SOME}\s?个?多?{_UNIT}{_AFTER}?"),
        lambda match, frame: Loose(Doubt.SOME_DAY, weak=True),
    ),
    (
        re.compile(r"(?:再?过)(?:两|些|几|一些)(?:天|日)(?!后)|过(?:段|一段|一阵|阵)(?:时间|子)?"),
        lambda match, frame: Loose(Doubt.SOME_DAY),
    ),
    (re.compile(rf"(?:再过|过了?|(?<![一-鿿])再){_AMOUNT}{_AFTER}?"), _ahead),
    (re.compile(_AMOUNT + _AFTER), _ahead),
    (
        re.compile(rf"(?:一刻钟|(?P<three>三刻钟)){_AFTER}"),
        lambda match, frame: Ahead(45 if match["three"] else 15, Unit.MINUTE),
    ),
    (re.compile(rf"(?<!提)(?<!提前){_AMOUNT}(?:之前|以前|前(?!台|往|面|端))"), _ago),
    (re.compile(r"下一?个?工作日" + BY), lambda match, frame: Ahead(1, Unit.WORKING_DAY)),
    (re.compile(r"工作日"), lambda match, frame: Loose(Doubt.SOME_DAY)),
    (
        re.compile(r"(?P<today>今明两?[天日])|明后两?[天日]"),
        lambda match, frame: Dates.of(*_two_days(frame, 0 if match["today"] else 1), reason=Doubt.SEVERAL),
    ),
    (re.compile(r"(?:下班|收工)(?:之前|以前|前)"), lambda match, frame: DayEnd()),
    (re.compile(r"(?P<day>今|明|后|昨)(?P<part>早上?|晨|晚上?(?!会)|夜里?)(?!报)"), _day_and_part),
    (
        re.compile(
            # 声明日期 and 光明日报 hold no day, and 今日头条 is a company.
            r"(?<![提先声说证光透目之以此])(?P<day>大后|大前|前|后|昨|今|明)(?:天|日(?![常期报志本])|儿个?)"
            r"(?!头条|资本|阳光)" + BY
        ),
        _named_day,
    ),
    (re.compile(r"当[天日晚]|次日|翌日|隔日"), lambda match, frame: Loose(Doubt.SOME_DAY)),
    (
        re.compile(
            r"改天|改日|择日|近期|近日|最近|尽快|尽早|有空|回头|以后再|稍后|晚点|不久|[这近][几两些]天|这段时间|有时间|找时间"
        ),
        lambda match, frame: Loose(Doubt.SOME_DAY, weak=True),
    ),
    (re.compile(r"刚才|刚刚|之前(?=[^,。]{0,2}[说过])|前几天|前些天|前两天|前一阵|上次"), lambda match, frame: Gone()),
    (re.compile(r"(?:^|(?<=[,。!?\s]))现在(?=就|去|$)|现在(?:就[^,。]{0,6})?$"), _moment),
    (re.compile(rf"(?<=\x00){CHINESE}个?(?:天|周|星期|礼拜|工作日)"), _shifted),
    (
        re.compile(r"(?<=\x00)(?:之后|以后|后(?![天台面勤期备端厨门市半]|续(?![约签费保租])))"),
        lambda match, frame: Bound(after=True),
    ),
)
