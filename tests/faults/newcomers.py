"""People who have joined already: a telephone each, and a place in the company."""

from datetime import UTC, datetime, timedelta

import aiohttp
from faults.telephone import Changes, Telephone

from storage import customers, people, search
from storage.database import Connection, Database

LONG_AGO = timedelta(days=30)  # longer than any row of holidays: a working day's digest lies in between
FAR_AHEAD = timedelta(days=30)


async def handed_a_telephone(
    session: aiohttp.ClientSession, url: str, changes: Changes, name: str, language: str = "en"
) -> Telephone:
    """Somebody new at the sandbox."""
    body = {"first_name": name, "language_code": language, "phone": "+86 138 0000 0000"}
    async with session.post(f"{url}/sim/people", json=body) as response:
        return Telephone(session, url, int((await response.json())["id"]), name, changes)


async def a_rep(database: Database, telephone: Telephone) -> None:
    """He may visit, and nothing reminds him meanwhile."""
    await database.write(lambda c: _add(c, telephone.id, telephone.name, "rep"))


async def a_customer(database: Database, name: str, latitude: float, longitude: float) -> None:
    """Somebody to visit."""

    def add(connection: Connection) -> None:
        place = {"latitude": latitude, "longitude": longitude, "position_from": "import", "grade": "A"}
        number = customers.add(connection, name=name, created_at=datetime.now(UTC), **place)
        search.index(connection, [customers.get(connection, number)])

    await database.write(add)


async def a_manager(database: Database, telephone: Telephone, reps: list[str]) -> None:
    """He leads reps of these names, who have done nothing and cannot be reached."""

    def add(connection: Connection) -> None:
        team = people.add_team(connection, f"Team of {telephone.name}")
        _add(connection, telephone.id, telephone.name, "manager", team_id=team)
        for number, name in enumerate(reps, 1):
            _add(connection, telephone.id * 1_000 + number, name, "rep", team_id=team, reachable=False)

    await database.write(add)


async def a_digest_is_due(database: Database, telephone: Telephone) -> None:
    """The next tick tells this manager the last working day, once."""

    def plan(connection: Connection) -> None:
        person = people.find_by_telegram(connection, telephone.id)
        assert person is not None
        people.change(connection, person.id, digest_due_at=datetime.now(UTC) - LONG_AGO)

    await database.write(plan)


def _add(connection: Connection, telegram_id: int, name: str, roles: str, **more: object) -> None:
    now = datetime.now(UTC)
    later = {"brief_due_at": now + FAR_AHEAD, "digest_due_at": now + FAR_AHEAD}
    values = {"phone": "+8613800000000", "language": "en", "time_zone": "Asia/Shanghai", "joined_at": now, **later}
    people.add(connection, telegram_id=telegram_id, name=name, roles=roles, status="active", **values, **more)
