"""The digest of a large team: its teams in a line each, read from sums and indexes, and the first of what to decide."""

from datetime import date, timedelta
from typing import Any

from bot.domain import digest as rules
from bot.domain.calendar import local_date
from bot.domain.people import Person
from bot.domain.review import WAITS_FOR_MANAGER
from bot.domain.transition import is_held_back
from bot.services import days, digest_lines, leave_days, transitions
from bot.services.turn import Turn
from storage import customers as stored
from storage import digests as queries
from storage import people, reviews, totals
from storage.database import Row

LARGE = 30  # reps; with eight visits each their lines would fill four messages
REVIEWED = 10
FLAGGED = 1_000  # flagged visits of a day that are weighed against each other
CUSTOMERS = 8
COUNTED = 200  # more than so many are "more than 200"


def post(turn: Turn, manager: Person, on: date, reps: list[Row[Any]], path: str, told: dict[str, Any]) -> None:
    """Tell the manager a day of many reps; `told` is what every digest says."""
    names = {team.id: team.name for team in queries.list_team_names(turn.connection, path)}
    members = {rep.id for rep in reps}
    sums = {day.team_id: day for day in totals.list_of_teams(turn.connection, _teams(reps), on)}
    teams = _lines(reps, names, sums)
    today = local_date(turn.now, manager.zone)
    if is_held_back(on, transitions.end_for(turn, manager)):
        teams = [{**team, "flagged": 0, "late": 0} for team in teams]
        review = []
    else:
        review = _review(turn, manager, on, members, path)
    turn.say(
        "digest/large",
        to=manager,
        **told,
        teams=teams,
        **{name: sum(team[name] for team in teams) for name in ("visits", "effective", "seconds", "late", "active")},
        review=review,
        flagged=sum(team["flagged"] for team in teams),
        unreachable=sum(not rep.reachable for rep in reps),
        on_leave=len(leave_days.away_on(turn, members, on)),
        standing=None if told["asked"] and on < today else _standing(turn, manager, members, today),
    )


def sum_by_day(turn: Turn, reps: list[Row[Any]], first: date, last: date) -> list[Row[Any]]:
    """Per day with visits: on_date, visits, effective of these reps' teams."""
    return totals.sum_by_day_of_teams(turn.connection, _teams(reps), first, last)


def _teams(reps: list[Row[Any]]) -> set[int]:
    return {rep.team_id or 0 for rep in reps}


def _lines(reps: list[Row[Any]], names: dict[int, str], sums: dict[int, Row[Any]]) -> list[dict[str, Any]]:
    """Each team with reps, in the order of the tree; those of no team last."""
    counts: dict[int, int] = {}
    for rep in reps:
        counts[rep.team_id or 0] = counts.get(rep.team_id or 0, 0) + 1
    lines = []
    for team_id in [*(known for known in names if known in counts), *({0} & counts.keys())]:
        day = sums.get(team_id)
        figures = ("visits", "effective", "seconds", "flagged", "late")
        lines.append(
            {
                "name": names.get(team_id),
                "reps": counts[team_id],
                "active": day.reps if day is not None else 0,
                **{name: getattr(day, name) if day is not None else 0 for name in figures},
            }
        )
    return lines


def _review(turn: Turn, manager: Person, on: date, members: set[int], path: str) -> list[dict[str, Any]]:
    """The first flagged visits that nobody has decided about, of the day and before it: those of the best customers."""
    others = members - {manager.id}  # nobody decides about his own
    flagged = [row for row in queries.list_flagged(turn.connection, on, FLAGGED) if row.person_id in others]
    flagged.sort(key=lambda row: (row.grade or "Z", row.id))
    states = reviews.states(turn.connection, [row.id for row in flagged])
    flagged = [row for row in flagged if states.get(row.id) in (None, *WAITS_FOR_MANAGER)]
    older = [row.id for row in reviews.list_waiting(turn.connection, path, REVIEWED, besides=manager.id)]
    # Of the day twice as many: a late report alone is flagged, and nothing to be looked into
    ids = list(dict.fromkeys([*(row.id for row in flagged[: 2 * REVIEWED]), *older]))
    visits = rules.to_review(digest_lines.line_of(row) for row in queries.list_visits(turn.connection, ids))[:REVIEWED]
    reps = people.list_by_ids(turn.connection, {visit.person_id for visit in visits})
    return [digest_lines.visit_json(visit, {rep.id: rep.name for rep in reps.values()}) for visit in visits]


def _standing(turn: Turn, manager: Person, members: set[int], today: date) -> dict[str, Any]:
    """How much stands open today, and the customers that are overdue longest; who is on leave is left out."""
    members = members - leave_days.away_on(turn, members, today).keys()
    yesterday = today - timedelta(days=1)
    asked = {
        "customers": queries.overdue_customers(yesterday),
        "promises": queries.overdue_promises(yesterday),
        "unreported": queries.unreported(today),
    }
    back = leave_days.just_back(turn, members, today).keys()  # their promises are due today, those before leave too
    of = {"promises": members - back}
    found = {
        name: queries.list_some(turn.connection, wanted, of.get(name, members), COUNTED)
        for name, wanted in asked.items()
    }
    first = found["customers"][0][:CUSTOMERS]
    rows = {row.id: row for row in stored.list_rows(turn.connection, first)}
    lines = days.customers_json([rows[customer_id] for customer_id in first], manager, today)
    owners = people.list_by_ids(turn.connection, {line["owner_id"] for line in lines})
    return {
        **{name: {"count": len(ids), "more": more} for name, (ids, more) in found.items()},
        "first": [{**line, "rep": owners[line["owner_id"]].name} for line in lines],
    }
