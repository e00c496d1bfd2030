"""What comes once a working day: the rep's brief in the morning, the manager's digest in the evening."""

from datetime import datetime, timedelta

from bot.domain.calendar import WorkingDays, local_date
from bot.domain.daily import day_key, last_daily, next_daily
from bot.domain.leave import Leave
from bot.domain.people import Person, Role
from bot.services import days, digests, leave_days
from bot.services.members import may_be_told
from bot.services.promises import Reminded
from bot.services.turn import Turn
from storage import dues, people
from storage.occurrences import claim

MORNING = timedelta(hours=2)
AT_ONCE = 1000  # people read and planned by one statement


def plan(turn: Turn, person: Person) -> None:
    """When this person hears from us next; his role is looked at when the time has come."""
    dues.plan_person(turn.connection, person.id, **_coming(turn, person))


def _coming(turn: Turn, person: Person, leaves: list[Leave] | None = None) -> dict[str, datetime]:
    calendar = leave_days.working_days_of(turn, person, local_date(turn.now, person.zone), leaves)
    policy = turn.policy_for(person=person)
    return {
        "brief_due_at": next_daily(policy.brief_at, person.zone, calendar, turn.now),
        "digest_due_at": next_daily(policy.digest_at, person.zone, calendar, turn.now),
    }


def plan_everyone(turn: Turn) -> None:
    """Plan for those whom nobody has planned for: they have just joined."""
    _plan_many(turn, dues.list_unplanned(turn.connection))


def plan_all(turn: Turn) -> None:
    """Plan anew for all, when the times or the working days have changed."""
    _plan_many(turn, dues.list_planned(turn.connection, turn.now))
    dues.hasten_routes(turn.connection, turn.now)


def _plan_many(turn: Turn, ids: list[int]) -> None:
    """By few statements: nobody else can write meanwhile."""
    leaves = leave_days.leaves_of_all(turn) if ids else {}
    for first in range(0, len(ids), AT_ONCE):
        some = people.list_by_ids(turn.connection, ids[first : first + AT_ONCE])
        coming = {person.id: _coming(turn, person, leaves.get(person.id, [])) for person in some.values()}
        dues.plan_people(turn.connection, coming)


def post_briefs(turn: Turn, reminded: Reminded, limit: int) -> None:
    """The morning messages; the promises that one tells are taken out of `reminded`: they are not said twice."""
    for person_id, due_at in dues.list_people(turn.connection, "brief_due_at", turn.now, limit):
        rep = people.get(turn.connection, person_id)
        calendar = _calendar(turn, rep)
        policy = turn.policy_for(person=rep)
        coming = next_daily(policy.brief_at, rep.zone, calendar, turn.now)
        dues.plan_person(turn.connection, rep.id, brief_due_at=coming)
        on, at = last_daily(policy.brief_at, rep.zone, calendar, turn.now)
        # a brief of a day that is over helps nobody; the next morning's tells what stands open
        if at < due_at or on != local_date(turn.now, rep.zone) or not _hears(rep, Role.REP):
            continue
        if not claim(turn.connection, "brief", rep.id, day_key(on)):
            continue
        turn.cause = f"brief:{rep.id}:{on.isoformat()}"
        if days.post_brief(turn, rep, on, late=turn.now - at > MORNING):
            left = [due for due in reminded.pop(rep.id, []) if not due.is_told_by_brief(on)]
            if left:
                reminded[rep.id] = left


def post_digests(turn: Turn, limit: int) -> None:
    """The managers' digests; after an outage the newest day in full, and the days before it in a line each."""
    for person_id, due_at in dues.list_people(turn.connection, "digest_due_at", turn.now, limit):
        manager = people.get(turn.connection, person_id)
        calendar = _calendar(turn, manager)
        policy = turn.policy_for(person=manager)
        coming = next_daily(policy.digest_at, manager.zone, calendar, turn.now)
        dues.plan_person(turn.connection, manager.id, digest_due_at=coming)
        on, at = last_daily(policy.digest_at, manager.zone, calendar, turn.now)
        if at < due_at or not _hears(manager, Role.MANAGER) or not digests.leads_anyone(turn, manager):
            continue
        if claim(turn.connection, "digest", manager.id, day_key(on)):
            turn.cause = f"digest:{manager.id}:{on.isoformat()}"
            digests.post(turn, manager, on, missed_since=local_date(due_at, manager.zone))


def _hears(person: Person, role: Role) -> bool:
    return role in person.roles and may_be_told(person)


def _calendar(turn: Turn, person: Person) -> WorkingDays:
    """His own: on leave nobody hears from us."""
    return leave_days.working_days_of(turn, person, local_date(turn.now, person.zone))
