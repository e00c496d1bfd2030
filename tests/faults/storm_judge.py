"""Compares what people told, and what the sandbox's ledger saw, with what the database holds and they were shown."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, astuple, dataclass, field
from typing import Any

import aiohttp
from faults.storm_reps import Rep, Told
from sqlalchemy import ColumnElement, select

from storage.database import Connection, Database
from storage.tables import (
    AnswerRow,
    CustomerRow,
    FollowUpRow,
    InboxRow,
    JobRow,
    OutboxRow,
    PersonRow,
    PhotoRow,
    VisitRow,
    table,
)

OUTBOX, INBOX, JOB = table(OutboxRow), table(InboxRow), table(JobRow)


@dataclass
class Summary:
    """What the ledger says of a storm. `uncertain` were under way at a kill; `unexplained` were not, and came twice."""

    people: int = 0
    visits: int = 0
    sent: int = 0
    shown: int = 0
    lost: int = 0
    doubled_effects: int = 0
    out_of_order: int = 0
    repeated: int = 0
    uncertain: int = 0
    unexplained: int = 0
    kills: int = 0
    restarts: int = 0
    seconds: int = 0

    def __str__(self) -> str:
        return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in asdict(self).items())


@dataclass
class Judge:
    """`note_kill` while no bot lives, `judge` when all is over."""

    database: Database
    session: aiohttp.ClientSession
    url: str
    uncertain: Counter[int] = field(default_factory=Counter)
    kills: int = 0

    async def note_kill(self) -> None:
        """What is *sending* now may have arrived, or not: it will be said again."""
        self.kills += 1
        self.uncertain.update(await self.database.read(_chats_being_sent_to))

    async def judge(self, reps: Sequence[Rep]) -> Summary:
        """Count what went wrong; each number names what a person would say of it."""
        async with self.session.get(f"{self.url}/sim/ledger") as response:
            ledger = await response.json()
        found = Summary(people=len(reps), kills=self.kills, uncertain=self.uncertain.total())
        for rep in reps:
            own = [row for row in ledger if row.get("person_id") == rep.id]
            await self._compare_visits(found, rep, own)
            await self._compare_updates(found, rep, own)
            await self._compare_messages(found, rep, own)
        await self._compare_promises(found, reps)
        return found

    async def repeats(self, telegram_id: int) -> int:
        """How many messages in this chat the outbox does not remember: each stands there once more, or was replaced."""
        said = await self.database.read(lambda c: set(_said(c, telegram_id)))
        return len(set(await self.shown_to(telegram_id)) - said)

    async def shown_to(self, telegram_id: int) -> list[int]:
        """The ids of the bot's messages in a chat, by the ledger."""
        async with self.session.get(f"{self.url}/sim/ledger") as response:
            ledger = await response.json()
        return [row["message_id"] for row in ledger if row["what"] == "shown" and row.get("person_id") == telegram_id]

    async def stuck(self) -> list[Any]:
        """What failed for good, and would have to be looked at."""
        return await self.database.read(_stuck)

    async def is_quiet(self) -> bool:
        """Whether the last photo is kept and the last word is said."""
        return not await self.database.read(
            lambda c: any(
                c.execute(select(rows.c.state).where(rows.c.state.in_(("waiting", "sending"))).limit(1)).first()
                for rows in (INBOX, OUTBOX, JOB)
            )
        )

    async def _compare_visits(self, found: Summary, rep: Rep, own: list[dict[str, Any]]) -> None:
        held = await self.database.read(lambda c: held_of(c, rep.id))
        told, kept = Counter(map(astuple, rep.told)), Counter(map(astuple, held))
        done = {row["text"] for row in own if row["what"] == "shown" and "Done! Visit #" in (row.get("text") or "")}
        found.visits += len(rep.told)
        found.lost += (told - kept).total() + max(0, len(rep.told) - len(done))
        found.doubled_effects += (kept - told).total() + max(0, len(done) - len(rep.told))
        found.out_of_order += told == kept and held != rep.told

    async def _compare_updates(self, found: Summary, rep: Rep, own: list[dict[str, Any]]) -> None:
        """Everything that he sent or tapped stands once in the inbox, in his order, and is done."""
        statement = select(INBOX.c.update_id, INBOX.c.state).where(INBOX.c.lane == rep.id).order_by(INBOX.c.seq)
        kept = await self.database.read(lambda c: list(c.execute(statement)))
        sent = sum(row["what"] in ("sent", "tapped") for row in own)
        ids = [row.update_id for row in kept]
        found.sent += sent
        found.lost += max(0, sent - sum(row.state == "done" for row in kept))
        found.doubled_effects += max(0, len(ids) - sent)
        found.out_of_order += ids != sorted(set(ids))

    async def _compare_messages(self, found: Summary, rep: Rep, own: list[dict[str, Any]]) -> None:
        """Each message of the outbox stands once in the chat, and answers stand in the order in which they were posted.

        A reminder, which falls due where a storm is raised in the evening, may be overtaken by answers.
        """
        said = await self.database.read(lambda c: _said(c, rep.id))
        answers = await self.database.read(lambda c: _said(c, rep.id, OUTBOX.c.bulk.is_(False)))
        shown = [row["message_id"] for row in own if row["what"] == "shown"]
        repeated = len(set(shown) - set(said))
        found.shown += len(shown)
        found.repeated += repeated
        found.unexplained += max(0, repeated - self.uncertain[rep.id])
        found.lost += len(set(said) - set(shown))
        new = list(dict.fromkeys(answers))  # an edit stands where its message stood first
        found.out_of_order += new != sorted(new)

    async def _compare_promises(self, found: Summary, reps: Sequence[Rep]) -> None:
        promises = Counter(
            await self.database.read(lambda c: c.execute(select(table(FollowUpRow).c.what)).scalars().all())
        )
        wanted = Counter(visit.promise for rep in reps for visit in rep.told)
        found.lost += (wanted - promises).total()
        found.doubled_effects += (promises - wanted).total()


def _said(connection: Connection, telegram_id: int, *which: ColumnElement[bool]) -> list[int]:
    """The messages as the outbox remembers them, in the order in which they were posted."""
    sent = select(OUTBOX.c.message_id).where(OUTBOX.c.chat_id == telegram_id, OUTBOX.c.state == "sent", *which)
    return [found for found in connection.execute(sent.order_by(OUTBOX.c.id)).scalars() if found is not None]


def _chats_being_sent_to(connection: Connection) -> list[int]:
    return list(connection.execute(select(OUTBOX.c.chat_id).where(OUTBOX.c.state == "sending")).scalars())


def held_of(connection: Connection, telegram_id: int) -> list[Told]:
    """The visits of a person as the database has them, in the form in which he told them."""
    visit, person, customer = table(VisitRow), table(PersonRow), table(CustomerRow)
    answer, photo = table(AnswerRow), table(PhotoRow)
    rows = connection.execute(
        select(visit, customer.c.name)
        .join(person, person.c.id == visit.c.person_id)
        .join(customer, customer.c.id == visit.c.customer_id)
        .where(person.c.telegram_id == telegram_id, visit.c.state == "sent")
        .order_by(visit.c.id)
    )
    held = []
    for row in rows:
        answers = dict(
            connection.execute(select(answer.c.item, answer.c.value).where(answer.c.visit_id == row.id)).all()
        )
        photos = connection.execute(select(photo.c.state).where(photo.c.visit_id == row.id)).scalars().all()
        told = Told(row.name, row.type, words=row.words, promise=row.next_what, photos=photos.count("kept"))
        told.needs, told.value = answers.get("needs") or "", answers.get("value") or ""
        told.stock = float(answers.get("stock") or 0)
        held.append(told)
    return held


def _stuck(connection: Connection) -> list[Any]:
    refused = select(OUTBOX.c.message, OUTBOX.c.error).where(OUTBOX.c.state.in_(("refused", "parked")))
    quarantined = select(INBOX.c.seq, INBOX.c.error).where(INBOX.c.error.is_not(None))
    failed = select(JOB.c.kind, JOB.c.error).where(JOB.c.state == "failed")
    unsent = select(table(VisitRow).c.id, table(VisitRow).c.state).where(table(VisitRow).c.state != "sent")
    return [tuple(row) for statement in (refused, quarantined, failed, unsent) for row in connection.execute(statement)]
