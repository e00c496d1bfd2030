"""Away for longer than Telegram keeps messages: what was sent in that time is announced as missing.

A mark in the database tells when we last heard from Telegram; it is moved on every minute while we hear. After a
start, or a long silence, its age is how long we were away.
"""

from datetime import datetime, timedelta

from bot.domain.people import Person, Role
from bot.services.members import may_be_told
from bot.services.turn import Turn
from storage import marks, people
from storage import visits as stored
from storage.database import Connection
from storage.occurrences import claim

HEARD = "heard"
KEPT_BY_TELEGRAM = timedelta(hours=24)  # https://core.telegram.org/bots/api#getting-updates
MARKED_EVERY = timedelta(minutes=1)


def hear(turn: Turn, *, ended_silence: bool) -> None:
    """We hear from Telegram now; `ended_silence` where we did not for a while, or have just started."""
    mark = marks.find(turn.connection, HEARD)
    if mark is not None and ended_silence and turn.now - mark.at > KEPT_BY_TELEGRAM:
        announce(turn, mark.at)
    if mark is None or ended_silence or turn.now - mark.at >= MARKED_EVERY:
        marks.put(turn.connection, HEARD, turn.now)


def heard_at(connection: Connection) -> datetime | None:
    """When we last heard from Telegram, to the minute, in whichever process."""
    mark = marks.find(connection, HEARD)
    return mark.at if mark is not None else None


def announce(turn: Turn, since: datetime) -> None:
    """Tell those who lead, and those whose visit may lack something, from when to when nothing reached us; once."""
    if not claim(turn.connection, "gap", 0, since):
        return
    turn.cause = f"gap:{since.isoformat()}"
    when = {
        "since": since.isoformat(),
        "lost_until": (turn.now - KEPT_BY_TELEGRAM).isoformat(),
        "until": turn.now.isoformat(),
    }
    for person in people.list_in(turn.connection, ""):
        if may_be_told(person):
            _tell(turn, person, when)


def _tell(turn: Turn, person: Person, when: dict[str, str]) -> None:
    visit_id = stored.find_open(turn.connection, person.id) if Role.REP in person.roles else None
    if visit_id is not None:
        turn.say("gap/visit", to=person, customer=stored.get(turn.connection, visit_id).customer.name, **when)
    if person.roles & {Role.MANAGER, Role.ADMIN}:
        turn.say("gap/everybody", to=person, **when)
