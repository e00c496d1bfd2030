"""What photos look like: kept under six numbers each, searched by what a copy could have among them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, bindparam, delete, insert, or_, select, update

from bot.domain.likeness import Candidate, Fingerprint, How, Look, Stored, keys_to_try, nearest
from storage.tables import PhotoKeyRow, PhotoPairRow, PhotoRow, VisitRow, table

KEY, PAIR, PHOTO, VISIT = (table(row) for row in (PhotoKeyRow, PhotoPairRow, PhotoRow, VisitRow))
MOST = 8  # candidates; each is opened and compared
_FOUND = select(KEY).where(KEY.c.key.in_(bindparam("keys", expanding=True)))


@dataclass(frozen=True)
class Suspect:
    """A kept photo that another one may be a copy of; `candidate` says how it was found by its looks."""

    photo: Row[Any]
    how: How
    candidate: Candidate | None = None


def keep(connection: Connection, photo_id: int, print_: Fingerprint | None, now: datetime) -> bool:
    """Store what a photo looks like, None for one that shows too little; False when it was looked at before."""
    this = update(PHOTO).where(PHOTO.c.id == photo_id, PHOTO.c.looked_at.is_(None))
    if not connection.execute(this.values(looked_at=now)).rowcount:
        return False
    if print_ is not None:
        rows = [{"key": key, "photo_id": photo_id, "signs": signs} for key, signs in print_.keys]
        connection.execute(insert(KEY), rows)
    return True


def find_alike(connection: Connection, looks: Sequence[Look], most: int = MOST) -> list[Candidate]:
    """The photos that come nearest to one that is seen so, which may be among them."""
    tried = keys_to_try(looks)
    rows = connection.execute(_FOUND, {"keys": list(tried)})
    return nearest(map(Stored._make, rows), tried, most)


def list_suspects(connection: Connection, photo: Row[Any], print_: Fingerprint | None) -> list[Suspect]:
    """What `photo` may be a copy of, or what may be one of it: the same files first, then by likeness.

    What a rep sent for a visit that he gave up is his to send again.
    """
    same = _others(photo).where(or_(PHOTO.c.sha256 == photo.sha256, PHOTO.c.unique_id == photo.unique_id))
    files = list(connection.execute(same.order_by(PHOTO.c.sha256 != photo.sha256, PHOTO.c.id).limit(MOST)))
    suspects = [Suspect(row, How.FILE if row.sha256 == photo.sha256 else How.TELEGRAM) for row in files]
    alike = find_alike(connection, print_.looks) if print_ is not None else []
    rows = {
        row.id: row for row in connection.execute(_others(photo).where(PHOTO.c.id.in_([one.photo_id for one in alike])))
    }
    known = {row.id for row in files}
    return suspects + [
        Suspect(rows[one.photo_id], How.LOOKS, one)
        for one in alike
        if one.photo_id in rows and one.photo_id not in known
    ]


def _others(photo: Row[Any]) -> Select[Any]:
    given_up = (VISIT.c.state == "cancelled") & (PHOTO.c.person_id == photo.person_id)
    others = select(PHOTO, VISIT.c.visited_on).join(VISIT, VISIT.c.id == PHOTO.c.visit_id)
    return others.where(PHOTO.c.state == "kept", PHOTO.c.id != photo.id, ~given_up)


def find_next_unseen(connection: Connection, after: int) -> int | None:
    """The first kept photo behind that id that was never looked at."""
    unseen = select(PHOTO.c.id).where(PHOTO.c.id > after, PHOTO.c.state == "kept", PHOTO.c.looked_at.is_(None))
    return connection.execute(unseen.order_by(PHOTO.c.id).limit(1)).scalar()


def find_photo(connection: Connection, photo_id: int) -> Row[Any] | None:
    """All columns of a photo."""
    return connection.execute(select(PHOTO).where(PHOTO.c.id == photo_id)).first()


# --- pairs ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Pair:
    """A photo that was taken for an earlier one, `how`, and the blob of both side by side."""

    photo_id: int
    earlier_id: int
    how: How
    picture: str
    found_at: datetime


def add_pair(connection: Connection, pair: Pair) -> None:
    """Store what a photo was taken for."""
    connection.execute(insert(PAIR).values(asdict(pair)))


def find_pair(connection: Connection, photo_id: int) -> Pair | None:
    """What a photo was taken for."""
    row = connection.execute(select(PAIR).where(PAIR.c.photo_id == photo_id)).first()
    return Pair(row.photo_id, row.earlier_id, How(row.how), row.picture, row.found_at) if row is not None else None


def drop_pair(connection: Connection, photo_id: int) -> None:
    """The rep took the photo back."""
    connection.execute(delete(PAIR).where(PAIR.c.photo_id == photo_id))
