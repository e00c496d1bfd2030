"""`/targets`: what each rep shall reach a month or a week, by company, team or person; a rep reads his own."""

from typing import Any

from bot.domain import target as rules
from bot.domain.calendar import local_date
from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Person, Role
from bot.domain.target import COMPANY, Level, Measure, Period, Scope
from bot.domain.target_text import Wanted, read_target, read_value
from bot.services import calendars, leave_days, pages, targets
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, people, roster
from storage import targets as stored
from storage.conversations import Place

FLOW_NAME = "target"
# What is offered beside typing: what a rep of a small company may reach
OFFERED = {
    (Measure.VISITS, Period.MONTH): (60, 80, 100, 120),
    (Measure.EFFECTIVE, Period.MONTH): (40, 60, 80, 100),
    (Measure.NEW, Period.MONTH): (5, 10, 15, 20),
    (Measure.VISITS, Period.WEEK): (15, 20, 25, 30),
    (Measure.EFFECTIVE, Period.WEEK): (10, 15, 20, 25),
    (Measure.NEW, Period.WEEK): (1, 2, 3, 5),
}


def command_targets(turn: Turn, argument: str = "") -> None:
    """`/targets`: one's own level; `/targets 李娜 visits 100` sets one; `/targets East` shows a team's."""
    person = turn.require(Role.REP, Role.MANAGER, Role.ADMIN)
    is_team = pages.team_called(turn, argument) is not None  # which may be called "New York"
    wanted = Wanted(argument) if is_team else read_target(argument, turn.today)
    level = _named(turn, wanted.whose) if wanted.whose else _own_level(person)
    if level is None:
        return  # several are called so: which of them was asked
    if wanted.measure is not None:
        _set(turn, level, wanted.measure, wanted)
    _show(turn, level)


def _own_level(person: Person) -> Level:
    if Role.ADMIN in person.roles:
        return COMPANY
    if Role.MANAGER in person.roles and person.team_id is not None:
        return Level(Scope.TEAM, person.team_id)
    return Level(Scope.PERSON, person.id)


def _named(turn: Turn, typed: str) -> Level | None:
    """The team or the person of that name; where several people fit, they are shown as buttons."""
    turn.require(Role.MANAGER, Role.ADMIN)
    team = pages.team_called(turn, typed)
    if team is not None:
        return Level(Scope.TEAM, team.id)
    path = _path(turn.person)
    found = (
        [row for row in roster.find(turn.connection, path, typed) if row.status != "gone"] if path is not None else []
    )
    if not found:
        raise Refusal("target/nobody", typed=typed[:40])
    if len(found) == 1:
        return Level(Scope.PERSON, found[0].id)
    lines = [{"id": row.id, "name": row.name} for row in found[: pages.LISTED]]
    pages.show(turn, "target/which", people=lines, typed=typed[:40])
    return None


def _path(person: Person) -> str | None:
    """The subtree whose targets he may set; None when he leads no team."""
    return "" if Role.ADMIN in person.roles else person.team_path or None


def _set(turn: Turn, level: Level, measure: Measure, wanted: Wanted) -> None:
    assert wanted.from_on is not None
    targets.set_target(turn, level, measure, wanted.period, wanted.value, wanted.from_on)


# --- what is shown ----------------------------------------------------------------------------


def _show(turn: Turn, level: Level) -> None:
    targets.check_readable(turn, level)
    today, calendar = _today(turn, level)
    held = targets.holding(turn, level, today)
    coming = stored.list_coming(turn.connection, level, today)
    lines: list[dict[str, Any]] = []
    for measure in Measure:
        month, week = held.get((measure, Period.MONTH)), held.get((measure, Period.WEEK))
        share = rules.of_week(month[0].value, today, calendar) if month is not None else None
        lines.append(
            {
                "measure": measure.value,
                "month": _line(turn, level, month),
                "week": _line(turn, level, week),
                "share": share if week is None else None,
                "coming": [
                    {"period": period.value, "value": value, "from_on": from_on.isoformat()}
                    for (of, period), (value, from_on) in coming.items()
                    if of is measure
                ],
            }
        )
    about = {"scope": level.scope.value, "id": level.subject, "name": _name(turn, level)}
    rep = people.get(turn.connection, level.subject) if level.scope is Scope.PERSON else None
    goals = targets.goals_json(turn, rep, today) if rep is not None else []
    below = targets.may_set(turn, level) and rep is None
    pages.show(
        turn, "target/page", **about, lines=lines, goals=goals, may_set=targets.may_set(turn, level), below=below
    )


def _today(turn: Turn, level: Level) -> tuple[Any, Any]:
    """The date, and the working days, of the rep or of who asks."""
    if level.scope is Scope.PERSON:
        rep = people.get(turn.connection, level.subject)
        on = local_date(turn.now, rep.zone)
        return on, leave_days.working_days_of(turn, rep, on)
    return turn.today, calendars.working_days(turn, turn.zone.key, turn.today)


def _line(turn: Turn, level: Level, held: Any) -> dict[str, Any] | None:
    if held is None:
        return None
    target, since = held
    own = target.level == level
    return {"value": target.value, "since": since.isoformat(), "source": None if own else _source(turn, target.level)}


def _source(turn: Turn, level: Level) -> dict[str, str]:
    return {"scope": level.scope.value, "name": _name(turn, level)}


def _name(turn: Turn, level: Level) -> str:
    match level.scope:
        case Scope.TEAM:
            return people.team_name(turn.connection, level.subject)
        case Scope.PERSON:
            return people.get(turn.connection, level.subject).name
        case _:
            return ""


def _show_below(turn: Turn, level: Level, page: int) -> None:
    """The teams and reps below a level, each a button to its own targets."""
    if not targets.may_set(turn, level):
        raise Refusal("target/not_yours")
    known = pages.list_teams(turn)
    team_id = level.subject if level.scope is Scope.TEAM else None
    path = people.find_team_path(turn.connection, team_id) if team_id is not None else ""
    lines = [{"scope": "team", "id": team.id, "name": team.name} for team in known if team.parent_id == team_id]
    own = [rep for rep in people.list_in(turn.connection, path, Role.REP) if rep.team_id == team_id]
    lines += [{"scope": "person", "id": rep.id, "name": rep.name} for rep in own]
    turning = pages.turning(page, pages.LISTED, len(lines))
    about = {"scope": level.scope.value, "id": level.subject, "name": _name(turn, level)}
    pages.show(turn, "target/below", **about, lines=lines[page * pages.LISTED :][: pages.LISTED], **turning)


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a page, or of the question how much it shall be."""
    turn.person  # noqa: B018 - refuses whoever has not joined
    verb, _, detail = press.choice.partition("-")
    if press.revision:
        if place is None:
            raise Refusal("conversation/changed")
        _answer(turn, place, verb, detail)
        return
    scope, _, more = detail.partition("-")
    if scope not in list(Scope):
        raise Refusal("conversation/changed")
    level = Level(Scope(scope), press.subject)
    targets.check_readable(turn, level)
    if verb == "open":
        _show(turn, level)
    elif verb == "below" and level.scope is not Scope.PERSON:
        _show_below(turn, level, pages.page_of(more))
    elif verb == "set" and more in list(Measure) and targets.may_set(turn, level):
        state = {"scope": scope, "measure": more, "period": Period.MONTH.value, "next": False}
        begun = conversations.begin(
            turn.connection, turn.person.id, FLOW_NAME, turn.now, subject=level.subject, state=state
        )
        ask(turn, begun)
    else:
        raise Refusal("target/not_yours" if verb == "set" else "conversation/changed")


def _answer(turn: Turn, place: Place, verb: str, detail: str) -> None:
    if not targets.may_set(turn, _level(place)):
        raise Refusal("target/not_yours")
    match verb:
        case "period" if detail in list(Period):
            ask(turn, conversations.save(turn.connection, place, {**place.state, "period": detail, "next": False}))
        case "from" if detail in ("this", "next"):
            ask(turn, conversations.save(turn.connection, place, {**place.state, "next": detail == "next"}))
        case "value" if detail.isdigit() and len(detail) < 6:
            _give(turn, place, detail)
        case "none":
            _give(turn, place, None)
        case _:
            raise Refusal("conversation/changed")


def given(turn: Turn, place: Place, what: Input) -> None:
    """A typed number."""
    if not isinstance(what, Said):
        raise Refusal("conversation/choose")
    _give(turn, place, what.text)


def _give(turn: Turn, place: Place, typed: str | None) -> None:
    measure, period = Measure(place.state["measure"]), Period(place.state["period"])
    value = read_value(typed, measure, period) if typed is not None else None
    level = _level(place)
    targets.set_target(turn, level, measure, period, value, _from_on(turn, place))
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    _show(turn, level)


def _level(place: Place) -> Level:
    return Level(Scope(place.state["scope"]), place.subject)


def _from_on(turn: Turn, place: Place) -> Any:
    period = Period(place.state["period"])
    return rules.following(period, turn.today) if place.state["next"] else rules.first_of(period, turn.today)


def ask(turn: Turn, place: Place) -> None:
    """How much, a month or a week, and from when on."""
    level = _level(place)
    if not targets.may_set(turn, level):
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        return
    measure, period = Measure(place.state["measure"]), Period(place.state["period"])
    held = targets.holding(turn, level, _from_on(turn, place)).get((measure, period))
    turn.ask(
        place,
        "target/ask",
        scope=level.scope.value,
        name=_name(turn, level),
        measure=measure.value,
        period=period.value,
        from_on=_from_on(turn, place).isoformat(),
        is_next=place.state["next"],
        now=_line(turn, level, held),
        most=rules.MOST[measure, period],
        offered=list(OFFERED[measure, period]),
    )


def cancel(turn: Turn, place: Place) -> bool:
    """The target stays as it is."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("target/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
