"""The way of an update: inbox, outbox, jobs, occurrences, where each conversation stands, and the bot's own marks."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import Instant, big, instant, json, long_text, own_id

WAITS = "state = 'waiting'"
UNDER_WAY = "state = 'sending'"
ASIDE = "state IN ('quarantined', 'replayed')"


class InboxRow(SQLModel, table=True):
    """An update as Telegram sent it, in the `lane` of its chat; `state` is waiting, done, quarantined or replayed.

    Where several processes share the database, one has it in hand until `claimed_until`; `deaths` counts those who
    died with it.
    """

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("update_id"),
        Index(
            "inbox_waiting", "seq", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")
        ),
        Index("inbox_lane", "lane", "seq", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index("inbox_aside", "seq", sqlite_where=text(ASIDE), postgresql_where=text(ASIDE)),
        {"sqlite_autoincrement": True},  # an id that came again would find its messages posted
    )
    seq: int = own_id()
    update_id: int = big()
    lane: int = big()
    raw: str = long_text()
    received_at: datetime = instant()
    state: str = "waiting"
    attempts: int = 0
    error: str | None = None
    claimed_until: datetime | None = instant(null=True)
    deaths: int = Field(default=0, sa_column_kwargs={"server_default": "0"})


class OutboxRow(SQLModel, table=True):
    """A message to be said; `state` is waiting, sending, sent, superseded, parked or refused.

    `key` makes it unique, whatever is tried twice. A row with a `slot` is edited into the slot's
    message unless it is `anew`. `parts` of a long one have arrived.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("outbox_open", "bulk", "id", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index("outbox_chat", "chat_id", "bulk", "id", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index("outbox_sending", "chat_id", sqlite_where=text(UNDER_WAY), postgresql_where=text(UNDER_WAY)),
    )
    id: int = own_id()
    key: str = Field(unique=True)
    chat_id: int = big()
    person_id: int | None = big(null=True)
    message: str
    context: dict[str, Any] = json()
    slot: str | None = None
    anew: bool = False
    bulk: bool = False
    state: str = "waiting"
    attempts: int = 0
    not_before: datetime | None = instant(null=True)
    created_at: datetime = instant()
    sent_at: datetime | None = instant(null=True)
    message_id: int | None = None
    error: str | None = None
    parts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))


class ShownRow(SQLModel, table=True):
    """Which message of a chat a slot holds."""

    __tablename__ = "shown"
    chat_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    slot: str = Field(primary_key=True)
    message_id: int


class JobRow(SQLModel, table=True):
    """Work to be done off the conversation; `state` is waiting, done or failed; claimed like an update."""

    __tablename__ = "job"
    __table_args__ = (
        Index("job_waiting", "id", sqlite_where=text("state = 'waiting'"), postgresql_where=text("state = 'waiting'")),
        {"sqlite_autoincrement": True},  # an id that came again would find its messages posted
    )
    id: int = own_id()
    kind: str
    subject: int = big()
    state: str = "waiting"
    attempts: int = 0
    not_before: datetime | None = instant(null=True)
    created_at: datetime = instant()
    error: str | None = None
    claimed_until: datetime | None = instant(null=True)


class OccurrenceRow(SQLModel, table=True):
    """Something that was due once: inserted in the transaction that posts its message."""

    __tablename__ = "occurrence"
    kind: str = Field(primary_key=True)
    subject: int = Field(sa_column=Column(BigInteger, primary_key=True))
    due_at: datetime = Field(sa_column=Column(Instant, primary_key=True, index=True))


class ConversationRow(SQLModel, table=True):
    """A person's place in a flow; the flow begun last is the one that typed words belong to."""

    __tablename__ = "conversation"
    person_id: int = Field(sa_column=Column(BigInteger, primary_key=True))
    flow: str = Field(primary_key=True)
    subject: int = big()
    revision: int = 0
    step: str = ""
    state: dict[str, Any] = json()
    begun_at: datetime = instant()
    turn: int = 0


class MarkRow(SQLModel, table=True):
    """A fact that the bot keeps about itself, by name: when, and what more there is to know."""

    __tablename__ = "mark"
    name: str = Field(primary_key=True)
    at: datetime = instant()
    note: dict[str, Any] = json()
