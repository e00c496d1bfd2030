"""What the chats open with: everybody's menu and open question, the reps' day, the manager's last digest."""

from datetime import time
from uuid import uuid4

from bot.demo.company import PEOPLE
from bot.demo.founding import last_worked_day
from bot.demo.phones import Exchange, Phone
from bot.domain.people import Role
from bot.services import days, digests
from bot.services.desk import Desk
from bot.services.turn import Turn
from storage import people

MORNING_ENDS = time(10)


async def open_chats(exchange: Exchange, desk: Desk) -> None:
    """Everybody presses Start, as one does in a new chat; then each is told what a morning brings.

    An admin is told nothing by himself: he looks at the settings.
    """
    phones = [Phone(exchange, each.telegram_id, _at_once) for each in PEOPLE]
    for phone in phones:
        await phone.says("/start")
    for phone, each in zip(phones, PEOPLE, strict=True):
        if each.roles == Role.ADMIN:
            await phone.says("/settings")
        await phone.answered()
    await desk.act(f"demo:{uuid4().hex}", _tell_all)


async def _at_once() -> None:
    """Nobody reads along yet."""


def _tell_all(turn: Turn) -> None:
    for person in people.list_in(turn.connection, ""):
        turn.work("commands", person.id)  # the new chat shows none yet
        if Role.REP in person.roles:
            local = turn.now.astimezone(person.zone)
            days.post_brief(turn, person, local.date(), late=local.time() > MORNING_ENDS)
        if Role.MANAGER in person.roles:
            digests.post(turn, person, last_worked_day(turn.now, turn.policy))
