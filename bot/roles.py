"""What a process does of all that there is to do, and what of that only one process may do at a time."""

from collections.abc import Iterable
from enum import StrEnum

from storage.leadership import Leadership
from storage.presence import Presence


class Role(StrEnum):
    """A part of the work; a process may have several."""

    INTAKE = "intake"  # asks Telegram for updates, unless there is a webhook
    WEB = "web"  # is called by Telegram, where there is a webhook
    WORKER = "worker"  # works off updates and jobs
    SENDER = "sender"  # says what was posted
    TICKER = "ticker"  # finds what is due


EVERY_ROLE = frozenset(Role)


def roles_of(words: Iterable[str]) -> frozenset[Role]:
    """The roles named, each word one or several with commas between; all of them where none is. Raises ValueError."""
    names = {name.strip() for word in words for name in word.split(",") if name.strip()}
    return frozenset(map(Role, names)) or EVERY_ROLE


class Leads:
    """What this process wants to lead, by its roles; what it has no role for it never does.

    One polls: Telegram answers a second one with a conflict. One sends: a single process sends many times more than
    Telegram allows, so that one budget is enough for all. One ticks: more would do no harm, and no good.
    """

    def __init__(self, presence: Presence, roles: frozenset[Role]) -> None:
        def wanted(name: str, role: Role) -> Leadership:
            return presence.leadership(name) if role in roles else Leadership(name)

        self.polling = wanted("polling", Role.INTAKE)
        self.sending = wanted("sending", Role.SENDER)
        self.ticking = wanted("ticking", Role.TICKER)
