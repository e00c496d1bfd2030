"""The next step in the rep's own words: what, by when; shown back, asked where it is not clear."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.domain.conversation import Refusal
from bot.domain.visit import NextStep
from bot.domain.when import Ambiguous, Past, Reading, Understood, Vague, read_when

WHAT_MOST = 500  # characters
AGAIN_WITHIN = timedelta(days=183)  # a yearless date that is over is offered for next year only when that is near
NOTHING = frozenset({"none", "no", "nothing", "no next step", "没有", "无", "暂无", "没有下一步", "不需要"})
CORRECTIONS = frozenset(
    {"no", "not", "wrong", "rather", "sorry", "i mean", "不", "不对", "不是", "错了", "改成", "改到", "改为", "应该是"}
)


@dataclass(frozen=True)
class Day:
    """One reading of the rep's words: a local date, and a time where he said one."""

    on: date
    at: time | None = None


@dataclass(frozen=True)
class Draft:
    """A next step being agreed on.

    `day` is set when one reading stands to be confirmed, `options` when the rep must pick; with neither
    a calendar is offered. `what` is what is left of his words without the date; `past` says that the date
    he named is over.
    """

    what: str
    day: Day | None = None
    options: tuple[Day, ...] = ()
    past: bool = False


def is_none(text: str) -> bool:
    """Whether the rep says in a word that there is no next step."""
    return text.strip(" .。!！").casefold() in NOTHING


def draft(text: str, local_now: datetime, is_working_day: Callable[[date], bool]) -> Draft:
    """Read the rep's words; refuses empty ones."""
    text = text.strip()
    if not text:
        raise Refusal("visit/next_step_empty")
    reading = read_when(text, local_now, is_working_day=is_working_day)
    past = isinstance(reading, Past)
    days, rest = _days_of(reading, local_now.date())
    what = (rest or text)[:WHAT_MOST]
    match days:
        case (day, False), *_:
            return Draft(what, day=day)
        case [*found] if found:
            return Draft(what, options=tuple(day for day, _ in found), past=past)
    return Draft(what if past else text[:WHAT_MOST], past=past)


def redated(known: Draft, text: str, local_now: datetime, is_working_day: Callable[[date], bool]) -> Draft:
    """The rep typed again while a date was asked: a date alone keeps what he said before."""
    fresh = draft(text, local_now, is_working_day)
    corrects = fresh.what.strip(" ,，.。:：").casefold() in CORRECTIONS
    says_more = fresh.what != text.strip()[:WHAT_MOST] and not corrects
    return fresh if says_more or not (fresh.day or fresh.options) else replace(fresh, what=known.what)


def _days_of(reading: Reading, today: date) -> tuple[list[tuple[Day, bool]], str]:
    """The days that a reading allows, each with whether it must be picked, and the words without the date."""
    match reading:
        case Understood(rest=rest):
            options, asked = (reading,), False
        case Past(rest=rest, again=Understood() as again) if again.due_on - today <= AGAIN_WITHIN:
            options, asked = (again,), True
        case Past(rest=rest):
            return [], rest
        case Ambiguous(options=options) | Vague(options=options) if options:
            rest, asked = options[0].rest, True
        case _:
            return [], ""
    days = [(Day(option.due_on, option.at), asked) for option in options if option.due_on >= today]
    return days, rest


def agreed(known: Draft) -> NextStep:
    """The confirmed next step."""
    if known.day is None:
        raise Refusal("conversation/changed")
    return NextStep(known.what, known.day.on, known.day.at)


def month_of(first: date) -> list[list[date | None]]:
    """A month as weeks from Monday, None where the week belongs to its neighbours."""
    from calendar import Calendar

    weeks = Calendar().monthdatescalendar(first.year, first.month)
    return [[day if day.month == first.month else None for day in week] for week in weeks]
