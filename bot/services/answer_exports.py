"""The answers to an item as a workbook: asked for on its page, made off the conversation, sent once, written down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from bot.domain.audit import Area
from bot.domain.people import Role
from bot.media.answer_sheets import write_answers
from bot.media.workers import MediaWorkers
from bot.rendering import Renderer
from bot.services import answer_books, audit, pages
from bot.services.answer_books import Order
from bot.services.answer_views import Question
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import marks, people
from storage.blobs import Blobs, StoreAway
from storage.database import Connection
from storage.jobs import Job

JOB = "answer_export"


def order(turn: Turn, question: Question, first: date, last: date) -> None:
    """Have the answers of these days sent; asked for twice, they come once."""
    person = turn.require(Role.MANAGER, Role.ADMIN)
    wanted = Order(question.version.id, question.at, first, last)
    waiting = _waiting(turn.connection, person.id)
    if wanted not in waiting:
        _wait_for(turn, person.id, [*waiting, wanted])
        turn.work(JOB, person.id)
    turn.say("answers/making")


@dataclass(frozen=True)
class AnswerFiles:
    """Does the jobs."""

    desk: Desk
    blobs: Blobs
    workers: MediaWorkers
    renderer: Renderer

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {JOB: self.work}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days: he is asked to try again."""
        if job.kind == JOB and _waiting(turn.connection, job.subject):
            _wait_for(turn, job.subject, [])
            turn.say("answers/not_made", to=people.get(turn.connection, job.subject))

    async def work(self, job: Job) -> None:
        """Make everything that a person waits for."""
        read = self.desk.database.read
        person = await read(lambda connection: people.get(connection, job.subject))
        words = self.renderer.words("answers/sheets", person.language)
        made: list[tuple[Order, dict[str, Any]]] = []
        for wanted in await read(lambda connection: _waiting(connection, job.subject)):
            path = pages.reach(person)
            if path is None or not person.active:
                continue
            gather = partial(answer_books.gather, order=wanted, path=path, language=person.language, words=words)
            found = await read(gather)
            data = await self.workers.run(write_answers, found.book, words)
            try:
                key = await self.blobs.keep(data, "xlsx")
            except StoreAway as away:
                raise NotNow(type(away).__name__, ours=True) from None
            name = f"{found.book.title} {wanted.first}–{wanted.last}.xlsx"
            made.append((wanted, {"file": {"key": key, "name": name}, **found.json()}))
        await self.desk.finish(job, _sent, job.subject, pages.reach(person), made)


def _sent(turn: Turn, person_id: int, path: str | None, made: list[tuple[Order, dict[str, Any]]]) -> None:
    """The files, each once, unless what he may see is not what it was when they were made."""
    turn.visitor = person = people.get_acting(turn.connection, person_id)
    waiting = _waiting(turn.connection, person_id)
    ready = {wanted: context for wanted, context in made if wanted in waiting}
    may = person.active and pages.reach(person) is not None and pages.reach(person) == path
    _wait_for(turn, person_id, [wanted for wanted in waiting if may and wanted not in ready])
    if not may:
        if waiting and person.active:
            turn.say("export/no_longer")
        return
    for wanted, context in ready.items():
        days = {"first_on": wanted.first.isoformat(), "last_on": wanted.last.isoformat()}
        what = {"item": context["item"], "answers": context["answers"], **days}
        audit.note(turn, Area.EXPORT, "answers", f"sop:{context['type']}", None, what)
        turn.say("answers/file", **context, first=wanted.first.isoformat(), last=wanted.last.isoformat())


def _waiting(connection: Connection, person_id: int) -> list[Order]:
    mark = marks.find(connection, f"{JOB}:{person_id}")
    return [Order.of(each) for each in mark.note["orders"]] if mark is not None else []


def _wait_for(turn: Turn, person_id: int, orders: list[Order]) -> None:
    if orders:
        marks.put(turn.connection, f"{JOB}:{person_id}", turn.now, {"orders": [each.json() for each in orders]})
    else:
        marks.drop(turn.connection, f"{JOB}:{person_id}")
