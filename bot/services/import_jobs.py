"""Shows an admin what his list would change; once he has confirmed, changes it, all or nothing."""

import asyncio
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from bot.domain.audit import Area
from bot.domain.customer_import import Counts, DatumQuestion, State
from bot.domain.people import Person, Role
from bot.media.broken_sheet import SheetFault
from bot.media.workbooks import problem_sheet
from bot.rendering import Renderer
from bot.services import audit, due_dates, import_pages, imports
from bot.services.desk import Desk
from bot.services.import_reading import Lists, Outlook, Unreadable, look
from bot.services.import_template import template
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import conversations, customers, people, search
from storage import imports as stored
from storage.blobs import StoreAway
from storage.database import Row
from storage.jobs import Job

INDEXED_AT_ONCE = 50  # customers: 50 ms, which is how long somebody else may have to wait for the writer


@dataclass(frozen=True)
class Imports:
    """Does the import jobs."""

    desk: Desk
    lists: Lists
    renderer: Renderer

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {imports.TEMPLATE_JOB: self.template, imports.READ_JOB: self.read, imports.APPLY_JOB: self.apply}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days: the admin is asked for his list again."""
        if job.kind in (imports.READ_JOB, imports.APPLY_JOB):
            _told(turn, job.subject, State.REFUSED, {"fault": SheetFault.DAMAGED})

    async def template(self, job: Job) -> None:
        """Send a list to fill in."""
        person = await self.desk.database.read(lambda connection: people.get(connection, job.subject))
        data = await template(self.lists.workers, self.renderer, person.language)
        file = await self._file(data, "template_file", person)
        await self.desk.finish(job, lambda turn: turn.say("import/template", to=person, file=file))

    async def read(self, job: Job) -> None:
        """Look at a list: ask for its datum, refuse it, or show what it would change."""
        row = await self.desk.database.read(lambda connection: stored.get(connection, job.subject))
        if row.state != State.READING:
            await self.desk.finish(job, _nothing)
            return
        try:
            packed = await self.lists.read(row)
        except Unreadable as unreadable:
            await self.desk.finish(job, _told, job.subject, State.REFUSED, {"fault": unreadable.fault})
            return
        seen = await self.desk.database.read(lambda connection: look(connection, packed, row.person_id))
        if isinstance(seen, DatumQuestion):
            await self.desk.finish(job, _told, job.subject, State.DATUM, asdict(seen))
            return
        file = await self._problem_file(row.person_id, seen)
        shown = import_pages.shown(seen.plan, seen.listed.reading.ignored, seen.names)
        await self.desk.finish(
            job, _told, job.subject, _state_of(seen), shown, seen.plan.counts, seen.plan.fingerprint, file
        )

    async def apply(self, job: Job) -> None:
        """Carry out what was confirmed. Begun again after a crash, it goes on where the last commit left it."""
        row = await self.desk.database.read(lambda connection: stored.get(connection, job.subject))
        if row.state != State.APPLYING:
            await self.desk.finish(job, _nothing)
            return
        if row.touched is None:
            try:
                packed = await self.lists.read(row)
            except Unreadable as unreadable:
                await self.desk.finish(job, _told, job.subject, State.REFUSED, {"fault": unreadable.fault})
                return
            if not await self._write(job, row, packed):
                await self.desk.finish(job, _look_again, job.subject)
                return
            row = await self.desk.database.read(lambda connection: stored.get(connection, job.subject))
        for start in range(0, len(row.touched), INDEXED_AT_ONCE):
            some = row.touched[start : start + INDEXED_AT_ONCE]
            await self.desk.act(f"index:{job.id}:{start}", _make_known, some)
        await self.desk.finish(job, _done, job.subject)

    async def _write(self, job: Job, row: Row[Any], packed: bytes) -> bool:
        """Write all customers in one transaction; False if that would not be what the admin has seen.

        Comparing takes too long for that transaction, so it is done before, and then found to hold still.
        """
        for _ in range(3):
            seen = await self.desk.database.read(lambda connection: look(connection, packed, row.person_id))
            if isinstance(seen, DatumQuestion) or seen.plan.fingerprint != row.fingerprint:
                return False
            if await self.desk.decide(f"import:{job.id}", partial(_store, import_id=job.subject, seen=seen)):
                return True
        raise NotNow("the customers keep changing")

    async def _problem_file(self, person_id: int, seen: Outlook) -> dict[str, str] | None:
        """All rows with mistakes as a sheet, when there are more than a message can show."""
        if len(seen.plan.problems) <= import_pages.PROBLEMS_SHOWN:
            return None
        reader = await self.desk.database.read(lambda connection: people.get(connection, person_id))
        now, problems = self.desk.clock(), seen.plan.problems
        rows = await asyncio.to_thread(import_pages.faulty_rows, self.renderer, reader, now, problems, seen.listed)
        words = self.renderer.words("import/sheets", reader.language)
        titles = words["problem_tab"], words["problem_row"], words["problem_what"]
        data = await self.lists.workers.run(problem_sheet, *titles, seen.listed.header, rows)
        return await self._file(data, "problem_file", reader)

    async def _file(self, data: bytes, name: str, reader: Person) -> dict[str, str]:
        words = self.renderer.words("import/sheets", reader.language)
        try:
            return {"key": await self.lists.blobs.keep(data, "xlsx"), "name": f"{words[name]}.xlsx"}
        except StoreAway as away:
            raise NotNow(type(away).__name__, ours=True) from None


def _nothing(_turn: Turn) -> None:
    """The list was let go in the meantime."""


def _state_of(seen: Outlook) -> State:
    counts = seen.plan.counts
    if counts.writes:
        return State.PREVIEW
    return State.REFUSED if seen.plan.problems else State.UNCHANGED


def _told(
    turn: Turn,
    import_id: int,
    state: State,
    shown: dict[str, Any],
    counts: Counts | None = None,
    fingerprint: str | None = None,
    file: dict[str, str] | None = None,
) -> None:
    """Keep what was found, and show it to who sent the list, unless he let it go or is no admin any more."""
    row = stored.get(turn.connection, import_id)
    turn.visitor = person = people.get_acting(turn.connection, row.person_id)
    row = stored.get(turn.connection, import_id)  # he may have let it go until a moment ago
    place = conversations.find(turn.connection, person.id, imports.FLOW_NAME)
    if row.state not in (State.READING, State.APPLYING) or place is None or place.subject != import_id:
        return
    values = {"shown": shown, "counts": asdict(counts) if counts else None, "fingerprint": fingerprint}
    if not person.active or Role.ADMIN not in person.roles:
        stored.change(turn.connection, import_id, state=State.DROPPED)
        conversations.end(turn.connection, person.id, imports.FLOW_NAME)
        return
    stored.change(turn.connection, import_id, state=state, **values)
    if file is not None:
        turn.say("import/problem_file", file=file)
    if state is State.UNCHANGED:
        conversations.end(turn.connection, person.id, imports.FLOW_NAME)
        turn.say("import/unchanged", list_name=row.file_name, counts=values["counts"])
    else:
        imports.ask(turn, conversations.save(turn.connection, place, place.state))


def _store(turn: Turn, import_id: int, seen: Outlook) -> bool:
    """The one transaction that changes customers; False if they are no longer as they were seen."""
    stored.take_turns(turn.connection)
    row = stored.get(turn.connection, import_id)
    if row.touched is not None:
        return True
    if not stored.is_still_so(turn.connection, seen.known):
        return False
    by, at = row.person_id, turn.now
    touched = stored.store(turn.connection, seen.plan.new, seen.plan.changes, by=by, at=at)
    stored.change(turn.connection, import_id, touched=touched, applied_at=at)
    audit.note(turn, Area.IMPORT, "applied", f"import:{import_id}", None, asdict(seen.plan.counts), by=by)
    return True


def _make_known(turn: Turn, ids: list[int]) -> None:
    """Some of the customers can be found, and are due when they should be: both follow from what was written."""
    rows = customers.list_rows(turn.connection, ids)
    search.index(turn.connection, [customers.customer_of(row) for row in rows])
    due_dates.count_anew(turn, rows)


def _look_again(turn: Turn, import_id: int) -> None:
    """Customers have changed since the preview: nothing is written, and the admin sees the list's effect anew."""
    row = stored.get(turn.connection, import_id)
    turn.visitor = people.get(turn.connection, row.person_id)
    stored.change(turn.connection, import_id, state=State.READING)
    turn.say("import/meanwhile")
    turn.work(imports.READ_JOB, import_id)


def _done(turn: Turn, import_id: int) -> None:
    row = stored.get(turn.connection, import_id)
    turn.visitor = people.get(turn.connection, row.person_id)
    stored.change(turn.connection, import_id, state=State.APPLIED)
    place = conversations.find(turn.connection, row.person_id, imports.FLOW_NAME)
    if place is not None and place.subject == import_id:
        conversations.end(turn.connection, row.person_id, imports.FLOW_NAME)
    turn.say("import/done", list_name=row.file_name, counts=row.counts)
