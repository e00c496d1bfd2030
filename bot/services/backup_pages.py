"""`/backup`: when the last backup was made and what it held, and a button that has a new one made."""

from typing import Any, NoReturn

from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Role
from bot.services import pages
from bot.services.conversations import Flow
from bot.services.turn import Turn
from storage import jobs, wellbeing

FLOW_NAME = JOB = "backup"
KEPT = 7  # archives that were made from the chat


def command_backup(turn: Turn, _argument: str = "") -> None:
    """The last backup, of whatever kind, and whether one is under way."""
    turn.require(Role.ADMIN)
    _show(turn)


def pressed(turn: Turn, _place: object, press: Pressed) -> None:
    """Back up now; one at a time, whoever asks."""
    admin = turn.require(Role.ADMIN)
    if press.choice != "now":
        raise Refusal("conversation/changed")
    if not jobs.is_waiting(turn.connection, JOB):
        turn.work(JOB, admin.id)
    _show(turn)


def _show(turn: Turn) -> None:
    last = wellbeing.find_backup(turn.connection)
    facts = {"at": last.at.isoformat(), **last_facts(last.note)} if last is not None else None
    pages.show(turn, "backup/page", last=facts, under_way=jobs.is_waiting(turn.connection, JOB), kept=KEPT)


def last_facts(note: dict[str, Any]) -> dict[str, Any]:
    """What is known of a backup; of an old one only its name."""
    return {name: note.get(name) for name in ("name", "rows", "photos", "bytes", "missing")}


def _never(turn: Turn, place: object, given: Input | None = None) -> NoReturn:
    """The page asks nothing."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True)
