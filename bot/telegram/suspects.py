"""Finds the update that ends the process: an exception is counted by its lane, a death leaves nobody to count.

An orderly end leaves a mark, a death does not. Only the first waiting update of a lane can have been in hand, so a
start after a death notes these first ones. One that was there at two deaths in a row is tried alone, before anything
else, with a word in the database that it is; six deaths during that convict it. It is then put into quarantine
like any other update that fails.

Nothing is written for an update that does no harm. However often the process is killed, an innocent update is only
in danger during the few milliseconds in which it is tried alone; it would have to be hit there six times. (Three
were not enough: where fifty people wait, the whole start goes by with one after the other being tried alone.)
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from storage import marks
from storage.database import Connection, Database
from storage.inbox import Received

IN_HAND, ENDED = "in_hand", "ended"
DEATHS_TO_SUSPECT = 2
DEATHS_TO_CONVICT = 6


@dataclass(frozen=True)
class Found:
    """What a start has to treat with care: to be tried alone, or not at all."""

    suspects: list[Received]
    convicted: list[Received]


class Suspects:
    """The memory of starts and ends."""

    def __init__(self, database: Database, clock: Callable[[], datetime]) -> None:
        self._database = database
        self._clock = clock
        self._deaths: dict[str, int] = {}
        self._heads: dict[str, int] = {}

    async def find(self, waiting: Sequence[Received]) -> Found:
        """Look at what an earlier process left, oldest first. To be called once, at the start."""
        heads: dict[int, Received] = {}
        for row in waiting:
            heads.setdefault(row.lane, row)
        by_seq = {str(row.seq): row for row in heads.values()}
        await self._database.write(lambda connection: self._note_start(connection, by_seq))
        convicted = [row for seq, row in by_seq.items() if self._deaths.get(seq, 0) >= DEATHS_TO_CONVICT]
        suspects = [
            row
            for seq, row in by_seq.items()
            if self._heads.get(seq, 0) >= DEATHS_TO_SUSPECT and self._deaths.get(seq, 0) < DEATHS_TO_CONVICT
        ]
        return Found(suspects, convicted)

    async def try_alone(self, row: Received) -> None:
        """From now on a death is this update's."""
        await self._database.write(lambda connection: self._note(connection, alone=str(row.seq)))

    async def clear(self) -> None:
        """Nothing is tried alone any more."""
        await self._database.write(lambda connection: self._note(connection, alone=None))

    async def end(self) -> None:
        """This process ends in order: nothing that waits has done it harm."""
        await self._database.write(lambda connection: marks.put(connection, ENDED, self._clock()))

    def _note_start(self, connection: Connection, heads: dict[str, Received]) -> None:
        before = marks.find(connection, IN_HAND)
        has_died = not marks.drop(connection, ENDED) and before is not None
        note: dict[str, Any] = before.note if before is not None and has_died else {}
        self._deaths = {seq: number for seq, number in note.get("deaths", {}).items() if seq in heads}
        self._heads = {seq: note.get("heads", {}).get(seq, 0) + has_died for seq in heads}
        alone = note.get("alone")
        if alone in heads:
            self._deaths[alone] = self._deaths.get(alone, 0) + 1
        self._note(connection, alone=None)

    def _note(self, connection: Connection, *, alone: str | None) -> None:
        note = {"heads": self._heads, "deaths": self._deaths, "alone": alone}
        marks.put(connection, IN_HAND, self._clock(), note)
