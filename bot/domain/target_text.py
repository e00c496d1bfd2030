"""A target as it is typed: "visits 120", "李娜 有效拜访 80", "East new 5 week from 2026-12"."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.conversation import Refusal
from bot.domain.target import MOST, Measure, Period, first_of, following

_MEASURES = {
    Measure.EFFECTIVE: r"effective(?:\s+visits?)?|有效(?:拜访)?",
    Measure.NEW: r"new(?:\s+customers?)?|新客户?|新增(?:客户)?",
    Measure.VISITS: r"visits?|拜访(?:量|数)?",
}
_WEEK = re.compile(r"(?:(?:a|per|each|every)\s+)?week(?:ly)?\b|/\s*week\b|每?周", re.IGNORECASE)
_MONTH = re.compile(r"(?:(?:a|per|each|every)\s+)?month(?:ly)?\b|/\s*month\b|每月", re.IGNORECASE)
_NEXT = re.compile(r"(?:from\s+)?next\s+(?:month|week)\b|从?下(?:个)?[月周](?:起|开始)?", re.IGNORECASE)
_FROM = re.compile(r"(?:from\s+|从)?(\d{4})-(\d{1,2})(?:\s*(?:起|开始))?(?![\d-])", re.IGNORECASE)
_NONE = re.compile(r"(?:\s|^)(?:-|–|none|default|无|取消)\s*$", re.IGNORECASE)
_NUMBER = re.compile(r"(?<!\d)(\d{1,9})(?!\d)")


@dataclass(frozen=True)
class Wanted:
    """`whose` as it was typed (empty: one's own level); no measure: only to be shown; value None: no own target."""

    whose: str
    measure: Measure | None = None
    value: int | None = None
    period: Period = Period.MONTH
    from_on: date | None = None


def read_target(text: str, today: date) -> Wanted:
    """What the words mean; refuses a number that no rep could reach, and a measure without one."""
    text = " ".join(text.split())
    found = next(
        ((measure, match) for measure, words in _MEASURES.items() if (match := _word(words).search(text))), None
    )
    if found is None:
        return Wanted(text)
    measure, match = found
    whose, rest = text[: match.start()].strip(), text[match.end() :]
    wants_week = _WEEK.search(rest) or re.search(r"下(?:个)?周", rest)
    period = Period.WEEK if wants_week and not _MONTH.search(rest) else Period.MONTH
    from_on, rest = _begin(rest, period, today)
    rest = _MONTH.sub(" ", _WEEK.sub(" ", rest))
    if _NONE.search(rest):
        return Wanted(whose, measure, None, period, from_on)
    return Wanted(whose, measure, read_value(rest, measure, period), period, from_on)


def _word(words: str) -> re.Pattern[str]:
    """A measure's words, not in the middle of a Latin word."""
    return re.compile(rf"(?<![A-Za-z])(?:{words})(?![A-Za-z])", re.IGNORECASE)


def read_value(text: str, measure: Measure, period: Period) -> int:
    """The number of a typed target, within what a rep could reach; 0 is "no target"."""
    numbers = _NUMBER.findall(text)
    most = MOST[measure, period]
    if len(numbers) != 1 or int(numbers[0]) > most:
        raise Refusal("target/number", measure=measure.value, period=period.value, most=most, typed=text.strip()[:40])
    return int(numbers[0])


def _begin(rest: str, period: Period, today: date) -> tuple[date, str]:
    """From which day on, and the words without it; this month or week where nothing is said, never a past one."""
    this = first_of(period, today)
    if _NEXT.search(rest):
        return following(period, today), _NEXT.sub(" ", rest)
    named = _FROM.search(rest)
    if named is None:
        return this, rest
    year, month = int(named[1]), int(named[2])
    if not 1 <= month <= 12 or date(year, month, 1) < today.replace(day=1) or year > today.year + 2:
        raise Refusal("target/month", typed=named[0].strip())
    return max(this, first_of(period, date(year, month, 1))), rest[: named.start()] + " " + rest[named.end() :]
