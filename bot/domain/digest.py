"""The manager's digest: the day of each rep, and which of it needs a decision."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from bot.domain.effectiveness import Verdict
from bot.domain.flags import FlagCode
from bot.domain.people import Person


@dataclass(frozen=True)
class VisitLine:
    """One visit as a digest tells it; `stay` None is unknown, `verdict` None not judged yet: it is not sent."""

    id: int
    person_id: int
    customer: str
    grade: str | None
    on: date
    checked_in_at: datetime
    stay: timedelta | None
    result: str | None
    verdict: Verdict | None
    flags: tuple[Mapping[str, Any], ...] = ()
    remote: bool = False  # no stay, and none is missing

    @property
    def is_sent(self) -> bool:
        return self.verdict is not None

    @property
    def to_review(self) -> bool:
        """Whether its manager should look: a late report alone is told, but has nothing to be looked into."""
        return any(flag["code"] != FlagCode.LATE for flag in self.flags)

    @property
    def is_late(self) -> bool:
        return any(flag["code"] == FlagCode.LATE for flag in self.flags)


@dataclass(frozen=True)
class RepDay:
    """A rep's day: its visits by time, remote contacts among them, which are counted apart."""

    rep: Person
    visits: tuple[VisitLine, ...] = field(default=())

    @property
    def sent(self) -> int:
        return sum(visit.is_sent and not visit.remote for visit in self.visits)

    @property
    def effective(self) -> int:
        return sum(visit.verdict is Verdict.EFFECTIVE and not visit.remote for visit in self.visits)

    @property
    def contacts(self) -> int:
        """Reported contacts by phone or online."""
        return sum(visit.is_sent and visit.remote for visit in self.visits)

    @property
    def at_customers(self) -> timedelta:
        """The stays that are known, together."""
        return sum((visit.stay for visit in self.visits if visit.stay is not None), timedelta())


def days_of(reps: Iterable[Person], visits: Sequence[VisitLine]) -> list[RepDay]:
    """Each rep's day: those with visits first, the busiest before the others."""
    days = [RepDay(rep, tuple(visit for visit in visits if visit.person_id == rep.id)) for rep in reps]
    return sorted(days, key=lambda day: (-len(day.visits), day.rep.name))


def to_review(visits: Iterable[VisitLine]) -> list[VisitLine]:
    """Sent visits that a manager should look at, those of the most important customers first."""
    flagged = [visit for visit in visits if visit.is_sent and visit.to_review]
    return sorted(flagged, key=lambda visit: (visit.grade or "Z", -len(visit.flags), visit.checked_in_at))


def sent_late(visits: Iterable[VisitLine]) -> list[VisitLine]:
    """Visits whose report came after its day."""
    return [visit for visit in visits if visit.is_sent and visit.is_late]
