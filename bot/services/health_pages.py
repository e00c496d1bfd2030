"""`/health`: how the system is, in sentences with what to do, from the same looks as the operator's /readyz."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn

from bot.domain.conversation import Input, Pressed, Refusal
from bot.domain.people import Person, Role
from bot.services import calendar_pages
from bot.services.conversations import Flow
from bot.services.desk import Desk
from bot.services.readiness import Readiness, Trouble, age, late
from bot.services.turn import Turn
from bot.services.worker import Do
from storage import people, waiting, wellbeing
from storage.jobs import Job
from storage.room import LITTLE_SPACE, NO_SPACE, free_bytes

FLOW_NAME = SLOT = JOB = "health"
NAMED = 5  # unreachable people who are named; then their number says enough
BACKUP_WITHIN = timedelta(days=2)  # a nightly one that failed once is worth a look, not an alarm
CALENDAR_AHEAD = timedelta(days=31)  # from December on, the next year has to be known
GOOD, LOOK, WRONG = "good", "look", "wrong"


def command_health(turn: Turn, _argument: str = "") -> None:
    """What the database knows at once; the photo store and the disks are looked at by a job, into the same message.

    Where jobs stand still, the page is there all the same, and says so.
    """
    admin = turn.require(Role.ADMIN)
    _show(turn, admin, anew=turn.pressed_message is None)
    turn.work(JOB, admin.id)


def pressed(turn: Turn, _place: object, press: Pressed) -> None:
    """Look again."""
    turn.require(Role.ADMIN)
    if press.choice != "again":
        raise Refusal("conversation/changed")
    command_health(turn)


@dataclass(frozen=True)
class Health:
    """Does the job: asks what only a process can tell, by its own `readiness`."""

    desk: Desk
    readiness: Readiness
    folders: Sequence[Path]
    free: Callable[[Path], int] = free_bytes

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {JOB: self.look}

    async def look(self, job: Job) -> None:
        """Complete the page of the admin who asked."""
        troubles = await self.readiness.examine()
        left = await asyncio.to_thread(lambda: min(self.free(folder) for folder in self.folders))
        await self.desk.finish(job, _complete, job.subject, troubles, left)


def _complete(turn: Turn, person_id: int, troubles: Sequence[Trouble], left: int) -> None:
    person = people.get(turn.connection, person_id)
    if person.active and Role.ADMIN in person.roles:
        _show(turn, person, anew=False, troubles=troubles, left=left)


def _show(
    turn: Turn, to: Person, *, anew: bool, troubles: Sequence[Trouble] | None = None, left: int | None = None
) -> None:
    facts = [*_of_database(turn, troubles or ()), *_of_process(troubles, left), *_of_company(turn)]
    levels = [fact["level"] for fact in facts]
    worst = WRONG if WRONG in levels else LOOK if LOOK in levels else GOOD
    number = sum(level in (LOOK, WRONG) for level in levels)
    turn.show(
        SLOT, "health/report", to=to, anew=anew, worst=worst, number=number, facts=facts, version=version("rounds")
    )


def _fact(what: str, level: str, **more: Any) -> dict[str, Any]:
    return {"what": what, "level": level, **more}


def _of_database(turn: Turn, troubles: Sequence[Trouble]) -> list[dict[str, Any]]:
    """The database itself, and the queues in it."""
    facts = [_fact("database_away", WRONG, problem=each.problem) for each in troubles if each.what == "database"]
    queues = waiting.look(turn.connection)
    tardy = {trouble.what for trouble in late(queues, turn.real_now)}
    for name in sorted(tardy):
        seconds = age(queues[name].oldest_at, turn.real_now)
        facts.append(_fact("queue", WRONG, name=name, depth=queues[name].depth, seconds=seconds))
    if not tardy:
        facts.append(_fact("queues", GOOD, depth=sum(queue.depth for queue in queues.values())))
    return facts


def _of_process(troubles: Sequence[Trouble] | None, left: int | None) -> list[dict[str, Any]]:
    """Photo store and disks; None while nobody has looked yet."""
    if troubles is None or left is None:
        return [_fact("looking", "open")]
    away = [trouble for trouble in troubles if trouble.what == "photo store"]
    store = [_fact("store_away", WRONG, problem=each.problem) for each in away] or [_fact("store", GOOD)]
    level = WRONG if left < NO_SPACE else LOOK if left < LITTLE_SPACE else GOOD
    return [*store, _fact("room", level, gib=f"{left / 1024**3:.1f}")]


def _of_company(turn: Turn) -> list[dict[str, Any]]:
    """People, updates that were put aside, backups, and the schema."""
    seen = wellbeing.look(turn.connection, NAMED)
    here, needed = seen.schema
    more = seen.unreachable_count - len(seen.unreachable)
    backup = "backup" if seen.backup_at is not None else "no_backup"
    fresh = seen.backup_at is not None and turn.real_now - seen.backup_at <= BACKUP_WITHIN
    return [
        _fact("people", LOOK if seen.unreachable else GOOD, names=seen.unreachable, more=more),
        _fact("aside", WRONG if seen.aside else GOOD, number=seen.aside, since=_iso(seen.aside_since)),
        _fact(backup, GOOD if fresh else LOOK, at=_iso(seen.backup_at)),
        *(_fact("calendar", LOOK, **each) for each in calendar_pages.list_unconfirmed(turn, CALENDAR_AHEAD)),
        _fact("schema", GOOD if here == needed else WRONG, kind=seen.database, here=here, needed=needed),
    ]


def _iso(at: Any) -> str | None:
    return at.isoformat() if at is not None else None


def _never(turn: Turn, place: object, given: Input | None = None) -> NoReturn:
    """The page asks nothing."""
    raise Refusal("conversation/changed")


FLOW = Flow(given=_never, pressed=pressed, ask=_never, cancel=_never, standing=True)
