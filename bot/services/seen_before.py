"""Photos seen before: each kept one is looked up among all others, and a visit whose photo is a copy says so."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.domain.flags import photo_seen_before
from bot.domain.likeness import Fingerprint, How
from bot.domain.visit import Visit
from bot.media.evidence import BrokenPicture
from bot.media.seen_photo import fingerprint_of, pair_of
from bot.media.workers import MediaWorkers, WorkCrashed, WorkTimedOut
from bot.services import later_flags, visit_cards
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import fingerprints, people
from storage import visits as stored
from storage.blobs import BlobMissing, Blobs, StoreAway
from storage.database import Row
from storage.fingerprints import Suspect
from storage.jobs import Job

JOB = "photo_seen"
BACKLOG_JOB = "photo_print"  # named by the migration that asks for it first

_UNREADABLE = (BrokenPicture, WorkCrashed, WorkTimedOut, BlobMissing)


@dataclass(frozen=True)
class Copy:
    """An earlier photo that one is a copy of, and the blob of both side by side."""

    of: Row[Any]
    how: How
    picture: str


@dataclass(frozen=True)
class SeenBefore:
    """Does the jobs: after a photo is kept, beside the conversation, from the stored originals."""

    desk: Desk
    blobs: Blobs
    workers: MediaWorkers

    @property
    def kinds(self) -> Mapping[str, Do]:
        """What each kind of job does."""
        return {JOB: self.look, BACKLOG_JOB: self.catch_up}

    def lose(self, _turn: Turn, _job: Job) -> None:
        """Nobody waits for it: a photo that was never looked up is the next one's matter, or the doctor's."""

    async def look(self, job: Job) -> None:
        """Look a photo up, and tell whom it concerns that it came before.

        It is stored before it is looked up: of two copies that arrive together at least one finds the other, and asks
        for the later one to be looked at again.
        """
        photo = await self.desk.database.read(lambda connection: stored.get_photo(connection, job.subject))
        try:
            original = await self.blobs.read(photo.original) if photo.state == "kept" else b""
            print_ = await self.workers.run(fingerprint_of, original) if original else None
        except _UNREADABLE:
            original, print_ = b"", None
        except StoreAway as away:
            raise NotNow(type(away).__name__, ours=True) from None
        if not original:
            await self.desk.finish(job, _nothing_to_see)
            return
        is_new = await self.desk.decide(f"print:{job.id}", partial(_stored, photo_id=photo.id, print_=print_))
        others = await self.desk.database.read(lambda c: fingerprints.list_suspects(c, photo, print_))
        copies = await self._copies(photo, original, [one for one in others if one.photo.id < photo.id])
        later = [one.photo.id for one in others if one.photo.id > photo.id] if is_new else []
        await self.desk.finish(job, _found, photo.id, copies, later)

    async def _copies(self, photo: Row[Any], original: bytes, suspects: list[Suspect]) -> list[Copy]:
        """The likeliest of the same visit, and of another one, that a close look confirms."""
        copies: list[Copy] = []
        for suspect in suspects:
            is_here = suspect.photo.visit_id == photo.visit_id
            if any((copy.of.visit_id == photo.visit_id) == is_here for copy in copies):
                continue
            view = suspect.candidate.view if suspect.candidate is not None else None
            try:
                earlier = await self.blobs.read(suspect.photo.original)
                picture = await self.workers.run(pair_of, original, earlier, view)
                if picture is not None:
                    copies.append(Copy(suspect.photo, suspect.how, await self.blobs.keep(picture, "jpg")))
            except _UNREADABLE:
                continue  # an original that cannot be read is the doctor's matter
            except StoreAway as away:
                raise NotNow(type(away).__name__, ours=True) from None
        return copies

    async def catch_up(self, job: Job) -> None:
        """Take in one photo that was kept before this was known, and ask for the next: nobody waits for it."""
        photo_id = await self.desk.database.read(lambda c: fingerprints.find_next_unseen(c, job.subject))
        if photo_id is None:
            await self.desk.finish(job, _nothing_to_see)
            return
        photo = await self.desk.database.read(lambda connection: stored.get_photo(connection, photo_id))
        try:
            print_ = await self.workers.run(fingerprint_of, await self.blobs.read(photo.original))
        except _UNREADABLE:
            print_ = None
        except StoreAway as away:
            raise NotNow(type(away).__name__, ours=True) from None
        await self.desk.finish(job, _taken_in, photo_id, print_)


def _nothing_to_see(_turn: Turn) -> None:
    """The photo is of no use, or was the last one."""


def _stored(turn: Turn, photo_id: int, print_: Fingerprint | None) -> bool:
    return fingerprints.keep(turn.connection, photo_id, print_, turn.now)


def _taken_in(turn: Turn, photo_id: int, print_: Fingerprint | None) -> None:
    _stored(turn, photo_id, print_)
    turn.work(BACKLOG_JOB, photo_id)


def _found(turn: Turn, photo_id: int, copies: list[Copy], later: list[int]) -> None:
    for other in later:
        turn.work(JOB, other)
    photo = stored.get_photo(turn.connection, photo_id)
    visit = stored.get_to_change(turn.connection, photo.visit_id)
    is_given_up = stored.get_row(turn.connection, visit.id).state == "cancelled"
    if photo.state != "kept" or is_given_up or fingerprints.find_pair(turn.connection, photo_id) is not None:
        return  # taken back meanwhile, with its visit or alone, or told before
    for copy in copies:
        if copy.of.visit_id == photo.visit_id:
            _tell_twice(turn, visit, photo, copy.of)
        else:
            _flag(turn, visit, photo, copy)


def _flag(turn: Turn, visit: Visit, photo: Row[Any], copy: Copy) -> None:
    """The visit says what was seen, and its rep hears how to go on."""
    pair = fingerprints.Pair(photo.id, copy.of.id, copy.how, copy.picture, turn.now)
    fingerprints.add_pair(turn.connection, pair)
    is_own = copy.of.person_id == photo.person_id
    flag = photo_seen_before(photo.id, copy.of.id, how=copy.how, visited_on=copy.of.visited_on, is_own=is_own)
    later_flags.raise_on(turn, visit.id, flag)
    rep = people.get(turn.connection, photo.person_id)
    if rep.active:
        turn.say("photo/seen", to=rep, flag=visit_cards.flag_json(flag), is_own=is_own, **_about(visit, photo))


def _tell_twice(turn: Turn, visit: Visit, photo: Row[Any], other: Row[Any]) -> None:
    """The same photo twice in one visit may well be meant: for two items of its checklist."""
    rep = people.get(turn.connection, photo.person_id)
    if rep.active:
        turn.say("photo/seen_twice", to=rep, other=dict(visit.checklist.title_of(other.item)), **_about(visit, photo))


def _about(visit: Visit, photo: Row[Any]) -> dict[str, Any]:
    return {
        "photo_id": photo.id,
        "visit_id": visit.id,
        "customer": visit.customer.name,
        "item": dict(visit.checklist.title_of(photo.item)),
        "is_open": visit.sent_at is None,
    }
