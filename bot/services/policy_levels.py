"""The levels of a policy as people meet them: named in messages, short on buttons, found by what is typed."""

from collections.abc import Iterable
from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.conversation import Refusal
from bot.domain.customer import Grade
from bot.domain.policy import BadValue, Declaration, Scope, parse, store
from bot.domain.policy_scopes import COMPANY, Asked, Level
from bot.domain.policy_text import alike
from bot.domain.teams import Team, called
from bot.services.turn import Turn
from storage import customers, people, policies, search, sops

NEAR_ENOUGH = 60  # of 100
OFFERED = 6
VALUE_MOST = 8  # characters of a value that a button carries beside the policy and the customer
LISTED = 40  # buttons of one page; more are typed by name
_LETTERS = {Scope.TEAM: "t", Scope.GRADE: "g", Scope.TYPE: "y", Scope.CUSTOMER: "c"}
_SCOPES = {letter: scope for scope, letter in _LETTERS.items()}


def levels_json(turn: Turn, levels: Iterable[Level]) -> list[dict[str, Any]]:
    """Levels as messages speak of them; `name` is a text, or one by language, and `code` what buttons carry.

    A team, type or customer that is gone goes by what the store has.
    """
    levels = list(levels)
    teams = _teams(turn) if any(level.scope is Scope.TEAM for level in levels) else {}
    titles = dict(sops.list_types(turn.connection)) if any(level.scope is Scope.TYPE for level in levels) else {}
    ids = [int(level.subject) for level in levels if level.scope is Scope.CUSTOMER]
    shops = customers.list_by_ids(turn.connection, ids) if ids else {}

    def name(level: Level) -> str | dict[str, str]:
        match level.scope:
            case Scope.TEAM if level.subject in teams:
                return teams[level.subject].name
            case Scope.TYPE:
                return titles.get(level.subject, level.subject)
            case Scope.CUSTOMER if int(level.subject) in shops:
                return shops[int(level.subject)].name
            case _:
                return level.subject

    return [{"scope": level.scope.value, "name": name(level), "code": code_of(turn, level)} for level in levels]


def level_json(turn: Turn, level: Level) -> dict[str, Any]:
    """One level as messages speak of it."""
    return levels_json(turn, [level])[0]


def code_of(turn: Turn, level: Level) -> str:
    """The level in the few letters that a button has room for; a type goes by a number of its own."""
    if level.scope is Scope.COMPANY:
        return ""
    subject = level.subject
    if level.scope is Scope.TYPE:
        numbers = {name: number for number, name in policies.list_types(turn.connection)}
        subject = str(numbers.get(level.subject, 0))
    return f"@{_LETTERS[level.scope]}{subject}"


def level_of(turn: Turn, code: str) -> Level:
    """The level that a button carries, without its `@`; one that is gone has changed."""
    if not code:
        return COMPANY
    scope, subject = _SCOPES.get(code[0]), code[1:]
    known = False
    match scope:
        case Scope.TEAM:
            known = subject in _teams(turn)
        case Scope.GRADE:
            known = subject in list(Grade)
        case Scope.TYPE:
            subject = {str(n): name for n, name in policies.list_types(turn.connection)}.get(subject, "")
            known = bool(subject)
        case Scope.CUSTOMER:
            known = subject.isdecimal() and customers.find(turn.connection, int(subject)) is not None
    if scope is None or not known:
        raise Refusal("conversation/changed")
    return Level(scope, subject)


def list_levels(turn: Turn, scope: Scope) -> list[Level]:
    """What may be chosen by a button: teams but the company itself, grades, types; a customer is named."""
    match scope:
        case Scope.TEAM:
            return [Level(scope, team) for team in _teams(turn) if not _is_company(turn, team)][:LISTED]
        case Scope.GRADE:
            return [Level(scope, grade.value) for grade in Grade]
        case Scope.TYPE:
            return [Level(scope, name) for name, _ in sops.list_types(turn.connection)][:LISTED]
        case _:
            return []


def asked_at(turn: Turn, level: Level) -> Asked:
    """The question of which a page of this level tells: a team's with those above it, a customer's with its owner."""
    match level.scope:
        case Scope.TEAM:
            teams = (row.path for row in people.list_teams(turn.connection) if str(row.id) == level.subject)
            return Asked(teams=tuple(next(teams, f"/{level.subject}/").strip("/").split("/")))
        case Scope.GRADE:
            return Asked(grade=level.subject)
        case Scope.TYPE:
            return Asked(type=level.subject)
        case Scope.CUSTOMER:
            customer = customers.find(turn.connection, int(level.subject))
            if customer is None:
                return Asked(customer=int(level.subject))
            owner = people.get(turn.connection, customer.owner_id) if customer.owner_id is not None else None
            return Asked.about(person=owner, customer=customer)
        case _:
            return Asked()


def find_level(turn: Turn, declaration: Declaration[Any], scope: Scope, typed: str, value: str = "") -> Level | None:
    """The level that a person named; None when there is no such one.

    Several customers are offered to choose from, each with the `value` that was typed, if there was one.
    """
    match scope:
        case Scope.COMPANY:
            return COMPANY if not typed else None
        case Scope.TEAM:
            team = called(_teams(turn).values(), typed)
            if team is None:
                return None
            return COMPANY if _is_company(turn, str(team.id)) else Level(scope, str(team.id))
        case Scope.GRADE:
            letter = alike(typed).upper().removesuffix("级")
            return Level(scope, letter) if letter in list(Grade) else None
        case Scope.TYPE:
            return next((level for names, level in _types(turn) if alike(typed) in names), None)
        case Scope.CUSTOMER:
            return _find_customer(turn, declaration, typed, value)


def refuse(turn: Turn, declaration: Declaration[Any], scope: Scope, typed: str) -> Refusal:
    """Nobody is called like that; the nearest ones have buttons."""
    names: dict[str, Level] = {}
    if scope is Scope.TEAM:
        names = {team.name: Level(scope, key) for key, team in _teams(turn).items()}
    elif scope is Scope.TYPE:
        names = {name: level for known, level in _types(turn) for name in known}
    near = process.extract(typed, list(names), scorer=fuzz.WRatio, limit=OFFERED, score_cutoff=NEAR_ENOUGH)
    levels = list(dict.fromkeys(names[name] for name, _, _ in near)) or list_levels(turn, scope)[:OFFERED]
    nearest = levels_json(turn, levels)
    return Refusal("policy/no_such", rule=declaration.key, scope=scope.value, typed=typed[:60], nearest=nearest)


def _find_customer(turn: Turn, declaration: Declaration[Any], typed: str, value: str) -> Level | None:
    found = search.find(turn.connection, typed, owners=None, limit=OFFERED) if typed.strip() else []
    exact = [one for one in found if alike(typed) in (alike(one.name), alike(one.external_id or ""))]
    if len(exact) == 1 or len(found) == 1:
        return Level(Scope.CUSTOMER, str((exact or found)[0].id))
    if not found:
        return None
    levels = [Level(Scope.CUSTOMER, str(one.id)) for one in found]
    offered = [
        {**told, "seen": _newest(turn, declaration, level)}
        for told, level in zip(levels_json(turn, levels), levels, strict=True)
    ]
    about = {"rule": declaration.key, "kind": declaration.kind.value, "value": _short_value(declaration, value)}
    raise Refusal("policy/which_customer", typed=typed[:60], found=offered, **about)


def _newest(turn: Turn, declaration: Declaration[Any], level: Level) -> int:
    """The id of the last change of a policy at a level, 0 when there is none."""
    changes = policies.list_changes(turn.connection, key=declaration.key, level=level, limit=1)
    return changes[0].id if changes else 0


def _short_value(declaration: Declaration[Any], typed: str) -> str:
    """A typed value as it is stored, where a button has room for it; empty for one that is to be typed again."""
    try:
        value = store(declaration, parse(declaration, typed))
    except BadValue:
        return ""
    return value if len(value) <= VALUE_MOST else ""


def _types(turn: Turn) -> list[tuple[set[str], Level]]:
    """Each type with what it may be called: its name in the store and its titles."""
    return [
        ({alike(name), *(alike(title) for title in titles.values())}, Level(Scope.TYPE, name))
        for name, titles in sops.list_types(turn.connection)
    ]


def _teams(turn: Turn) -> dict[str, Team]:
    rows = people.list_teams(turn.connection)
    return {str(row.id): Team(row.id, row.name, row.parent_id) for row in rows}


def _is_company(turn: Turn, team: str) -> bool:
    """The first team is the company: what holds for it is said once, for the company."""
    return team == min(_teams(turn), key=int)
