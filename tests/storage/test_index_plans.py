"""What is asked often or of many is answered by an index, whatever the past holds."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import event, text

from bot.domain.geography import Point
from bot.domain.target import COMPANY, Level, Scope
from storage import (
    answer_facts,
    customers,
    digests,
    dues,
    followups,
    location_shares,
    planned,
    routes,
    targets,
    totals,
    visits,
    witnesses,
)
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade

NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
TODAY = date(2026, 11, 23)
STOCK = answer_facts.Asked("store_check", ("stock",), TODAY, TODAY, "/1/")
ALL = answer_facts.Asked("store_check", ("stock", "price"), TODAY, TODAY)
Question = Callable[[Connection], object]
# Each with the index that must answer it.
ASKED: dict[str, tuple[Question, str]] = {
    "whose brief has come": (lambda c: dues.list_people(c, "brief_due_at", NOW, 200), "ix_person_brief_due_at"),
    "whose digest has come": (lambda c: dues.list_people(c, "digest_due_at", NOW, 200), "ix_person_digest_due_at"),
    "whose week is to be made": (lambda c: dues.list_people(c, "routes_due_at", NOW, 200), "ix_person_routes_due_at"),
    "a rep's routes": (lambda c: routes.list_of(c, 1), "ix_route_person_id"),
    "the stops of routes": (lambda c: routes.list_stops(c, [1, 2]), "sqlite_autoindex_route_stop_1"),
    "what a rep has planned for a day": (
        lambda c: planned.list_of_day(c, 1, TODAY), "sqlite_autoindex_planned_visit_1",
    ),
    "the targets of a rep": (
        lambda c: targets.list_of(c, [Level(Scope.PERSON, 1), Level(Scope.TEAM, 1), COMPANY], TODAY), "target_of_level",
    ),
    "a rep's month": (lambda c: totals.sum_by_day(c, [1], date(2026, 11, 1), TODAY), "sqlite_autoindex_day_total_1"),
    "which visits to close": (lambda c: dues.list_to_close(c, NOW, 200), "ix_visit_closes_at"),
    "which reports to remind of": (lambda c: dues.list_reports(c, NOW, 200), "ix_visit_remind_at"),
    "which promises to remind of": (lambda c: followups.list_due(c, NOW, 200), "follow_up_wake"),
    "a rep's visits of a day": (lambda c: visits.list_of_day(c, [1], TODAY), "visit_of_day"),
    "a rep's open visit": (lambda c: visits.find_open(c, 1), "visit_one_open"),
    "a rep's customers that are due": (lambda c: digests.list_customers_due(c, [1], TODAY, 8), "customer_due"),
    "anybody's flagged visits of a day": (lambda c: digests.list_flagged(c, TODAY, 100), "visit_flagged"),
    "anybody's overdue customers": (
        lambda c: digests.list_some(c, digests.overdue_customers(TODAY), {1}, 8), "customer_overdue",
    ),
    "anybody's overdue promises": (
        lambda c: digests.list_some(c, digests.overdue_promises(TODAY), {1}, 8), "follow_up_due",
    ),
    "anybody's open visits": (lambda c: digests.list_some(c, digests.unreported(TODAY), {1}, 8), "visit_one_open"),
    "the reps of a subtree": (lambda c: digests.list_reps(c, "/1/"), "person_of_team"),
    "the days of teams": (lambda c: totals.sum_by_day_of_teams(c, [1, 2], TODAY, TODAY), "sqlite_autoindex_team_day_1"),
    "anybody's customers near a point": (
        lambda c: customers.find_near(c, Point(29.5, 106.5), 1000, owners=None, limit=8), "customer_position",
    ),
    "a rep's customers near a point, and nobody's": (
        lambda c: customers.find_near(c, Point(29.5, 106.5), 1000, owners=[1], limit=8), "customer_near",
    ),
    "a team's answers to an item": (lambda c: answer_facts.list_sums(c, STOCK), "sqlite_autoindex_answer_day_1"),
    "how many answers items have": (lambda c: answer_facts.count_by_item(c, ALL), "sqlite_autoindex_answer_day_1"),
    "whether there are answers": (lambda c: answer_facts.has_any(c, STOCK), "sqlite_autoindex_answer_day_1"),
    "a team's answers of a day, one by one": (
        lambda c: answer_facts.list_of_day(c, STOCK, TODAY, 0, 8), "sqlite_autoindex_answer_fact_1",
    ),
    "live locations that are kept no longer": (
        lambda c: location_shares.list_ended(c, NOW, 200), "location_share_kept",
    ),
    "challenges that nobody met in time": (lambda c: witnesses.list_run_out(c, NOW, 200), "visit_witness_waiting"),
    "whom a rep has named lately": (
        lambda c: witnesses.list_companions(c, 1, NOW, 6), "sqlite_autoindex_visit_witness_1",
    ),
    "reps who have left": (lambda c: location_shares.list_left(c, NOW, 200), "location_share_left"),
    "whether he was there today": (lambda c: visits.visited_on(c, 1, 1, TODAY), "visit_of_day"),
}  # fmt: skip


@contextmanager
def plans_of(database: Database) -> Iterator[list[tuple[str, str]]]:
    """Each statement with how SQLite answers it."""
    plans: list[tuple[str, str]] = []

    @event.listens_for(database.reading_engine, "before_cursor_execute")
    def explain(connection: Any, _cursor: Any, words: str, values: Any, *_more: Any) -> None:
        if words.startswith("SELECT"):
            driver = connection.connection.driver_connection
            lines = [row[3] for row in driver.execute(f"EXPLAIN QUERY PLAN {words}", values)]
            plans.append((words, "; ".join(lines)))

    yield plans
    event.remove(database.reading_engine, "before_cursor_execute", explain)


@pytest.mark.parametrize("question", ASKED)
async def test_an_index_answers(sqlite_database: Database, question: str) -> None:
    asked, index = ASKED[question]
    with plans_of(sqlite_database) as plans:
        await sqlite_database.read(asked)
    assert len(plans) == 1
    ((words, plan),) = plans
    assert re.search(rf"INDEX {index}\b", plan), (words, plan)
    # a page that was cut out before is no table
    whole = [line for line in plan.split("; ") if re.match(r"SCAN (?!page$)\w+$", line)]
    assert not whole, (words, plan)


@pytest.fixture
async def sqlite_database(tmp_path: Any) -> Any:
    url = f"sqlite:///{tmp_path / 'rounds.db'}"
    upgrade(url)
    opened = Database(url)
    yield opened
    await opened.close()


async def test_postgres_answers_by_index_too(database: Database) -> None:
    """With nothing in the tables it would rather scan; told not to, it shows that it can."""
    if database.is_sqlite:
        return

    def explained(connection: Connection) -> str:
        connection.execute(text("SET LOCAL enable_seqscan = off"))
        wanted = digests.overdue_customers(TODAY).limit(8).compile(connection, compile_kwargs={"literal_binds": True})
        return "\n".join(row[0] for row in connection.execute(text(f"EXPLAIN {wanted}")))

    assert "customer_overdue" in await database.read(explained)
