"""Corrections of the calendars: every one is kept, the last word on a day holds."""

from datetime import date, datetime

from sqlalchemy import Connection, insert, select

from bot.domain.corrections import Correction, Corrections, Verdict
from storage.prepared import Prepared
from storage.remembered import Remembered, one_by_one
from storage.tables import CalendarChangeRow, PersonRow, table

CHANGE, PERSON = table(CalendarChangeRow), table(PersonRow)
_NEWEST = Prepared(select(CHANGE.c.id, CHANGE.c.changed_at).order_by(CHANGE.c.id.desc()).limit(1))


def remembered() -> Remembered[Corrections]:
    """The corrections, read again only after a change."""
    return Remembered(_NEWEST, read)


def read(connection: Connection) -> Corrections:
    """The corrections as they stand now, whatever anybody remembers."""
    statement = select(CHANGE, PERSON.c.name.label("by")).join(PERSON, PERSON.c.id == CHANGE.c.changed_by)
    return Corrections(
        Correction(row.country, row.first_on, row.last_on, Verdict(row.verdict), row.called, row.by, row.changed_at)
        for row in connection.execute(statement.order_by(CHANGE.c.id))
    )


def take_turns(connection: Connection) -> None:
    """Let one change at a time be decided and committed."""
    one_by_one(connection, CHANGE)


def record(
    connection: Connection,
    country: str,
    days: tuple[date, date],
    verdict: Verdict,
    *,
    called: str,
    by: int,
    at: datetime,
) -> None:
    """Keep what was said of the days from the first to the last."""
    values = {"country": country, "first_on": days[0], "last_on": days[1], "verdict": verdict.value, "called": called}
    connection.execute(insert(CHANGE).values(values | {"changed_by": by, "changed_at": at}))


def list_zones(connection: Connection) -> list[str]:
    """The time zones in which people work."""
    statement = select(PERSON.c.time_zone).where(PERSON.c.status == "active").distinct()
    return sorted(connection.execute(statement).scalars())
