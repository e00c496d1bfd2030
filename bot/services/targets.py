"""Which targets hold for whom, how a rep stands, and setting them: at once, kept for ever, in the audit."""

from dataclasses import asdict
from datetime import date
from typing import Any

from bot.domain import target as rules
from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.people import Person, Role
from bot.domain.target import COMPANY, Goal, InForce, Level, Measure, Period, Scope
from bot.services import audit, leave_days
from bot.services.turn import Turn
from storage import people, targets, teams, totals

_COUNTED = {Measure.VISITS: "visits", Measure.EFFECTIVE: "effective", Measure.NEW: "firsts"}


def levels_of(person: Person) -> list[Level]:
    """Where a rep's target may stand, the nearest first: himself, his team and those above it, the company."""
    return [Level(Scope.PERSON, person.id), *_levels_of_teams(person.team_path), COMPANY]


def levels_above(turn: Turn, level: Level) -> list[Level]:
    """The same for any level, itself among them."""
    if level.scope is Scope.PERSON:
        return levels_of(people.get(turn.connection, level.subject))
    if level.scope is Scope.TEAM:
        return [*_levels_of_teams(people.find_team_path(turn.connection, level.subject)), COMPANY]
    return [COMPANY]


def _levels_of_teams(path: str) -> list[Level]:
    return [Level(Scope.TEAM, int(team)) for team in reversed(path.split("/")) if team]


def goals(turn: Turn, rep: Person, on: date) -> list[Goal]:
    """How he stands on a day of his: by his week's target where he has one, else by the month's."""
    levels = levels_of(rep)
    stored = {key: value for key, (value, _) in targets.list_of(turn.connection, levels, on).items()}
    if not stored:
        return []
    calendar = leave_days.working_days_of(turn, rep, on)
    since = min(rules.first_of(period, on) for period in Period)
    days = totals.sum_by_day(turn.connection, [rep.id], since, on)
    found = []
    for measure in Measure:
        for period in (Period.WEEK, Period.MONTH):
            target = rules.in_force(stored, levels, measure, period)
            if target is not None:
                counted = {day.on_date: getattr(day, _COUNTED[measure]) for day in days}
                found.append(rules.goal(measure, period, target.value, counted, on, calendar))
                break
    return found


def goals_json(turn: Turn, rep: Person, on: date) -> list[dict[str, Any]]:
    """The same for a message."""
    return [{**asdict(goal), "is_reached": goal.is_reached} for goal in goals(turn, rep, on)]


def holding(turn: Turn, level: Level, on: date) -> dict[tuple[Measure, Period], tuple[InForce, date]]:
    """What holds at a level on a day, its own or from above, with the day since when."""
    above = levels_above(turn, level)
    stored = targets.list_of(turn.connection, above, on)
    values = {key: value for key, (value, _) in stored.items()}
    found = {}
    for measure in Measure:
        for period in Period:
            target = rules.in_force(values, above, measure, period)
            if target is not None:
                found[measure, period] = (target, stored[target.level, measure, period][1])
    return found


def may_set(turn: Turn, level: Level) -> bool:
    """An admin everywhere; a manager for the teams and people that he leads."""
    actor = turn.person
    if Role.ADMIN in actor.roles:
        return True
    if Role.MANAGER not in actor.roles or not actor.team_path:
        return False
    if level.scope is Scope.PERSON:
        person = people.find(turn.connection, level.subject)
        return person is not None and actor.may_see(person)
    team = teams.find(turn.connection, level.subject) if level.scope is Scope.TEAM else None
    return team is not None and team.path.startswith(actor.team_path)


def check_readable(turn: Turn, level: Level) -> None:
    """Refuse whoever may neither set the targets of a level nor is the rep whose they are."""
    is_his_own = level == Level(Scope.PERSON, turn.person.id)
    if not is_his_own and not may_set(turn, level):
        raise Refusal("target/not_yours")
    if level.scope is Scope.TEAM and teams.find(turn.connection, level.subject) is None:
        raise Refusal("team/gone")
    if level.scope is Scope.PERSON and people.find(turn.connection, level.subject) is None:
        raise Refusal("target/not_yours")


def set_target(turn: Turn, level: Level, measure: Measure, period: Period, value: int | None, from_on: date) -> None:
    """From that day on; None takes the level's own away."""
    turn.require(Role.MANAGER, Role.ADMIN)
    check_readable(turn, level)
    if not may_set(turn, level):
        raise Refusal("target/not_yours")
    before = targets.list_of(turn.connection, [level], from_on).get((level, measure, period))
    by, now = turn.person.id, turn.now
    targets.add(turn.connection, (level, measure, period), value, from_on=from_on, by=by, now=now)
    about: dict[str, Any] = {"target": f"{measure.value}_{period.value}"}
    old = {"value": before[0] if before is not None else "default"}
    new = {**about, "value": value if value is not None else "default", "first_on": from_on.isoformat()}
    audit.note(turn, Area.PLAN, "target_set", _named(turn, level), old, new)


def _named(turn: Turn, level: Level) -> str:
    """The level as the audit names it; the company is its first team."""
    if level.scope is not Scope.COMPANY:
        return f"{level.scope.value}:{level.subject}"
    first = next(iter(people.list_teams(turn.connection)), None)
    return f"team:{first.id}" if first is not None else "target:company"
