"""How long flags are held back from the managers of a new company, and what their digest says of it."""

from datetime import date
from typing import Any

from bot.domain.calendar import local_date
from bot.domain.people import Person
from bot.domain.transition import ends_on
from bot.services.turn import Turn
from storage import people


def end_for(turn: Turn, manager: Person) -> date | None:
    """The first local day whose flags he sees; None where he sees all."""
    return ends_on(people.find_founding(turn.connection), manager.zone, turn.policy)


def notice(turn: Turn, manager: Person, ends: date | None) -> dict[str, Any] | None:
    """What the digest says while it lasts: until when, and for how many days yet."""
    left = (ends - local_date(turn.now, manager.zone)).days if ends is not None else 0
    return {"ends": ends.isoformat(), "days": left} if ends is not None and left > 0 else None
