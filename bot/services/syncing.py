"""What a rep reads of photos that the store does not take yet: one message a visit, kept up to date."""

from typing import Any

from bot.services.turn import Turn
from storage import occurrences, people
from storage import visits as stored
from storage.database import Row

KIND = "photo_syncing"


def tell(turn: Turn, photo_id: int) -> None:
    """The photo is here and counts, but is not in the store yet. Said once a photo, together with the others'."""
    photo = stored.get_photo(turn.connection, photo_id)
    if photo.state != "waiting" or not occurrences.claim(turn.connection, KIND, photo_id, photo.received_at):
        return
    _show(turn, photo, "photo/syncing", count=_count_waiting(turn, photo))


def tell_end(turn: Turn, photo: Row[Any]) -> None:
    """Nothing of this visit waits for the store any more."""
    told = occurrences.is_claimed(turn.connection, KIND, photo.id, photo.received_at)
    if told and _count_waiting(turn, photo) == 0:
        _show(turn, photo, "photo/synced")


def _show(turn: Turn, photo: Row[Any], message: str, **context: Any) -> None:
    rep = people.get(turn.connection, photo.person_id)
    customer = stored.get(turn.connection, photo.visit_id).customer
    turn.show(f"syncing{photo.visit_id}", message, to=rep, visit_id=photo.visit_id, customer=customer.name, **context)


def _count_waiting(turn: Turn, photo: Row[Any]) -> int:
    return sum(row.state == "waiting" for row in stored.list_photos(turn.connection, photo.visit_id))
