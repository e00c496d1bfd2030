"""How somebody becomes a member: invite, language, his own phone, time zone."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.people import Role


class Step(StrEnum):
    """What is asked, in this order."""

    LANGUAGE = "language"
    CONTACT = "contact"
    ZONE = "zone"
    DONE = "done"


@dataclass(frozen=True)
class Joining:
    """What an invite grants, and what its newcomer has told so far."""

    role: Role
    team_id: int | None
    language: str | None = None
    phone: str | None = None
    time_zone: str | None = None

    @property
    def step(self) -> Step:
        """The first thing still missing."""
        if self.language is None:
            return Step.LANGUAGE
        if self.phone is None:
            return Step.CONTACT
        return Step.ZONE if self.time_zone is None else Step.DONE


# Where field teams of our languages work; any other zone can be typed by its name
OFFERED_ZONES = (
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)
