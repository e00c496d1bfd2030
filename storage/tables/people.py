"""People, teams, invites, and the changes of the rules that they made."""

from datetime import datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import big, instant, own_id, ref


class TeamRow(SQLModel, table=True):
    """A team; `path` holds the ids from the company down (`/1/4/`), so that a subtree is a prefix.

    The first team is the company; `founded_at` is when it began here, None where nobody wrote that down.
    """

    __tablename__ = "team"
    id: int = own_id()
    name: str
    parent_id: int | None = ref("team", null=True, index=True)
    path: str = Field(default="", index=True)
    founded_at: datetime | None = instant(null=True)


class PersonRow(SQLModel, table=True):
    """A person; `roles` is a comma-separated set; `status` is new, active or gone."""

    __tablename__ = "person"
    # A large team is counted in the index alone; the id is SQLite's own part of it, and has to be said to PostgreSQL
    __table_args__ = (Index("person_of_team", "team_id", "status", "roles", "reachable", "id"),)
    id: int = own_id()
    telegram_id: int = big(unique=True)
    name: str
    phone: str = ""
    language: str = "en"
    time_zone: str
    roles: str = ""
    team_id: int | None = ref("team", null=True)
    status: str = "new"
    reachable: bool = True
    wrong_tokens: int = 0
    locked_until: datetime | None = instant(null=True)
    joined_at: datetime | None = instant(null=True)
    seen_at: datetime | None = instant(null=True)
    digest_due_at: datetime | None = instant(null=True, index=True)
    brief_due_at: datetime | None = instant(null=True, index=True)


class InviteRow(SQLModel, table=True):
    """An invite link; only the hash of its token is kept. A `claim` is the first admin's code."""

    __tablename__ = "invite"
    id: int = own_id()
    token_hash: str = Field(unique=True)
    role: str
    team_id: int | None = ref("team", null=True)
    created_by: int | None = ref("person", null=True)
    created_at: datetime = instant()
    expires_at: datetime | None = instant(null=True)
    used_by: int | None = ref("person", null=True)
    used_at: datetime | None = instant(null=True)


class PolicyChangeRow(SQLModel, table=True):
    """A change of a policy: the newest of a key at a level is its value there; `new` None is no value any more.

    The level is `scope` (company, team, grade, type, customer) and `subject`: whose id, which grade, which type.
    """

    __tablename__ = "policy_change"
    id: int = own_id()
    key: str = Field(index=True)
    scope: str = "company"
    subject: str = ""
    old: str | None = None
    new: str | None = None
    changed_by: int = ref("person")
    changed_at: datetime = instant()
    undoes: int | None = big(null=True)
