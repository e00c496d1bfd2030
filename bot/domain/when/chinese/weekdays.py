"""Chinese weeks and weekdays: 下周三, 这个礼拜天, 本周末; not 周总, 五粮液, 一周三次."""

import re

from bot.domain.when.chinese.words import BY, steps
from bot.domain.when.figures import MEASURE
from bot.domain.when.meanings import Loose, Week, Weekday, Weekend, Which
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_WEEK = r"(?:周|星期|礼拜)"
_STEP = r"(?:再下|本|这一?个?|当|今|(?:下一?个?){1,3}|(?:上一?个?){1,3}|次)"
_WEEKDAYS = {**{letter: number for number, letter in enumerate("一二三四五六日")}, "天": 6, "末": 5}
_WEEKDAYS |= {str(number + 1): number for number in range(7)}
_NUMERAL = "一二三四五六"
# Where the numeral belongs to the next word, 下周 + 一起吃饭 and 下周一 + 起飞 look the same: it is left undecided.
_NEXT_WORD = (
    r"(?:一(?:[起些定般直共旦半并律点同次家]|样(?!品)|下(?!午))|二[手期]|三[星亚方期]|四[川期]"
    r"|五(?:粮|金(?!额)|一)|六(?:一|福|安)|日[常程期报志均用化本式语立]|天[津气猫然数河虹]|[一二三四五六][楼层号时点])"
)
_A_COUNT = rf"(?!.(?:周|星期|礼拜)[{_NUMERAL}日天末])(?:[{_NUMERAL}][十百千几]?[{_NUMERAL}]?{MEASURE})"
# 周三十点 is Wednesday, ten o'clock; 周三点 is left undecided.
_HOUR = rf"[{_NUMERAL}](?:十[一二]?|[一二两三四五六七八九])点"


def _weekday(match: Found, frame: Frame) -> Read:
    weekday = _WEEKDAYS[match["day"]]
    if not match["step"]:
        # 给周一鸣打电话: a person called Zhou.
        named = re.search(r"[给找叫](?:\s?)$", match.string[max(0, match.start() - 2) : match.start()])
        return None if named else Weekday(weekday, Which.NEAR)
    return Week(steps(match["step"])), Weekday(weekday, Which.THIS)


def _weekend(match: Found, frame: Frame) -> Read:
    return Weekend(steps(match["step"] or ""))


def _week(match: Found, frame: Frame) -> Read:
    return Week(steps(match["step"]))


# 三周 are three weeks; in 周六周日 the 六 belongs to what stands before.
_COUNTED = rf"(?:(?<![一二两三四五六七八九十几每\d半整多首满])|(?<=[周期拜][{_NUMERAL}]))"
WEEKS: tuple[Rule, ...] = (
    (
        re.compile(
            r"每(?:隔)?(?:一|两|二|三|四|五|六|几|\d{1,2})?个?(?:天|日|周|星期|礼拜|月|年|季度?|工作日|早上?|晚上?|上午|下午)"
            rf"(?:的)?(?:(?<=[周期拜])[{_NUMERAL}日天末1-7](?!\d))?|(?:隔周|隔天|逐日|按月|按周)"
            r"|(?:一|两|每|\d)(?:天|周|月|年)(?:一|两|二|三|四|五|六|\d)次"
        ),
        lambda match, frame: Loose(Doubt.RECURRING),
    ),
    (re.compile(rf"(?P<step>{_STEP})?{_WEEK}(?:末(?!班|尾)|六[日天])" + BY), _weekend),
    (
        re.compile(
            rf"(?:(?P<step>{_STEP})|{_COUNTED}){_WEEK}(?:的)?(?:(?<=[周期拜的])\s?{_WEEK})?"
            rf"(?:(?={_HOUR})|(?!{_NEXT_WORD}|{_A_COUNT}))(?P<day>[{_NUMERAL}日天]|[1-7](?![\d.:/-]))"
            r"(?!\s?(?:总|先生|女士|小姐|老师|老板|经理|董|鸣|帆))" + BY
        ),
        _weekday,
    ),
    (re.compile(rf"(?P<step>{_STEP}){_WEEK}(?:的)?(?:之内|以内|内|里)?" + BY), _week),
)
