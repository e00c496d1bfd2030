"""When something is due next: a brief, a digest, a reminder, the end of a forgotten visit."""

from datetime import datetime

from sqlalchemy import bindparam, func, select, union_all

from storage.database import Connection
from storage.tables import FollowUpRow, PersonRow, VisitRow, table

PERSON, VISIT, FOLLOWUP = table(PersonRow), table(VisitRow), table(FollowUpRow)
_AFTER = bindparam("after", type_=PERSON.c.brief_due_at.type)
_INSTANTS = (
    (PERSON.c.brief_due_at, PERSON.c.status == "active"),
    (PERSON.c.digest_due_at, PERSON.c.status == "active"),
    (FOLLOWUP.c.remind_at, FOLLOWUP.c.state == "open"),
    (VISIT.c.remind_at, VISIT.c.state == "open"),
    (VISIT.c.closes_at, VISIT.c.state == "open"),
)
_NEXT = union_all(*(select(func.min(at)).where(at > _AFTER, still) for at, still in _INSTANTS))


def find_next(connection: Connection, after: datetime) -> datetime | None:
    """The first instant later than `after` at which a tick has something to do; None when nothing is planned."""
    found = connection.execute(_NEXT, {"after": after}).scalars()
    return min((at for at in found if at is not None), default=None)
