"""The time in which a company gets used to being looked at: until it ends, flags are a matter of the rep alone."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar import local_date
from bot.domain.digest import VisitLine
from bot.domain.policy import Policy


def ends_on(founded_at: datetime | None, zone: ZoneInfo, policy: Policy) -> date | None:
    """The first local day whose flags a manager sees; None where it is switched off, or nobody knows the beginning.

    A company that was here before its beginning was written down is used to it.
    """
    if founded_at is None or not policy.transition_lasts:
        return None
    return local_date(founded_at, zone) + policy.transition_lasts


def is_held_back(visited_on: date, ends: date | None) -> bool:
    """Whether the flags of a visit of that day are not the manager's: also later, they came of getting used to it."""
    return ends is not None and visited_on < ends


def for_manager(visit: VisitLine, ends: date | None) -> VisitLine:
    """The visit as its manager is told of it."""
    return replace(visit, flags=()) if is_held_back(visit.on, ends) else visit
