"""Whether a person can be reached."""

from collections.abc import Callable

from bot.domain.people import Person, Role
from bot.services import days
from bot.services.turn import Turn
from storage import outbox, people


def may_be_told(person: Person) -> bool:
    """Who blocked the bot is not reminded meanwhile: on his return he is shown what stands open, once."""
    return person.active and person.reachable


def reachable(turn: Turn, is_member: bool, again: Callable[[Turn], bool]) -> None:
    """Blocked: his messages wait. Back: they go, and he sees what stands open and where he was."""
    person = turn.visitor
    if person is None:
        return
    if is_member:
        outbox.unpark(turn.connection, person.id)
        turn.in_outbox.add(turn.chat_id)
        if person.active and not person.reachable:
            turn.say("people/back", name=person.name)
            if Role.REP in person.roles:
                days.command_today(turn)
            again(turn)
    else:
        people.change(turn.connection, person.id, reachable=False)


def noticed(turn: Turn) -> None:
    """Nothing to do: the update is closed with this transaction."""
