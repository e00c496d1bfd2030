"""The menu: what each role can do, as keys below the input, as commands, and as help."""

from bot.domain.people import Role
from bot.services.turn import Turn

# One list drives the command menu, the keys, /help and the routes. Order is the order on the screen.
COMMANDS: dict[Role, tuple[str, ...]] = {
    Role.REP: ("visit", "customers", "near", "followups", "today"),
    Role.MANAGER: ("digest", "customers", "near"),
    Role.ADMIN: ("invite", "import", "settings", "undo"),
}
HIDDEN = ("set",)  # typed with words behind it: the settings page says how
NEWCOMERS = ["start", "help"]
EVERYBODY = ("menu", "language", "help", "cancel")


def commands_of(roles: frozenset[Role]) -> list[str]:
    """The commands of a person, each once."""
    names = [name for role in Role if role in roles for name in COMMANDS[role]]
    return list(dict.fromkeys([*names, *EVERYBODY]))


def keys_of(roles: frozenset[Role]) -> list[list[str]]:
    """The keys below the input, two in a row: what is used every day."""
    names = [name for name in commands_of(roles) if name not in ("menu", "language", "cancel", "undo", "near")]
    return [names[i : i + 2] for i in range(0, len(names), 2)]


def every_command() -> list[str]:
    """All commands, of whatever role."""
    return sorted({"start", *EVERYBODY, *HIDDEN, *(name for names in COMMANDS.values() for name in names)})


def show(turn: Turn) -> None:
    """The menu, with its keys."""
    person = turn.person
    turn.say("menu/menu", name=person.name, rows=keys_of(person.roles))


def private_only(turn: Turn) -> None:
    """In a group there is nothing to do but to say where to write."""
    turn.visitor = None
    turn.say("menu/private_only")


def welcome(turn: Turn, message: str, role: str) -> None:
    """Say hello in a new role, and have Telegram's own menu set for it."""
    person = turn.person
    turn.say(message, name=person.name, role=role, rows=keys_of(person.roles))
    turn.work("commands", person.id)


def help_(turn: Turn, _argument: str = "") -> None:
    """What the person can do, from the same list as the menu."""
    roles = turn.person.roles
    turn.say("menu/help", commands=commands_of(roles), rows=keys_of(roles))
