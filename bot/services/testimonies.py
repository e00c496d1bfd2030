"""What witnesses say of a visit: companions and the challenge, as facts of its evidence and as flags."""

from datetime import datetime, timedelta
from typing import Any

from bot.domain.evidence import Fact, FactCode, Witness
from bot.domain.flags import Flag, challenge_unmet
from bot.domain.visit import Visit
from bot.services.turn import Turn
from storage import conversations, people, visits
from storage import witnesses as stored
from storage.database import Row

PLACES = ("challenge", "companion")  # the flows in which a rep is asked about an open visit


def list_of(turn: Turn, visit_id: int) -> tuple[list[Fact], list[Flag]]:
    """Everything that was said by now, the first word first, and what is to be looked at."""
    facts: list[Fact] = []
    flags: list[Flag] = []
    for row in stored.list_of(turn.connection, visit_id):
        if row.state != "answered":
            continue
        if row.kind == Witness.CHALLENGE and _is_broken(turn, row):
            flags.append(challenge_unmet(row.until - row.asked_at, broken=True))
        elif row.kind == Witness.CHALLENGE:
            facts.append(met(row))
        elif is_word_for_him(row):
            facts.append(word_of(turn, row))
    return facts, flags


def is_word_for_him(row: Row[Any]) -> bool:
    """Whether a companion says that the rep was there, and his own phone does not say otherwise of himself."""
    return bool(row.answer == "yes" and not row.facts.get("outside"))


def word_of(turn: Turn, row: Row[Any], later: datetime | None = None) -> Fact:
    """A companion's word; `later` when the report had been sent by then."""
    facts: dict[str, int | float | str] = {"who": Witness.COMPANION.value}
    facts["name"] = people.get(turn.connection, row.person_id).name
    if "metres" in row.facts:
        facts["metres"] = row.facts["metres"]
    return Fact(FactCode.WITNESS, facts if later is None else {**facts, "at": later.isoformat()})


def met(row: Row[Any]) -> Fact:
    """A challenge that was answered in time."""
    facts: dict[str, int | float | str] = {"who": Witness.CHALLENGE.value, "how": row.answer}
    asked_at = row.asked_at.replace(microsecond=0)  # as Telegram dates the answer
    facts["after"] = (row.answered_at - asked_at) // timedelta(seconds=1)
    if "length" in row.facts:
        facts["length"] = row.facts["length"]
    return Fact(FactCode.WITNESS, facts)


def _is_broken(turn: Turn, row: Row[Any]) -> bool:
    return row.photo_id is not None and visits.get_photo(turn.connection, row.photo_id).state == "broken"


def withdraw(turn: Turn, visit: Visit) -> None:
    """The visit is given up: nobody is asked about it any more."""
    stored.withdraw(turn.connection, visit.id)
    for flow in PLACES:
        conversations.end(turn.connection, visit.person_id, flow)
