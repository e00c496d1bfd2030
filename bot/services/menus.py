"""The menu: what each role can do, declared once for keys, Telegram's command menu, /help and the routes."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import Role
from bot.services.turn import Turn


class Area(StrEnum):
    """The parts of /help, in their order."""

    FIELD = "field"
    TEAM = "team"
    COMPANY = "company"
    WATCH = "watch"
    ALWAYS = "always"


@dataclass(frozen=True)
class Command:
    """A command: who has it (no roles: everybody), and where it is offered.

    `key`: also below the input, for what is used every day. `hidden`: in no menu, for what is typed with words behind
    it, where another page says how. What it does stands in `commands.html`, how to use it in `menu/how.html`.
    """

    name: str
    area: Area
    roles: frozenset[Role] = frozenset()
    key: bool = False
    hidden: bool = False

    def is_for(self, roles: frozenset[Role]) -> bool:
        """Whether somebody with these roles has it."""
        return not self.roles or bool(self.roles & roles)


REP, MANAGER, ADMIN = frozenset({Role.REP}), frozenset({Role.MANAGER}), frozenset({Role.ADMIN})

# The order is the order on the screen
COMMANDS: tuple[Command, ...] = (
    Command("visit", Area.FIELD, REP, key=True),
    Command("digest", Area.TEAM, MANAGER, key=True),
    Command("answers", Area.TEAM, MANAGER | ADMIN),
    Command("customers", Area.FIELD, REP | MANAGER, key=True),
    Command("near", Area.FIELD, REP | MANAGER),
    Command("followups", Area.FIELD, REP, key=True),
    Command("today", Area.FIELD, REP, key=True),
    Command("routes", Area.FIELD, REP | MANAGER | ADMIN),
    Command("day", Area.FIELD, REP),
    Command("targets", Area.FIELD, REP | MANAGER | ADMIN),
    Command("leave", Area.FIELD, REP | MANAGER | ADMIN),
    Command("invite", Area.COMPANY, ADMIN, key=True),
    Command("people", Area.TEAM, MANAGER | ADMIN, key=True),
    Command("teams", Area.COMPANY, ADMIN),
    Command("import", Area.COMPANY, ADMIN, key=True),
    Command("export", Area.TEAM, MANAGER | ADMIN),
    Command("sop", Area.COMPANY, ADMIN, key=True),
    Command("calendar", Area.COMPANY, ADMIN),
    Command("settings", Area.COMPANY, ADMIN, key=True),
    Command("set", Area.COMPANY, ADMIN, hidden=True),
    Command("undo", Area.COMPANY, ADMIN),
    Command("audit", Area.WATCH, ADMIN),
    Command("backup", Area.WATCH, ADMIN),
    Command("health", Area.WATCH, ADMIN),
    Command("verify", Area.ALWAYS, REP | MANAGER | ADMIN),
    Command("start", Area.ALWAYS, hidden=True),
    Command("menu", Area.ALWAYS),
    Command("language", Area.ALWAYS),
    Command("help", Area.ALWAYS, key=True),
    Command("cancel", Area.ALWAYS),
)
BY_NAME = {command.name: command for command in COMMANDS}
NEWCOMERS = ["start", "help"]


def commands_of(roles: frozenset[Role]) -> list[str]:
    """The commands of a person's menu, each once."""
    return [command.name for command in COMMANDS if command.is_for(roles) and not command.hidden]


def keys_of(roles: frozenset[Role]) -> list[list[str]]:
    """The keys below the input, two in a row: what is used every day."""
    names = [command.name for command in COMMANDS if command.is_for(roles) and command.key]
    return [names[i : i + 2] for i in range(0, len(names), 2)]


def every_command() -> list[str]:
    """All commands, of whatever role."""
    return sorted(BY_NAME)


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
