"""The manager's digest: what his team did, what stands open, and what needs a decision first."""

from datetime import date, timedelta
from typing import Any

from bot.domain import digest as rules
from bot.domain.calendar import WorkingDays, instant, local_date
from bot.domain.daily import last_daily
from bot.domain.digest import RepDay, VisitLine
from bot.domain.effectiveness import Verdict
from bot.domain.people import Person, Role
from bot.services import calendars, days, followups
from bot.services.turn import Turn
from storage import digests as queries
from storage import dues, people, totals, visits
from storage import followups as promises
from storage.database import Row

REVIEWED = 10  # flagged visits with a button each; all of them are listed
PROMISES = 8
CUSTOMERS = 8


def team_of(turn: Turn, manager: Person) -> list[Person]:
    """The reps of the subtree that he leads, by name; an admin's are all."""
    sees_all = Role.ADMIN in manager.roles
    if not (sees_all or manager.team_path):
        return []
    team = people.list_in(turn.connection, "" if sees_all else manager.team_path, Role.REP)
    return [rep for rep in team if manager.may_see(rep)]


def post(turn: Turn, manager: Person, on: date, *, asked: bool = False, missed_since: date | None = None) -> None:
    """Tell the manager a day of his team; `missed_since` is the first day that an outage swallowed, told in a line.

    Of a day that is over and was asked for, only its visits are told: what is overdue is so today, not then.
    """
    reps = team_of(turn, manager)
    today = local_date(turn.now, manager.zone)
    calendar = calendars.working_days(turn.policy, manager.time_zone, on)
    ids = [rep.id for rep in reps]
    lines = [_line(row) for row in visits.list_of_day(turn.connection, ids, on)]
    added = _added(turn, manager, ids, on, calendar)
    told = [*lines, *added]
    review = rules.to_review(told)
    names = {rep.id: rep.name for rep in reps}
    context: dict[str, Any] = {
        "on": on.isoformat(),
        "asked": asked,
        "so_far": asked and on == today,
        "reps": len(reps),
        "days": [_day_json(day) for day in rules.days_of(reps, lines) if day.visits],
        "idle": [day.rep.name for day in rules.days_of(reps, lines) if not day.visits],
        "review": [_visit_json(visit, names) for visit in review],
        "buttons": REVIEWED,
        "late": [_visit_json(visit, names) for visit in rules.sent_late(told) if not visit.to_review],
        "added": [_visit_json(visit, names) for visit in added],
        "unreachable": [rep.name for rep in reps if not rep.reachable],
        "week": _sums(turn, ids, on - timedelta(days=on.weekday()), on),
        "missed": _missed(turn, ids, missed_since, on),
        "before": calendar.last_working_day_before(on).isoformat(),
        "standing": None if asked and on < today else _standing(turn, manager, reps, calendar),
    }
    turn.say("digest/digest", to=manager, **context)


def _added(turn: Turn, manager: Person, ids: list[int], on: date, calendar: WorkingDays) -> list[VisitLine]:
    """Visits of earlier days that were reported after the digest before this one."""
    at = instant(on, turn.policy.digest_at, manager.zone)
    until = max(at, turn.now) if on == local_date(turn.now, manager.zone) else at
    _, after = last_daily(turn.policy.digest_at, manager.zone, calendar, at - timedelta(microseconds=1))
    rows = queries.list_reported_between(turn.connection, ids, after, until, before_on=on)
    return [_line(row) for row in rows]


def _missed(turn: Turn, ids: list[int], since: date | None, on: date) -> list[dict[str, Any]]:
    if since is None or since >= on:
        return []
    rows = totals.sum_by_day(turn.connection, ids, since, on - timedelta(days=1))
    return [{"on": row.on_date.isoformat(), "visits": row.visits, "effective": row.effective} for row in rows]


def _sums(turn: Turn, ids: list[int], first: date, last: date) -> dict[str, int]:
    rows = totals.sum_by_day(turn.connection, ids, first, last)
    return {
        "visits": sum(row.visits for row in rows),
        "effective": sum(row.effective for row in rows),
        "days": (last - first).days + 1,
    }


def _standing(turn: Turn, manager: Person, reps: list[Person], calendar: WorkingDays) -> dict[str, Any]:
    """What stands open today: reports, promises, customers."""
    ids = [rep.id for rep in reps]
    names = {rep.id: rep.name for rep in reps}
    today = local_date(turn.now, manager.zone)
    yesterday, tomorrow = today - timedelta(days=1), calendar.next_working_day(today + timedelta(days=1))
    overdue = promises.list_open_until(turn.connection, ids, yesterday, PROMISES)
    coming = promises.list_open_between(turn.connection, ids, today, tomorrow, PROMISES)
    customers = queries.list_customers_due(turn.connection, ids, yesterday, CUSTOMERS)
    unfinished = [row for row in dues.list_unfinished(turn.connection, ids) if row.visited_on < today]
    return {
        "unfinished": [
            {"rep": names[row.person_id], "customer": row.customer_name, "on": row.visited_on.isoformat()}
            for row in unfinished
        ],
        "overdue": [{**followups.line(owned, today), "rep": names[owned.person_id]} for owned in overdue],
        "overdue_count": promises.count_open_until(turn.connection, ids, yesterday),
        "coming": [{**followups.line(owned, today), "rep": names[owned.person_id]} for owned in coming],
        "customers": [
            {**customer, "rep": names[customer["owner_id"]]}
            for customer in days.customers_json(customers, manager, today)
        ],
        "customer_count": queries.count_customers_due(turn.connection, ids, yesterday),
    }


def _line(row: Row[Any]) -> VisitLine:
    stay = row.checked_out_at - row.checked_in_at if row.checked_out_at is not None else None
    sent = row.state == "sent"
    return VisitLine(
        id=row.id,
        person_id=row.person_id,
        customer=row.customer_name,
        grade=row.customer_grade,
        on=row.visited_on,
        checked_in_at=row.checked_in_at,
        stay=stay,
        result=row.result,
        verdict=Verdict(row.effectiveness or Verdict.NOT_EFFECTIVE) if sent else None,
        flags=tuple(row.flags),
    )


def _day_json(day: RepDay) -> dict[str, Any]:
    names = {day.rep.id: day.rep.name}
    return {
        "rep": day.rep.name,
        "sent": day.sent,
        "effective": day.effective,
        "seconds": day.at_customers.total_seconds(),
        "visits": [_visit_json(visit, names) for visit in day.visits],
    }


def _visit_json(visit: VisitLine, names: dict[int, str]) -> dict[str, Any]:
    return {
        "id": visit.id,
        "rep": names[visit.person_id],
        "customer": visit.customer,
        "grade": visit.grade,
        "on": visit.on.isoformat(),
        "at": visit.checked_in_at.isoformat(),
        "stay": visit.stay.total_seconds() if visit.stay is not None else None,
        "result": visit.result,
        "verdict": visit.verdict.value if visit.verdict is not None else None,
        "flags": [dict(flag) for flag in visit.flags],
    }
