"""People, teams and invites."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, func, insert, or_, select, update

from bot.domain.people import Person, roles_of
from storage.leadership import one_at_a_time
from storage.prepared import Prepared
from storage.tables import InviteRow, PersonRow, TeamRow, table

PERSON, TEAM, INVITE = table(PersonRow), table(TeamRow), table(InviteRow)
_STANDS = TEAM.c.deleted_at.is_(None)
_JOINED = select(PERSON, TEAM.c.path).outerjoin(TEAM, TEAM.c.id == PERSON.c.team_id)
_OF_TELEGRAM = _JOINED.where(PERSON.c.telegram_id == bindparam("telegram_id"))
_BY_TELEGRAM = Prepared(_OF_TELEGRAM)
_ACTING = Prepared(_OF_TELEGRAM.with_for_update(of=PERSON, key_share=True))  # SQLite has one writer anyway
SEEN_WITHIN = timedelta(minutes=10)
_SEEN = Prepared(update(PERSON).where(PERSON.c.id == bindparam("of_id")).values(seen_at=bindparam("at")))
_BY_ID = _JOINED.where(PERSON.c.id == bindparam("person_id"))
_IS_OPEN = and_(INVITE.c.used_at.is_(None), INVITE.c.revoked_at.is_(None))


def find_by_telegram(connection: Connection, telegram_id: int) -> Person | None:
    """The person behind a Telegram account."""
    row = _BY_TELEGRAM.first(connection, telegram_id=telegram_id)
    return _person(row) if row is not None else None


def find_acting(connection: Connection, telegram_id: int) -> Person | None:
    """The same, held until the transaction ends: what is worked on for him elsewhere must not cross with his step."""
    row = _ACTING.first(connection, telegram_id=telegram_id)
    return _person(row) if row is not None else None


def see(connection: Connection, person: Person, now: datetime) -> None:
    """Keep when he was seen last, to some minutes: not every update of his is worth a row written."""
    if person.seen_at is None or now - person.seen_at >= SEEN_WITHIN:
        _SEEN.run(connection, of_id=person.id, at=now)


def get_acting(connection: Connection, person_id: int) -> Person:
    """The person with this id, held like one who acts himself."""
    return _person(
        connection.execute(_BY_ID.with_for_update(of=PERSON, key_share=True), {"person_id": person_id}).one()
    )


def find(connection: Connection, person_id: int) -> Person | None:
    """The person with this id, or None."""
    row = connection.execute(_BY_ID, {"person_id": person_id}).one_or_none()
    return _person(row) if row is not None else None


def get(connection: Connection, person_id: int) -> Person:
    """The person with this id; he must be there."""
    return _person(connection.execute(_BY_ID, {"person_id": person_id}).one())


def add(connection: Connection, **values: Any) -> int:
    """Store a person (columns of `PersonRow`) and return his id."""
    defaults = {"phone": "", "roles": "", "status": "new", "reachable": True, "wrong_tokens": 0}
    return int(connection.execute(insert(PERSON).values({**defaults, **values}).returning(PERSON.c.id)).scalar_one())


def change(connection: Connection, person_id: int, **values: Any) -> None:
    """Set columns of a person."""
    connection.execute(update(PERSON).where(PERSON.c.id == person_id).values(values))


def get_row(connection: Connection, person_id: int) -> Row[Any]:
    """All columns of a person, for joining and schedules."""
    return connection.execute(select(PERSON).where(PERSON.c.id == person_id)).one()


def list_in(connection: Connection, team_path: str, role: str | None = None) -> list[Person]:
    """Active people of a team and the teams below it, by name; an empty path means everyone."""
    statement = _JOINED.where(PERSON.c.status == "active").order_by(PERSON.c.name)
    if team_path:
        statement = statement.where(TEAM.c.path.startswith(team_path, autoescape=True))
    people = [_person(row) for row in connection.execute(statement)]
    return [person for person in people if role is None or role in person.roles]


def list_leaders(connection: Connection) -> list[Person]:
    """All active managers and admins, by name."""
    leads = or_(PERSON.c.roles.contains("manager"), PERSON.c.roles.contains("admin"))
    rows = connection.execute(_JOINED.where(PERSON.c.status == "active", leads).order_by(PERSON.c.name))
    return [_person(row) for row in rows]


def list_blocked_untold(connection: Connection) -> list[Person]:
    """Active people who have blocked the bot, and whose managers have not heard of it yet; held until the commit."""
    is_news = (PERSON.c.status == "active", PERSON.c.reachable.is_(False), PERSON.c.block_told_at.is_(None))
    statement = _JOINED.where(*is_news).order_by(PERSON.c.id).with_for_update(of=PERSON, skip_locked=True)
    return [_person(row) for row in connection.execute(statement)]


def list_by_ids(connection: Connection, ids: Iterable[int]) -> dict[int, Person]:
    """People by id."""
    rows = connection.execute(_JOINED.where(PERSON.c.id.in_(list(ids))))
    return {row.id: _person(row) for row in rows}


def _person(row: Row[Any]) -> Person:
    return Person(
        id=row.id,
        telegram_id=row.telegram_id,
        name=row.name,
        phone=row.phone,
        language=row.language,
        time_zone=row.time_zone,
        roles=roles_of(row.roles),
        team_id=row.team_id,
        team_path=row.path or "",
        status=row.status,
        reachable=row.reachable,
        seen_at=row.seen_at,
    )


# --- teams ------------------------------------------------------------------------------------


def add_team(connection: Connection, name: str, parent_id: int | None = None) -> int:
    """Store a team below another one and return its id."""
    parent = find_team_path(connection, parent_id) if parent_id is not None else "/"
    values = {"name": name, "parent_id": parent_id, "path": ""}
    team_id = int(connection.execute(insert(TEAM).values(values).returning(TEAM.c.id)).scalar_one())
    connection.execute(update(TEAM).where(TEAM.c.id == team_id).values(path=f"{parent}{team_id}/"))
    return team_id


def found_company(connection: Connection, name: str, now: datetime | None = None) -> None:
    """The company itself is the first team, above all others; once, however many processes start together."""
    one_at_a_time(connection, "preparing")
    if connection.execute(select(TEAM.c.id).where(_STANDS).limit(1)).first() is None:
        company = add_team(connection, name)
        connection.execute(update(TEAM).where(TEAM.c.id == company).values(founded_at=now))


def find_company(connection: Connection) -> str:
    """The company's name; empty where there is none yet."""
    return str(connection.execute(select(TEAM.c.name).where(_STANDS).order_by(TEAM.c.id).limit(1)).scalar() or "")


def find_founding(connection: Connection) -> datetime | None:
    """When the company began here; None where nobody wrote it down."""
    return connection.execute(select(TEAM.c.founded_at).where(_STANDS).order_by(TEAM.c.id).limit(1)).scalar()


def find_team_path(connection: Connection, team_id: int) -> str:
    """The path of a team."""
    return str(connection.execute(select(TEAM.c.path).where(TEAM.c.id == team_id)).scalar_one())


def find_team(connection: Connection, name: str) -> int | None:
    """A team by its name, in any case."""
    is_it = func.lower(TEAM.c.name) == name.casefold()
    return connection.execute(select(TEAM.c.id).where(is_it, _STANDS)).scalar()


def team_name(connection: Connection, team_id: int) -> str:
    """The name of a team."""
    return str(connection.execute(select(TEAM.c.name).where(TEAM.c.id == team_id)).scalar_one())


def list_teams(connection: Connection) -> list[Row[Any]]:
    """All teams that were not deleted, a parent before its children."""
    return list(connection.execute(select(TEAM).where(_STANDS).order_by(TEAM.c.path)))


# --- invites ----------------------------------------------------------------------------------


def add_invite(connection: Connection, **values: Any) -> int:
    """Store an invite (columns of `InviteRow`)."""
    return int(connection.execute(insert(INVITE).values(values).returning(INVITE.c.id)).scalar_one())


def find_open_invite(connection: Connection, token_hash: str, now: datetime) -> Row[Any] | None:
    """An unused invite that has neither expired nor been revoked."""
    statement = select(INVITE).where(INVITE.c.token_hash == token_hash, _IS_OPEN)
    row = connection.execute(statement).one_or_none()
    return row if row is not None and (row.expires_at is None or row.expires_at > now) else None


def use_invite(connection: Connection, invite_id: int, person_id: int, now: datetime) -> bool:
    """Take an invite; False when somebody took or revoked it before."""
    statement = update(INVITE).where(INVITE.c.id == invite_id, _IS_OPEN)
    return connection.execute(statement.values(used_by=person_id, used_at=now)).rowcount == 1


def has_admin(connection: Connection) -> bool:
    """Whether anyone is admin already."""
    statement = select(PERSON.c.id).where(PERSON.c.roles.contains("admin"), PERSON.c.status == "active").limit(1)
    return connection.execute(statement).first() is not None


def find_claim(connection: Connection) -> Row[Any] | None:
    """The first admin's code, used or not."""
    return connection.execute(select(INVITE).where(INVITE.c.role == "claim").limit(1)).first()


def change_invite(connection: Connection, invite_id: int, **values: Any) -> None:
    """Set columns of an invite."""
    connection.execute(update(INVITE).where(INVITE.c.id == invite_id).values(values))
