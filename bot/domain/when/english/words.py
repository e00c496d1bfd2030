"""The words that English phrases of time are made of."""

import re

from bot.domain.when.meanings import Unit, Which
from bot.domain.when.numbers import CARDINAL

MONTH = (
    r"(?:jan(?:uary)?|feb(?:r(?:uary)?)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)(?![a-z])\.?"
)
WEEKDAY = (
    r"(?:mon(?:day)?|tue(?:s(?:day)?)?|wed(?:s|nesday)?|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?|sat(?:urday)?"
    r"|sun(?:day)?)(?![a-z'])\.?"
)
UNIT = (
    r"(?:min(?:ute)?s?|h(?:ou)?rs?|(?:working|business|work)[ -]days?|workdays?|days?|weeks?|wks?|fortnights?"
    r"|months?|years?|yrs?)(?![a-z])"
)
AMOUNT = rf"(?:\d{{1,3}}(?:\.5)?|an?|{CARDINAL})"

# More often something else: "may I", "a march", "sat down", Mr Sun. They need a date's company to be read.
MONTHS_THAT_ARE_WORDS = {"may", "mar", "march"}
WEEKDAYS_THAT_ARE_WORDS = {"sat", "sun", "wed"}

WHICH = {
    "this": Which.THIS,
    "next": Which.NEXT,
    "coming": Which.COMING,
    "upcoming": Which.COMING,
    "following": Which.NEXT,
    "last": Which.LAST,
    "previous": Which.LAST,
    "past": Which.PAST,
}
STEPS = {
    "this": 0,
    "the": 0,
    "current": 0,
    "next": 1,
    "coming": 1,
    "following": 1,
    "last": -1,
    "previous": -1,
    "past": -1,
}

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_UNITS = {"m": Unit.MONTH, "h": Unit.HOUR, "d": Unit.DAY, "w": Unit.WEEK, "y": Unit.YEAR}


def word(pattern: str) -> re.Pattern[str]:
    """The pattern, where a word begins."""
    return re.compile(rf"(?<![a-z'])(?:{pattern})")


def month_number(name: str) -> int:
    return _MONTHS.index(name[:3]) + 1


def weekday_number(name: str) -> int:
    """Monday is 0."""
    return _WEEKDAYS.index(name[:3])


def unit_of(name: str) -> tuple[Unit, int]:
    """The unit that a word names, and how many of it: a fortnight is two weeks."""
    if name.startswith(("working", "business", "work")):
        return Unit.WORKING_DAY, 1
    if name.startswith("fortnight"):
        return Unit.WEEK, 2
    return (Unit.MINUTE if name.startswith("min") else _UNITS[name[0]]), 1
