"""A rep's day on one screen: what is done, whom to see, what is promised; asked for, or brought in the morning."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.domain.cadence import days_since, overdue_by
from bot.domain.calendar import local_date
from bot.domain.people import Person, Role
from bot.services import followups, targets
from bot.services.turn import Turn
from storage import digests, dues, planned, visits
from storage import followups as promises
from storage.database import Row

CUSTOMERS = 6  # buttons that leave room for the rest on a phone's screen
STOPS = 12
PROMISES = 12


def command_today(turn: Turn, _argument: str = "") -> None:
    """`/today`: the rep's day so far, and what is still to come."""
    rep = turn.require(Role.REP)
    turn.say("day/today", **_day(turn, rep, turn.today))


def post_brief(turn: Turn, rep: Person, on: date, *, late: bool) -> bool:
    """The morning message of a working day; nothing is said when nothing waits, and False returned.

    A `late` one wishes nobody a good morning.
    """
    day = _day(turn, rep, on)
    if not (day["due_count"] or day["promise_count"] or day["unfinished"] or day["stop_count"] or day["goals"]):
        return False
    turn.remind("day", "day/brief", to=rep, name=rep.name, late=late, **day)
    return True


def _day(turn: Turn, rep: Person, on: date) -> dict[str, Any]:
    done = visits.list_of_day(turn.connection, [rep.id], on)
    stops = [stop for stop in planned.list_of_day(turn.connection, rep.id, on) if stop.state != "dropped"]
    ahead = [stop for stop in stops if stop.state == "planned"]
    besides = [stop.customer_id for stop in ahead]
    due = digests.list_customers_due(turn.connection, [rep.id], on, CUSTOMERS, besides=besides)
    promised = promises.list_open_until(turn.connection, [rep.id], on, PROMISES)
    unfinished = [visit for visit in dues.list_unfinished(turn.connection, [rep.id]) if visit.visited_on < on]
    return {
        "on": on.isoformat(),
        "goals": targets.goals_json(turn, rep, on),
        "visits": [_visit(visit) for visit in done],
        "effective": sum(visit.effectiveness == "effective" and not visits.is_remote(visit) for visit in done),
        "stops": [_stop(stop, rep, on) for stop in ahead[:STOPS]],
        "stop_count": len(ahead),
        "stops_done": len(stops) - len(ahead),
        "due": customers_json(due, rep, on),
        "due_count": digests.count_customers_due(turn.connection, [rep.id], on, besides=besides),
        "promises": followups.lines(turn, rep, promised, on),
        "promise_count": promises.count_open_until(turn.connection, [rep.id], on),
        "unfinished": [_visit(visit) for visit in unfinished],
    }


def customers_json(rows: Sequence[Row[Any]], rep: Person, on: date) -> list[dict[str, Any]]:
    """Due customers with the days since the last visit and past the due date, on a local date of this person."""
    lines = []
    for row in rows:
        seen_on = local_date(row.last_visit_at, rep.zone) if row.last_visit_at is not None else None
        lines.append(
            {
                "id": row.id,
                "name": row.name,
                "grade": row.grade,
                "days": days_since(seen_on, on),
                "overdue": overdue_by(row.due_on, on),
                "owner_id": row.owner_id,
            }
        )
    return lines


def _stop(stop: Row[Any], rep: Person, on: date) -> dict[str, Any]:
    """A planned visit in a list; `id` is the customer's."""
    seen_on = local_date(stop.last_visit_at, rep.zone) if stop.last_visit_at is not None else None
    customer = {"id": stop.customer_id, "name": stop.name, "grade": stop.grade, "days": days_since(seen_on, on)}
    overdue = overdue_by(stop.due_on, on) if stop.due_on is not None else 0
    return {**customer, "overdue": overdue, "route": stop.route}


def _visit(visit: Row[Any]) -> dict[str, Any]:
    stay = visits.stay_of(visit)
    return {
        "customer": visit.customer_name,
        "on": visit.visited_on.isoformat(),
        "at": visit.checked_in_at.isoformat(),
        "stay": stay.total_seconds() if stay is not None else None,
        "remote": visits.is_remote(visit),
        "verdict": visit.effectiveness if visit.state == "sent" else None,
    }
