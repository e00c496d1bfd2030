"""The pictures of a visit for who decides about it: a map of what the phone said, and the marked photos beside it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from html import unescape
from typing import Any

from bot.domain.audit import Area
from bot.domain.conversation import Refusal
from bot.domain.evidence import Fix
from bot.domain.geography import Point
from bot.domain.people import Person
from bot.media.drawings import draw_visit_map
from bot.media.maps import NothingToDraw, Spot, VisitMap
from bot.media.workers import MediaWorkers
from bot.rendering import Renderer
from bot.services import audit, live_shares
from bot.services.desk import Desk
from bot.services.turn import Turn
from bot.services.worker import Do, NotNow
from storage import digests, marks, people, visits
from storage.blobs import Blobs, StoreAway
from storage.database import Row
from storage.jobs import Job

JOB = "visit_pictures"
MOST = 9  # photos beside the map: Telegram's album takes ten


def ask_for(turn: Turn, visit_id: int) -> None:
    """Queue them for who asks; the look is written down, for a map shows where a rep was."""
    person, rep_id = turn.person, digests.find_rep_of_visit(turn.connection, visit_id)
    if rep_id is None:
        raise Refusal("conversation/changed")
    if not person.may_see(people.get(turn.connection, rep_id)):
        raise Refusal("digest/not_your_team")
    assert turn.origin is not None
    note = {"person_id": person.id, "visit_id": visit_id}
    marks.put(turn.connection, _mark(turn.origin.inbox_seq), turn.now, note)
    audit.note(turn, Area.REVIEW, "looked", f"visit:{visit_id}")
    turn.work(JOB, turn.origin.inbox_seq)


def _mark(number: int) -> str:
    return f"{JOB}:{number}"


@dataclass(frozen=True)
class VisitPictures:
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
        """Nothing came of it for days: who asked is told to ask again."""
        mark = marks.find(turn.connection, _mark(job.subject)) if job.kind == JOB else None
        if mark is not None and marks.drop(turn.connection, _mark(job.subject)):
            person = people.get(turn.connection, mark.note["person_id"])
            turn.say("review/no_pictures", to=person, visit_id=mark.note["visit_id"])

    async def work(self, job: Job) -> None:
        """Draw the map of one request, and send it with the photos; killed anywhere it is drawn again and sent once."""
        wanted = await self.desk.decide(f"pictures:{job.id}", partial(self._begin, number=job.subject))
        keys: list[str] = []
        if wanted is not None:
            seen, photos = wanted
            try:
                keys = [await self.blobs.keep(await self.workers.run(draw_visit_map, seen), "png")]
            except NothingToDraw:
                pass
            except StoreAway as away:
                raise NotNow(type(away).__name__, ours=True) from None
            keys += photos
        await self.desk.finish(job, _send, job.subject, keys)

    def _begin(self, turn: Turn, number: int) -> tuple[VisitMap, list[str]] | None:
        """What is to be drawn for this person, and the photos' keys; None when nobody waits for it any more."""
        mark = marks.find(turn.connection, _mark(number))
        if mark is None:
            return None
        person, visit_id = people.get(turn.connection, mark.note["person_id"]), mark.note["visit_id"]
        photos = [row.sendable for row in visits.list_photos(turn.connection, visit_id) if row.state == "kept"]
        return map_of(turn, self.renderer, person, visit_id), photos[:MOST]


def _send(turn: Turn, number: int, keys: list[str]) -> None:
    """The pictures, unless he may not see them any more."""
    mark = marks.find(turn.connection, _mark(number))
    if mark is None or not marks.drop(turn.connection, _mark(number)):
        return
    person = people.get(turn.connection, mark.note["person_id"])
    visit = visits.get(turn.connection, mark.note["visit_id"])
    if not person.active or not person.may_see(people.get(turn.connection, visit.person_id)):
        return
    about = {"visit_id": visit.id, "customer": visit.customer.name, "count": len(keys)}
    turn.say("review/pictures", to=person, photos=keys, **about)


def map_of(turn: Turn, renderer: Renderer, reader: Person, visit_id: int) -> VisitMap:
    """A visit's map in the reader's language; its track ends where the visit does."""
    row, visit = visits.get_row(turn.connection, visit_id), visits.get(turn.connection, visit_id)
    rep = people.get(turn.connection, visit.person_id)
    policy = turn.policy_for(person=rep, customer=visit.customer, visit_type=visit.type)
    until = visit.checked_out_at or visit.checked_in_at + policy.visit_closes_after
    fixes = [fix for fix in live_shares.fixes_of(turn, visit, until) if fix.live]
    said = {
        "customer": visit.customer.name,
        "rep": rep.name,
        "checked_in_at": visit.checked_in_at.isoformat(),
        "checked_out_at": visit.checked_out_at.isoformat() if visit.checked_out_at is not None else None,
        "accuracy": row.accuracy,
        "radius": policy.fence_radius,
        "fixes": len(fixes),
        "time_zone": rep.time_zone,
    }
    words = _words(renderer, said, reader, rep.time_zone, turn.now)
    out = _spot(row.out_latitude, row.out_longitude, None)
    return VisitMap(
        title=words.pop("title"),
        subtitle=words.pop("subtitle"),
        words=words,
        customer=_pin(row) or visit.customer.position,
        radius=policy.fence_radius,
        check_in=_spot(row.latitude, row.longitude, row.accuracy),
        check_out=out,
        track=tuple(_pieces(fixes, policy.evidence_gap)),
    )


def _words(renderer: Renderer, said: dict[str, Any], reader: Person, zone: str, now: datetime) -> dict[str, str]:
    """By name; the times are the rep's own, as on his photos."""
    text = renderer.render("map/words", said, language=reader.language, zone=zone, now=now).text
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {name.strip(): unescape(words) for name, _, words in pairs}


def _pin(row: Row[Any]) -> Point | None:
    """Where the customer was taken to be when the visit was judged: the pin may have moved since."""
    return Point(row.pin_latitude, row.pin_longitude) if row.pin_latitude is not None else None


def _spot(latitude: float | None, longitude: float | None, accuracy: float | None) -> Spot | None:
    return Spot(Point(latitude, longitude), accuracy) if latitude is not None and longitude is not None else None


def _pieces(fixes: Sequence[Fix], gap: timedelta) -> Iterator[list[Spot]]:
    """The fixes as they belong together: between two pieces nothing came in."""
    piece: list[Spot] = []
    last: datetime | None = None
    for fix in fixes:
        if last is not None and fix.at - last > gap:
            yield piece
            piece = []
        piece.append(Spot(fix.point, fix.accuracy))
        last = fix.at
    if piece:
        yield piece
