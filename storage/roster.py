"""The people whom an admin or a manager may look up, page by page or by what he types."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, select

from bot.domain.search import normal, words
from storage.leadership import one_at_a_time
from storage.search_keys import search_keys
from storage.tables import PersonRow, TeamRow, table

PERSON, TEAM = table(PersonRow), table(TeamRow)
_JOINED = select(PERSON, TEAM.c.name.label("team_name"), TEAM.c.path).outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
_HERE, _KNOWN = ("active", "locked"), ("active", "locked", "gone")
_LAST_DIGITS = 3  # fewer are half of all phones


def list_page(connection: Connection, team_path: str, *, left: bool, offset: int, limit: int) -> list[Row[Any]]:
    """People of a team and those below it (all for an empty path) by name, or those of them who have left."""
    statement = _within(_JOINED, team_path).where(_standing(left)).order_by(PERSON.c.name, PERSON.c.id)
    return list(connection.execute(statement.offset(offset).limit(limit)))


def count(connection: Connection, team_path: str, *, left: bool) -> int:
    """How many `list_page` has in all."""
    counted = select(func.count()).select_from(PERSON).outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
    return int(connection.execute(_within(counted, team_path).where(_standing(left))).scalar_one())


def find(connection: Connection, team_path: str, typed: str) -> list[Row[Any]]:
    """Everybody whose name, its pinyin, its initials or the end of whose phone fits; those who have left at the end.

    A company's people are a few thousand at most: they are read and compared, an index would have to be kept.
    """
    wanted = words(typed)
    if not wanted:
        return []
    statement = _within(_JOINED, team_path).where(PERSON.c.status.in_(_KNOWN))
    rows = [row for row in connection.execute(statement) if _fits(row, wanted)]
    return sorted(rows, key=lambda row: (row.status == "gone", row.name, row.id))


def count_admins(connection: Connection) -> int:
    """How many active admins there are; until this transaction ends nobody else takes the role from one."""
    one_at_a_time(connection, "admins")
    statement = select(func.count()).where(PERSON.c.roles.contains("admin"), PERSON.c.status == "active")
    return int(connection.execute(statement).scalar_one())


def _fits(row: Row[Any], wanted: tuple[str, ...]) -> bool:
    digits = "".join(character for character in row.phone if character.isdigit())
    joined = "".join(wanted)
    if joined.isdigit() and len(joined) >= _LAST_DIGITS and digits.endswith(joined):
        return True
    if joined in normal(row.name):
        return True
    keys = search_keys(row.name)
    return all(any(word in key for key in keys) for word in wanted)


def _within(statement: Select[Any], team_path: str) -> Select[Any]:
    return statement.where(TEAM.c.path.startswith(team_path, autoescape=True)) if team_path else statement


def _standing(left: bool) -> ColumnElement[bool]:
    return PERSON.c.status.in_(("gone",) if left else _HERE)
