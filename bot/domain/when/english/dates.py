"""English dates by the calendar: "Dec. 31, 1994", "the 5th of December", "23/Sep/2020", "the 21st", "in May"."""

import re

from bot.domain.when.days import month_end
from bot.domain.when.english.words import MONTH, MONTHS_THAT_ARE_WORDS, month_number, word
from bot.domain.when.figures import STOP
from bot.domain.when.meanings import Dates, DayOfMonth, Loose, Month
from bot.domain.when.numbers import ORDINAL, YEAR_IN_WORDS, english_ordinal, english_year
from bot.domain.when.pieces import Found, Frame, Read, Rule
from bot.domain.when.reading import Doubt

_DAY = rf"(?:\d{{1,2}}(?:st|nd|rd|th)?(?![\da-z:]|\.\d)|{ORDINAL})"
_YEAR = rf"(?:[12]\d{{3}}(?!\d)|'\d\d(?!\d)|{YEAR_IN_WORDS})"
_UNTIL = rf"(?:\s?(?:-|~|to|until|till|through)\s?(?P<until>{_DAY}))?"
_FEASTS = {"christmas eve": (12, 24), "christmas": (12, 25), "new year's eve": (12, 31), "new year": (1, 1)}


def _month_and_day(match: Found, frame: Frame) -> Read:
    name, day = match["month"].rstrip("."), match["day"]
    number, rest = english_ordinal(day), match.string[match.end() : match.end() + 14]
    if not number:
        return None
    if day.isdigit() and name in MONTHS_THAT_ARE_WORDS and not match["year"] and not re.match(STOP, rest):
        return None  # "item 5 may be late"
    year = english_year(match["year"]) if match["year"] else None
    last = english_ordinal(match["until"]) if match["until"] else None
    if not year and not last and re.match(r"\s\d\d(?=\s?(?:$|[.,;!?]|was\b|is\b))", rest):
        return Loose(Doubt.DAY_OR_HOUR)  # "January first 12": an hour, or a year
    month = month_number(name)
    if match["next"] and not year:
        year = frame.today.year + ((month, number) < (frame.today.month, frame.today.day))
    days = (number, last) if last else (number,)
    return Dates(tuple((year, month, day) for day in days), Doubt.RANGE)


def _month(match: Found, frame: Frame) -> Read:
    """A month with a year, or behind a word that makes it one: "in May", "by March"."""
    number, lead = month_number(match["month"]), (match["lead"] or "").removeprefix("the ")
    year = english_year(match["year"]) if match["year"] else None
    if lead.startswith(("end", "last")):
        last = month_end(frame.today.replace(year=year or frame.today.year, month=number, day=1)).day
        return Dates(((year, number, last),), closing=True)
    first = frame.today.replace(year=year or frame.today.year + (number < frame.today.month), month=number, day=1)
    return Month(first) if lead in {"", "in", "by", "during", "until"} else Loose(Doubt.SPAN)


def _day_of_month(match: Found, frame: Frame) -> Read:
    number = english_ordinal(match["day"])
    return DayOfMonth(number) if number and number <= 31 else None


def _feast(match: Found, frame: Frame) -> Read:
    month, day = _FEASTS[match["feast"].replace("year day", "year").replace("year's day", "year").replace(" day", "")]
    year = english_year(match["year"]) if match["year"] else None
    is_over = (month, day) < (frame.today.month, frame.today.day)
    return Dates(((year or (frame.today.year + 1 if is_over else None), month, day),))


DATES: tuple[Rule, ...] = (
    (
        word(
            rf"(?P<next>next |coming )?(?:this |the )?(?P<day>{_DAY}){_UNTIL}(?: day)?(?: of |[ /.-]{{0,2}})"
            # In "room 12 Jun 10th" the day is the tenth.
            rf"(?P<month>{MONTH})(?! \d{{1,2}}(?:(?:st|nd|rd|th)|,? 20\d\d))"
            rf"(?:[ ,/-]{{0,3}}(?:of |in )?(?P<year>{_YEAR}))?"
        ),
        _month_and_day,
    ),
    (
        word(
            rf"(?P<next>next |coming )?(?:this )?(?P<month>{MONTH})[ /-]{{0,2}}(?:the )?(?P<day>{_DAY}){_UNTIL}"
            rf"(?! ?(?:%|percent|[ap]m(?![a-z])))(?:[ ,/-]{{0,3}}(?:of |in )?(?P<year>{_YEAR}))?"
        ),
        _month_and_day,
    ),
    (
        word(
            r"(?P<lead>in|by|during|until|(?:the )?end of|(?:the )?last day of|early|mid|late"
            r"|(?:the )?(?:beginning|start|first half|second half) of)[ -]"
            rf"(?:the month of )?(?P<month>{MONTH})(?: ?,? ?(?P<year>{_YEAR}))?(?! i(?![a-z]))"
        ),
        _month,
    ),
    (word(rf"(?P<lead>)(?P<month>{MONTH}) ?,? ?(?P<year>{_YEAR})"), _month),
    (
        word(
            r"(?P<feast>christmas(?: eve| day)?|new year(?:'?s eve|'?s day|(?! ?'?s?[a-z])))"
            r"(?:,? ?(?:of )?(?P<year>(?:19|20)\d\d))?"
        ),
        _feast,
    ),
    (
        word(
            r"(?:last |next |following |this )?(?:easter|good friday|lunar new year|chinese new year|cny|ramadan|eid"
            r"|diwali|thanksgiving|mid-autumn(?: festival)?|golden week|black friday|halloween|carnival|pentecost|lent"
            r"|(?:mother|father|valentine|veteran|president|patrick|teacher|women|children)'?s'? day"
            r"|(?:labou?r|memorial|independence|columbus|boxing|earth|mlk|canada|australia) day|bank holiday)"
            r"(?: monday| sunday| \d{4})?"
        ),
        lambda match, frame: Loose(Doubt.FESTIVAL),
    ),
)
ORDINALS: tuple[Rule, ...] = (
    (
        word(
            rf"(?:(?:on |by |until |till |due |around )(?:the )?|the |^|(?<=\x00)[ ,]{{0,2}}(?:the )?)"
            rf"(?P<day>\d{{1,2}}(?:st|nd|rd|th)(?![a-z])|{ORDINAL})" + STOP
        ),
        _day_of_month,
    ),
)
