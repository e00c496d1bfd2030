"""When each customer is due: kept with his visits, and worked out anew for all when a cadence changes."""

from collections.abc import Iterable
from datetime import date
from functools import partial
from typing import Any

from bot.domain.cadence import due_on
from bot.domain.calendar import WorkingDays, local_date
from bot.domain.people import Person
from bot.services import calendars, leave_days
from bot.services.desk import Desk
from bot.services.turn import Turn
from storage import customers, people
from storage.database import Row
from storage.jobs import Job

JOB = "due_dates"
AT_ONCE = 500  # customers in one transaction: others wait no longer than that


def _of_row(turn: Turn, row: Row[Any], owner: Person | None, calendar: WorkingDays) -> date:
    """The local date by which the customer of this row should be seen, by the rules of his owner's team."""
    zone = turn.zone
    return due_on(
        row.grade,
        local_date(row.last_visit_at, zone) if row.last_visit_at is not None else None,
        local_date(row.created_at, zone),
        is_new=row.is_new,
        policy=turn.policy_for(person=owner, customer=customers.customer_of(row)),
        calendar=calendar,
    )


def count_anew(turn: Turn, rows: Iterable[Row[Any]]) -> None:
    """Store by which day the customers of these rows should be seen; an owner's leave moves it later."""
    rows = list(rows)
    owners = people.list_by_ids(turn.connection, {row.owner_id for row in rows} - {None})
    calendars_of = {owner.id: leave_days.working_days_of(turn, owner, turn.today) for owner in owners.values()}
    of_nobody = calendars.working_days(turn, turn.zone.key, turn.today)
    due = {
        row.id: _of_row(turn, row, owners.get(row.owner_id), calendars_of.get(row.owner_id, of_nobody)) for row in rows
    }
    customers.set_due(turn.connection, due)


def recompute(turn: Turn, after: int) -> int | None:
    """The next customers beyond the id `after`; returns the last one's id, None when there are no more."""
    rows = customers.list_after(turn.connection, after, AT_ONCE)
    count_anew(turn, rows)
    return rows[-1].id if rows else None


class DueDates:
    """Does the job: a cadence has changed, or a list was imported."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    async def work(self, job: Job) -> None:
        """All customers, a few hundred a transaction; begun again after a crash, which changes nothing twice."""
        last: int | None = 0
        while last is not None:
            last = await self._desk.decide(f"due:{job.id}:{last}", partial(recompute, after=last))
        await self._desk.finish(job, lambda turn: None)
