"""`/help`: what a person can do, by area, and one command explained; made from the menu's own declarations."""

from typing import Any, NoReturn

from rapidfuzz import fuzz, process

from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Role
from bot.services import menus
from bot.services.conversations import Flow
from bot.services.menus import Area, Command
from bot.services.turn import Turn
from storage import outbox
from storage.conversations import Place

FLOW_NAME = "help"
SLOT = "help"
EVERYTHING = "all"  # what the button back to the list gives
NEAR_ENOUGH = 60  # of 100: below it a suggestion looks like a guess
LONGEST_SHOWN = 30


def command_help(turn: Turn, argument: str = "") -> None:
    """`/help` lists what the person can do; `/help settings` explains one command."""
    if argument.strip():
        _show_one(turn, _called(turn, argument.strip()))
    else:
        _show_all(turn)


def _called(turn: Turn, typed: str) -> Command:
    """The command that is meant, if the person has it; else the nearest of his is suggested."""
    name = typed.removeprefix("/").partition("@")[0].casefold()
    command = menus.BY_NAME.get(name)
    if command is None:
        mine = [each.name for each in menus.COMMANDS if each.is_for(turn.person.roles)]
        near = process.extractOne(name, mine, scorer=fuzz.WRatio, score_cutoff=NEAR_ENOUGH)
        raise Refusal("menu/no_such", typed=typed[:LONGEST_SHOWN], near=near[0] if near else None)
    if command.roles:
        turn.person.require(*sorted(command.roles))
    return command


def _show_all(turn: Turn) -> None:
    roles = turn.person.roles
    names = menus.commands_of(roles)
    areas = [{"name": area.value, "commands": [name for name in names if _is_in(name, area)]} for area in Area]
    _show(turn, "menu/help", areas=[area for area in areas if area["commands"]], is_rep=Role.REP in roles)


def _is_in(name: str, area: Area) -> bool:
    return menus.BY_NAME[name].area is area


def _show_one(turn: Turn, command: Command) -> None:
    roles = [role.value for role in sorted(command.roles)]
    _show(turn, "menu/explained", name=command.name, roles=roles, hidden=command.hidden)


def _show(turn: Turn, message: str, **context: Any) -> None:
    """In place when the help's own message was tapped, else below."""
    shown = outbox.find_shown(turn.connection, turn.chat_id, SLOT)
    turn.show(SLOT, message, anew=turn.pressed_message is None or turn.pressed_message != shown, **context)


def pressed(turn: Turn, _place: Place | None, press: Pressed) -> None:
    """A command to be explained, or back to all of them."""
    turn.require(*Role)
    if press.choice == EVERYTHING:
        _show_all(turn)
    else:
        _show_one(turn, _called(turn, press.choice))


def _never(turn: Turn, place: Place, given: Input | None = None) -> NoReturn:
    """The help asks nothing."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True)
