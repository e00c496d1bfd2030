"""A flag that is raised on a visit after it was sent: kept with it, counted for its day, and put before its manager."""

from dataclasses import replace

from bot.domain.flags import Flag
from bot.services import reviews
from bot.services.turn import Turn
from storage import people, totals, visits


def raise_on(turn: Turn, visit_id: int, flag: Flag) -> bool:
    """Add the flag to an open or sent visit; False where one of its kind is there: of this photo, or this person."""
    visit = visits.get_to_change(turn.connection, visit_id)
    kind = _kind(flag)
    if any(_kind(raised) == kind for raised in visit.flags):
        return False
    flagged = replace(visit, flags=(*visit.flags, flag))
    visits.change(turn.connection, visit_id, flags=visits.flags_json(flagged.flags), is_flagged=True)
    row = visits.get_row(turn.connection, visit_id)
    if row.state != "sent":
        return True
    if not visit.flags and not visit.is_remote:
        totals.add_flagged(turn.connection, visit.person_id, row.visited_on)
    reviews.begin(turn, flagged, people.get(turn.connection, visit.person_id))
    return True


def _kind(flag: Flag) -> tuple[str, object]:
    return flag.code, flag.facts.get("photo_id", flag.facts.get("person_id"))
