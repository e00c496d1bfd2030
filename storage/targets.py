"""Targets: what holds for some levels on a day, and every change kept."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, insert, or_, select

from bot.domain.target import Key, Level, Measure, Period, Scope
from storage.tables import TargetRow, table

TARGET = table(TargetRow)


def add(connection: Connection, key: Key, value: int | None, *, from_on: date, by: int, now: datetime) -> None:
    """Keep a target that holds from a day on; None takes the level's own away."""
    level, measure, period = key
    values: dict[str, Any] = {
        "scope": level.scope.value,
        "subject": level.subject,
        "measure": measure.value,
        "period": period.value,
    }
    values |= {"from_on": from_on, "value": value, "set_by": by, "set_at": now}
    connection.execute(insert(TARGET).values(values))


def list_of(connection: Connection, levels: Iterable[Level], on: date) -> dict[Key, tuple[int, date]]:
    """What is set at these levels and holds on a day, with the day since when."""
    # SQLite looks pairs in a list up by no index, but each of a few conditions
    at = or_(*((TARGET.c.scope == level.scope.value) & (TARGET.c.subject == level.subject) for level in levels))
    has_come = (at, TARGET.c.from_on <= on)
    held: dict[Key, tuple[int, date]] = {}
    for row in connection.execute(select(TARGET).where(*has_come).order_by(TARGET.c.from_on, TARGET.c.id)):
        key = (Level(Scope(row.scope), row.subject), Measure(row.measure), Period(row.period))
        if row.value is None:
            held.pop(key, None)
        else:
            held[key] = (row.value, row.from_on)
    return held


def list_coming(
    connection: Connection, level: Level, after: date
) -> dict[tuple[Measure, Period], tuple[int | None, date]]:
    """What is set at a level for later: the next change of each measure and period, with its day."""
    coming: dict[tuple[Measure, Period], tuple[int | None, date]] = {}
    at = (TARGET.c.scope == level.scope.value, TARGET.c.subject == level.subject, TARGET.c.from_on > after)
    for row in connection.execute(select(TARGET).where(*at).order_by(TARGET.c.from_on.desc(), TARGET.c.id)):
        coming[Measure(row.measure), Period(row.period)] = (row.value, row.from_on)
    return coming
