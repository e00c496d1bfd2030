"""What a company's admins say about its calendars: a day that is worked or not, and a year that they have checked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import WorkingDays

LONGEST = timedelta(days=366)  # of days that are corrected at once
_DAY = timedelta(days=1)


class Verdict(StrEnum):
    """What is said of some days, or (the last two) of the year that they make up."""

    WORK = "work"
    OFF = "off"
    OFFICIAL = "official"
    CONFIRMED = "confirmed"
    OPEN = "open"


@dataclass(frozen=True)
class Correction:
    """What was said of the days from the first to the last, both counted; `called`: what a day off is for.

    `by` is the name of who said so.
    """

    country: str
    first_on: date
    last_on: date
    verdict: Verdict
    called: str
    by: str
    at: datetime

    def days(self) -> list[date]:
        return [self.first_on + n * _DAY for n in range((self.last_on - self.first_on).days + 1)]


@dataclass
class _Corrected:
    """One country: the last word on each day and year."""

    days: dict[date, Correction] = field(default_factory=dict)
    years: dict[int, Correction] = field(default_factory=dict)

    def hear(self, said: Correction) -> None:
        match said.verdict:
            case Verdict.CONFIRMED:
                self.years[said.first_on.year] = said
            case Verdict.OPEN:
                self.years.pop(said.first_on.year, None)
            case Verdict.OFFICIAL:
                for on in said.days():
                    self.days.pop(on, None)
            case _:
                self.days |= dict.fromkeys(said.days(), said)


class Corrections:
    """All that was said, the later word over the earlier. Never changed, so that the calendars made of it are kept."""

    def __init__(self, said: Iterable[Correction] = ()) -> None:
        self._of: dict[str, _Corrected] = {}
        for each in said:
            self._of.setdefault(each.country, _Corrected()).hear(each)
        self._applied: dict[tuple[str, WorkingDays], WorkingDays] = {}

    def days(self, country: str) -> Mapping[date, Correction]:
        """The days of a country that an admin has corrected."""
        return self._of[country].days if country in self._of else {}

    def years(self, country: str) -> Mapping[int, Correction]:
        """The years of a country that an admin has confirmed."""
        return self._of[country].years if country in self._of else {}

    def applied(self, country: str, official: WorkingDays) -> WorkingDays:
        """The official calendar as it was corrected."""
        if country not in self._of:
            return official
        calendar = self._applied.get((country, official))
        if calendar is None:
            days = self._of[country].days
            work = frozenset(on for on, said in days.items() if said.verdict is Verdict.WORK)
            calendar = self._applied[country, official] = replace(
                official,
                holidays=(official.holidays | days.keys()) - work,
                make_up=(official.make_up - days.keys()) | work,
                confirmed_years=official.confirmed_years | self._of[country].years.keys(),
            )
        return calendar
