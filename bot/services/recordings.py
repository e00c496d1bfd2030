"""Keeps what a rep has recorded for a challenge: the very bytes, downloaded by a job that survives a crash."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.attachments import FileAway, FileGone, FileSource, FileTooBig
from bot.domain.challenge import BY_ROUND
from bot.services import challenges
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import people, visits, witnesses
from storage.blobs import Blobs, StoreAway
from storage.jobs import Job


@dataclass(frozen=True)
class Recordings:
    """Does the jobs."""

    desk: Desk
    files: FileSource
    blobs: Blobs

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {challenges.JOB: self.keep}

    def lose(self, turn: Turn, job: Job) -> None:
        """It could not be had for days."""
        if job.kind == challenges.JOB:
            _lost(turn, job.subject)

    async def keep(self, job: Job) -> None:
        """Download and store it; what fails for a while is tried again later."""
        row = await self.desk.database.read(lambda connection: witnesses.find(connection, job.subject))
        assert row is not None and row.file_id is not None
        try:
            data = await self.files.fetch(row.file_id)
            key = await self.blobs.keep(data, "mp4" if row.answer == BY_ROUND else "oga")
        except (FileGone, FileTooBig):
            await self.desk.finish(job, _lost, job.subject)
        except (FileAway, StoreAway) as error:
            raise NotNow(type(error).__name__, ours=isinstance(error, StoreAway)) from None
        else:
            await self.desk.finish(job, _kept, job.subject, key)


def _kept(turn: Turn, witness_id: int, key: str) -> None:
    witnesses.change(turn.connection, witness_id, recording=key)


def _lost(turn: Turn, witness_id: int) -> None:
    """That it came in time is known, what it was is not: the rep is told, and the page shows no answer."""
    row = witnesses.find(turn.connection, witness_id)
    assert row is not None
    rep = people.get(turn.connection, row.person_id)
    if rep.active:
        customer = visits.get(turn.connection, row.visit_id).customer.name
        turn.say("challenge/lost", to=rep, customer=customer)
