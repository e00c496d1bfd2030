"""A rep's visit to the bakery across the real desk, from check-in to sending, and what everybody reads of it."""

from dataclasses import dataclass
from typing import Any

from desk_talk import Guest, Office
from live_talk import NEAR
from sqlalchemy import select

from bot.domain.conversation import Chose, Located
from storage.tables import VisitRow, table

VISIT = table(VisitRow)


def heard(guest: Guest) -> str:
    """Everything on his screen."""
    return "\n".join(said.text for said in guest.screen.values())


@dataclass
class Trip:
    """Emma at the bakery, and Mia who may see her visits; there is one visit."""

    office: Office
    emma: Guest
    mia: Guest

    async def checks_in(self) -> str:
        await self.emma.says("/visit")
        await self.emma.taps("Relationship")
        await self.emma.gives(Located(NEAR, 15.0))
        await self.emma.taps("Harbour Bakery")
        return self.emma.last

    async def sends(self) -> None:
        """The whole report, twenty minutes later."""
        await self.emma.taps("Decides")
        for answer in ("Cheaper delivery", "Our own van"):
            await self.emma.says(answer)
        for label in ("Skip", "No", "Skip"):
            await self.emma.taps(label)
        self.office.pass_time(minutes=20)
        await self.emma.gives(Chose("check_out_plain"))
        for label in ("Reached", "Nothing particular", "No next step", "Everything is settled", "Send"):
            await self.emma.taps(label)

    async def row(self) -> Any:
        return await self.office.database.read(lambda connection: connection.execute(select(VISIT)).one())

    async def codes(self) -> list[str]:
        return [flag["code"] for flag in (await self.row()).flags]

    async def page(self) -> str:
        """What Mia reads of the visit."""
        await self.mia.says("/digest")
        await self.mia.taps_data(self.mia.newest, "digest:1:0:visit")
        return self.mia.last
