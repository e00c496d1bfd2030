"""The manager's digest: what his team did, what stands open, and what needs a decision first."""

from datetime import date, timedelta
from typing import Any

from bot.domain import digest as rules
from bot.domain.calendar import WorkingDays, instant, local_date
from bot.domain.daily import last_daily
from bot.domain.digest import RepDay, VisitLine
from bot.domain.people import Person, Role
from bot.domain.review import WAITS_FOR_MANAGER
from bot.domain.transition import for_manager
from bot.services import calendars, days, digests_large, followups, leave_days, pin_pages, transitions
from bot.services.digest_lines import line_of, visit_json
from bot.services.turn import Turn
from storage import digests as queries
from storage import dues, people, reviews, totals, visits
from storage import followups as promises
from storage.database import Row
from storage.followups import Owned

REVIEWED = 10  # flagged visits with a button each; all of them are listed
PROMISES = 8
CUSTOMERS = 8


def leads_anyone(turn: Turn, manager: Person) -> bool:
    """Whether there are reps of whom he hears."""
    return bool(_reps_of(turn, manager))


def _reps_of(turn: Turn, manager: Person) -> list[Row[Any]]:
    """The reps of the subtree that he leads, by id, team and whether they can be reached; an admin's are all."""
    if not (_path_of(manager) or Role.ADMIN in manager.roles):
        return []
    return queries.list_reps(turn.connection, _path_of(manager))


def _path_of(manager: Person) -> str:
    return "" if Role.ADMIN in manager.roles else manager.team_path


def team_of(turn: Turn, manager: Person) -> list[Person]:
    """The same reps in full, by name."""
    if not (_path_of(manager) or Role.ADMIN in manager.roles):
        return []
    team = people.list_in(turn.connection, _path_of(manager), Role.REP)
    return [rep for rep in team if manager.may_see(rep)]


def post(turn: Turn, manager: Person, on: date, *, asked: bool = False, missed_since: date | None = None) -> None:
    """Tell the manager a day of his team; `missed_since` is the first day that an outage swallowed, told in a line.

    Of a day that is over and was asked for, only its visits are told: what is overdue is so today, not then.
    """
    reps = _reps_of(turn, manager)
    today = local_date(turn.now, manager.zone)
    calendar = calendars.working_days(turn, manager.time_zone, on)
    monday = on - timedelta(days=on.weekday())
    by_day = _days_of(turn, reps, min(monday, missed_since or on), on)
    told = {
        "on": on.isoformat(),
        "asked": asked,
        "so_far": asked and on == today,
        "reps": len(reps),
        "week": _sums([day for day in by_day if day.on_date >= monday], monday, on),
        "missed": _missed(by_day, missed_since, on),
        "pins": pin_pages.waiting(turn, manager),
        "before": calendar.last_working_day_before(on).isoformat(),
        "transition": transitions.notice(turn, manager, transitions.end_for(turn, manager)),
    }
    if len(reps) > digests_large.LARGE:
        digests_large.post(turn, manager, on, reps, _path_of(manager), told)
    else:
        _post_in_full(turn, manager, on, team_of(turn, manager), calendar, told)


def _days_of(turn: Turn, reps: list[Row[Any]], first: date, last: date) -> list[Row[Any]]:
    """Per day with visits: on_date, visits, effective."""
    if len(reps) > digests_large.LARGE:
        return digests_large.sum_by_day(turn, reps, first, last)
    return totals.sum_by_day(turn.connection, [rep.id for rep in reps], first, last)


def _post_in_full(
    turn: Turn, manager: Person, on: date, reps: list[Person], calendar: WorkingDays, told_of_all: dict[str, Any]
) -> None:
    """Every visit of every rep."""
    today = local_date(turn.now, manager.zone)
    ids = [rep.id for rep in reps]
    ends = transitions.end_for(turn, manager)
    lines = [for_manager(line_of(row), ends) for row in visits.list_of_day(turn.connection, ids, on)]
    added = [for_manager(line, ends) for line in _added(turn, manager, ids, on, calendar)]
    told = [*lines, *added]
    is_over = told_of_all["asked"] and on < today
    review = _to_decide(turn, manager, told, also_older=not is_over)
    names = {rep.id: rep.name for rep in reps}
    of_others = {visit.person_id for visit in review} - names.keys()  # who has left, or is no rep any more
    names |= {person.id: person.name for person in people.list_by_ids(turn.connection, of_others).values()}
    away = leave_days.away_on(turn, ids, on)
    context: dict[str, Any] = {
        **told_of_all,
        "days": [_day_json(day) for day in rules.days_of(reps, lines) if day.visits],
        "idle": [day.rep.name for day in rules.days_of(reps, lines) if not day.visits and day.rep.id not in away],
        "on_leave": [{"name": names[leave.person_id], "until": leave.last_on.isoformat()} for leave in away.values()],
        "review": [visit_json(visit, names) for visit in review],
        "buttons": REVIEWED,
        "late": [visit_json(visit, names) for visit in rules.sent_late(told) if not visit.to_review],
        "added": [visit_json(visit, names) for visit in added],
        "unreachable": [rep.name for rep in reps if not rep.reachable],
        "standing": None if is_over else _standing(turn, manager, reps, calendar),
    }
    turn.say("digest/digest", to=manager, **context)


def _to_decide(turn: Turn, manager: Person, told: list[VisitLine], *, also_older: bool) -> list[VisitLine]:
    """Flagged visits that nobody has decided about: those that are told, and older ones that still wait.

    His own are not his to decide about.
    """
    ends = transitions.end_for(turn, manager)
    told = [visit for visit in told if visit.person_id != manager.id]
    states = reviews.states(turn.connection, [visit.id for visit in told])
    path = _path_of(manager)
    older = reviews.list_waiting(turn.connection, path, REVIEWED, besides=manager.id) if also_older else []
    lines = {visit.id: visit for visit in told if states.get(visit.id) in (None, *WAITS_FOR_MANAGER)}
    lines = {row.id: for_manager(line_of(row), ends) for row in older} | lines
    return rules.to_review(lines.values())


def _added(turn: Turn, manager: Person, ids: list[int], on: date, calendar: WorkingDays) -> list[VisitLine]:
    """Visits of earlier days that were reported after the digest before this one."""
    digest_at = turn.policy_for(person=manager).digest_at
    at = instant(on, digest_at, manager.zone)
    until = max(at, turn.now) if on == local_date(turn.now, manager.zone) else at
    _, after = last_daily(digest_at, manager.zone, calendar, at - timedelta(microseconds=1))
    rows = queries.list_reported_between(turn.connection, ids, after, until, before_on=on)
    return [line_of(row) for row in rows]


def _missed(by_day: list[Row[Any]], since: date | None, on: date) -> list[dict[str, Any]]:
    rows = [day for day in by_day if since is not None and since <= day.on_date < on]
    return [{"on": row.on_date.isoformat(), "visits": row.visits, "effective": row.effective} for row in rows]


def _sums(rows: list[Row[Any]], first: date, last: date) -> dict[str, int]:
    return {
        "visits": sum(row.visits for row in rows),
        "effective": sum(row.effective for row in rows),
        "days": (last - first).days + 1,
    }


def _standing(turn: Turn, manager: Person, reps: list[Person], calendar: WorkingDays) -> dict[str, Any]:
    """What stands open today: reports, promises, customers; of who is on leave, nothing counts as overdue."""
    names = {rep.id: rep.name for rep in reps}
    today = local_date(turn.now, manager.zone)
    away = leave_days.away_on(turn, names, today)
    ids = [rep.id for rep in reps if rep.id not in away]
    yesterday, tomorrow = today - timedelta(days=1), calendar.next_working_day(today + timedelta(days=1))
    excused = _excused(turn, [rep for rep in reps if rep.id not in away], today)
    besides = [owned.followup.id for owned in excused]
    overdue = promises.list_open_until(turn.connection, ids, yesterday, PROMISES, besides=besides)
    coming = promises.list_open_between(turn.connection, ids, today, tomorrow, PROMISES)
    customers = queries.list_customers_due(turn.connection, ids, yesterday, CUSTOMERS)
    unfinished = [row for row in dues.list_unfinished(turn.connection, ids) if row.visited_on < today]
    return {
        "unfinished": [
            {"rep": names[row.person_id], "customer": row.customer_name, "on": row.visited_on.isoformat()}
            for row in unfinished
        ],
        "overdue": _promises(turn, reps, overdue, today),
        "overdue_count": promises.count_open_until(turn.connection, ids, yesterday, besides=besides),
        "coming": _promises(turn, reps, [*excused, *coming], today),
        "customers": [
            {**customer, "rep": names[customer["owner_id"]]}
            for customer in days.customers_json(customers, manager, today)
        ],
        "customer_count": queries.count_customers_due(turn.connection, ids, yesterday),
    }


def _excused(turn: Turn, reps: list[Person], today: date) -> list[Owned]:
    """What fell due on the leave of those who work again today for the first time: due today, not overdue."""
    by_id, yesterday = {rep.id: rep for rep in reps}, today - timedelta(days=1)
    return [
        owned
        for person_id, first in leave_days.just_back(turn, by_id, today).items()
        for owned in promises.list_open_between(turn.connection, [person_id], first, yesterday, PROMISES)
        if followups.line(turn, by_id[person_id], owned, today)["today"]
    ]


def _promises(turn: Turn, reps: list[Person], promised: list[Owned], today: date) -> list[dict[str, Any]]:
    by_id = {rep.id: rep for rep in reps}
    told = [(by_id[owned.person_id], owned) for owned in promised]
    return [{**followups.line(turn, rep, owned, today), "rep": rep.name} for rep, owned in told]


def _day_json(day: RepDay) -> dict[str, Any]:
    names = {day.rep.id: day.rep.name}
    return {
        "rep": day.rep.name,
        "sent": day.sent,
        "effective": day.effective,
        "contacts": day.contacts,
        "seconds": day.at_customers.total_seconds(),
        "visits": [visit_json(visit, names) for visit in day.visits],
    }
