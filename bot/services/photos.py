"""Photos: accepted at once, then downloaded, fingerprinted, marked and kept by a job that survives a crash."""

import asyncio
import hashlib
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.attachments import LARGEST, FileAway, FileGone, FileSource, FileTooBig
from bot.domain.conversation import CodesRead, Photographed, Refusal
from bot.domain.sop import Kind
from bot.domain.visit import Visit
from bot.media.codes import read_codes
from bot.media.evidence import BrokenPicture, Developed, Mark
from bot.media.evidence_photo import develop_photo
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut
from bot.rendering import Renderer
from bot.services import photo_marks, seals, seen_before, sending, syncing
from bot.services.conversations import Conversations
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import NotNow
from storage import jobs, people
from storage import visits as stored
from storage.blobs import Blobs, StoreAway
from storage.database import Connection, Row
from storage.occurrences import claim

JOB = "photo"
OF_CHALLENGE = "challenge"  # under which the answer to one is filed: no checklist has such an item
OF_REVIEW = "review"  # and a photo of an answer or an appeal
SYNCING_AFTER = 5.0  # seconds that the store may take before the rep hears that it is slow
Keys = tuple[str, str, str]  # of the original, the marked copy, and the one that is small enough to be sent


def pending(photo: Photographed) -> dict[str, Any]:
    """A photo that waits for its item, as a conversation keeps it."""
    return asdict(photo)


def take(turn: Turn, visit: Visit, item_id: str, photo: Photographed) -> int:
    """File a photo under an item at once, and return its id; the rest is a job."""
    if photo.size is not None and photo.size > LARGEST:
        raise Refusal("photo/too_big", megabytes=LARGEST // 1024 // 1024)
    if stored.has_photo(turn.connection, visit.id, photo.unique_id):
        raise Refusal("photo/sent_before")
    photo_id = stored.add_photo(
        turn.connection,
        visit_id=visit.id,
        item=item_id,
        person_id=turn.person.id,
        file_id=photo.file_id,
        unique_id=photo.unique_id,
        album=photo.album,
        as_file=photo.as_file,
        received_at=turn.now,
    )
    turn.work(JOB, photo_id)
    return photo_id


def item_of_album(turn: Turn, visit: Visit, photo: Photographed) -> str | None:
    """Where the photos went that were sent together with this one."""
    if photo.album is None:
        return None
    return next((row.item for row in stored.list_album(turn.connection, visit.id, photo.album)), None)


@dataclass(frozen=True)
class Photos:
    """Does the photo jobs."""

    desk: Desk
    files: FileSource
    blobs: Blobs
    workers: MediaWorkers
    renderer: Renderer
    conversations: Conversations
    bot_name: str

    async def develop(self, job: jobs.Job) -> None:
        """Everything between arrival and acknowledgement; what fails for a while is tried again later."""
        try:
            data = await self.files.fetch(await self.desk.database.read(lambda c: _file_id(c, job.subject)))
            digest = hashlib.sha256(data).hexdigest()
            mark = await self.desk.database.read(lambda connection: self._mark(connection, job.subject, digest))
            developed = await self.workers.run(develop_photo, data, mark)
            made_by_us = await self._made_by_us(developed.codes)
            if made_by_us is not None:
                await self.desk.finish(job, self._broken, job.subject, "ours", made_by_us.visit_id)
                return
            codes = await self._codes(job, data)
            keys = await self._keep(job, data, developed)
        except FileGone:
            await self.desk.finish(job, self._broken, job.subject, "gone")
        except FileTooBig:
            await self.desk.finish(job, self._broken, job.subject, "too_large")
        except BrokenPicture as error:
            await self.desk.finish(job, self._broken, job.subject, error.reason)
        except (WorkTimedOut, WorkCrashed):
            await self.desk.finish(job, self._broken, job.subject, "unsupported")
        except (FileAway, StoreAway) as error:
            raise NotNow(type(error).__name__, ours=isinstance(error, StoreAway)) from None
        else:
            await self.desk.finish(job, self._kept, job.subject, digest, developed, keys, codes)

    def _mark(self, connection: Connection, photo_id: int, sha256: str) -> Mark:
        now = self.desk.clock()
        return photo_marks.word(connection, self.renderer, photo_id, now, sha256=sha256, bot_name=self.bot_name)

    async def _made_by_us(self, codes: tuple[str, ...]) -> Row[Any] | None:
        """The stored photo of which this one is a marked copy: it shows no shelf of today."""
        if not codes:
            return None
        judged = await self.desk.database.read(lambda connection: seals.judge(connection, codes))
        return judged.photo if judged is not None else None

    async def _codes(self, job: jobs.Job, data: bytes) -> tuple[str, ...] | None:
        """What codes are on it; None for a photo that is not taken for them."""
        if not await self.desk.database.read(lambda connection: _is_for_a_code(connection, job.subject)):
            return None
        return tuple(await self.workers.run(read_codes, data))

    async def _keep(self, job: jobs.Job, data: bytes, developed: Developed) -> Keys:
        """Put everything into the store; when that takes long, or fails, the rep reads that it goes on by itself."""
        patience = asyncio.create_task(self._tell_later(job), name=f"syncing {job.id}")
        try:
            original = await self.blobs.keep(data, developed.suffix)
            marked = sendable = await self.blobs.keep(developed.marked, "jpg")
            if developed.sendable != developed.marked:
                sendable = await self.blobs.keep(developed.sendable, "jpg")
        except StoreAway:
            await self._tell_syncing(job)
            raise
        finally:
            patience.cancel()
            await asyncio.gather(patience, return_exceptions=True)
        return original, marked, sendable

    async def _tell_later(self, job: jobs.Job) -> None:
        await asyncio.sleep(SYNCING_AFTER)
        await asyncio.shield(self._tell_syncing(job))  # what is posted must reach the sender, however late it is

    async def _tell_syncing(self, job: jobs.Job) -> None:
        await self.desk.act(f"syncing:{job.id}", syncing.tell, job.subject)

    def _kept(
        self,
        turn: Turn,
        photo_id: int,
        digest: str,
        developed: Developed,
        keys: Keys,
        codes: tuple[str, ...] | None,
    ) -> None:
        original, marked, sendable = keys
        stored.get_to_change(turn.connection, stored.get_photo(turn.connection, photo_id).visit_id)
        stored.change_photo(
            turn.connection,
            photo_id,
            state="kept",
            sha256=digest,
            original=original,
            marked=marked,
            sendable=sendable,
            width=developed.picture.width,
            height=developed.picture.height,
            kept_at=turn.now,
        )
        turn.work(seen_before.JOB, photo_id)
        photo = stored.get_photo(turn.connection, photo_id)
        syncing.tell_end(turn, photo)
        self._acknowledge(turn, photo)
        if codes is not None:
            turn.visitor = people.get(turn.connection, photo.person_id)
            self.conversations.hand_to(turn, "visit", photo.visit_id, CodesRead(photo.item, codes))

    def _acknowledge(self, turn: Turn, photo: Row[Any]) -> None:
        """Send the marked copies back, each once."""
        shown = [
            row
            for row in _ready_together(turn, photo)
            if row.state == "kept" and claim(turn.connection, "photo_kept", row.id, row.received_at)
        ]
        if shown:
            turn.say(
                "photo/kept",
                to=people.get(turn.connection, photo.person_id),
                photos=[row.sendable for row in shown],
                count=len(shown),
                visit_id=photo.visit_id,
            )

    def lose(self, turn: Turn, photo_id: int) -> None:
        """Nothing came of it for days: the rep is asked for it again."""
        self._broken(turn, photo_id, "gone")

    def _broken(self, turn: Turn, photo_id: int, reason: str, made_for: int | None = None) -> None:
        """The file is of no use: it no longer counts, and the rep is asked for another one while that is possible.

        One of our own was `made_for` a visit.
        """
        visit = stored.get_to_change(turn.connection, stored.get_photo(turn.connection, photo_id).visit_id)
        stored.change_photo(turn.connection, photo_id, state="broken")
        photo = stored.get_photo(turn.connection, photo_id)
        syncing.tell_end(turn, photo)
        self._acknowledge(turn, photo)
        turn.visitor = people.get(turn.connection, photo.person_id)
        if photo.item == OF_REVIEW:  # no verdict has counted it
            turn.say("photo/broken_review", reason=reason, customer=visit.customer.name, visit_id=visit.id)
            return
        item = dict(visit.checklist.title_of(photo.item))
        about: dict[str, Any] = {"reason": reason, "item": item, "made_for": made_for}
        if visit.sent_at is None:
            turn.say("photo/broken", **about, customer=visit.customer.name)
            self.conversations.show_current(turn)
            return
        verdict = sending.judge_again(turn, stored.get(turn.connection, visit.id))
        said = verdict.value if verdict is not None else None
        turn.say("photo/broken_later", **about, customer=visit.customer.name, visit_id=visit.id, verdict=said)


def _ready_together(turn: Turn, photo: Row[Any]) -> list[Row[Any]]:
    """A single photo is ready at once, an album when its last one is; the visit is held, so that one job sees that."""
    if photo.album is None:
        return [photo]
    album = stored.list_album(turn.connection, photo.visit_id, photo.album)
    return [] if any(row.state == "waiting" for row in album) else album


def _is_for_a_code(connection: Connection, photo_id: int) -> bool:
    photo = stored.get_photo(connection, photo_id)
    items = stored.get(connection, photo.visit_id).checklist.items
    return any(item.id == photo.item and item.kind is Kind.CODE for item in items)


def _file_id(connection: Connection, photo_id: int) -> str:
    return str(stored.get_photo(connection, photo_id).file_id)
