"""Live locations: who shares where, every place that his phone gave meanwhile, and what he has agreed to."""

from datetime import date, datetime

from sqlalchemy import Column, Index, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, Second, big, instant, own_id, ref

KEPT = "kept_until IS NOT NULL"
LEFT = "left_at IS NOT NULL"


class LocationShareRow(SQLModel, table=True):
    """A live location that a person began, whether anything of it is kept or not; `until` is what his phone says.

    Places are kept only until `kept_until`, and none while it is empty. `awaited`: his next place is for the check-in
    that asks for it. `visit_id` is the open visit that it shows, with the fence (degrees, metres) around the customer;
    since `left_at` he is outside of it, and was `asked` whether he has finished.
    """

    __tablename__ = "location_share"
    __table_args__ = (
        UniqueConstraint("chat_id", "message_id"),
        Index("location_share_of_person", "person_id", "until"),
        Index("location_share_kept_of", "person_id", sqlite_where=text(KEPT), postgresql_where=text(KEPT)),
        Index("location_share_kept", "kept_until", sqlite_where=text(KEPT), postgresql_where=text(KEPT)),
        Index("location_share_left", "left_at", sqlite_where=text(LEFT), postgresql_where=text(LEFT)),
    )
    id: int = own_id()
    person_id: int = ref("person")
    chat_id: int = big()
    message_id: int = big()
    began_at: datetime = instant()
    until: datetime = instant()
    stopped_at: datetime | None = instant(null=True)
    kept_until: datetime | None = instant(null=True)
    awaited: bool = False
    visit_id: int | None = ref("visit", null=True)
    fence_latitude: float | None = None
    fence_longitude: float | None = None
    fence_radius: float | None = None
    fence_allowed: float | None = None
    left_at: datetime | None = instant(null=True)
    asked: bool = False


class LocationFixRow(SQLModel, table=True):
    """One place of a live location; degrees, metres, degrees from north. Forty bytes, for there are very many."""

    __tablename__ = "location_fix"
    __table_args__ = ({"sqlite_with_rowid": False},)
    share_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    at: datetime = Field(sa_column=Column(Second, primary_key=True, autoincrement=False))
    latitude: float
    longitude: float
    accuracy: float | None = None
    heading: float | None = None


class LocationConsentRow(SQLModel, table=True):
    """What a person answered when he was asked whether his live location may be kept; the newest answer holds."""

    __tablename__ = "location_consent"
    person_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    answered_at: datetime = Field(sa_column=Column(Second, primary_key=True, autoincrement=False))
    given: bool


class WorkingDayRow(SQLModel, table=True):
    """A day that a rep began with /day: his live location is kept until his working hours end, or until he ends it."""

    __tablename__ = "working_day"
    person_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    on_date: date = Field(primary_key=True)
    began_at: datetime = instant()
    until: datetime = instant()
    ended_at: datetime | None = instant(null=True)


class VisitStreamRow(SQLModel, table=True):
    """The live location of a sent visit as a whole: from when to when, and how many `prints` stand for it."""

    __tablename__ = "visit_stream"
    visit_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    person_id: int = ref("person")
    began_at: datetime = instant()
    ended_at: datetime = instant()
    prints: int


class StreamPrintRow(SQLModel, table=True):
    """One fingerprint of a visit's stream: where two visits have the same `value`s, their streams may be one."""

    __tablename__ = "stream_print"
    __table_args__ = ({"sqlite_with_rowid": False},)
    value: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
    visit_id: int = Field(sa_column=Column(BigId, primary_key=True, autoincrement=False))
