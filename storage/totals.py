"""Totals of a rep's day and of his team's, kept by the transaction that sends a visit."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select, update

from storage.prepared import Prepared
from storage.tables import DayTotalRow, PersonRow, TeamDayRow, table

TOTAL, TEAM_DAY, PERSON = table(DayTotalRow), table(TeamDayRow), table(PersonRow)
_COUNTED = ("visits", "effective", "seconds", "flagged", "late", "firsts")
_TEAM = select(func.coalesce(PERSON.c.team_id, 0)).where(PERSON.c.id == bindparam("person_id")).scalar_subquery()
# A rep who changes his team in the middle of a day: the day stays with the team that it began in.
_ADD = Prepared(
    lambda insert: (
        (
            given := insert(TOTAL).values(
                {name: bindparam(name) for name in ("person_id", "on_date", *_COUNTED)} | {"team_id": _TEAM}
            )
        )
        .on_conflict_do_update(
            index_elements=["person_id", "on_date"],
            set_={name: TOTAL.c[name] + given.excluded[name] for name in _COUNTED},
        )
        .returning(TOTAL.c.team_id, TOTAL.c.visits)
    )
)
_SUMMED = ("reps", *_COUNTED)
_ADD_TO_TEAM = Prepared(
    lambda insert: (
        given := insert(TEAM_DAY).values({name: bindparam(name) for name in ("team_id", "on_date", *_SUMMED)})
    ).on_conflict_do_update(
        index_elements=["team_id", "on_date"],
        set_={name: TEAM_DAY.c[name] + given.excluded[name] for name in _SUMMED},
    )
)


def add_visit(
    connection: Connection,
    person_id: int,
    on_date: date,
    *,
    effective: bool,
    seconds: int,
    flagged: bool,
    late: bool,
    first: bool = False,
) -> None:
    """Count a sent visit to the local day on which it was made; `seconds` is the stay, 0 while unknown.

    `first`: nobody had visited the customer before.
    """
    values = {
        "visits": 1,
        "effective": int(effective),
        "seconds": seconds,
        "flagged": int(flagged),
        "late": int(late),
        "firsts": int(first),
    }
    day = _ADD.one(connection, person_id=person_id, on_date=on_date, **values)
    _ADD_TO_TEAM.run(connection, team_id=day.team_id, on_date=on_date, reps=int(day.visits == 1), **values)


def count_effective(connection: Connection, person_id: int, on_date: date, by: int) -> None:
    """A visit of that day turned out to be effective after all (`by` 1), or not to be (-1)."""
    day = (TOTAL.c.person_id == person_id) & (TOTAL.c.on_date == on_date)
    changed = update(TOTAL).where(day).values(effective=TOTAL.c.effective + by).returning(TOTAL.c.team_id)
    of_team = (TEAM_DAY.c.team_id == connection.execute(changed).scalar_one()) & (TEAM_DAY.c.on_date == on_date)
    connection.execute(update(TEAM_DAY).where(of_team).values(effective=TEAM_DAY.c.effective + by))


def add_flagged(connection: Connection, person_id: int, on_date: date) -> None:
    """A visit that was counted already turned out to be one to look at."""
    day = (TOTAL.c.person_id == person_id) & (TOTAL.c.on_date == on_date)
    more = update(TOTAL).where(day).values(flagged=TOTAL.c.flagged + 1).returning(TOTAL.c.team_id)
    of_team = (TEAM_DAY.c.team_id == connection.execute(more).scalar_one()) & (TEAM_DAY.c.on_date == on_date)
    connection.execute(update(TEAM_DAY).where(of_team).values(flagged=TEAM_DAY.c.flagged + 1))


def sum_by_day(connection: Connection, person_ids: Iterable[int], first: date, last: date) -> list[Row[Any]]:
    """Per day with visits of these people, both ends counted: on_date and the sums of what is counted."""
    sums = [func.sum(TOTAL.c[name]).label(name) for name in _COUNTED]
    statement = (
        select(TOTAL.c.on_date, *sums)
        .where(TOTAL.c.person_id.in_(list(person_ids)), TOTAL.c.on_date.between(first, last))
        .group_by(TOTAL.c.on_date)
        .order_by(TOTAL.c.on_date)
    )
    return list(connection.execute(statement))


def sum_by_day_of_teams(connection: Connection, team_ids: Iterable[int], first: date, last: date) -> list[Row[Any]]:
    """The same of whole teams, with `reps` who had visits."""
    sums = [func.sum(TEAM_DAY.c[name]).label(name) for name in _SUMMED]
    of_teams = TEAM_DAY.c.team_id.in_(list(team_ids))
    statement = select(TEAM_DAY.c.on_date, *sums).where(of_teams, TEAM_DAY.c.on_date.between(first, last))
    return list(connection.execute(statement.group_by(TEAM_DAY.c.on_date).order_by(TEAM_DAY.c.on_date)))


def list_of_teams(connection: Connection, team_ids: Iterable[int], on: date) -> list[Row[Any]]:
    """The day of each team that had visits: team_id, reps, visits, effective, seconds, flagged, late, firsts."""
    statement = select(TEAM_DAY).where(TEAM_DAY.c.team_id.in_(list(team_ids)), TEAM_DAY.c.on_date == on)
    return list(connection.execute(statement))
