"""What photos look like, by what they are found, and which were taken for one that came before."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer
from sqlmodel import Field, SQLModel

from storage.tables.columns import BigId, big, instant, ref


class PhotoKeyRow(SQLModel, table=True):
    """A third of the signs of a part of a photo (`bot.domain.likeness`) with all of them; six rows a photo.

    Photos that have a key in common may be copies. It refers to `photo` without the database's check, which would cost
    more than the rest.
    """

    __tablename__ = "photo_key"
    __table_args__ = ({"sqlite_with_rowid": False},)
    key: int = Field(sa_column=Column(Integer, primary_key=True, autoincrement=False))
    photo_id: int = Field(sa_column=Column(BigInteger, primary_key=True, autoincrement=False))
    signs: int = big()


class PhotoPairRow(SQLModel, table=True):
    """A photo that came with another visit before; `picture` is the blob of both side by side."""

    __tablename__ = "photo_pair"
    __table_args__ = (Index("photo_pair_picture", "picture"),)
    photo_id: int = Field(sa_column=Column(BigId, ForeignKey("photo.id"), primary_key=True))
    earlier_id: int = ref("photo")
    how: str
    picture: str
    found_at: datetime = instant()
