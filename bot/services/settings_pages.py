"""`/settings`, `/set` and `/undo`: the policies by area, each with a card to change it by buttons or typing."""

import re
from dataclasses import asdict
from typing import Any

from rapidfuzz import fuzz, process

from bot.domain.conversation import Input, Pressed, Refusal, Said
from bot.domain.people import Role
from bot.domain.policy import DECLARATIONS, Area, Declaration
from bot.domain.policy_offers import offers
from bot.services import policies
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import conversations, outbox
from storage import policies as stored
from storage.conversations import Place

FLOW_NAME = "policy"
SLOT = "settings"
NEAR_ENOUGH = 60  # of 100: below it a suggestion looks like a guess
SUGGESTED = 3
BACK = "default"  # what the card's button for the default gives
_NO_LETTER = re.compile(r"[\W_]")
_KEY_AND_VALUE = re.compile(r"(\S+?)\s*(?:[=:：＝]\s*|\s+|$)(.*)", re.DOTALL)  # a time has a colon, a key has none


def command_settings(turn: Turn, argument: str) -> None:
    """`/settings`: all areas; with a policy's key, its card."""
    turn.require(Role.ADMIN)
    if argument:
        _show_card(turn, _declaration(turn, argument))
    else:
        _show_areas(turn)


def command_set(turn: Turn, argument: str) -> None:
    """`/set fence.radius 150`; without a value the policy's card, without a policy how it is done."""
    turn.require(Role.ADMIN)
    match = _KEY_AND_VALUE.fullmatch(argument.strip())
    if match is None:
        turn.say("policy/how", **policies.facts(turn, DECLARATIONS["fence.radius"]))
        return
    declaration = _declaration(turn, match[1])
    if match[2]:
        turn.say("policy/changed", **policies.change(turn, declaration, match[2]))
    else:
        _show_card(turn, declaration)


def command_undo(turn: Turn, _argument: str = "") -> None:
    """`/undo`: the last change that this admin made himself; a colleague's is undone on its card."""
    person = turn.require(Role.ADMIN)
    mine = next(iter(stored.list_changes(turn.connection, by=person.id, limit=1)), None)
    if mine is None or mine.key not in DECLARATIONS:
        raise Refusal("policy/nothing_to_undo")
    turn.say("policy/undone", **policies.take_back(turn, mine))


def _declaration(turn: Turn, typed: str) -> Declaration[Any]:
    """The policy of a key, whatever stands between its words; else the nearest keys are suggested."""
    keys = {_NO_LETTER.sub("", key): key for key in DECLARATIONS}
    wanted = _NO_LETTER.sub("", typed).casefold()
    if wanted in keys:
        return DECLARATIONS[keys[wanted]]
    near = process.extract(wanted, list(keys), scorer=fuzz.WRatio, limit=SUGGESTED, score_cutoff=NEAR_ENOUGH)
    nearest = [policies.facts(turn, DECLARATIONS[keys[name]]) for name, _, _ in near]
    raise Refusal("policy/unknown", typed=typed[: policies.LONGEST_SHOWN], nearest=nearest)


# --- what is shown ----------------------------------------------------------------------------


def _show(turn: Turn, message: str, **context: Any) -> None:
    """In place when the settings' own message was tapped, else below."""
    tapped = turn.pressed_message is not None and turn.pressed_message == outbox.find_shown(
        turn.connection, turn.chat_id, SLOT
    )
    turn.show(SLOT, message, anew=not tapped, **context)


def _show_areas(turn: Turn) -> None:
    in_force = stored.in_force(turn.connection)
    every = [policies.facts(turn, declaration, in_force) for declaration in DECLARATIONS.values()]
    _show(
        turn,
        "policy/areas",
        areas=[area.value for area in Area],
        changed=[each for each in every if each["changed"] or each["unfit"]],
    )


def _show_area(turn: Turn, area: Area) -> None:
    in_force = stored.in_force(turn.connection)
    of_area = [declaration for declaration in DECLARATIONS.values() if declaration.area is area]
    _show(
        turn,
        "policy/area",
        area=area.value,
        policies=[policies.facts(turn, declaration, in_force) for declaration in of_area],
    )


def _show_card(turn: Turn, declaration: Declaration[Any]) -> None:
    history = policies.history(turn, declaration)
    _show(
        turn,
        "policy/card",
        **policies.facts(turn, declaration),
        area=declaration.area.value,
        offers=[asdict(offer) for offer in offers(declaration, turn.policy.value(declaration))],
        history=history,
        newest=history[0]["change"] if history else 0,
    )


# --- what is tapped and typed -----------------------------------------------------------------


def pressed(turn: Turn, place: Place | None, press: Pressed) -> None:
    """A button of a page; or the one that leaves the typed value."""
    turn.require(Role.ADMIN)
    if place is not None:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    verb, _, rest = press.choice.partition(":")
    key, _, value = rest.partition(":")
    if verb == "areas":
        _show_areas(turn)
    elif verb == "area" and rest in list(Area):
        _show_area(turn, Area(rest))
    elif verb == "undo":
        _undo(turn, press)
    elif key in DECLARATIONS:
        _act(turn, DECLARATIONS[key], verb, value, press.subject)
    else:
        raise Refusal("conversation/changed")


def _act(turn: Turn, declaration: Declaration[Any], verb: str, value: str, seen: int) -> None:
    match verb:
        case "open":
            _show_card(turn, declaration)
        case "set":
            _change(turn, declaration, value, seen)
        case "type":
            state = {"key": declaration.key}
            ask(turn, conversations.begin(turn.connection, turn.person.id, FLOW_NAME, turn.now, state=state))
        case _:
            raise Refusal("conversation/changed")


def _change(turn: Turn, declaration: Declaration[Any], value: str, seen: int) -> None:
    """Change by a card's button, if the card showed what is in force; `seen` is the last change that it knew."""
    policies.take_turns(turn)
    newest = policies.newest_change(turn, declaration.key)
    if newest is None or newest.id == seen:
        policies.change(turn, declaration, value)
    elif newest.new != (None if value == BACK else value):  # a second tap finds what the first one did
        turn.say("policy/meanwhile", **policies.facts(turn, declaration), change=policies.told(turn, newest))
    _show_card(turn, declaration)


def _undo(turn: Turn, press: Pressed) -> None:
    """The change that the button names; on a card the card tells of it."""
    change = stored.find_change(turn.connection, press.subject)
    if change is None or change.key not in DECLARATIONS:
        raise Refusal("conversation/changed")
    undone = policies.take_back(turn, change)
    if press.choice == "undo:card":
        _show_card(turn, DECLARATIONS[change.key])
    else:
        turn.say("policy/undone", **undone)


def given(turn: Turn, place: Place, what: Input) -> None:
    """A typed value."""
    turn.require(Role.ADMIN)
    declaration = DECLARATIONS.get(place.state["key"])
    if declaration is None:
        raise Refusal("conversation/changed")
    if not isinstance(what, Said):
        raise Refusal("policy/type_it")
    changed = policies.change(turn, declaration, what.text)
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("policy/changed", **changed)


def ask(turn: Turn, place: Place) -> None:
    """Which value it shall be; who is no admin any more, and a policy that is gone, are asked nothing."""
    declaration = DECLARATIONS.get(place.state["key"])
    if declaration is None or Role.ADMIN not in turn.person.roles:
        conversations.end(turn.connection, place.person_id, FLOW_NAME)
    else:
        turn.ask(place, "policy/type", **policies.facts(turn, declaration))


def cancel(turn: Turn, place: Place) -> bool:
    """Keep the value."""
    conversations.end(turn.connection, place.person_id, FLOW_NAME)
    turn.say("policy/kept")
    return True


FLOW = Flow(given=given, pressed=pressed, ask=ask, cancel=cancel, standing=True)
