"""Writes down who changed what: one call, in the transaction of the change itself."""

from typing import Any

from bot.domain.audit import Area, check_content
from bot.services.turn import Turn
from storage import audit as stored


def note(
    turn: Turn, area: Area, what: str, subject: str, old: Any = None, new: Any = None, *, by: int | None = None
) -> None:
    """Add an entry: `what` is one of `ACTS[area]`, `subject` a policy's key or `kind:id`, `old` and `new` JSON values.

    People, teams and lists are named by `person:3`, `team:2`, `import:1`, never by their names, so that a name can be
    erased. `by` is a person's id where nobody acts in this turn, as in a job. Raises ValueError for what must not
    be kept for ever: a phone, a token, a coordinate.
    """
    check_content(area, what, old, new)
    if by is None and turn.visitor is not None:
        by = turn.visitor.id
    stored.add(
        turn.connection, at=turn.now, person_id=by, area=area.value, what=what, subject=subject, old=old, new=new
    )
