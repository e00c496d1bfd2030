"""Targets, each change a row of its own."""

from datetime import date, datetime

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import big, instant, own_id, ref


class TargetRow(SQLModel, table=True):
    """A rep's target at a level (company, subject 0; team; person) from a day on; `value` None is no own target.

    The newest of a level, measure, period and day counts; of the days that have come, the latest.
    """

    __tablename__ = "target"
    __table_args__ = (Index("target_of_level", "scope", "subject", "from_on"),)
    id: int = own_id()
    scope: str
    subject: int = big()
    measure: str
    period: str
    from_on: date
    value: int | None = Field(default=None)
    set_by: int = ref("person")
    set_at: datetime = instant()
