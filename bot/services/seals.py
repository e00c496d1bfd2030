"""Whether a code is a seal of ours, and which photo it was made for."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from bot.domain import seal
from bot.domain.seal import Sealed
from storage import signing
from storage.database import Connection, Row


@dataclass(frozen=True)
class Judged:
    """A code in the form of our seals, and the stored photo that it was made for: None if we did not make it."""

    sealed: Sealed
    photo: Row[Any] | None


def judge(connection: Connection, codes: Iterable[str]) -> Judged | None:
    """The first code that is ours, else one that only looks like it; None where there is neither."""
    found = [judged(connection, sealed) for sealed in map(seal.read, codes) if sealed is not None]
    return next((one for one in found if one.photo is not None), found[0] if found else None)


def judged(connection: Connection, sealed: Sealed) -> Judged:
    """Whether one of our keys made it, for a photo that we know."""
    key = signing.find(connection, sealed.seal.key_id)
    photo = signing.find_photo(connection, sealed.seal.photo_id)
    is_ours = key is not None and photo is not None and sealed.is_ours(key.secret, photo.sha256)
    return Judged(sealed, photo if is_ours else None)
