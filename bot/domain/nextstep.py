"""The next step in the rep's own words: what, by when; shown back, asked where it is not clear."""

from dataclasses import dataclass, replace
from datetime import date, datetime, time

from bot.domain.conversation import Refusal
from bot.domain.visit import NextStep
from bot.domain.when import Ambiguous, Understood, read_when

WHAT_MOST = 500  # characters


@dataclass(frozen=True)
class Day:
    """One reading of the rep's words: a local date, and a time where he said one."""

    on: date
    at: time | None = None


@dataclass(frozen=True)
class Draft:
    """A next step being agreed on.

    `day` is set when one reading stands to be confirmed, `options` when the rep must pick; with neither
    a calendar is offered. `what` is what is left of his words without the date.
    """

    what: str
    day: Day | None = None
    options: tuple[Day, ...] = ()


def draft(text: str, local_now: datetime) -> Draft:
    """Read the rep's words; refuses empty ones."""
    text = text.strip()
    if not text:
        raise Refusal("visit/next_step_empty")
    match read_when(text, local_now):
        case Understood(due_on=on, at=at, rest=rest) if on >= local_now.date():
            return Draft((rest or text)[:WHAT_MOST], day=Day(on, at))
        case Ambiguous(options=options):
            days = tuple(Day(option.due_on, option.at) for option in options if option.due_on >= local_now.date())
            if days:
                return Draft((options[0].rest or text)[:WHAT_MOST], options=days)
    return Draft(text[:WHAT_MOST])


def redated(known: Draft, text: str, local_now: datetime) -> Draft:
    """The rep typed again while a date was asked: a date alone keeps what he said before."""
    fresh = draft(text, local_now)
    only_date = fresh.day is not None or fresh.options
    reading = read_when(text, local_now)
    rest = reading.rest if isinstance(reading, Understood) else ""
    if only_date and not rest:
        return replace(fresh, what=known.what)
    return fresh if only_date else Draft(text[:WHAT_MOST])


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
