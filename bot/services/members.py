"""Whether a person can be reached."""

from collections.abc import Callable

from bot.services.turn import Turn
from storage import outbox, people


def reachable(turn: Turn, is_member: bool, again: Callable[[Turn], bool]) -> None:
    """Blocked: his messages wait. Back: they go, and he sees where he was."""
    person = turn.visitor
    if person is None:
        return
    if is_member:
        outbox.unpark(turn.connection, person.id)
        turn.has_posted = True
        if person.active and not person.reachable:
            turn.say("people/back", name=person.name)
            again(turn)
    else:
        people.change(turn.connection, person.id, reachable=False)


def noticed(turn: Turn) -> None:
    """Nothing to do: the update is closed with this transaction."""
