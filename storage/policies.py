"""Policies: every change is kept; the newest of a key at a level is in force there."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select

from bot.domain.policy import Scope
from bot.domain.policy_scopes import COMPANY, Level, Rules
from storage.prepared import Prepared
from storage.remembered import Remembered, one_by_one
from storage.tables import PersonRow, PolicyChangeRow, SopVersionRow, table

CHANGE, PERSON, SOP = table(PolicyChangeRow), table(PersonRow), table(SopVersionRow)
_NEWEST = Prepared(select(CHANGE.c.id, CHANGE.c.changed_at).order_by(CHANGE.c.id.desc()).limit(1))


def remembered() -> Remembered[Rules]:
    """The rules in force, read again only after a change, so that a change takes effect at the next update."""
    return Remembered(_NEWEST, read_rules)


def read_rules(connection: Connection) -> Rules:
    """The rules as they stand now, whatever anybody remembers."""
    return Rules(list_in_force(connection))


def list_in_force(connection: Connection) -> dict[Level, dict[str, str]]:
    """Level → key → stored value, for whatever was set and not taken away again."""
    newest = select(func.max(CHANGE.c.id)).group_by(CHANGE.c.key, CHANGE.c.scope, CHANGE.c.subject)
    rows = connection.execute(
        select(CHANGE.c.scope, CHANGE.c.subject, CHANGE.c.key, CHANGE.c.new).where(CHANGE.c.id.in_(newest))
    )
    stored: dict[Level, dict[str, str]] = {}
    for scope, subject, key, new in rows:
        if new is not None and scope in list(Scope):
            stored.setdefault(Level(Scope(scope), subject), {})[key] = new
    return stored


def in_force(connection: Connection, level: Level = COMPANY) -> dict[str, str]:
    """Key → stored value at one level."""
    return list_in_force(connection).get(level, {})


def take_turns(connection: Connection) -> None:
    """Let one change at a time be decided and committed."""
    one_by_one(connection, CHANGE)


def record(
    connection: Connection,
    *,
    key: str,
    old: str | None,
    new: str | None,
    by: int,
    at: datetime,
    undoes: int | None = None,
    level: Level = COMPANY,
) -> int:
    """Keep a change; `new` None takes the level's own value away."""
    values: dict[str, Any] = {"key": key, "old": old, "new": new, "changed_by": by, "changed_at": at, "undoes": undoes}
    values |= {"scope": level.scope.value, "subject": level.subject}
    return int(connection.execute(insert(CHANGE).values(values).returning(CHANGE.c.id)).scalar_one())


def list_changes(
    connection: Connection,
    *,
    key: str | None = None,
    level: Level | None = None,
    by: int | None = None,
    limit: int = 20,
) -> Sequence[Row[Any]]:
    """The newest changes first, of one key, one level or one person if given, each with the name of who made it."""
    statement = select(CHANGE, PERSON.c.name).join(PERSON, PERSON.c.id == CHANGE.c.changed_by)
    if key is not None:
        statement = statement.where(CHANGE.c.key == key)
    if level is not None:
        statement = statement.where(CHANGE.c.scope == level.scope.value, CHANGE.c.subject == level.subject)
    if by is not None:
        statement = statement.where(CHANGE.c.changed_by == by)
    return connection.execute(statement.order_by(CHANGE.c.id.desc()).limit(limit)).all()


def find_change(connection: Connection, change_id: int) -> Row[Any] | None:
    """One change, with the name of who made it."""
    statement = select(CHANGE, PERSON.c.name).join(PERSON, PERSON.c.id == CHANGE.c.changed_by)
    return connection.execute(statement.where(CHANGE.c.id == change_id)).one_or_none()


def list_types(connection: Connection) -> list[tuple[int, str]]:
    """Each type of visit with a number that stays its own: the id of its first version."""
    rows = connection.execute(select(func.min(SOP.c.id), SOP.c.type).group_by(SOP.c.type).order_by(func.min(SOP.c.id)))
    return [(number, name) for number, name in rows]
