"""How long flags are held back from the managers of a new company, and what their digest says of it."""

from datetime import date
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.people import Person
from bot.domain.transition import ends_on, is_held_back
from bot.services.turn import Turn
from storage import people


def end_for(turn: Turn, person: Person) -> date | None:
    """The first local day whose flags a manager sees, in this person's zone; None where all are shown."""
    return ends_on(people.find_founding(turn.connection), person.zone, turn.policy)


def hides(turn: Turn, rep: Person) -> bool:
    """Whether the flags of a visit of today are the rep's alone."""
    return is_held_back(local_date(turn.now, rep.zone), end_for(turn, rep))


def notice(turn: Turn, manager: Person, ends: date | None) -> dict[str, Any] | None:
    """What the digest says while it lasts: until when, and for how many days yet."""
    left = (ends - local_date(turn.now, manager.zone)).days if ends is not None else 0
    return {"ends": ends.isoformat(), "days": left} if ends is not None and left > 0 else None
