"""The tree of teams: how many are in each, and how it is changed."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, select, update

from storage.leadership import one_at_a_time
from storage.people import find_team_path
from storage.tables import InviteRow, PersonRow, TeamRow, table

PERSON, TEAM, INVITE = table(PersonRow), table(TeamRow), table(InviteRow)
_STANDS = TEAM.c.deleted_at.is_(None)
_IS_IN = PERSON.c.status.in_(("active", "locked"))


def take_turns(connection: Connection) -> None:
    """Nobody else changes the tree until this transaction ends: two moves together could close a circle."""
    one_at_a_time(connection, "teams")


def find(connection: Connection, team_id: int) -> Row[Any] | None:
    """A team that was not deleted: id, name, parent_id, path."""
    return connection.execute(select(TEAM).where(TEAM.c.id == team_id, _STANDS)).one_or_none()


def count_people(connection: Connection) -> dict[int, int]:
    """How many people are in each team, those below it not counted; teams without any are missing."""
    statement = select(PERSON.c.team_id, func.count().label("people")).where(_IS_IN, PERSON.c.team_id.is_not(None))
    return {row.team_id: row.people for row in connection.execute(statement.group_by(PERSON.c.team_id))}


def count_invites(connection: Connection, team_id: int) -> int:
    """How many invites that nobody has used or revoked lead into a team, expired or not."""
    is_open = INVITE.c.used_at.is_(None) & INVITE.c.revoked_at.is_(None)
    statement = select(func.count()).where(INVITE.c.team_id == team_id, is_open)
    return int(connection.execute(statement).scalar_one())


def rename(connection: Connection, team_id: int, name: str) -> None:
    """Give a team another name."""
    connection.execute(update(TEAM).where(TEAM.c.id == team_id).values(name=name))


def move(connection: Connection, team_id: int, parent_id: int | None) -> None:
    """Put a team and all below it under another one, or at the top."""
    old = find_team_path(connection, team_id)
    new = f"{find_team_path(connection, parent_id) if parent_id is not None else '/'}{team_id}/"
    connection.execute(update(TEAM).where(TEAM.c.id == team_id).values(parent_id=parent_id))
    subtree = TEAM.c.path.startswith(old, autoescape=True)
    connection.execute(update(TEAM).where(subtree).values(path=new + func.substr(TEAM.c.path, len(old) + 1)))


def remove(connection: Connection, team_id: int, now: datetime) -> None:
    """Delete a team in which nobody is; who has left goes to the team above on file, its past stays its own."""
    above = select(TEAM.c.parent_id).where(TEAM.c.id == team_id).scalar_subquery()
    connection.execute(update(PERSON).where(PERSON.c.team_id == team_id).values(team_id=above))
    connection.execute(update(INVITE).where(INVITE.c.team_id == team_id).values(team_id=None))
    connection.execute(update(TEAM).where(TEAM.c.id == team_id).values(deleted_at=now))
