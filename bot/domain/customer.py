"""A customer: who he is, how much he matters, where he is, and whose he is; as we know him and as a list has him."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.datum import Datum
from bot.domain.geography import Point, distance


class Grade(StrEnum):
    """How much a customer matters, and so how often he is seen."""

    A = "A"
    B = "B"
    C = "C"
    D = "D"


class CustomerClass(StrEnum):
    """How far a customer has come."""

    POTENTIAL = "potential"
    INTERESTED = "interested"
    KEY = "key"


@dataclass(frozen=True)
class Customer:
    """A customer as the company knows him.

    `position` is WGS-84 and may be refined by visits; nobody has confirmed it while it `is_proposed`. As it came in
    stay `given_latitude`, `given_longitude` and `datum`, so that a later import can tell whether its list has changed.
    `fence_radius` is in metres, None where the company's own applies. Text that is not known is empty.
    """

    id: int
    name: str
    external_id: str | None = None
    aliases: tuple[str, ...] = ()
    grade: Grade | None = None
    class_: CustomerClass | None = None
    tags: tuple[str, ...] = ()
    industry: str = ""
    region: str = ""
    address: str = ""
    position: Point | None = None
    is_proposed: bool = False
    given_latitude: float | None = None
    given_longitude: float | None = None
    datum: Datum | None = None
    fence_radius: float | None = None
    contact_name: str = ""
    phone: str = ""
    note: str = ""
    owner_id: int | None = None

    def metres_from(self, here: Point) -> float | None:
        """How far away he is; None while nobody knows where he is."""
        return None if self.position is None else distance(self.position, here)


@dataclass(frozen=True)
class SheetCustomer:
    """What row `row` of a list says about a customer. None and empty: its cells say nothing about that.

    `position` is WGS-84, and None while the datum of the given degrees is not known.
    """

    row: int
    name: str
    external_id: str | None = None
    aliases: tuple[str, ...] = ()
    grade: Grade | None = None
    class_: CustomerClass | None = None
    tags: tuple[str, ...] = ()
    industry: str = ""
    region: str = ""
    address: str = ""
    position: Point | None = None
    given_latitude: float | None = None
    given_longitude: float | None = None
    datum: Datum | None = None
    fence_radius: float | None = None
    contact_name: str = ""
    phone: str = ""
    note: str = ""
    owner_id: int | None = None
