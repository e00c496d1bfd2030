"""What a reading of a date phrase can be: understood, to be asked, past, without a day, or not there."""

from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum


class Part(StrEnum):
    """A part of the day, where a phrase names one and no hour."""

    MORNING = "morning"
    AFTERNOON = "afternoon"
    EVENING = "evening"


class Doubt(StrEnum):
    """Why nothing was decided; a stable code to choose the question by."""

    DAY_OR_MONTH = "day_or_month"  # 3/4
    WHICH_WEEK = "which_week"  # "next Friday", with a Friday still to come this week
    TODAY_OR_LATER = "today_or_later"  # "Friday", said on a Friday
    AM_OR_PM = "am_or_pm"  # "at 7", "tonight at 3"
    MIDNIGHT = "midnight"  # the night before, or the night after
    DAY_OR_HOUR = "day_or_hour"  # "Monday 9"
    SEVERAL = "several"  # more than one day or hour is named
    RANGE = "range"  # from one day to another
    MISMATCH = "mismatch"  # the weekday is not that date's
    BEFORE = "before"  # "before Friday": Thursday, or Friday at the latest
    WEEKEND = "weekend"  # Saturday or Sunday
    WEEK_END = "week_end"  # "end of the week": the last working day, or Sunday
    SPAN = "span"  # a week, a month, a year: no single day
    SOME_DAY = "some_day"  # "soon", 过几天
    OPEN_END = "open_end"  # "after Friday"
    RECURRING = "recurring"  # "every Monday"
    FESTIVAL = "festival"  # the lunar calendar, and feasts that move
    NO_SUCH_DAY = "no_such_day"  # 30 February
    OTHER_ZONE = "other_zone"  # an hour of another time zone


@dataclass(frozen=True, slots=True)
class Understood:
    """One day, and the hour where the phrase has one.

    `due_on` and `at` are local to the `now` that the text was read with. `part` is set only where `at` is None.
    `span` is where the phrase that names the day stands in the text; `rest` is the text without any of the phrase.
    `exact` is False where the hour was said to be rough ("around 3", 五点左右).
    """

    due_on: date
    at: time | None = None
    part: Part | None = None
    span: tuple[int, int] = (0, 0)
    rest: str = ""
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Ambiguous:
    """Two to four readings, which of them is meant has to be asked; soonest first, but 3/4 as `day_first` says."""

    options: tuple[Understood, ...]
    reason: Doubt


@dataclass(frozen=True, slots=True)
class Past:
    """A phrase that points back. `again` is its next coming round, where it has one ("5 March", said in April)."""

    due_on: date | None = None
    at: time | None = None
    span: tuple[int, int] = (0, 0)
    rest: str = ""
    again: Understood | None = None


@dataclass(frozen=True, slots=True)
class Vague:
    """A phrase of time that holds no single day; `options` are days worth offering, none where a calendar is better."""

    reason: Doubt
    span: tuple[int, int] = (0, 0)
    rest: str = ""
    options: tuple[Understood, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class NotFound:
    """No phrase of time in the text."""


Reading = Understood | Ambiguous | Past | Vague | NotFound
