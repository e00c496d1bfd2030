"""Chinese feasts: those of the lunar calendar are never turned into a date, those of the solar one are."""

import re

from bot.domain.when.chinese.words import BY, HAN_NUMBER
from bot.domain.when.meanings import Loose
from bot.domain.when.numbers import CHINESE
from bot.domain.when.pieces import Rule
from bot.domain.when.reading import Doubt

FIXED_FEASTS = {"元旦": (1, 1), "国庆节": (10, 1), "劳动节": (5, 1), "圣诞节": (12, 25), "平安夜": (12, 24)}

_NUMBER = "[一二三四五六七八九十]"
_LUNAR_FEAST = (
    rf"(?:除夕|大年三十|年三十|大?年初{_NUMBER}|春节|元宵|端午|中秋|重阳|七夕|中元|清明|冬至|夏至|立[春夏秋冬]|腊八"
    r"|小年|寒食)节?"
)
# Days that a rep names with what he sells for them; which day they are is asked.
_OTHER_FEAST = (
    r"(?:双十[一二]|双1[12]|双旦|(?:母亲|父亲|儿童|教师|妇女|植树|建军|情人|感恩|复活|万圣|光棍|青年|建党|护士|记者|三八|六一"
    r"|泼水|开斋|灯)节)"
)
_LUNAR_MONTH = rf"(?:正月|腊月|冬月|闰{_NUMBER}{{1,2}}月)"
# 雍正四年, 今年, 2026年
_YEAR = r"(?:[一-鿿]{2}[元一二三四五六七八九十]{1,3}年|[今明后去前]年|(?:19|20)\d\d年)?的?"
_BY_THE_LUNAR_CALENDAR = (
    rf"(?:{CHINESE}年)?的?(?:农历|阴历|旧历)(?:{CHINESE}年)?(?:{_LUNAR_MONTH}|{CHINESE}月)?(?:初?{CHINESE}[日号]?)?"
)
_AROUND_A_HOLIDAY = (
    r"(?:国庆|五一|十一|元旦|圣诞|劳动节)节?(?:(?:长假|假期|黄金周)?(?:之?[前后]|期间)|长假|假期|黄金周)"
)

FESTIVALS: tuple[Rule, ...] = (
    (
        re.compile(
            rf"{_BY_THE_LUNAR_CALENDAR}"
            rf"|{_YEAR}(?:{_LUNAR_FEAST}|{_OTHER_FEAST}|{_LUNAR_MONTH}(?:初?{CHINESE})?){BY}"
            rf"|{CHINESE}月初{_NUMBER}(?![级期步次版稿中审])"
            # 年后 is after the Spring Festival; 三年后 is not.
            rf"|(?<![\d半百几数])(?<!{HAN_NUMBER})(?:过完?年|年[前后](?!\d)|节[前后])"
            rf"|{_AROUND_A_HOLIDAY}"
        ),
        lambda match, frame: Loose(Doubt.FESTIVAL),
    ),
)
