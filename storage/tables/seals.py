"""The keys that photos are signed with, and what people had checked."""

from datetime import datetime

from sqlalchemy import Column, Index, Integer
from sqlmodel import Field, SQLModel

from storage.tables.columns import big, instant, own_id, ref


class SigningKeyRow(SQLModel, table=True):
    """A key, as hexadecimal digits: the newest signs, and what any of them has signed holds. In no log, in a backup."""

    __tablename__ = "signing_key"
    id: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    secret: str
    made_at: datetime = instant()


class PictureCheckRow(SQLModel, table=True):
    """Somebody, known to us or not, sent a picture (`file_id`) or opened a code, and what he was told.

    `outcome` is empty until then.
    """

    __tablename__ = "picture_check"
    __table_args__ = (Index("picture_check_of_chat", "chat_id", "asked_at"),)
    id: int = own_id()
    chat_id: int = big()
    person_id: int | None = ref("person", null=True)
    language: str
    file_id: str | None = None
    asked_at: datetime = instant()
    outcome: str = ""
    photo_id: int | None = big(null=True)
