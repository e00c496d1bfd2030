"""Invites that are still open, and their end before anybody has used them."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from storage.tables import InviteRow, PersonRow, TeamRow, table

INVITE, PERSON, TEAM = table(InviteRow), table(PersonRow), table(TeamRow)
_UNUSED = (INVITE.c.used_at.is_(None), INVITE.c.revoked_at.is_(None), INVITE.c.role != "claim")
_LISTED = (
    select(INVITE, PERSON.c.name.label("created_by_name"), TEAM.c.name.label("team_name"))
    .outerjoin(PERSON, PERSON.c.id == INVITE.c.created_by)
    .outerjoin(TEAM, TEAM.c.id == INVITE.c.team_id)
)


def list_open(connection: Connection, now: datetime, *, offset: int, limit: int) -> list[Row[Any]]:
    """Invites that still let somebody in, the newest first, with created_by_name and team_name."""
    statement = _LISTED.where(*_UNUSED, _is_young(now)).order_by(INVITE.c.id.desc())
    return list(connection.execute(statement.offset(offset).limit(limit)))


def count_open(connection: Connection, now: datetime) -> int:
    """How many invites still let somebody in."""
    return int(connection.execute(select(func.count()).where(*_UNUSED, _is_young(now))).scalar_one())


def find_open(connection: Connection, invite_id: int, now: datetime) -> Row[Any] | None:
    """One of them by its id."""
    return connection.execute(_LISTED.where(INVITE.c.id == invite_id, *_UNUSED, _is_young(now))).one_or_none()


def revoke(connection: Connection, invite_id: int, by: int, now: datetime) -> bool:
    """End an invite; False when it was used or revoked before."""
    statement = update(INVITE).where(INVITE.c.id == invite_id, *_UNUSED).values(revoked_at=now, revoked_by=by)
    return connection.execute(statement).rowcount == 1


def revoke_of(connection: Connection, person_id: int, by: int, now: datetime) -> list[tuple[int, str]]:
    """End whatever a person has invited with and still lets somebody in; returns each with the role it was for."""
    his = (INVITE.c.created_by == person_id, *_UNUSED, _is_young(now))
    statement = update(INVITE).where(*his).values(revoked_at=now, revoked_by=by)
    return [(row.id, row.role) for row in connection.execute(statement.returning(INVITE.c.id, INVITE.c.role))]


def _is_young(now: datetime) -> Any:
    return or_(INVITE.c.expires_at.is_(None), INVITE.c.expires_at > now)
