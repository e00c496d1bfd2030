"""People, teams, invites, and the changes of the rules that they made."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import big, instant, json, own_id, ref

NOT_OVER = "cancelled_at IS NULL"


class TeamRow(SQLModel, table=True):
    """A team; `path` holds the ids from the company down (`/1/4/`), so that a subtree is a prefix.

    The first team is the company; `founded_at` is when it began here, None where nobody wrote that down. A deleted one
    stays: what was done in it is its leaders' above to read, and its id never comes again to a team that would have it.
    """

    __tablename__ = "team"
    id: int = own_id()
    name: str
    parent_id: int | None = ref("team", null=True, index=True)
    path: str = Field(default="", index=True)
    founded_at: datetime | None = instant(null=True)
    deleted_at: datetime | None = instant(null=True)


class PersonRow(SQLModel, table=True):
    """A person; `roles` is a comma-separated set; `status` is new, active, locked (out for now) or gone (has left).

    `block_told_at`: his manager was told that he has blocked the bot; none while he can be reached. `routes_due_at`:
    when the visits of his next week are made; none without routes.
    """

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
    routes_due_at: datetime | None = instant(null=True, index=True)
    block_told_at: datetime | None = instant(null=True)


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
    revoked_by: int | None = big(null=True)
    revoked_at: datetime | None = instant(null=True)


class LeaveRow(SQLModel, table=True):
    """Days on which a person does not work, both ends counted, local to him; a cancelled leave stays on file."""

    __tablename__ = "person_leave"
    __table_args__ = (
        Index(
            "leave_of_person",
            "person_id",
            "last_on",
            "first_on",
            sqlite_where=text(NOT_OVER),
            postgresql_where=text(NOT_OVER),
        ),
    )
    id: int = own_id()
    person_id: int = ref("person")
    first_on: date
    last_on: date
    entered_by: int = ref("person")
    entered_at: datetime = instant()
    cancelled_by: int | None = big(null=True)
    cancelled_at: datetime | None = instant(null=True)


class HandoverRow(SQLModel, table=True):
    """What went from one person to another at once, by ids; `to_id` none where there was nothing to hand over."""

    __tablename__ = "handover"
    id: int = own_id()
    from_id: int = ref("person", index=True)
    to_id: int | None = ref("person", null=True)
    leaves: bool = False
    customers: list[int] = json()
    followups: list[int] = json()
    routes: list[int] = json(null=True)
    done_by: int = ref("person")
    done_at: datetime = instant()


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


class CalendarChangeRow(SQLModel, table=True):
    """What an admin said of a country's days: the last word on a day holds.

    `verdict` is work, off, official (no word of ours any more), or confirmed or open, of the whole year.
    `called` is what a day off is for.
    """

    __tablename__ = "calendar_change"
    id: int = own_id()
    country: str
    first_on: date
    last_on: date
    verdict: str
    called: str = ""
    changed_by: int = ref("person")
    changed_at: datetime = instant()
