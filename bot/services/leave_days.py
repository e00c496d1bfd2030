"""Who is away, and the working days of one person: his country's without his own leave."""

from collections.abc import Collection
from datetime import date, timedelta

from bot.domain.calendar import WorkingDays, local_date
from bot.domain.leave import Leave, without
from bot.domain.people import Person
from bot.services import calendars
from bot.services.turn import Turn
from storage import leave as stored

LOOK_BACK = timedelta(days=60)  # the last working day before today lies within them, after any but the longest leave


def working_days_of(turn: Turn, person: Person, around: date) -> WorkingDays:
    """The days on which this person works."""
    calendar = calendars.working_days(turn, person.time_zone, around, turn.policy_for(person=person))
    return without(calendar, leaves_of(turn, person))


def leaves_of(turn: Turn, person: Person) -> list[Leave]:
    """His leaves of late, and all that are to come."""
    return stored.list_of(turn.connection, person.id, local_date(turn.now, person.zone) - LOOK_BACK)


def is_away(turn: Turn, person: Person) -> bool:
    """Whether he is on leave now, by his own calendar."""
    return bool(stored.list_on(turn.connection, [person.id], local_date(turn.now, person.zone)))


def away_on(turn: Turn, person_ids: Collection[int], on: date) -> dict[int, Leave]:
    """Which of these people are on leave on a date."""
    return stored.list_on(turn.connection, person_ids, on)
