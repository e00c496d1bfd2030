"""Chinese hours: 下午2点, 三点一刻, 14时30分, 十点差五分, 中午; not 一点建议, not 三点五折."""

import re

from bot.domain.when.meanings import Clock, Half, PartOfDay
from bot.domain.when.numbers import CHINESE, chinese_number
from bot.domain.when.pieces import FOUND, Found, Frame, Read, Rule

_HALVES = {
    "早": Half.MORNING,
    "晚": Half.EVENING,
    **dict.fromkeys(("凌晨", "拂晓"), Half.DAWN),
    **dict.fromkeys(("大清早", "清早", "清晨", "早晨", "早上", "早间", "一大早", "一早", "上午", "午前"), Half.MORNING),
    **dict.fromkeys(("中午", "正午", "午间", "晌午"), Half.NOON),
    **dict.fromkeys(("下午", "午后"), Half.AFTERNOON),
    **dict.fromkeys(("傍晚", "晚上", "晚间", "夜里", "夜间", "夜晚"), Half.EVENING),
    **dict.fromkeys(("后半夜", "前半夜", "大半夜", "半夜", "深夜", "午夜"), Half.NIGHT),
}
_WORDS = "|".join(sorted((word for word in _HALVES if len(word) > 1), key=len, reverse=True))
_NO_NUMBER_BEFORE = r"(?<![\d.:\-/〇零一二两三四五六七八九十几第])"
_MARK = r"(?P<mark>点|时(?![间候代期常装尚刻段限效速差]))"
_MINUTES = r"[0-5]\d(?!\d)|[〇零][一二三四五六七八九]|[二三四五]?十[一二三四五六七八九]?"
_ODD = r"(?P<odd>\d|[一二三四五六七八九])分(?!之|钟)"
_LACK = rf"一刻|(?:{CHINESE})分"
_END = r"(?:之前|以前|之后|以后|前(?![台往面端])|后(?![天台面勤期续]))?"
_EXACT = ("word", "half", "quarter", "minute", "odd", "sharp", "short", "short_before", "rough", "am_pm")
_UNTIL = rf"(?:\s?[-~到至]\s?(?:{_WORDS})?{CHINESE}[点时](?:半|整|钟|[一三]刻|(?:{_MINUTES})分?)?)?"
# What makes 三点 an hour where no day stands beside it: 三点建议 are three pieces of advice.
_GOES_ON = re.compile(
    r"\s?(?:$|[,.;:!?)\]。、；！？\x00-]|[a-z]|开会|见|去|来|到|拜访|给|打|演示|送|发|签|约|在|和|跟|与|同|出发|联系|回"
    r"|请|再|交|把|上门|电话|安装|过)"
)


def _clock(match: Found, frame: Frame) -> Read:
    hour = chinese_number(match["hour"])
    if hour is None or hour > 24 or not (_is_exact(match) or _is_an_hour(match)):
        return None
    minute = _minute(match)
    short = match["short"] or match["short_before"]
    if short:
        lack = 15 if short == "一刻" else chinese_number(short[:-1])
        if not lack or lack > 59:
            return None
        hour, minute = (hour - 2) % 12 + 1 if hour <= 12 else hour - 1, 60 - lack
    literal = match["hour"].startswith("0") and len(match["hour"]) == 2
    half = {"a": Half.AM, "p": Half.PM}.get(match["am_pm"] or "") or _HALVES.get(match["word"] or "")
    return Clock(hour, minute, half, literal=literal, rough=bool(match["rough"]))


def _is_exact(match: Found) -> bool:
    """Whether something besides 点 says that this is an hour: a part of the day, minutes, 整."""
    return any(match[name] for name in _EXACT)


def _is_an_hour(match: Found) -> bool:
    rest = match.string[match.end() : match.end() + 2]
    if re.match(r"[一二三四五六七八九](?![一二三四五六七八九十])", rest):
        return False  # 三点五 is 3.5
    if match.string[: match.start()].rstrip(" ,的").endswith(FOUND):
        return True
    return (
        match["mark"] == "点" and match["hour"] not in {"一", "1"} and bool(_GOES_ON.match(match.string, match.end()))
    )


def _minute(match: Found) -> int:
    if match["half"]:
        return 30
    if match["quarter"]:
        return 45 if match["quarter"] == "三" else 15
    return chinese_number(match["minute"] or match["odd"] or "0") or 0


def _range(match: Found, frame: Frame) -> Read:
    """2-4点 begins at two."""
    hour = chinese_number(match["hour"])
    return Clock(hour, half=_HALVES.get(match["word"] or "")) if hour is not None and hour <= 24 else None


def _part(match: Found, frame: Frame) -> Read:
    return PartOfDay(_HALVES[match["word"]])


HOURS: tuple[Rule, ...] = (
    (
        re.compile(
            rf"(?P<word>{_WORDS})?\s?{_NO_NUMBER_BEFORE}(?P<hour>{CHINESE})\s?[-~到至]\s?{CHINESE}[点时](?![间候])半?"
        ),
        _range,
    ),
    (
        re.compile(
            rf"(?P<word>{_WORDS}|[早晚])?的?\s?(?:差(?P<short_before>{_LACK})钟?)?"
            rf"{_NO_NUMBER_BEFORE}(?P<hour>{CHINESE})\s?{_MARK}"
            r"(?P<sharp>钟|整|正)?(?:(?P<half>半)|(?P<quarter>[一三])刻"
            rf"|\s?(?P<minute>{_MINUTES})(?![点个家台件箱%])分?|{_ODD})?(?:差(?P<short>{_LACK})钟?)?"
            r"(?:\s?(?P<am_pm>[ap])m(?![a-z]))?(?P<rough>左右|前后|许|多钟?|来钟|上下)?" + _UNTIL + _END
        ),
        _clock,
    ),
    (re.compile(r"(?P<word>[早晚])(?=\s?\x00)"), _part),
    (re.compile(rf"(?P<word>{_WORDS})(?!茶|餐|饭|会|班|好)"), _part),
)
