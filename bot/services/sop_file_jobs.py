"""Makes the file of a checklist for who asked for it, and reads those that come back, both in a child process."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from bot.domain.attachments import FileAway, FileGone, FileSource, FileTooBig
from bot.domain.people import Role
from bot.domain.sop_sheet import Mistake
from bot.domain.sop_sheet_reading import SopReading
from bot.media.broken_sheet import BrokenSheet, SheetFault
from bot.media.sop_files import NoSop, read_sop_file, write_sop
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut
from bot.rendering import Renderer
from bot.services import sop_files
from bot.services.desk import Desk
from bot.services.sop_file_words import words_for
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import conversations, people, sop_exports, sops
from storage.blobs import Blobs, StoreAway
from storage.database import Connection
from storage.jobs import Job

READ_WITHIN = timedelta(seconds=30)  # a hundred items take 0.1 s
MISTAKES_SHOWN = 30


@dataclass(frozen=True)
class SopFiles:
    """Does the jobs about files of checklists."""

    desk: Desk
    files: FileSource
    blobs: Blobs
    workers: MediaWorkers
    renderer: Renderer

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {sop_files.EXPORT_JOB: self.export, sop_files.READ_JOB: self.read}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days: the admin is asked for his file again."""
        if job.kind == sop_files.READ_JOB:
            _told(turn, job.subject, None, "refused", {"shown": {"fault": SheetFault.DAMAGED}})

    async def export(self, job: Job) -> None:
        """Send everything that a person waits for."""
        person = await self.desk.database.read(lambda connection: people.get(connection, job.subject))
        wanted = await self.desk.database.read(lambda c: sop_exports.list_wanted(c, job.subject))
        words = words_for(self.renderer, person.language)
        sent: list[tuple[str, str, dict[str, Any]]] = []
        for sop_type, form in wanted:
            sop = await self.desk.database.read(partial(sop_files.find_sop, sop_type=sop_type))
            if sop is None:
                continue
            data = await self.workers.run(write_sop, sop, form, words)
            try:
                file = {"key": await self.blobs.keep(data, form), "name": f"{sop_type}.{form}"}
            except StoreAway as away:
                raise NotNow(type(away).__name__, ours=True) from None
            sent.append((sop_type, form, {"file": file, "title": dict(sop.title)}))
        await self.desk.finish(job, _sent, job.subject, sent)

    async def read(self, job: Job) -> None:
        """Read what an admin sent: show what it would change, or all that is wrong with it."""
        file = await self.desk.database.read(lambda connection: _file_of(connection, job.subject))
        if file is None:
            await self.desk.finish(job, _nothing)
            return
        try:
            data = await self.files.fetch(file["file_id"])
            found = await self.workers.run(read_sop_file, data, file["name"], timeout=READ_WITHIN)
        except BrokenSheet as broken:
            at, state = "refused", {"shown": {"fault": broken.reason}}
        except (FileTooBig, WorkTimedOut):
            at, state = "refused", {"shown": {"fault": SheetFault.TOO_LARGE}}
        except (WorkCrashed, FileGone):
            at, state = "refused", {"shown": {"fault": SheetFault.DAMAGED}}
        except FileAway as away:
            raise NotNow(type(away).__name__) from None
        else:
            at, state = _state_of(found)
        await self.desk.finish(job, _told, job.subject, file["file_id"], at, state)


def _nothing(_turn: Turn) -> None:
    """The file was let go in the meantime."""


def _file_of(connection: Connection, person_id: int) -> dict[str, Any] | None:
    place = conversations.find(connection, person_id, sop_files.FLOW_NAME)
    return place.state["file"] if place is not None and place.state["at"] == "reading" else None


def _state_of(found: SopReading | NoSop) -> tuple[str, dict[str, Any]]:
    if isinstance(found, NoSop):
        return "refused", {"shown": {"fault": "no_sop"}}
    if found.sop is None:
        mistakes = [_json(mistake) for mistake in found.mistakes[:MISTAKES_SHOWN]]
        more = len(found.mistakes) - len(mistakes)
        return "refused", {
            "shown": {"fault": None, "mistakes": mistakes, "more": more, "in_lines": found.in_lines},
        }
    return "preview", {"document": sops.document_of(found.sop), "ignored": list(found.ignored)}


def _json(mistake: Mistake) -> dict[str, Any]:
    return asdict(mistake)


def _told(turn: Turn, person_id: int, file_id: str | None, at: str, state: dict[str, Any]) -> None:
    """Show it to who sent the file, unless he let it go, sent another or is no admin any more."""
    turn.visitor = person = people.get_acting(turn.connection, person_id)
    place = conversations.find(turn.connection, person_id, sop_files.FLOW_NAME)
    if place is None or place.state["at"] != "reading":
        return
    if file_id is not None and place.state["file"]["file_id"] != file_id:
        return
    if not person.active or Role.ADMIN not in person.roles:
        conversations.end(turn.connection, person_id, sop_files.FLOW_NAME)
        return
    if at == "preview":
        state = {**state, "seen": sop_files.seen_of(turn, state["document"]["type"])}
    sop_files.show_reading(turn, place, at, **state)


def _sent(turn: Turn, person_id: int, files: list[tuple[str, str, dict[str, Any]]]) -> None:
    """The files, each once, to who is still an admin."""
    turn.visitor = person = people.get_acting(turn.connection, person_id)
    is_admin = person.active and Role.ADMIN in person.roles
    for sop_type, form, context in files:
        if sop_exports.settle(turn.connection, person_id, sop_type, form) and is_admin:
            turn.say("sop_file/file", form=form, **context)
