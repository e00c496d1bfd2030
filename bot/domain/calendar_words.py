"""What an admin types about the calendar: days, what they are, and what a day off is for."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.conversation import Refusal
from bot.domain.corrections import LONGEST, Verdict
from bot.domain.leave import read_days

_WORDS: dict[Verdict, tuple[str, ...]] = {
    Verdict.WORK: ("working day", "working", "workday", "work", "上班", "补班", "工作日", "工作"),
    Verdict.OFF: ("day off", "off", "holiday", "放假", "休假", "休息", "假期"),
    Verdict.OFFICIAL: ("official", "back", "reset", "恢复", "按法定", "法定"),
    Verdict.CONFIRMED: ("confirmed", "confirm", "checked", "确认", "已核对"),
}
_MEANS = {word: verdict for verdict, words in _WORDS.items() for word in words}
_VERDICT = re.compile(
    "|".join(rf"\b{word}\b" if word.isascii() else word for word in sorted(_MEANS, key=len, reverse=True)),
    re.IGNORECASE,
)
_YEAR = re.compile(r"((?:19|20|21)\d\d)\s*年?")
_MONTH = re.compile(r"((?:19|20|21)\d\d)\s*(?:-|/|年)\s*(1[0-2]|0?[1-9])\s*月?")
_COUNTRY = re.compile(r"([A-Za-z]{2})(?=\s|$)")
LONGEST_NAME = 60


@dataclass(frozen=True)
class Wanted:
    """What was typed: the days from the first to the last, and what is said of them; no verdict is a look at them.

    `country` is the code in front, upper case, where there is one.
    """

    country: str | None
    first_on: date
    last_on: date
    verdict: Verdict | None = None
    called: str = ""


def read_wanted(text: str, now: datetime) -> Wanted:
    """`2026-10-11 work`, `2027-02-06 2027-02-12 off Spring Festival`, `2月8日放假 春节`, `DE confirm 2027`, `2027-02`.

    Refuses what names no days, runs backwards, or is longer than a year.
    """
    text = text.strip()
    country = None
    if (front := _COUNTRY.match(text)) is not None:
        country, text = front[1].upper(), text[front.end() :].strip()
    found = _VERDICT.search(text)
    if found is None:
        days, verdict, called = text, None, ""
    else:
        verdict, days, called = _MEANS[found[0].lower()], text[: found.start()].strip(), text[found.end() :].strip()
        if not days:  # "off 2027-02-08": the other way round
            days, called = called, ""
    if verdict is None or verdict is Verdict.CONFIRMED:
        first_on, last_on = _whole(days) or _span(days, now)
        if verdict is not None:
            first_on, last_on = year_of(first_on)
    else:
        first_on, last_on = _span(days, now)
    return Wanted(country, first_on, last_on, verdict, called[:LONGEST_NAME])


def year_of(on: date) -> tuple[date, date]:
    """The first and the last day of the year."""
    return date(on.year, 1, 1), date(on.year, 12, 31)


def _whole(text: str) -> tuple[date, date] | None:
    """A month, by its first day, or a year; only to be looked at or confirmed: nobody takes a whole year off."""
    if (month := _MONTH.fullmatch(text)) is not None:
        first = date(int(month[1]), int(month[2]), 1)
        return first, first
    if (year := _YEAR.fullmatch(text)) is not None:
        return year_of(date(int(year[1]), 1, 1))
    return None


def _span(text: str, now: datetime) -> tuple[date, date]:
    days = read_days(text, now) if text else None
    if days is None:
        raise Refusal("calendar/no_days", typed=text[:60])
    if days[1] < days[0]:
        raise Refusal("leave/backwards", first_on=days[0].isoformat(), last_on=days[1].isoformat())
    if days[1] - days[0] >= LONGEST:
        raise Refusal("calendar/too_long", most=LONGEST.days)
    return days
