"""Who is away, and the working days of one person: his country's without his own leave."""

from collections.abc import Collection, Iterable
from datetime import date, timedelta

from bot.domain.calendar import WorkingDays, local_date
from bot.domain.leave import Leave, without
from bot.domain.people import Person
from bot.services import calendars
from bot.services.turn import Turn
from storage import leave as stored
from storage import people

DAY = timedelta(days=1)
LATELY = timedelta(days=14)  # from the end of leave to the first day back, holidays between them
LOOK_BACK = timedelta(days=60)  # the last working day before today lies within them, after any but the longest leave


def working_days_of(turn: Turn, person: Person, around: date, leaves: Iterable[Leave] | None = None) -> WorkingDays:
    """The days on which this person works; `leaves` are his, where they are known already."""
    calendar = calendars.working_days(turn, person.time_zone, around, turn.policy_for(person=person))
    return without(calendar, leaves if leaves is not None else leaves_of(turn, person))


def leaves_of(turn: Turn, person: Person) -> list[Leave]:
    """His leaves of late, and all that are to come."""
    return stored.list_of(turn.connection, person.id, local_date(turn.now, person.zone) - LOOK_BACK)


def leaves_of_all(turn: Turn) -> dict[int, list[Leave]]:
    """The same of everybody who has any."""
    return stored.list_since(turn.connection, local_date(turn.now, turn.zone) - LOOK_BACK - DAY)


def counted_from(turn: Turn, person: Person, days: Collection[date]) -> dict[date, date]:
    """From when on it counts what was due on these days, for those on which he was on leave: his first day back."""
    leaves = leaves_of(turn, person) if days else []
    covered = [on for on in days if any(leave.covers(on) for leave in leaves)]
    if not covered:
        return {}
    calendar = working_days_of(turn, person, turn.today)
    return {on: calendar.next_working_day(on) for on in covered}


def just_back(turn: Turn, person_ids: Collection[int], today: date) -> dict[int, date]:
    """Who works today for the first time after leave, or not yet again, and the first day of that leave."""
    since: dict[int, date] = {}
    for leave in stored.list_ended(turn.connection, person_ids, today - LATELY, today - DAY):
        calendar = working_days_of(turn, people.get(turn.connection, leave.person_id), today)
        if calendar.next_working_day(leave.last_on + DAY) >= today:
            since[leave.person_id] = min(leave.first_on, since.get(leave.person_id, today))
    return since


def is_away(turn: Turn, person: Person) -> bool:
    """Whether he is on leave now, by his own calendar."""
    return bool(stored.list_on(turn.connection, [person.id], local_date(turn.now, person.zone)))


def away_on(turn: Turn, person_ids: Collection[int], on: date) -> dict[int, Leave]:
    """Which of these people are on leave on a date."""
    return stored.list_on(turn.connection, person_ids, on)
