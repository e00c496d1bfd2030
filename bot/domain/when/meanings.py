"""What the pieces of a phrase of time can mean, before they are put together."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum, auto

from bot.domain.when.reading import Doubt


class Unit(Enum):
    """What an amount of time is counted in."""

    MINUTE = auto()
    HOUR = auto()
    DAY = auto()
    WORKING_DAY = auto()
    WEEK = auto()
    MONTH = auto()
    YEAR = auto()


class Which(Enum):
    """Which of the coming or past weekdays of one name is meant."""

    ANY = auto()  # "Friday": the coming one
    NEAR = auto()  # 周五: of this week, the coming one where that is nearer
    THIS = auto()
    NEXT = auto()
    COMING = auto()
    LAST = auto()
    PAST = auto()


class Anchor(Enum):
    """What an amount of time is counted from."""

    NOW = auto()
    FOLLOWING = auto()  # "three days after" + a day
    PRECEDING = auto()  # a day + "week"


class Half(Enum):
    """How the hours of a twelve-hour clock are to be read."""

    AM = auto()
    PM = auto()
    DAWN = auto()
    MORNING = auto()
    NOON = auto()
    AFTERNOON = auto()
    EVENING = auto()
    NIGHT = auto()


@dataclass(frozen=True, slots=True)
class Dates:
    """Days by the calendar: (year, month, day), the year None where it is not said. Several: `reason` says why."""

    options: tuple[tuple[int | None, int, int], ...]
    reason: Doubt | None = None
    closing: bool = False  # the last day of a span: "before the end of May" is not the day before it

    @classmethod
    def of(cls, *days: date, reason: Doubt | None = None, closing: bool = False) -> "Dates":
        return cls(tuple((day.year, day.month, day.day) for day in days), reason, closing)


@dataclass(frozen=True, slots=True)
class DayOfMonth:
    day: int


@dataclass(frozen=True, slots=True)
class BareNumber:
    """A number beside a day, and nothing that says what it counts: "tonight 8", "Monday 21"."""

    number: int
    counts_something: bool = False  # "Friday 20 boxes", or Friday the 20th


@dataclass(frozen=True, slots=True)
class Weekday:
    weekday: int  # Monday is 0
    which: Which = Which.ANY


@dataclass(frozen=True, slots=True)
class Week:
    ahead: int  # 0 is this week, 1 the next


@dataclass(frozen=True, slots=True)
class Weekend:
    ahead: int


@dataclass(frozen=True, slots=True)
class EndOfWeek:
    ahead: int


@dataclass(frozen=True, slots=True)
class Month:
    first_on: date


@dataclass(frozen=True, slots=True)
class Year:
    year: int
    by_number: bool = False  # "the 2024 report" is no time, "next year" is


@dataclass(frozen=True, slots=True)
class Ahead:
    """An amount of time from now or from another day; negative: back. `extra_days`: 一个半月 is a month and 15 days."""

    amount: int
    unit: Unit
    anchor: Anchor = Anchor.NOW
    extra_days: int = 0


@dataclass(frozen=True, slots=True)
class Clock:
    hour: int
    minute: int = 0
    half: Half | None = None
    literal: bool = False  # written as on a 24-hour clock: 08:30
    rough: bool = False


@dataclass(frozen=True, slots=True)
class PartOfDay:
    half: Half


@dataclass(frozen=True, slots=True)
class DayEnd:
    """The end of a day as a deadline: it names no hour, and today where no other day stands beside it."""


@dataclass(frozen=True, slots=True)
class Moment:
    at: datetime


@dataclass(frozen=True, slots=True)
class Bound:
    after: bool  # "after Friday"; otherwise "before Friday"


@dataclass(frozen=True, slots=True)
class Loose:
    """Time without a day. A `weak` one gives way to any day that stands beside it ("sometime Friday")."""

    reason: Doubt
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Gone:
    """Time that is over and names no day: 上周 alone is a Week, 刚才 is this."""


Meaning = (
    Dates
    | DayOfMonth
    | BareNumber
    | Weekday
    | Week
    | Weekend
    | EndOfWeek
    | Month
    | Year
    | Ahead
    | Clock
    | PartOfDay
    | DayEnd
    | Moment
    | Bound
    | Loose
    | Gone
)
