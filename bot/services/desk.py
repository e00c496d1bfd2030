"""Opens a transaction for a use case, and closes the cause together with its effect."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from bot.domain.conversation import Origin, Refusal
from bot.domain.people import Person
from bot.services.turn import Turn
from bot.telemetry import subject
from bot.telemetry.meters import Meters
from storage import calendar, jobs, lanes, people, policies
from storage.database import Connection, Database
from storage.outbox import Outgoing

P = ParamSpec("P")
T = TypeVar("T")
UseCase = Callable[Concatenate[Turn, P], None]


class Clock(Protocol):
    """The present moment, as a value that a test or the demo may set."""

    def __call__(self) -> datetime: ...


@dataclass(frozen=True)
class Bells:
    """Rung after a COMMIT: there is something to send, in hand or waiting for these chats, or to work on."""

    posted: Callable[[Sequence[Outgoing], Collection[int]], None]
    queued: Callable[[], None]
    at_once: Callable[[], bool] = lambda: False  # whether the sender takes messages from our hands


class Desk:
    """The services' front door: one call, one transaction.

    The bells are rung by the COMMIT, not by who waits for it: cancelled in between, he would leave a message that is
    marked *sending* in nobody's hands until the next start.
    """

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bells: Bells,
        default_zone: str,
        again: Callable[[Turn], object],
        meters: Meters | None = None,
    ) -> None:
        """`again` asks the person's current question once more, after a refusal."""
        self.database = database
        self._again = again
        self.clock = clock
        self._bells = bells
        self._zone = default_zone
        self._policies = policies.remembered()
        self._calendars = calendar.remembered()
        self._closed: set[int] = set()
        self._meters = meters or Meters()

    def has_closed(self, inbox_seq: int) -> bool:
        """Whether an update was closed with its effect; asked once."""
        if inbox_seq not in self._closed:
            return False
        self._closed.remove(inbox_seq)
        return True

    async def take(self, origin: Origin, use_case: UseCase[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Act for a person's update, once; a refusal is told to him and keeps nothing else."""

        about = subject.current()

        def act(connection: Connection) -> Turn | None:
            if not lanes.take(connection, origin.inbox_seq):
                return None
            turn = self._turn(connection, f"in:{origin.inbox_seq}", origin)
            if turn.visitor is not None:
                about["person"] = turn.visitor.id
            use_case(turn, *args, **kwargs)
            return turn

        def refuse(connection: Connection, refusal: Refusal) -> Turn | None:
            if not lanes.take(connection, origin.inbox_seq):
                return None
            turn = self._turn(connection, f"in:{origin.inbox_seq}", origin)
            turn.say(refusal.message, **refusal.context)
            self._again(turn)
            return turn

        try:
            await self.database.write(act, brief=True, then=self._ring)
        except Refusal as refusal:
            because = refusal
            await self.database.write(lambda connection: refuse(connection, because), brief=True, then=self._ring)
            self._meters.refused(because.message)
        self._closed.add(origin.inbox_seq)

    async def act(self, cause: str, use_case: UseCase[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Act for a tick or anything that is no person's update."""

        def unit(connection: Connection) -> Turn:
            turn = self._turn(connection, cause, None)
            use_case(turn, *args, **kwargs)
            return turn

        await self.database.write(unit, then=self._ring)

    async def decide(self, cause: str, question: Callable[[Turn], T]) -> T:
        """Act like `act` and bring back what came of it."""

        def unit(connection: Connection) -> tuple[Turn, T]:
            turn = self._turn(connection, cause, None)
            return turn, question(turn)

        _, answer = await self.database.write(unit, then=lambda done: self._ring(done[0]))
        return answer

    async def finish(self, job: jobs.Job, use_case: UseCase[P], *args: P.args, **kwargs: P.kwargs) -> None:
        """Close a job with its effect, once."""

        def unit(connection: Connection) -> Turn | None:
            if not jobs.mark_done(connection, job.id):
                return None
            turn = self._turn(connection, f"job:{job.id}", None)
            use_case(turn, *args, **kwargs)
            return turn

        await self.database.write(unit, then=self._ring)

    def _turn(self, connection: Connection, cause: str, origin: Origin | None) -> Turn:
        visitor: Person | None = None
        if origin is not None:
            visitor = people.find_acting(connection, origin.telegram_id)
            if visitor is not None:
                people.see(connection, visitor, origin.received_at)
        return Turn(
            connection=connection,
            cause=cause,
            now=origin.at if origin is not None else self.clock(),
            real_now=origin.received_at if origin is not None else self.clock(),
            rules=self._policies.current(connection),
            calendars=self._calendars,
            default_zone=self._zone,
            origin=origin,
            visitor=visitor,
            at_once=self._bells.at_once(),
        )

    def _ring(self, turn: Turn | None) -> None:
        if turn is not None and (turn.in_hand or turn.in_outbox):
            self._bells.posted(turn.in_hand, turn.in_outbox)
        if turn is not None and turn.has_queued:
            self._bells.queued()
