"""Visits with their checklists, answers, photos and follow-ups, and what they add up to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, ForeignKey, Index, Integer, UniqueConstraint, false, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, big, instant, json, long_text, own_id, ref

WAITS = "state IN ('waiting', 'appealed')"  # of a review: for a manager


class SopVersionRow(SQLModel, table=True):
    """A published checklist; a visit keeps the version that it began with.

    `published_by` is None for what Rounds brought along. Of a type that is not in use any more the newest version is
    withdrawn.
    """

    __tablename__ = "sop_version"
    __table_args__ = (UniqueConstraint("type", "version"),)
    id: int = own_id()
    type: str
    version: int
    document: dict[str, Any] = json()
    published_at: datetime = instant()
    published_by: int | None = big(null=True)
    withdrawn_at: datetime | None = instant(null=True)
    withdrawn_by: int | None = big(null=True)


class SopDraftRow(SQLModel, table=True):
    """A checklist that is being written, one a type, shared by the admins; `revision` rises with every change."""

    __tablename__ = "sop_draft"
    __table_args__ = (UniqueConstraint("type"),)
    id: int = own_id()
    type: str
    document: dict[str, Any] = json()
    revision: int = 1
    changed_by: int = ref("person")
    changed_at: datetime = instant()


class VisitRow(SQLModel, table=True):
    """A visit from check-in to sending; `state` is open, sent or cancelled.

    `covered` are the seconds that a live location shows him inside the fence, where he checked out by it. `level` and
    `facts` are the evidence as it was judged at sending. `pin_…` is where the customer was taken to be at check-in.
    """

    __tablename__ = "visit"
    __table_args__ = (
        Index("visit_of_person", "person_id", "checked_in_at"),
        Index("visit_of_day", "person_id", "visited_on", "checked_in_at"),
        Index("visit_of_customer", "customer_id", "checked_in_at"),
        Index(
            "visit_one_open",
            "person_id",
            unique=True,
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
        Index(
            "visit_flagged",
            "visited_on",
            "person_id",
            "customer_id",
            sqlite_where=text("is_flagged"),
            postgresql_where=text("is_flagged"),
        ),
    )
    id: int = own_id()
    person_id: int = ref("person")
    customer_id: int = ref("customer")
    type: str
    purpose: str
    sop_version_id: int = ref("sop_version")
    state: str = "open"
    checked_in_at: datetime = instant()
    visited_on: date
    latitude: float | None = None
    longitude: float | None = None
    accuracy: float | None = None
    live: bool = False
    arrival: str = "cannot_tell"
    distance: float | None = None
    flags: list[Any] = json()
    is_flagged: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    reason: str = ""
    again_reason: str = ""
    checked_out_at: datetime | None = instant(null=True)
    closed_automatically: bool = False
    closes_at: datetime | None = instant(null=True, index=True)
    remind_at: datetime | None = instant(null=True, index=True)
    pin_latitude: float | None = None
    pin_longitude: float | None = None
    out_latitude: float | None = None
    out_longitude: float | None = None
    covered: int | None = None
    level: int | None = None
    facts: list[Any] | None = json(null=True)
    result: str | None = None
    words: str | None = long_text(null=True)
    next_what: str | None = long_text(null=True)
    next_on: date | None = None
    next_time: str | None = None
    no_next_reason: str | None = long_text(null=True)
    effectiveness: str | None = None
    late: bool = False
    sent_at: datetime | None = instant(null=True)


class AnswerRow(SQLModel, table=True):
    """The answer to one item of a visit's checklist; `value` None means skipped."""

    __tablename__ = "visit_answer"
    visit_id: int = Field(sa_column=Column(BigId, ForeignKey("visit.id"), primary_key=True))
    item: str = Field(primary_key=True)
    value: Any = Field(default=None, sa_column=Column(JSON(none_as_null=True), nullable=True))
    answered_at: datetime = instant()


class AnswerFactRow(SQLModel, table=True):
    """Where an answer of a sent visit is found by what was asked; what was answered stands in `visit_answer`.

    `item` is the item's id in its SOP, `entry` the product or rival of a group that it was asked about (else empty),
    `team_id` the team that the rep was in when he sent it (0: none).
    """

    __tablename__ = "answer_fact"
    type: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    team_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    visit_id: int = Field(sa_column=Column(BigId, ForeignKey("visit.id"), primary_key=True, autoincrement=False))
    entry: str = Field(primary_key=True)


class AnswerDayRow(SQLModel, table=True):
    """What a team's answers to an item add up to on a day, by version: a month of 10,000 reps is some thousand rows.

    The row whose `choice` is empty counts every answer, and sums the amounts; beside it stands one for each choice that
    was made ("yes" and "no" of a yes/no).
    """

    __tablename__ = "answer_day"
    type: str = Field(primary_key=True)
    item: str = Field(primary_key=True)
    on_date: date = Field(primary_key=True)
    team_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    entry: str = Field(primary_key=True)
    choice: str = Field(primary_key=True)
    sop_version_id: int = Field(
        sa_column=Column(BigId, ForeignKey("sop_version.id"), primary_key=True, autoincrement=False)
    )
    answers: int
    total: float | None = None
    least: float | None = None
    most: float | None = None


class PhotoRow(SQLModel, table=True):
    """A photo of a visit; `state` is waiting, kept or broken; blobs are named by what is in them.

    A photo that the rep takes back counts as broken. `looked_at` is when it became one that others are compared with.
    """

    __tablename__ = "photo"
    __table_args__ = (
        Index("photo_of_visit", "visit_id", "item"),
        Index("photo_marked", "marked"),
        Index("photo_sendable", "sendable"),
    )
    id: int = own_id()
    visit_id: int = ref("visit")
    item: str
    person_id: int = ref("person")
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
    received_at: datetime = instant()
    kept_at: datetime | None = instant(null=True)
    looked_at: datetime | None = instant(null=True)


class FollowUpRow(SQLModel, table=True):
    """What was promised, and by when; `state` is open, done or dropped; `moves` keeps every postponement."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("follow_up_of_person", "person_id", "state", "due_on"),
        Index(
            "follow_up_wake", "remind_at", sqlite_where=text("state = 'open'"), postgresql_where=text("state = 'open'")
        ),
        Index(
            "follow_up_due",
            "due_on",
            "person_id",
            sqlite_where=text("state = 'open'"),
            postgresql_where=text("state = 'open'"),
        ),
    )
    id: int = own_id()
    person_id: int = ref("person")
    customer_id: int = ref("customer", index=True)
    visit_id: int | None = ref("visit", null=True, index=True)
    what: str = long_text()
    due_on: date
    due_time: str | None = None
    state: str = "open"
    reason: str = ""
    remind_at: datetime | None = instant(null=True)
    remind_kind: str | None = None
    created_at: datetime = instant()
    closed_at: datetime | None = instant(null=True)
    moves: list[Any] = json()


class DayTotalRow(SQLModel, table=True):
    """A rep's day, kept by the transaction that sends a visit; it counts for the `team_id` that he was in (0: none).

    `firsts` are visits to customers whom nobody had visited before.
    """

    __tablename__ = "day_total"
    person_id: int = Field(sa_column=Column(BigId, ForeignKey("person.id"), primary_key=True))
    on_date: date = Field(primary_key=True, index=True)
    visits: int = 0
    effective: int = 0
    seconds: int = 0
    flagged: int = 0
    late: int = 0
    firsts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))
    team_id: int = Field(default=0, sa_column=Column(BigId, nullable=False, server_default="0"))


class TeamDayRow(SQLModel, table=True):
    """A team's day, the sum of its reps' days: a digest of a thousand reps reads a hundred rows; `reps` had visits."""

    __tablename__ = "team_day"
    team_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    on_date: date = Field(primary_key=True)
    reps: int = 0
    visits: int = 0
    effective: int = 0
    seconds: int = 0
    flagged: int = 0
    late: int = 0
    firsts: int = Field(default=0, sa_column=Column(Integer, nullable=False, server_default="0"))


class ReviewRow(SQLModel, table=True):
    """How the review of a flagged visit stands: waiting, asked, accepted, rejected or appealed.

    `verdict` is what the visit counted as before it was rejected.
    """

    __tablename__ = "visit_review"
    __table_args__ = (
        Index(
            "review_waiting",
            "person_id",
            "visit_id",
            sqlite_where=text(WAITS),
            postgresql_where=text(WAITS),
        ),
    )
    visit_id: int = Field(sa_column=Column(BigId, ForeignKey("visit.id"), primary_key=True, autoincrement=False))
    person_id: int = ref("person")
    state: str
    verdict: str | None = None
    changed_at: datetime = instant()


class ReviewNoteRow(SQLModel, table=True):
    """What somebody did or said in a review; only added to. `person_id` None: flags were raised by the rules."""

    __tablename__ = "review_note"
    __table_args__ = (Index("review_note_of_visit", "visit_id", "id"),)
    id: int = own_id()
    visit_id: int = ref("visit")
    act: str
    person_id: int | None = ref("person", null=True)
    words: str = long_text()
    photo_id: int | None = ref("photo", null=True)
    at: datetime = instant()
