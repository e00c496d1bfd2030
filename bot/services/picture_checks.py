"""Does the checks of pictures: reads the code of one, or knows it by its looks, and compares it with what is kept."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.domain.attachments import FileAway, FileGone, FileSource, FileTooBig
from bot.domain.likeness import View
from bot.media.alteration import Altered
from bot.media.evidence import BrokenPicture
from bot.media.evidence_photo import codes_on, compare
from bot.media.seen_photo import fingerprint_of
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut
from bot.services import picture_answers, seals, verifying
from bot.services.desk import Desk
from bot.services.picture_answers import Found, Outcome
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import fingerprints, signing
from storage.blobs import BlobMissing, Blobs, StoreAway, digest_of
from storage.database import Row
from storage.jobs import Job

ALIKE = 3  # photos that a picture without a code is compared with


@dataclass(frozen=True)
class PictureChecks:
    """Does the jobs of `verifying`."""

    desk: Desk
    files: FileSource
    blobs: Blobs
    workers: MediaWorkers

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {verifying.JOB: self.check}

    def lose(self, turn: Turn, job: Job) -> None:
        """Nothing came of it for days: who asked is asked for it again."""
        if job.kind == verifying.JOB:
            picture_answers.tell(turn, job.subject, Found(Outcome.UNREADABLE, reason="gone"))

    async def check(self, job: Job) -> None:
        """Look at a picture and answer; what fails for a while is tried again later."""
        row = await self.desk.database.read(lambda connection: signing.get_check(connection, job.subject))
        try:
            found = await self._look(await self.files.fetch(row.file_id), is_member=row.person_id is not None)
        except FileGone:
            found = Found(Outcome.UNREADABLE, reason="gone")
        except FileTooBig:
            found = Found(Outcome.UNREADABLE, reason="too_large")
        except BrokenPicture as error:
            found = Found(Outcome.UNREADABLE, reason=error.reason)
        except (WorkTimedOut, WorkCrashed):
            found = Found(Outcome.UNREADABLE, reason="unsupported")
        except (FileAway, StoreAway) as error:
            raise NotNow(type(error).__name__, ours=isinstance(error, StoreAway)) from None
        await self.desk.finish(job, picture_answers.tell, job.subject, found)

    async def _look(self, data: bytes, *, is_member: bool) -> Found:
        codes = await self.workers.run(codes_on, data)
        judged = await self.desk.database.read(lambda connection: seals.judge(connection, codes))
        if judged is not None and judged.photo is not None:
            return await self._compared(data, judged.photo)
        digest = hashlib.sha256(data).hexdigest()
        original = await self.desk.database.read(lambda connection: signing.find_original(connection, digest))
        if original is not None:
            return Found(Outcome.ORIGINAL, original)
        alike = await self._alike(data) if judged is None and is_member else None
        return alike or picture_answers.of_code(judged)

    async def _alike(self, data: bytes) -> Found | None:
        """A picture without a code may still be known by what it shows; a stranger must have the code."""
        print_ = await self.workers.run(fingerprint_of, data)
        if print_ is None:
            return None
        looks = print_.looks
        candidates = await self.desk.database.read(lambda connection: fingerprints.find_alike(connection, looks, ALIKE))
        for candidate in candidates:
            photo = await self.desk.database.read(partial(signing.find_photo, photo_id=candidate.photo_id))
            if photo is None or candidate.view.mirrored:
                continue
            found = await self._compared(data, photo, candidate.view)
            if found.outcome not in (Outcome.OTHER, Outcome.GONE):
                return replace(found, by_looks=True)
        return None

    async def _compared(self, data: bytes, photo: Row[Any], view: View | None = None) -> Found:
        """Beside the copy that was sent back, which is what went around."""
        if hashlib.sha256(data).hexdigest() in {digest_of(key) for key in (photo.marked, photo.sendable) if key}:
            return picture_answers.of_comparison(photo, Altered(is_ours_bytes=True), None)
        try:
            ours = await self.blobs.read(photo.sendable) if photo.sendable else None
        except BlobMissing:
            ours = None
        if ours is None:
            return Found(Outcome.GONE, photo)
        altered = await self.workers.run(compare, data, ours, view)
        difference = await self.blobs.keep(altered.picture, "jpg") if altered.picture is not None else None
        return picture_answers.of_comparison(photo, altered, difference)
