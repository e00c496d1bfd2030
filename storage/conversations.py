"""Where each person stands: at most one place per flow, the one begun last is current."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from storage.prepared import Prepared
from storage.tables import ConversationRow, table

PLACE = table(ConversationRow)
_CURRENT = Prepared(
    select(PLACE).where(PLACE.c.person_id == bindparam("of_person")).order_by(PLACE.c.turn.desc()).limit(1)
)
_OF_FLOW = Prepared(
    select(PLACE).where(PLACE.c.person_id == bindparam("of_person"), PLACE.c.flow == bindparam("of_flow"))
)
_INSERT = insert(PLACE)
_SAVE = Prepared(
    update(PLACE)
    .where(PLACE.c.person_id == bindparam("of_person"), PLACE.c.flow == bindparam("of_flow"))
    .values(state=bindparam("new_state"), step=bindparam("new_step"), revision=PLACE.c.revision + 1)
)


@dataclass(frozen=True)
class Place:
    """A person's place in a flow: about which subject, how often it moved on, and what the flow keeps meanwhile."""

    person_id: int
    flow: str
    subject: int
    revision: int
    step: str
    state: dict[str, Any]

    @property
    def at(self) -> dict[str, Any]:
        """What a button of this place carries."""
        return {"flow": self.flow, "subject": self.subject, "revision": self.revision}


def begin(
    connection: Connection, person_id: int, flow: str, now: datetime, *, subject: int = 0, state: dict[str, Any]
) -> Place:
    """Take up a flow anew; an unfinished one of the same kind is forgotten."""
    newest = select(func.coalesce(func.max(PLACE.c.turn), 0)).where(PLACE.c.person_id == person_id)
    turn = connection.execute(newest).scalar_one() + 1
    end(connection, person_id, flow)
    # the revision starts from the turn, so that buttons of a forgotten flow do not fit the new one
    row = {"person_id": person_id, "flow": flow, "subject": subject, "revision": turn * 1000, "step": ""}
    connection.execute(_INSERT, {**row, "state": state, "begun_at": now, "turn": turn})
    return Place(person_id, flow, subject, turn * 1000, "", state)


def save(connection: Connection, place: Place, state: dict[str, Any], step: str = "") -> Place:
    """Move on: buttons shown before this carry an older revision."""
    values = {"of_person": place.person_id, "of_flow": place.flow, "new_state": state, "new_step": step}
    _SAVE.run(connection, **values)
    return replace(place, state=state, step=step, revision=place.revision + 1)


def raise_up(connection: Connection, place: Place) -> None:
    """Make a flow the current one again."""
    newest = select(func.max(PLACE.c.turn)).where(PLACE.c.person_id == place.person_id).scalar_subquery()
    this = (PLACE.c.person_id == place.person_id) & (PLACE.c.flow == place.flow)
    connection.execute(update(PLACE).where(this).values(turn=newest + 1))


def end(connection: Connection, person_id: int, flow: str) -> bool:
    """Leave a flow; False when there was none."""
    gone = connection.execute(delete(PLACE).where(PLACE.c.person_id == person_id, PLACE.c.flow == flow))
    return gone.rowcount > 0


def end_all(connection: Connection, person_id: int, *, but: str) -> None:
    """Leave every flow but one."""
    connection.execute(delete(PLACE).where(PLACE.c.person_id == person_id, PLACE.c.flow != but))


def find_current(connection: Connection, person_id: int) -> Place | None:
    """The flow that typed words belong to."""
    return _place(_CURRENT.first(connection, of_person=person_id))


def find(connection: Connection, person_id: int, flow: str) -> Place | None:
    """The person's place in one flow."""
    return _place(_OF_FLOW.first(connection, of_person=person_id, of_flow=flow))


def _place(row: Row[Any] | None) -> Place | None:
    return Place(row.person_id, row.flow, row.subject, row.revision, row.step, row.state) if row is not None else None
