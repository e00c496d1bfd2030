"""What answers add up to: by product or rival, by week, by choice; of one measure, never of two mixed."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.domain.answers import Value, best_mark, is_currency
from bot.domain.checklist import Checklist
from bot.domain.sop import AMOUNTS, CHOSEN, ENTRY, Item, Kind, Sop, Wording

YES, NO = "yes", "no"  # how a yes/no is counted
COUNTED = (*AMOUNTS, *CHOSEN, Kind.YES_NO)  # the others are read one by one


class Period(StrEnum):
    """The days that are looked at; every one but the last month ends today."""

    WEEK = "week"
    FOUR_WEEKS = "weeks4"
    MONTH = "month"
    LAST_MONTH = "month1"
    TWELVE_WEEKS = "weeks12"


def span(period: Period, today: date) -> tuple[date, date]:
    """The first and last day of a period; weeks begin on Monday, and this week counts."""
    match period:
        case Period.MONTH:
            return today.replace(day=1), today
        case Period.LAST_MONTH:
            last = today.replace(day=1) - timedelta(days=1)
            return last.replace(day=1), last
        case _:
            weeks = {Period.WEEK: 0, Period.FOUR_WEEKS: 3, Period.TWELVE_WEEKS: 11}[period]
            return week_of(today) - timedelta(weeks=weeks), today


def week_of(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


# --- one answer -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    """One answer, as it is counted: `entry` is the product or rival it is about, else empty."""

    item: str
    entry: str
    number: float | None
    choices: tuple[str, ...]


def facts_of(checklist: Checklist) -> Iterator[Fact]:
    """The answers that count: to what was asked by the other answers, and not skipped. Photos are no words."""
    for item in checklist.items:
        value = checklist.answers.get(item.id)
        if value is None or item.kind in (Kind.PHOTO, Kind.NAMES):
            continue
        number = float(value) if item.kind in AMOUNTS and isinstance(value, int | float) else None
        yield Fact(item.base, item.id.partition(ENTRY)[2], number, _choices(item, value))


def _choices(item: Item, value: Value) -> tuple[str, ...]:
    if item.kind is Kind.YES_NO:
        return (YES if value else NO,)
    if item.kind in CHOSEN:
        return tuple(dict.fromkeys(value)) if isinstance(value, list) else (str(value),)
    return ()


def line_of(item: str, entry: str) -> str:
    """The id under which a visit keeps the answer."""
    return f"{item}{ENTRY}{entry}" if entry else item


# --- what may be counted together -------------------------------------------------------------


def asked_as(sop: Sop, item_id: str) -> Item | None:
    """The item as a version asks it."""
    return next((item for item in sop.items if item.id == item_id), None)


def is_same_measure(one: Item, other: Item) -> bool:
    """Whether answers to both may be added: one kind, one unit (in some language), one best mark."""
    if one.kind is not other.kind:
        return False
    if one.kind is Kind.RATING:
        return best_mark(one) == best_mark(other)
    if one.kind in AMOUNTS:
        return _words(one.unit) == _words(other.unit) or bool(_words(one.unit) & _words(other.unit))
    return True


def adds_up(item: Item) -> bool:
    """Whether a sum says something: pieces add up, prices and marks do not."""
    return item.kind is Kind.NUMBER and not any(is_currency(unit) for unit in item.unit.values())


def _words(wording: Wording) -> set[str]:
    return {text.strip().casefold() for text in wording.values() if text.strip()}


# --- counting ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Sum:
    """What is kept of a day: all answers about an entry (`choice` empty), or those that made a choice."""

    on: date
    entry: str
    choice: str
    answers: int
    total: float | None = None
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True)
class Count:
    """Answers, and what they amount to; `choices` counts how often each was made."""

    answers: int = 0
    total: float | None = None
    least: float | None = None
    most: float | None = None
    choices: Mapping[str, int] | None = None

    @property
    def average(self) -> float | None:
        """Of the amounts; None where there are none."""
        return self.total / self.answers if self.total is not None and self.answers else None

    def share(self, choice: str) -> float:
        """The part of the answers with this choice, from 0 to 1; several may be made in one answer."""
        return (self.choices or {}).get(choice, 0) / self.answers if self.answers else 0.0


@dataclass(frozen=True)
class Entry:
    """What was answered about a product or rival, in all and by week (its Monday)."""

    label: Wording
    count: Count
    weeks: Mapping[date, Count]


@dataclass(frozen=True)
class Counted:
    """An item's answers: in all, by week, and by entry where it is asked about several, the most answered first."""

    whole: Count
    weeks: Mapping[date, Count]
    entries: tuple[Entry, ...]


def counted(sums: Iterable[Sum], labels: Mapping[str, Wording]) -> Counted:
    """Add up; `labels` are the known entries. Spellings of a name that differ in case or spaces are one entry."""
    rows = list(sums)
    by_entry: dict[str, list[Sum]] = {}
    for row in rows:
        by_entry.setdefault(_folded(row.entry), []).append(row)
    entries = [Entry(_label(about, labels), _count(about), _by_week(about)) for key, about in by_entry.items() if key]
    entries.sort(key=lambda entry: (-entry.count.answers, tuple(entry.label.values())))
    return Counted(_count(rows), _by_week(rows), tuple(entries))


def _folded(entry: str) -> str:
    return " ".join(entry.casefold().split())


def _label(rows: list[Sum], labels: Mapping[str, Wording]) -> Wording:
    """A known entry's own, else the spelling that most have used."""
    spellings: dict[str, int] = {}
    for row in rows:
        spellings[row.entry] = spellings.get(row.entry, 0) + row.answers
    usual = max(spellings, key=lambda spelling: (spellings[spelling], spelling))
    return next((labels[spelling] for spelling in spellings if spelling in labels), {"en": usual, "zh_Hans": usual})


def _by_week(rows: list[Sum]) -> dict[date, Count]:
    weeks: dict[date, list[Sum]] = {}
    for row in rows:
        weeks.setdefault(week_of(row.on), []).append(row)
    return {week: _count(weeks[week]) for week in sorted(weeks)}


def _count(rows: list[Sum]) -> Count:
    every = [row for row in rows if not row.choice]
    choices: dict[str, int] = {}
    for row in rows:
        if row.choice:
            choices[row.choice] = choices.get(row.choice, 0) + row.answers
    totals = [row.total for row in every if row.total is not None]
    return Count(
        sum(row.answers for row in every),
        sum(totals) if totals else None,
        min((row.least for row in every if row.least is not None), default=None),
        max((row.most for row in every if row.most is not None), default=None),
        choices,
    )
