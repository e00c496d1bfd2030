"""Everybody in the middle of a visit, and Telegram's ceilings lifted: what all of Rounds' own sides begin with.

Who imports it finds the project and the bench, from wherever the script is run.
"""

import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[3]))

from shelf import SHELF
from side import Side
from sqlalchemy import insert

from bot.settings import Settings
from bot.telegram.budget import Budget
from storage import people, sops
from storage.database import Connection
from storage.migrations.upgrade import upgrade
from storage.tables import ConversationRow, CustomerRow, PersonRow, VisitRow, table


def settings_of(side: Side, database_url: str) -> Settings:
    """As an operator would have them, with an admin."""
    return Settings(
        _env_file=None,
        bot_token=side.token,
        telegram_api_url=side.api,
        database_url=database_url,
        data_dir=side.folder,
        admin_ids=frozenset({1}),
    )


def on_a_file(side: Side) -> Settings:
    """With a SQLite database that has its schema."""
    url = f"sqlite:///{side.folder / 'rounds.db'}"
    upgrade(url)
    return settings_of(side, url)


def without_ceilings() -> Budget:
    """A budget that holds nothing back."""
    return Budget(time.monotonic, per_second=10_000_000, chat_burst=10_000_000)


def checked_in(connection: Connection, side: Side) -> None:
    """Everybody stands at a customer with an open visit, at the first item of its checklist."""
    now = datetime.now(UTC)
    people.found_company(connection, "Bench")
    sop = sops.publish(connection, SHELF, now)
    ids = range(1, side.people + 1)
    connection.execute(
        insert(table(PersonRow)),
        [
            {"id": i, "telegram_id": telegram_id, "name": f"Rep {i}", "phone": "", "language": "en",
             "time_zone": "Asia/Shanghai", "roles": "rep", "team_id": 1, "status": "active", "reachable": True,
             "wrong_tokens": 0}
            for i, telegram_id in zip(ids, side.telegram_ids, strict=True)
        ],
    )  # fmt: skip
    connection.execute(
        insert(table(CustomerRow)),
        [
            {"id": i, "name": f"Shop {i}", "aliases": [], "tags": [], "grade": "A", "industry": "", "region": "",
             "address": "", "latitude": 29.5 + i / 1e4, "longitude": 106.5, "contact_name": "", "phone": "",
             "note": "", "search_text": "", "owner_id": i, "created_at": now, "is_new": False}
            for i in ids
        ],
    )  # fmt: skip
    connection.execute(
        insert(table(VisitRow)),
        [
            {"id": i, "person_id": i, "customer_id": i, "type": SHELF.type, "purpose": "relationship",
             "sop_version_id": sop, "state": "open", "checked_in_at": now, "visited_on": date.today(),  # noqa: DTZ011
             "arrival": "inside", "distance": 20.0, "accuracy": 10.0, "flags": [], "closed_automatically": False,
             "late": False, "reason": "", "again_reason": "", "live": False, "closes_at": now + timedelta(hours=8)}
            for i in ids
        ],
    )  # fmt: skip
    state = {"focus": None, "pending": None, "draft": None}
    connection.execute(
        insert(table(ConversationRow)),
        [
            {"person_id": i, "flow": "visit", "subject": i, "revision": 1000, "step": "checklist", "state": state,
             "begun_at": now, "turn": 1}
            for i in ids
        ],
    )  # fmt: skip
