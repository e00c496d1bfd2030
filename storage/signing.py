"""The keys that photos are signed with, and what was checked."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from bot.domain.seal import KEY, MOST_KEYS
from storage.leadership import one_at_a_time
from storage.tables import PhotoRow, PictureCheckRow, SigningKeyRow, table

SIGNING, CHECK, PHOTO = table(SigningKeyRow), table(PictureCheckRow), table(PhotoRow)


@dataclass(frozen=True)
class SigningKey:
    """A key by its id; its secret is not for `repr`, which may stand in a log."""

    id: int
    secret: bytes

    def __repr__(self) -> str:
        return f"SigningKey({self.id})"


class NoMoreKeys(Exception):  # noqa: N818 - named as what it is, like every error here
    """A key's id is a byte of the code."""


def add_first(connection: Connection, now: datetime) -> None:
    """Make the first key, once, however many processes start together."""
    one_at_a_time(connection, "signing keys")
    if connection.execute(select(SIGNING.c.id).limit(1)).first() is None:
        _add(connection, 1, now)


def rotate(connection: Connection, now: datetime) -> int:
    """Sign with a new key from now on; returns its id. What older ones signed holds; raises NoMoreKeys."""
    one_at_a_time(connection, "signing keys")
    key_id = int(connection.execute(select(func.max(SIGNING.c.id))).scalar() or 0) + 1
    if key_id > MOST_KEYS:
        raise NoMoreKeys
    _add(connection, key_id, now)
    return key_id


def current(connection: Connection) -> SigningKey:
    """The key that signs now."""
    return _key(connection.execute(select(SIGNING).order_by(SIGNING.c.id.desc()).limit(1)).one())


def find(connection: Connection, key_id: int) -> SigningKey | None:
    """A key by its id, whether it still signs or not."""
    row = connection.execute(select(SIGNING).where(SIGNING.c.id == key_id)).one_or_none()
    return _key(row) if row is not None else None


def find_photo(connection: Connection, photo_id: int) -> Row[Any] | None:
    """A photo that may have been signed: what its digest is over is known."""
    return connection.execute(select(PHOTO).where(PHOTO.c.id == photo_id, PHOTO.c.sha256.is_not(None))).one_or_none()


def find_original(connection: Connection, sha256: str) -> Row[Any] | None:
    """The photo that came with exactly these bytes, the first one if several did."""
    return connection.execute(select(PHOTO).where(PHOTO.c.sha256 == sha256).order_by(PHOTO.c.id).limit(1)).first()


def list_keys(connection: Connection) -> list[tuple[int, datetime]]:
    """Ids, and when each was made; the newest signs."""
    return [(row.id, row.made_at) for row in connection.execute(select(SIGNING).order_by(SIGNING.c.id))]


def _add(connection: Connection, key_id: int, now: datetime) -> None:
    connection.execute(insert(SIGNING).values(id=key_id, secret=secrets.token_hex(KEY), made_at=now))


def _key(row: Row[Any]) -> SigningKey:
    return SigningKey(row.id, bytes.fromhex(row.secret))


# --- what was checked -------------------------------------------------------------------------


def add_check(connection: Connection, **values: Any) -> int:
    """Store that somebody wants to know (columns of `PictureCheckRow`); returns its id."""
    return int(connection.execute(insert(CHECK).values({"outcome": "", **values}).returning(CHECK.c.id)).scalar_one())


def get_check(connection: Connection, check_id: int) -> Row[Any]:
    """All columns of a check."""
    return connection.execute(select(CHECK).where(CHECK.c.id == check_id)).one()


def end_check(connection: Connection, check_id: int, **values: Any) -> None:
    """Store what he was told."""
    connection.execute(update(CHECK).where(CHECK.c.id == check_id).values(values))


def count_checks(connection: Connection, chat_id: int, since: datetime) -> int:
    """How many a chat has asked for since then."""
    of_chat = select(func.count()).where(CHECK.c.chat_id == chat_id, CHECK.c.asked_at > since)
    return int(connection.execute(of_chat).scalar_one())
