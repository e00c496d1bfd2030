"""What stands on a kept photo: the customer, the place, the time and the rep, in the rep's language and zone."""

from datetime import datetime
from html import unescape

from bot.media.evidence import Mark
from bot.rendering import Renderer
from storage import people, visits
from storage.database import Connection


def word(connection: Connection, renderer: Renderer, photo_id: int, now: datetime) -> Mark:
    """The mark of a stored photo; its place is where the visit was checked in, its time when the photo arrived."""
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
    return Mark(headline, tuple(lines))
