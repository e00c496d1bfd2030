"""How somebody becomes a member: invite, language, his own phone, time zone."""

from collections.abc import Iterable
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
CITIES = {
    "beijing": "Asia/Shanghai",
    "北京": "Asia/Shanghai",
    "上海": "Asia/Shanghai",
    "中国": "Asia/Shanghai",
    "新加坡": "Asia/Singapore",
    "迪拜": "Asia/Dubai",
    "伦敦": "Europe/London",
    "柏林": "Europe/Berlin",
    "东京": "Asia/Tokyo",
    "纽约": "America/New_York",
    "洛杉矶": "America/Los_Angeles",
}
OFFERED_ZONES = (
    "Asia/Shanghai",
    "Asia/Singapore",
    "Asia/Dubai",
    "Europe/London",
    "Europe/Berlin",
    "America/New_York",
    "America/Los_Angeles",
)


def zone_called(text: str, known: Iterable[str]) -> str | None:
    """The zone that a person means by its name, its city, or a city that we know; None when it is not clear."""
    asked = text.strip().casefold().replace(" ", "_")
    if asked in CITIES:
        return CITIES[asked]
    whole = [zone for zone in known if zone.casefold() == asked]
    cities = [zone for zone in known if zone.casefold().rpartition("/")[2] == asked and "/" in zone]
    return next(iter(whole or (cities if len(cities) == 1 else [])), None)
