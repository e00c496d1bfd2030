"""Who changed what, in a chain of hashes."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from storage.tables.columns import big, instant, json


class AuditRow(SQLModel, table=True):
    """An entry of the audit (`bot.domain.audit.Entry`) with its hash; the database itself refuses to change one."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_of_area", "area", "seq"), Index("audit_of_person", "person_id", "seq"))
    seq: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    at: datetime = instant()
    person_id: int | None = big(null=True)
    area: str
    what: str
    subject: str
    old: Any = json(null=True)
    new: Any = json(null=True)
    hash: str
