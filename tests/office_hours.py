"""A small company on the real desk for tests of time: teams, customers, promises, visits, and the tick."""

import uuid
from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from desk_talk import ZONE, Guest, Office

from bot.domain.sop import Item, Kind, Sop
from bot.domain.visit import NextStep
from bot.services import flows, followups
from bot.services.turn import Turn
from storage import customers, people, sops, totals, visits
from storage.database import Connection, Database
from storage.tables import VisitRow, table

SOP = Sop(
    "customer_visit",
    {"en": "Customer visit", "zh_Hans": "客户拜访"},
    (Item("needs", Kind.TEXT, {"en": "What does he need?", "zh_Hans": "客户需要什么？"}),),
)
MONDAY = date(2026, 11, 23)


def local(moment: str, zone: str = ZONE) -> datetime:
    """An instant from a local date and time: "2026-11-23 18:00"."""
    return datetime.fromisoformat(moment).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


class Company:
    """`at` sets the clock on the wall and ticks; `news` is what somebody was told since he last looked."""

    def __init__(self, database: Database, office: Office | None = None) -> None:
        self.office = office or Office(database)
        self.database = database
        self._teams: dict[str, int] = {}
        self._sop: int | None = None

    async def at(self, moment: str, zone: str = ZONE) -> None:
        """It becomes that local time, and what is due by then is told."""
        self.office.now = local(moment, zone)
        await self.tick()

    async def tick(self) -> None:
        """One look at what is due; what came of it is sent."""
        await self.office.desk.act(f"tick:{uuid.uuid4().hex}", flows.tick)
        await self.send()

    async def send(self) -> None:
        while await self.database.write(self.office._send):
            pass

    async def team(self, name: str, below: str | None = None) -> int:
        parent = self._teams[below] if below else None
        self._teams[name] = await self.database.write(lambda c: people.add_team(c, name, parent))
        return self._teams[name]

    async def member(
        self, name: str, roles: str = "rep", *, team: str | None = None, zone: str = ZONE, language: str = "en"
    ) -> Guest:
        """Somebody who has joined, in a team that is made when there is none."""
        guest = await self.office.member(100 + len(self.office.guests), name, roles, language=language)
        if team is not None and team not in self._teams:
            await self.team(team)
        team_id = self._teams[team] if team else None
        await self.office.change_person(guest, time_zone=zone, team_id=team_id)
        return guest

    async def customer(self, name: str, owner: Guest, **more: Any) -> int:
        """A customer of a rep; `due_on` and `last_visit_at` as the visits before have left them."""
        values = {"name": name, "owner_id": owner.person_id, "created_at": self.office.now, **more}
        return await self.database.write(lambda c: customers.add(c, **values))

    async def promise(
        self, rep: Guest, customer_id: int, what: str, on: str, at: str | None = None, visit_id: int | None = None
    ) -> int:
        """What a visit's next step becomes; returns the follow-up's id."""
        step = NextStep(what, date.fromisoformat(on), time.fromisoformat(at) if at else None)
        made: list[int] = []

        def make(turn: Turn) -> None:
            person = people.get(turn.connection, rep.person_id)
            made.append(followups.make(turn, person, customer_id, visit_id, step))

        await self.office.desk.act(f"made:{uuid.uuid4().hex}", make)
        return made[0]

    async def visit(
        self,
        rep: Guest,
        customer_id: int,
        checked_in: str,
        *,
        minutes: int | None = 30,
        sent: str | None = None,
        **more: Any,
    ) -> int:
        """A visit as it stands in the store: in progress, checked out after so many minutes, or sent at a time."""
        if self._sop is None:
            self._sop = await self.database.write(lambda c: sops.publish(c, SOP, self.office.now))
        checked_in_at = local(checked_in)
        values = {
            "person_id": rep.person_id,
            "customer_id": customer_id,
            "type": SOP.type,
            "purpose": "relationship",
            "sop_version_id": self._sop,
            "state": "sent" if sent else "open",
            "checked_in_at": checked_in_at,
            "visited_on": date.fromisoformat(checked_in[:10]),
            "checked_out_at": checked_in_at + timedelta(minutes=minutes) if minutes is not None else None,
            "live": False,
            "arrival": "inside",
            "flags": [],
            "is_flagged": bool(more.get("flags")),
            "reason": "",
            "again_reason": "",
            "closed_automatically": False,
            "late": False,
            "sent_at": local(sent) if sent else None,
            "effectiveness": "effective" if sent else None,
            "result": "reached" if sent else None,
            "words": "" if sent else None,
            "no_next_reason": "all_done" if sent else None,
            **more,
        }
        visit_id = await self.database.write(partial(_store_visit, values=values))
        if sent:
            count = partial(
                totals.add_visit,
                person_id=rep.person_id,
                on_date=values["visited_on"],
                effective=values["effectiveness"] == "effective",
                seconds=(minutes or 0) * 60,
                flagged=bool(values["flags"]),
                late=bool(values["late"]),
            )
            await self.database.write(count)
        return visit_id

    async def row_of_visit(self, visit_id: int) -> Any:
        return await self.database.read(lambda c: visits.get_row(c, visit_id))


def _store_visit(connection: Connection, values: dict[str, Any]) -> int:
    statement = table(VisitRow).insert().values(values).returning(table(VisitRow).c.id)
    return int(connection.execute(statement).scalar_one())


def news(guest: Guest) -> list[str]:
    """The texts of the messages that somebody got since he last looked, the oldest first."""
    texts = [guest.screen[message_id].text for message_id in sorted(guest.screen)]
    guest.screen.clear()
    return texts
