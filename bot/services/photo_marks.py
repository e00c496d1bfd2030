"""What stands on a kept photo: customer, place, time and rep, in the rep's language and zone, and its seal."""

from datetime import datetime
from html import unescape

from bot.domain.seal import Seal
from bot.media.evidence import Mark
from bot.rendering import Renderer
from storage import people, signing, visits
from storage.database import Connection


def word(
    connection: Connection, renderer: Renderer, photo_id: int, now: datetime, *, sha256: str, bot_name: str
) -> Mark:
    """The mark of a stored photo; its place is where the visit was checked in, its time when the photo arrived.

    `sha256` is of the original, `bot_name` whom the code leads to.
    """
    photo = visits.get_photo(connection, photo_id)
    visit = visits.get_row(connection, photo.visit_id)
    customer = visits.get(connection, photo.visit_id).customer
    rep = people.get(connection, photo.person_id)
    context = {
        "customer": customer.name,
        "address": customer.address,
        "latitude": visit.latitude,
        "longitude": visit.longitude,
        "received_at": photo.received_at.isoformat(),
        "name": rep.name,
        "phone": rep.phone,
        "visit_id": photo.visit_id,
    }
    said = renderer.render("photo/mark", context, language=rep.language, zone=rep.time_zone, now=now)
    headline, *lines = [unescape(line) for line in said.text.splitlines() if line.strip()]
    key = signing.current(connection)
    sealed = Seal(key.id, photo.visit_id, photo.id, photo.received_at).signed(key.secret, sha256)
    return Mark(headline, tuple(lines), sealed.link(bot_name))
