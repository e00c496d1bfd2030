"""`/settings`, `/set` and `/undo`: what is tapped and typed about the policies."""

from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.domain.policy import DECLARATIONS, Area, Declaration, Scope
from bot.domain.policy_scopes import COMPANY, Level
from bot.domain.policy_text import Wanted, alike, read_wanted, split_name
from bot.services import policies, policy_levels
from bot.services.conversations import Flow
from bot.services.policy_names import names
from bot.services.settings_cards import show_area, show_areas, show_card, show_levels, show_scopes
from bot.services.turn import Turn
from storage import conversations
from storage import policies as stored
from storage.conversations import Place

FLOW_NAME = "policy"
NEAR_ENOUGH = 60  # of 100: below it a suggestion looks like a guess
SUGGESTED = 3
BACK = "-"  # what the card's button gives that takes a value away


def command_settings(turn: Turn, argument: str) -> None:
    """`/settings`: all areas; with a policy's name its card, and with a level behind it the card there."""
    turn.require(Role.ADMIN)
    if not argument.strip():
        show_areas(turn)
        return
    declaration, rest = _declaration(turn, argument)
    _, level = _meant(turn, declaration, rest)
    show_card(turn, declaration, level)


def command_set(turn: Turn, argument: str) -> None:
    """`/set fence.radius 150 team West`; without a value the policy's card, without a policy how it is done."""
    turn.require(Role.ADMIN)
    if not argument.strip():
        turn.say("policy/how", **policies.facts(turn, DECLARATIONS["fence.radius"]))
        return
    declaration, rest = _declaration(turn, argument)
    value, level = _meant(turn, declaration, rest)
    if value:
        turn.say("policy/changed", **policies.change(turn, declaration, value, level))
    else:
        show_card(turn, declaration, level)


def command_undo(turn: Turn, _argument: str = "") -> None:
    """`/undo`: the last change that this admin made himself; a colleague's is undone on its card."""
    person = turn.require(Role.ADMIN)
    mine = next(iter(stored.list_changes(turn.connection, by=person.id, limit=1)), None)
    if mine is None or mine.key not in DECLARATIONS:
        raise Refusal("policy/nothing_to_undo")
    turn.say("policy/undone", **policies.take_back(turn, mine))


def _declaration(turn: Turn, typed: str) -> tuple[Declaration[Any], str]:
    """The policy that the words begin with, by its key or a name in any language, and the rest of them."""
    key, rest = split_name(typed.strip(), names())
    if key is not None:
        return DECLARATIONS[key], rest
    first = typed.split()[0]
    near = process.extract(alike(first), list(names()), scorer=_likeness, score_cutoff=NEAR_ENOUGH, limit=None)
    keys = list(dict.fromkeys(names()[name] for name, _, _ in near))[:SUGGESTED]
    nearest = [policies.facts(turn, DECLARATIONS[key]) for key in keys]
    raise Refusal("policy/unknown", typed=first[: policies.LONGEST_SHOWN], nearest=nearest)


def _likeness(typed: str, name: str, **_cutoff: Any) -> float:
    """As a whole and in parts: a short name inside of a long word is not all that was meant."""
    return (fuzz.WRatio(typed, name) + fuzz.ratio(typed, name)) / 2


def _meant(turn: Turn, declaration: Declaration[Any], rest: str) -> tuple[str, Level]:
    """The value (empty: none was typed) and the level that the words behind a policy's name mean."""
    read = list(read_wanted(rest))
    for wanted in read:
        if wanted.scope is None:
            return wanted.value, COMPANY
        policies.may_stand(declaration, Level(wanted.scope))
        level = policy_levels.find_level(turn, declaration, wanted.scope, wanted.subject, wanted.value)
        if level is not None:
            return wanted.value, level
    raise _unknown(turn, declaration, read[0])


def _unknown(turn: Turn, declaration: Declaration[Any], wanted: Wanted) -> Refusal:
    assert wanted.scope is not None
    return policy_levels.refuse(turn, declaration, wanted.scope, wanted.subject)


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a page; or the one that leaves the typed value."""
    turn.require(Role.ADMIN)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    verb, _, rest = press.choice.partition(":")
    name, _, value = rest.partition(":")
    key, _, code = name.partition("@")
    if verb == "areas":
        show_areas(turn)
    elif verb == "area" and rest in list(Area):
        show_area(turn, Area(rest))
    elif verb == "undo":
        _undo(turn, press)
    elif key in DECLARATIONS:
        _act(turn, DECLARATIONS[key], policy_levels.level_of(turn, code), verb, value, press.subject)
    else:
        raise Refusal("conversation/changed")


def _act(turn: Turn, declaration: Declaration[Any], level: Level, verb: str, value: str, seen: int) -> None:
    match verb:
        case "open":
            show_card(turn, declaration, level)
        case "set":
            _change(turn, declaration, level, value, seen)
        case "scopes":
            show_scopes(turn, declaration)
        case "scope" if value == Scope.CUSTOMER:
            _ask_for(turn, {"key": declaration.key, "asked": "customer"})
        case "scope" if value in list(Scope):
            show_levels(turn, declaration, Scope(value))
        case "type":
            _ask_for(turn, {"key": declaration.key, "scope": level.scope.value, "subject": level.subject})
        case _:
            raise Refusal("conversation/changed")


def _ask_for(turn: Turn, state: dict[str, Any]) -> None:
    ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state))


def _change(turn: Turn, declaration: Declaration[Any], level: Level, value: str, seen: int) -> None:
    """Change by a card's button, if the card showed what is in force; `seen` is the last change that it knew."""
    policies.take_turns(turn)
    newest = policies.newest_change(turn, declaration.key, level)
    wanted = None if value in (BACK, "default") else value
    if newest is None or newest.id == seen:
        policies.change(turn, declaration, "default" if wanted is None else value, level)
    elif newest.new != wanted:  # a second tap finds what the first one did
        told = policies.told(turn, newest)
        turn.say("policy/meanwhile", **policies.facts(turn, declaration, level), change=told)
    show_card(turn, declaration, level)


def _undo(turn: Turn, press: Pressed) -> None:
    """The change that the button names; on a card the card tells of it."""
    change = stored.find_change(turn.connection, press.subject)
    if change is None or change.key not in DECLARATIONS:
        raise Refusal("conversation/changed")
    undone = policies.take_back(turn, change)
    if press.choice == "undo:card":
        show_card(turn, DECLARATIONS[change.key], policies.level_of_change(change))
    else:
        turn.say("policy/undone", **undone)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A typed value, or the name of the customer for whom there shall be one."""
    turn.require(Role.ADMIN)
    declaration = DECLARATIONS.get(place.state["key"])
    if declaration is None:
        raise Refusal("conversation/changed")
    if not isinstance(what, Said):
        raise Refusal("policy/type_it")
    if place.state.get("asked") == "customer":
        level = policy_levels.find_level(turn, declaration, Scope.CUSTOMER, what.text)
        if level is None:
            raise policy_levels.refuse(turn, declaration, Scope.CUSTOMER, what.text)
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
        show_card(turn, declaration, level)
        return
    changed = policies.change(turn, declaration, what.text, _level(place))
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("policy/changed", **changed)


def _level(place: Place) -> Level:
    """The level of a typed value; a place of before there were levels is about the company."""
    return Level(Scope(place.state.get("scope", Scope.COMPANY.value)), place.state.get("subject", ""))


def ask(turn: Turn, place: Place) -> None:
    """Which value it shall be; who is no admin any more, and a policy that is gone, are asked nothing."""
    declaration = DECLARATIONS.get(place.state["key"])
    if declaration is None or Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    elif place.state.get("asked") == "customer":
        turn.ask(place, "policy/for_customer", rule=declaration.key)
    else:
        turn.ask(place, "policy/type", **policies.facts(turn, declaration, _level(place)))


def cancel(turn: Turn, place: Place) -> bool:
    """Keep the value."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("policy/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
