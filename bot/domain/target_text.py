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
_NUMBER = re.compile(r"(?<!\d)(\d{1,9})(?!\d)\s*[个家次]?")
_BESIDE = re.compile(r"^\s*(?:targets?|goals?|to|is|目标|改为|设为|为|[=:：])(?![A-Za-z])", re.IGNORECASE)


@dataclass(frozen=True)
class Wanted:
    """`whose` as it was typed (empty: one's own level); no measure: only to be shown; value None: no own target."""

    whose: str
    measure: Measure | None = None
    value: int | None = None
    period: Period = Period.MONTH
    from_on: date | None = None


def read_target(text: str, today: date) -> Wanted:
    """What the words mean; refuses a number that no rep could reach, and a measure without one.

    Of several measures the last is meant, or "New York visits 100" would set the new customers of the company; and
    what says nothing of a target says whose it is, wherever it stands.
    """
    text = " ".join(text.split())
    every = [(measure, match) for measure, words in _MEASURES.items() for match in _word(words).finditer(text)]
    if not every:
        return Wanted(text)
    measure, match = max(every, key=lambda each: (each[1].end(), -each[1].start()))
    whose, rest = text[: match.start()].strip(), _BESIDE.sub(" ", text[match.end() :])
    wants_week = _WEEK.search(rest) or re.search(r"下(?:个)?周", rest)
    period = Period.WEEK if wants_week and not _MONTH.search(rest) else Period.MONTH
    from_on, rest = _begin(rest, period, today)
    rest = _MONTH.sub(" ", _WEEK.sub(" ", rest))
    if (none := _NONE.search(rest)) is not None:
        value, rest = None, rest[: none.start()]
    else:
        value, rest = read_value(rest, measure, period), _NUMBER.sub(" ", rest)
    return Wanted(" ".join(f"{whose} {rest}".split()), measure, value, period, from_on)


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
    is_a_month = 1 <= month <= 12 and today.year <= year <= today.year + 2
    if not is_a_month or date(year, month, 1) < today.replace(day=1):
        raise Refusal("target/month", typed=named[0].strip())
    return max(this, first_of(period, date(year, month, 1))), rest[: named.start()] + " " + rest[named.end() :]
