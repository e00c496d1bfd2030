"""A telephone that shares its live location, across the real desk and database, without Telegram."""

from dataclasses import dataclass
from datetime import timedelta

from desk_talk import Guest, Office
from sqlalchemy import Connection

from bot.domain.conversation import Located, Origin
from bot.domain.evidence import Fix
from bot.domain.geography import Point
from bot.domain.shipped import SHIPPED
from bot.services import flows, live
from storage import customers, inbox, location_fixes, search, sops
from storage.location_fixes import Moved

SHOP = Point(29.5610, 106.5770)
NEAR = Point(29.5612, 106.5770)  # 22 m before it
FAR = Point(29.5660, 106.5770)  # 556 m from it


async def with_shop(office: Office, name: str = "Harbour Bakery", grade: str = "A") -> int:
    """A customer with a position, whom everybody may visit, by the shipped checklists."""

    def store(connection: Connection) -> int:
        place = {"latitude": SHOP.latitude, "longitude": SHOP.longitude, "position_from": "import"}
        customer_id = customers.add(connection, name=name, created_at=office.now, grade=grade, **place)
        sops.publish_missing(connection, SHIPPED, office.now)
        search.index(connection, [customers.get(connection, customer_id)])
        return customer_id

    return await office.database.write(store)


@dataclass
class Phone:
    """A guest's live location: one message that is edited; `period` is what his phone says of it."""

    guest: Guest
    message_id: int = 0
    period: timedelta = timedelta(hours=1)

    @property
    def office(self) -> Office:
        return self.guest.office

    async def shares(self, at: Point, *, accuracy: float | None = 12, period: timedelta = timedelta(hours=1)) -> str:
        """Begin to share, and read what is said to it."""
        self.message_id, self.period = self.message_id + 1000, period
        located, resume = Located(at, accuracy, live=True), self.office.conversations.resume
        await self.office.desk.take(await self._origin(), live.began, located, period, resume)
        await self.office.deliver()
        return self.guest.last

    async def moves(self, at: Point, *, accuracy: float | None = 12, period: timedelta | None = None) -> str:
        """Its place is another one; on the way in that is stored, or goes the ordinary way."""
        self.period = period or self.period
        fix = Fix(at, self.office.now, accuracy, live=True)
        moved = Moved(self.guest.telegram_id, self.message_id, self.period, fix)
        if await self.office.database.write(lambda connection: location_fixes.keep(connection, [moved])):
            await self._moved(at, accuracy, self.period)
        return self.guest.last

    async def stays(self, at: Point, *, minutes: int, every: timedelta = timedelta(minutes=1)) -> None:
        """Say every minute that it is at (or a step from) one place."""
        for number in range(round(timedelta(minutes=minutes) / every)):
            self.office.now += every
            await self.moves(Point(at.latitude + number % 3 * 1e-5, at.longitude + number % 5 * 1e-5))

    async def stops(self, at: Point) -> str:
        """The person stops sharing."""
        await self._moved(at, 12, None)
        return self.guest.last

    async def _moved(self, at: Point, accuracy: float | None, period: timedelta | None) -> None:
        located, resume = Located(at, accuracy, live=period is not None), self.office.conversations.resume
        await self.office.desk.take(await self._origin(), live.moved, located, period, resume)
        await self.office.deliver()

    async def _origin(self) -> Origin:
        update_id, lane = self.office.next_update(), self.guest.telegram_id
        update = {"update_id": update_id, "lane": lane, "raw": "{}", "received_at": self.office.now}
        (row,) = await self.office.database.write(lambda connection: inbox.keep(connection, [update]))
        now, name = self.office.now, self.guest.name
        return Origin(row.seq, lane, lane, now, now, name, "en", message_id=self.message_id)

    async def ticks(self) -> str:
        """What is due by now is said."""
        self.office.ticks = getattr(self.office, "ticks", 0) + 1
        await self.office.desk.act(f"tick:{self.office.ticks}", flows.tick)
        await self.office.deliver()
        return self.guest.last
