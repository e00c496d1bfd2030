"""The schema: every table of Rounds, as SQLModel classes; queries use Core statements on them."""

from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    BigInteger,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

BigId = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts up only in INTEGER keys


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant; SQLite keeps no zone, so it is put back when it is read."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("an instant needs a time zone")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _id() -> Any:
    return Field(default=None, sa_column=Column(BigId, primary_key=True, autoincrement=True))


def _instant(*, null: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Instant, nullable=null, index=index))


def _big(*, null: bool = False, index: bool = False, unique: bool = False) -> Any:
    return Field(default=None, sa_column=Column(BigInteger, nullable=null, index=index, unique=unique))


def _ref(target: str, *, null: bool = False, index: bool = False) -> Any:
    return Field(default=None, sa_column=Column(BigId, ForeignKey(f"{target}.id"), nullable=null, index=index))


def _json(*, null: bool = False) -> Any:
    return Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=null))


def _text(*, null: bool = False) -> Any:
    return Field(default=None, sa_column=Column(Text, nullable=null))


# --- the way of an update ---------------------------------------------------------------------


class InboxRow(SQLModel, table=True):
    """An update as Telegram sent it; `state` is waiting, done or quarantined; `lane` is the chat whose order it keeps."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("update_id"),
        Index(
            "inbox_waiting", "seq", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
        ),
    )
    seq: int = _id()
    update_id: int = _big()
    lane: int = _big()
    raw: str = _text()
    received_at: datetime = _instant(index=True)
    state: str = "waiting"
    attempts: int = 0
    error: str | None = None


class OutboxRow(SQLModel, table=True):
    """A message to be said; `state` is waiting, sending, sent, superseded, parked or refused.

    `key` makes it unique, whatever is tried twice. A row with a `slot` is edited into the slot's
    message unless it is `anew`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_open",
            "bulk",
            "id",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "outbox_slot",
            "chat_id",
            "slot",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
        Index(
            "outbox_sending", "id", sqlite_where=text("state = 'sending'"), postgresql_where=text("state = 'sending'")
        ),
    )
    id: int = _id()
    key: str = Field(unique=True)
    chat_id: int = _big(index=True)
    person_id: int | None = _big(null=True)
    message: str
    context: dict[str, Any] = _json()
    slot: str | None = None
    anew: bool = False
    bulk: bool = False
    state: str = "waiting"
    attempts: int = 0
    not_before: datetime | None = _instant(null=True)
    created_at: datetime = _instant()
    sent_at: datetime | None = _instant(null=True)
    message_id: int | None = None
    error: str | None = None


class ShownRow(SQLModel, table=True):
    """Which message of a chat a slot holds."""

    __tablename__ = "shown"
    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    slot: str = Field(primary_key=True)
    message_id: int


class JobRow(SQLModel, table=True):
    """Work to be done off the conversation; `state` is waiting, done or failed."""

    __tablename__ = "job"
    __table_args__ = (
        Index("job_waiting", "id", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
    )
    id: int = _id()
    kind: str
    subject: int = _big()
    state: str = "waiting"
    attempts: int = 0
    not_before: datetime | None = _instant(null=True)
    created_at: datetime = _instant()
    error: str | None = None


class OccurrenceRow(SQLModel, table=True):
    """Something that was due once: inserted in the transaction that posts its message."""

    __tablename__ = "occurrence"
    kind: str = Field(primary_key=True)
    subject: int = Field(sa_column=Column(BigInteger, primary_key=True))
    due_at: datetime = Field(sa_column=Column(Instant, primary_key=True))


class ConversationRow(SQLModel, table=True):
    """A person's place in a flow; the flow begun last is the one that typed words belong to."""

    __tablename__ = "conversation"
    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    flow: str = Field(primary_key=True)
    subject: int = _big()
    revision: int = 0
    step: str = ""
    state: dict[str, Any] = _json()
    begun_at: datetime = _instant()
    turn: int = 0


# --- people -----------------------------------------------------------------------------------


class TeamRow(SQLModel, table=True):
    """A team; `path` holds the ids from the company down (`/1/4/`), so that a subtree is a prefix."""

    __tablename__ = "team"
    id: int = _id()
    name: str
    parent_id: int | None = _ref("team", null=True, index=True)
    path: str = Field(default="", index=True)


class PersonRow(SQLModel, table=True):
    """A person; `roles` is a comma-separated set; `status` is new, active or gone."""

    __tablename__ = "person"
    id: int = _id()
    telegram_id: int = _big(unique=True)
    name: str
    phone: str = ""
    language: str = "en"
    time_zone: str
    roles: str = ""
    team_id: int | None = _ref("team", null=True, index=True)
    status: str = "new"
    reachable: bool = True
    wrong_tokens: int = 0
    locked_until: datetime | None = _instant(null=True)
    joined_at: datetime | None = _instant(null=True)
    seen_at: datetime | None = _instant(null=True)
    digest_due_at: datetime | None = _instant(null=True, index=True)
    brief_due_at: datetime | None = _instant(null=True, index=True)


class InviteRow(SQLModel, table=True):
    """An invite link; only the hash of its token is kept. A `claim` is the first admin's code."""

    __tablename__ = "invite"
    id: int = _id()
    token_hash: str = Field(unique=True)
    role: str
    team_id: int | None = _ref("team", null=True)
    created_by: int | None = _ref("person", null=True)
    created_at: datetime = _instant()
    expires_at: datetime | None = _instant(null=True)
    used_by: int | None = _ref("person", null=True)
    used_at: datetime | None = _instant(null=True)


class PolicyChangeRow(SQLModel, table=True):
    """A change of a policy: the newest of a key is its value; `new` None is the default again."""

    __tablename__ = "policy_change"
    id: int = _id()
    key: str = Field(index=True)
    old: str | None = None
    new: str | None = None
    changed_by: int = _ref("person")
    changed_at: datetime = _instant()
    undoes: int | None = _big(null=True)


# --- customers --------------------------------------------------------------------------------


class CustomerRow(SQLModel, table=True):
    """A customer; position in WGS-84, beside it the raw numbers and the datum that they came in.

    `position_from` is import or proposed (by a visit); `is_new` means met on the street, not brought in by a list.
    """

    __tablename__ = "customer"
    __table_args__ = (
        Index("customer_position", "latitude", "longitude"),
        Index("customer_due", "owner_id", "due_on"),
    )
    id: int = _id()
    external_id: str | None = Field(default=None, unique=True)
    name: str = Field(index=True)
    aliases: list[str] = _json()
    grade: str | None = None
    class_: str | None = None
    tags: list[str] = _json()
    industry: str = ""
    region: str = ""
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    datum: str | None = None
    given_latitude: float | None = None
    given_longitude: float | None = None
    position_from: str | None = None
    fence_radius: float | None = None
    contact_name: str = ""
    phone: str = ""
    note: str = _text()
    search_text: str = _text()
    owner_id: int | None = _ref("person", null=True)
    created_by: int | None = _ref("person", null=True)
    created_at: datetime = _instant()
    last_visit_at: datetime | None = _instant(null=True)
    due_on: date | None = None
    is_new: bool = False


class SearchKeyRow(SQLModel, table=True):
    """A beginning that finds a customer: a part of his name, its pinyin, its initials, an alias, a phone, a tag.

    Compared by bytes, or a search could not be a range of the primary key.
    """

    __tablename__ = "search_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: str = Field(sa_column=Column(Text().with_variant(Text(collation="C"), "postgresql"), primary_key=True))
    customer_id: int = Field(sa_column=Column(BigId, ForeignKey("customer.id"), primary_key=True, index=True))


class ImportRow(SQLModel, table=True):
    """A customer list that somebody sent, from its upload on, and so the history of imports.

    `state` is reading, datum (asked for), preview, applying, applied, unchanged, refused or dropped. `original` is
    the file's blob. `shown` is what the preview says, `fingerprint` stands for everything that it would change;
    `touched` are the ids of the customers that were written.
    """

    __tablename__ = "customer_import"
    id: int = _id()
    person_id: int = _ref("person")
    file_id: str
    file_name: str
    sha256: str = ""
    original: str | None = None
    datum: str | None = None
    state: str = "reading"
    counts: dict[str, Any] = _json(null=True)
    shown: dict[str, Any] = _json(null=True)
    fingerprint: str | None = None
    touched: list[int] = _json(null=True)
    created_at: datetime = _instant()
    applied_at: datetime | None = _instant(null=True)


# --- visits -----------------------------------------------------------------------------------


class SopVersionRow(SQLModel, table=True):
    """A published checklist; a visit keeps the version that it began with."""

    __tablename__ = "sop_version"
    __table_args__ = (UniqueConstraint("type", "version"),)
    id: int = _id()
    type: str
    version: int
    document: dict[str, Any] = _json()
    published_at: datetime = _instant()


class VisitRow(SQLModel, table=True):
    """A visit from check-in to sending; `state` is open, sent or cancelled."""

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_of_person", "person_id", "checked_in_at"),
        Index("visit_of_customer", "customer_id", "checked_in_at"),
        Index(
            "visit_one_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: int = _id()
    person_id: int = _ref("person")
    customer_id: int = _ref("customer")
    type: str
    purpose: str
    sop_version_id: int = _ref("sop_version")
    state: str = "open"
    checked_in_at: datetime = _instant()
    visited_on: date = Field(index=True)
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    live: bool = False
    arrival: str = "cannot_tell"
    distance: float | None = None
    flags: list[Any] = _json()
    reason: str = ""
    again_reason: str = ""
    checked_out_at: datetime | None = _instant(null=True)
    closed_automatically: bool = False
    closes_at: datetime | None = _instant(null=True, index=True)
    remind_at: datetime | None = _instant(null=True, index=True)
    out_latitude: float | None = None
    out_longitude: float | None = None
    result: str | None = None
    words: str | None = _text(null=True)
    next_what: str | None = _text(null=True)
    next_on: date | None = None
    next_time: str | None = None
    no_next_reason: str | None = _text(null=True)
    effectiveness: str | None = None
    late: bool = False
    sent_at: datetime | None = _instant(null=True)


class AnswerRow(SQLModel, table=True):
    """The answer to one item of a visit's checklist; `value` None means skipped."""

    __tablename__ = "visit_answer"
    visit_id: int = Field(sa_column=Column(BigId, ForeignKey("visit.id"), primary_key=True))
    item: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    answered_at: datetime = _instant()


class PhotoRow(SQLModel, table=True):
    """A photo of a visit; `state` is waiting, kept or broken; blobs are named by what is in them."""

    __tablename__ = "photo"
    __table_args__ = (Index("photo_of_visit", "visit_id", "item"),)
    id: int = _id()
    visit_id: int = _ref("visit")
    item: str
    person_id: int = _ref("person")
    file_id: str
    unique_id: str = Field(index=True)
    album: str | None = Field(default=None, index=True)
    as_file: bool = False
    state: str = "waiting"
    sha256: str | None = Field(default=None, index=True)
    original: str | None = None
    marked: str | None = None
    sendable: str | None = None
    width: int | None = None
    height: int | None = None
    received_at: datetime = _instant()
    kept_at: datetime | None = _instant(null=True)


class FollowUpRow(SQLModel, table=True):
    """What was promised, and by when; `state` is open, done or dropped; `moves` keeps every postponement."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("follow_up_of_person", "person_id", "state", "due_on"),
        Index(
            "follow_up_wake", "remind_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
        ),
    )
    id: int = _id()
    person_id: int = _ref("person")
    customer_id: int = _ref("customer", index=True)
    visit_id: int | None = _ref("visit", null=True, index=True)
    what: str = _text()
    due_on: date
    due_time: str | None = None
    state: str = "open"
    reason: str = ""
    remind_at: datetime | None = _instant(null=True)
    remind_kind: str | None = None
    created_at: datetime = _instant()
    closed_at: datetime | None = _instant(null=True)
    moves: list[Any] = _json()


class DayTotalRow(SQLModel, table=True):
    """A rep's day, kept by the transaction that sends a visit."""

    __tablename__ = "day_total"
    person_id: int = Field(sa_column=Column(BigId, ForeignKey("person.id"), primary_key=True))
    on_date: date = Field(primary_key=True, index=True)
    visits: int = 0
    effective: int = 0
    seconds: int = 0
    flagged: int = 0
    late: int = 0


def table(row: type[SQLModel]) -> Table:
    """The Core table of a row class, for statements."""
    return SQLModel.metadata.tables[str(row.__tablename__)]
