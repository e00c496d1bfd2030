"""English weekdays: "Friday", "next Tue", "this coming Monday", "Monday 21"; not "sat down", not Mr Sun."""

import re

from bot.domain.when.english.words import MONTH, UNIT, WEEKDAY, WEEKDAYS_THAT_ARE_WORDS, WHICH, weekday_number, word
from bot.domain.when.figures import STOP
from bot.domain.when.meanings import Ahead, Anchor, BareNumber, Loose, Unit, Weekday, Which
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_LEAD = r"(?P<lead>(?:on|by|until|till|due|for) (?:the )?)?"
_COMPANY = re.compile(
    r"\.?,? ?(?:\d{1,2}(?:st|nd|rd|th|:\d\d| ?[ap]m)|[\x00(]|(?:at|the|morning|afternoon|evening)(?![a-z]))"
    rf"|(?:, ?| and | or |/){WEEKDAY}"
)
_LED = re.compile(r"(?:before|after|from|and|or|,) $|/$")
# "Friday 20 boxes"; not "Friday 20 at noon", nor an hour.
_COUNTED = re.compile(r" (\d{1,2})(?= [a-z])(?! (?:[ap]\.?m|o'?clock|to|until|till|-))(?!" + STOP + ")")
_TITLE = re.compile(r"(?:mr|ms|mrs|dr|miss|madam|manager|director)\.? $")


def _weekday(match: Found, frame: Frame) -> Read:
    name = match["name"].rstrip(".")
    which = match["which"] or match["late"]
    if name in WEEKDAYS_THAT_ARE_WORDS and not which and not _is_a_day(match, frame, name):
        return None
    # Of "this coming Friday" and "this past Friday", the second word tells.
    weekday = Weekday(weekday_number(name), WHICH[which.split()[-1]] if which else Which.ANY)
    counted = _COUNTED.match(match.string, match.end())
    return (weekday, BareNumber(int(counted[1]), counts_something=True)) if counted else weekday


def _is_a_day(match: Found, frame: Frame, name: str) -> bool:
    """Whether "sat", "sun" or "wed" is the weekday here: by what stands before and after it."""
    start, end = match.span("name")
    if _TITLE.search(match.string, max(0, start - 12), start):
        return False
    if match.string[end - 1] == ".":
        end -= 1
    after = match.string[end : end + 14]
    if _COMPANY.match(after):
        return True
    ends_there = bool(re.match(STOP, after))
    if match["lead"] or _LED.search(match.string, max(0, start - 8), start):
        return ends_there
    if start == 0:
        return not after.strip()
    return name != "sun" and ends_there and frame.spoken[start].isupper()


WEEKDAYS_OF_WEEKS: tuple[Rule, ...] = (
    (
        word(
            rf"(?:every|each) (?:[a-z0-9]{{1,8}} )?(?:{UNIT}|weekday|quarter|morning|afternoon|evening|night|{WEEKDAY})"
            rf"|(?:mon|tues|wednes|thurs|fri|satur|sun)days(?![a-z])"
        ),
        lambda match, frame: Loose(Doubt.RECURRING),
    ),
    (
        word(
            r"(?:the )?(?:first|second|third|fourth|last|1st|2nd|3rd|4th) "
            rf"(?:{WEEKDAY}|(?:working |business |work|week)day) (?:of|in)(?: (?:the|this|next|last))?"
            rf"(?: (?:month|year|quarter|{MONTH}))?"
        ),
        lambda match, frame: Loose(Doubt.SPAN),
    ),
    (word(rf"{WEEKDAY} after next(?! week)"), lambda match, frame: Loose(Doubt.WHICH_WEEK)),
    (
        word(
            _LEAD + r"(?:the )?(?P<which>(?:this |the )?(?:this|next|coming|upcoming|following|last|previous|past) )?"
            rf"(?P<name>{WEEKDAY})(?P<late> (?:next|coming)(?! (?:week|month)))?"
        ),
        _weekday,
    ),
    # "Monday week" is the Monday after the coming one.
    (
        re.compile(r"(?<=\x00) week(?! ?[a-z0-9])(?=[^a-z]|$)"),
        lambda match, frame: Ahead(1, Unit.WEEK, Anchor.PRECEDING),
    ),
)
