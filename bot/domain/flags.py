"""The bare facts about a visit that its manager should look at; a flag never refuses anything."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.calendar import instant, local_date
from bot.domain.leave import Leave, first_day_back
from bot.domain.policy import Policy


class FlagCode(StrEnum):
    """Each has its own sentence in the messages, read alike by rep and manager."""

    OUTSIDE = "outside"
    CANNOT_TELL = "cannot_tell"
    NO_LOCATION = "no_location"
    EXACT_STORED_POINT = "exact_stored_point"
    SAME_POINT_OTHER_CUSTOMER = "same_point_other_customer"
    IMPOSSIBLE_SPEED = "impossible_speed"
    STAY_SHORT = "stay_short"
    LATE = "late"
    CLOSED_AUTOMATICALLY = "closed_automatically"
    PHOTO_SEEN_BEFORE = "photo_seen_before"
    EVIDENCE_LOW = "evidence_low"
    CONSTANT_POINT = "constant_point"
    JITTERED_POINT = "jittered_point"
    STRAIGHT_LINE = "straight_line"
    REPLAYED_TRACK = "replayed_track"
    SHARED_STREAM = "shared_stream"
    COMPANION_NOT_THERE = "companion_not_there"
    CHALLENGE_UNMET = "challenge_unmet"


@dataclass(frozen=True)
class Flag:
    """A fact and its numbers: metres, minutes and km/h as whole numbers, ready for JSON and for a sentence."""

    code: FlagCode
    facts: Mapping[str, int | float | str] = field(default_factory=dict)


def stay_short(stay: timedelta | None, minimum: timedelta) -> Flag | None:
    """Shorter than the customer's grade asks for; an unknown stay is never guessed to be short."""
    if stay is None or stay >= minimum:
        return None
    facts = {"minutes": stay // timedelta(minutes=1), "minimum": minimum // timedelta(minutes=1)}
    return Flag(FlagCode.STAY_SHORT, facts)


def late_from(visited_on: date, zone: ZoneInfo, policy: Policy) -> datetime:
    """The instant from which a report of that day is late: when the last minute allowed for it is over."""
    late_after: time = policy.report_late_after
    return instant(visited_on, late_after, zone) + timedelta(minutes=1)


def sent_late(
    checked_in_at: datetime, sent_at: datetime, zone: ZoneInfo, policy: Policy, leaves: Iterable[Leave] = ()
) -> Flag | None:
    """Sent after the local day of the visit; what was done on leave has time until the first day after it."""
    visited_on = local_date(checked_in_at, zone)
    if sent_at < late_from(first_day_back(visited_on, leaves), zone, policy):
        return None
    return Flag(FlagCode.LATE, {"visited_on": visited_on.isoformat(), "sent_on": local_date(sent_at, zone).isoformat()})


def closed_automatically(checked_in_at: datetime, closed_at: datetime) -> Flag:
    """The rep forgot to check out, and the visit was closed for him with an unknown stay."""
    return Flag(FlagCode.CLOSED_AUTOMATICALLY, {"minutes": round((closed_at - checked_in_at) / timedelta(minutes=1))})


def photo_seen_before(photo_id: int, earlier_id: int, *, how: str, visited_on: date, is_own: bool) -> Flag:
    """A photo that came with another visit before, made on that day; `how`: see `bot.domain.likeness.How`."""
    facts: dict[str, int | float | str] = {
        "photo_id": photo_id,
        "earlier_id": earlier_id,
        "how": how,
        "visited_on": visited_on.isoformat(),
        "whose": "own" if is_own else "other",
    }
    return Flag(FlagCode.PHOTO_SEEN_BEFORE, facts)


def companion_not_there(person_id: int, name: str, metres: float | None = None) -> Flag:
    """Who was named as companion says that he was not there, or says that he was, with his phone `metres` away."""
    facts: dict[str, int | float | str] = {"person_id": person_id, "name": name}
    return Flag(FlagCode.COMPANION_NOT_THERE, facts if metres is None else {**facts, "distance": round(metres)})


def challenge_unmet(within: timedelta, *, broken: bool = False) -> Flag:
    """The challenge was not answered in its time, or with a picture that cannot be opened."""
    facts = {"minutes": within // timedelta(minutes=1), "why": "broken" if broken else "none"}
    return Flag(FlagCode.CHALLENGE_UNMET, facts)
