"""A company that worked before there were targets finds its new customers counted."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, create_engine, text

from storage.migrations.upgrade import downgrade, upgrade

BEFORE = "0020"
REP = {"phone": "", "language": "en", "time_zone": "UTC", "roles": "rep", "status": "active", "reachable": True}
CUSTOMER = {"aliases": "[]", "tags": "[]", "industry": "", "region": "", "address": "", "contact_name": "", "phone": ""}
SOP = {"id": 1, "type": "v", "version": 1, "document": "{}", "published_at": "2026-11-01 00:00:00"}
NOTHING = dict.fromkeys(("live", "closed_automatically", "late"), False) | {
    "flags": "[]",
    "reason": "",
    "again_reason": "",
}


def put(connection: Connection, table: str, **values: Any) -> None:
    names = ", ".join(values)
    connection.execute(
        text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(':' + name for name in values)})"), values
    )


def visit(connection: Connection, number: int, rep: int, customer: int, day: int, **more: Any) -> None:
    at = f"2026-11-{day:02} 0{number}:00:00"
    about: Mapping[str, Any] = {"type": "v", "purpose": "first", "sop_version_id": 1, "visited_on": at[:10], **NOTHING}
    sent = {"state": "sent", "arrival": "inside", "checked_in_at": at, "sent_at": at}
    put(connection, "visit", id=number, person_id=rep, customer_id=customer, **{**about, **sent, **more})


def test_the_first_visit_to_each_customer_is_counted_for_who_made_it(database_url: str) -> None:
    engine = create_engine(database_url)
    downgrade(database_url, BEFORE)
    with engine.begin() as connection:
        for rep in (1, 2):
            put(connection, "person", id=rep, telegram_id=rep, name="Rep", wrong_tokens=0, **REP)
        for customer in (1, 2):
            made = {"created_at": "2026-11-01 00:00:00", "note": "", "search_text": "", "is_new": False}
            put(connection, "customer", id=customer, name="Shop", **CUSTOMER, **made)
        put(connection, "sop_version", **SOP)
        visit(connection, 1, 1, 1, 20, arrival="remote")
        visit(connection, 2, 1, 1, 20)
        visit(connection, 3, 2, 1, 23)
        visit(connection, 4, 2, 2, 23, state="cancelled", sent_at=None)
        visit(connection, 5, 1, 2, 23)
        for rep, day in ((1, 20), (2, 23), (1, 23)):
            total = {"visits": 1, "effective": 0, "seconds": 0, "flagged": 0, "late": 0, "on_date": f"2026-11-{day}"}
            put(connection, "day_total", person_id=rep, team_id=0, **total)
            if rep == 1:
                put(connection, "team_day", team_id=0, reps=1, **total)
    upgrade(database_url)
    with engine.connect() as connection:
        days = connection.execute(text("SELECT person_id, firsts FROM day_total ORDER BY on_date, person_id"))
        assert [tuple(row) for row in days] == [(1, 1), (1, 1), (2, 0)]
        teams = connection.execute(text("SELECT firsts FROM team_day ORDER BY on_date"))
        assert list(teams.scalars()) == [1, 1]
    engine.dispose()
