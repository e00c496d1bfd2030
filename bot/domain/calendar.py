"""Working days, and what a local date and clock time are as an instant."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class WorkingDays:
    """Which dates are worked: weekdays (1 is Monday) without the holidays, and the make-up days beside them.

    A date that stands both among the holidays and the make-up days is worked: make-up days are the
    rarer and later entry, in every official list and in an admin's corrections.
    """

    weekdays: frozenset[int] = frozenset({1, 2, 3, 4, 5})
    holidays: frozenset[date] = frozenset()
    make_up: frozenset[date] = frozenset()
    confirmed_years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays or not self.weekdays <= set(range(1, 8)):
            raise ValueError("a week needs a working day, and its days are 1 (Monday) to 7 (Sunday)")

    def is_working_day(self, on: date) -> bool:
        return on in self.make_up or (on.isoweekday() in self.weekdays and on not in self.holidays)

    def next_working_day(self, on: date) -> date:
        """The date itself when it is worked, or else the first worked one after it."""
        while not self.is_working_day(on):
            on += _DAY
        return on

    def last_working_day_before(self, on: date) -> date:
        """The last worked date that is earlier: what "yesterday" means in a morning brief."""
        on -= _DAY
        while not self.is_working_day(on):
            on -= _DAY
        return on

    def add_working_days(self, on: date, count: int) -> date:
        """The count-th worked date after this one; the date itself, worked or not, does not count."""
        if count < 1:
            raise ValueError("working days are added one or more at a time")
        for _ in range(count):
            on = self.next_working_day(on + _DAY)
        return on

    def is_confirmed(self, on: date) -> bool:
        """Whether the holidays of that year are known: an unknown year looks like one without holidays."""
        return on.year in self.confirmed_years


def instant(on: date, at: time, zone: ZoneInfo) -> datetime:
    """The aware UTC instant of a local date and clock time.

    A time that the clocks skip in spring is as much later as they jump (02:30 becomes 03:30); a time
    that comes twice in autumn is the first of the two.
    """
    return datetime.combine(on, at.replace(tzinfo=None, fold=0), zone).astimezone(UTC)


def local_date(at: datetime, zone: ZoneInfo) -> date:
    """The date that a person in the zone has at an instant."""
    return at.astimezone(zone).date()
