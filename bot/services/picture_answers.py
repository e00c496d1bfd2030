"""What is said of a picture that somebody had checked: all of it to who may see the visit, to others if it is valid."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.domain.people import Person, Role
from bot.media.alteration import Altered
from bot.services.seals import Judged
from bot.services.turn import Turn
from storage import people, signing, visits
from storage.database import Row


class Outcome(StrEnum):
    """What a check comes to."""

    ORIGINAL = "original"  # as the rep's telephone sent it, byte for byte
    BYTES = "bytes"  # our marked copy, byte for byte
    SAME = "same"  # compressed or resized
    CUT = "cut"
    ALTERED = "altered"
    OTHER = "other"  # our code on something else
    GONE = "gone"  # the code is ours; what we kept is not there to compare with
    CODE = "code"  # only the code was seen
    NOT_OURS = "not_ours"
    NO_CODE = "no_code"
    UNREADABLE = "unreadable"


AS_KEPT = frozenset((Outcome.ORIGINAL, Outcome.BYTES, Outcome.SAME))


@dataclass(frozen=True)
class Found:
    """The outcome, the stored photo if there is one, how it was altered, and the pictures that show it, by key.

    `by_looks`: no code could be read on it, and it was known by what it shows.
    """

    outcome: Outcome
    photo: Row[Any] | None = None
    altered: Altered | None = None
    shown: tuple[str, ...] = ()
    reason: str = ""
    by_looks: bool = False


def of_code(judged: Judged | None) -> Found:
    """What the code alone tells."""
    if judged is None:
        return Found(Outcome.NO_CODE)
    if judged.photo is None:
        return Found(Outcome.NOT_OURS)
    return Found(Outcome.CODE, judged.photo, shown=_kept(judged.photo))


def of_comparison(photo: Row[Any], altered: Altered, difference: str | None) -> Found:
    """What the comparison tells; `difference` is the key of the picture that shows it."""
    if altered.is_ours_bytes:
        return Found(Outcome.BYTES, photo)
    if altered.is_other:
        return Found(Outcome.OTHER, photo, altered, _kept(photo))
    shown = (difference,) if difference is not None else ()
    if altered.areas:
        return Found(Outcome.ALTERED, photo, altered, (*shown, *_kept(photo)))
    return Found(Outcome.CUT if altered.cut else Outcome.SAME, photo, altered, shown)


def _kept(photo: Row[Any]) -> tuple[str, ...]:
    return (photo.sendable,) if photo.sendable else ()


def tell(turn: Turn, check_id: int, found: Found) -> None:
    """Answer who asked, with as much as he may know."""
    check = signing.get_check(turn.connection, check_id)
    photo_id = found.photo.id if found.photo is not None else None
    signing.end_check(turn.connection, check_id, outcome=found.outcome.value, photo_id=photo_id)
    reader = people.find(turn.connection, check.person_id) if check.person_id is not None else None
    is_member = reader is not None and reader.active and bool(reader.roles)
    about = {"language": check.language, "outcome": found.outcome.value, "member": is_member}
    about["rep"] = is_member and reader is not None and Role.REP in reader.roles
    if found.photo is None:
        turn.say_in(check.chat_id, f"verify/{_word(found.outcome)}", reason=found.reason, **about)
        return
    author = people.get(turn.connection, found.photo.person_id)
    if is_member and reader is not None and reader.may_see(author):
        shown = {"photos": list(found.shown)} if found.shown else {}
        facts = _facts(turn, found.photo, author)
        turn.say_in(check.chat_id, "verify/photo", **about, **facts, **_changes(found), **shown)
    else:
        company = people.find_company(turn.connection)
        received_at = found.photo.received_at.isoformat() if is_member else None
        valid = found.outcome in AS_KEPT
        turn.say_in(check.chat_id, "verify/brief", **about, company=company, valid=valid, received_at=received_at)


def _word(outcome: Outcome) -> str:
    return outcome.value if outcome in (Outcome.NOT_OURS, Outcome.UNREADABLE) else Outcome.NO_CODE.value


def _facts(turn: Turn, photo: Row[Any], author: Person) -> dict[str, Any]:
    """Whose, which visit, when and where: what stands on the band."""
    row = visits.get_row(turn.connection, photo.visit_id)
    customer = visits.get(turn.connection, photo.visit_id).customer
    return {
        "name": author.name,
        "customer": customer.name,
        "address": customer.address,
        "latitude": row.latitude,
        "longitude": row.longitude,
        "received_at": photo.received_at.isoformat(),
        "visit_id": photo.visit_id,
        "photo_id": photo.id,
    }


def _changes(found: Found) -> dict[str, Any]:
    altered = found.altered or Altered()
    largest = max((area.share for area in altered.areas), default=0.0)
    return {
        "cut": altered.cut,
        "framed": altered.is_framed,
        "places": len(altered.areas),
        "largest": max(1, round(largest * 100)),
        "brighter": altered.brighter,
        "by_looks": found.by_looks,
    }
