"""Days on which a person does not work: which they are, as he says it, and what they do to his calendar."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.domain.calendar import WorkingDays
from bot.domain.conversation import Refusal
from bot.domain.when import Past, Understood, read_when

LONGEST = timedelta(days=366)
_DAY = timedelta(days=1)
# What may stand between the first day and the last; a hyphen only with blanks around it, as a date has some inside
_BETWEEN = re.compile(r"\s*(?:到|至|~|～|—+|–|\.\.+|…+)\s*|\s+(?:-+|to|until|till|through|and)\s+", re.IGNORECASE)
_LENGTH = re.compile(r"(?:\s+for\s+|\s*(?:起|开始|请|休|请假)?\s*)(\d{1,3})\s*(?:days?|天)\s*$", re.IGNORECASE)
_FROM = re.compile(r"^\s*(?:from|从)\s*", re.IGNORECASE)


@dataclass(frozen=True)
class Leave:
    """Local dates, both counted."""

    id: int
    person_id: int
    first_on: date
    last_on: date

    def covers(self, on: date) -> bool:
        return self.first_on <= on <= self.last_on


def without(calendar: WorkingDays, leaves: Iterable[Leave]) -> WorkingDays:
    """The calendar of somebody who does not work on those days, make-up days among them."""
    off = {leave.first_on + n * _DAY for leave in leaves for n in range((leave.last_on - leave.first_on).days + 1)}
    if not off:
        return calendar
    return replace(calendar, holidays=calendar.holidays | off, make_up=calendar.make_up - off)


def first_day_back(on: date, leaves: Iterable[Leave]) -> date:
    """The date itself, or the first one after it on which he is not on leave."""
    leaves = list(leaves)
    while any(leave.covers(on) for leave in leaves):
        on += _DAY
    return on


def read_leave(text: str, now: datetime) -> tuple[date, date]:
    """The first and the last day of a leave; refuses what is no days, over, backwards, or longer than a year."""
    days = read_days(text, now)
    if days is None:
        raise Refusal("leave/no_days", typed=text.strip()[:60])
    return _checked(*days, now.date())


def read_days(text: str, now: datetime) -> tuple[date, date] | None:
    """The first and the last day that the words speak of: two dates, one date, or a date and a number of days."""
    text = _FROM.sub("", text.strip())
    length = _LENGTH.search(text)
    if length is not None and (first := _day(text[: length.start()], now)) is not None:
        return first, first + (max(1, int(length[1])) - 1) * _DAY
    for head, tail in _halves(text):
        first, last = _day(head, now), _last(tail, head, now)
        if first is not None and last is not None:
            return first, last
    only = _day(text, now)
    return (only, only) if only is not None else None


def _halves(text: str) -> Iterable[tuple[str, str]]:
    """Every place at which the words may be two dates: a word or sign of its own first, then any blank."""
    for between in (*_BETWEEN.finditer(text), *re.finditer(r"\s+", text), *re.finditer(r"-", text)):
        head, tail = text[: between.start()], text[between.end() :]
        if head and tail:
            yield head, tail


def _last(tail: str, head: str, now: datetime) -> date | None:
    """The last day, read from where the first one stands: in "12月1日到5日" the month is said once."""
    first = _day(head, now)
    if first is None:
        return None
    if (bare := re.fullmatch(r"(\d{1,2})\s*[日号]?", tail)) is not None:
        try:
            return first.replace(day=int(bare[1]))
        except ValueError:
            return None
    last = _day(tail, now)
    if last is not None and last < first:  # "next week Monday to Friday": the Friday after that Monday
        return _day(tail, datetime.combine(first, now.timetz()))
    return last


def _day(text: str, now: datetime) -> date | None:
    match read_when(text, now):
        case Understood(due_on=on) | Past(due_on=date() as on):
            return on
        case _:
            return None


def _checked(first: date, last: date, today: date) -> tuple[date, date]:
    days = {"first_on": first.isoformat(), "last_on": last.isoformat()}
    if last < first:
        raise Refusal("leave/backwards", **days)
    if last < today:
        raise Refusal("leave/over", **days)
    if last - first >= LONGEST:
        raise Refusal("leave/too_long", **days, most=LONGEST.days)
    return first, last
