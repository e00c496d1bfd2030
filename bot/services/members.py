"""Whether a person can be reached."""

from collections.abc import Callable

from bot.domain.people import Person, Role, led_by
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
        if person.active:
            outbox.unpark(turn.connection, person.id)
            turn.in_outbox.add(turn.chat_id)
        if person.active and not person.reachable:
            turn.say("people/back", name=person.name)
            if Role.REP in person.roles:
                days.command_today(turn)
            again(turn)
    else:
        people.change(turn.connection, person.id, reachable=False)
        tell_of_blocks(turn)


def tell_of_blocks(turn: Turn) -> None:
    """The managers hear of who has blocked the bot, once a block; a message that could not be said tells of it, too."""
    for person in people.list_blocked_untold(turn.connection):
        leaders = [leader for leader in people.list_leaders(turn.connection) if may_be_told(leader)]
        if turn.origin is None:
            turn.cause = f"blocked:{person.id}:{turn.real_now.isoformat()}"
        for leader in led_by(person, leaders):
            turn.say("people/blocked", to=leader, id=person.id, name=person.name, phone=person.phone)
        people.change(turn.connection, person.id, block_told_at=turn.now)


def noticed(turn: Turn) -> None:
    """Nothing to do: the update is closed with this transaction."""
