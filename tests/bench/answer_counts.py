"""Prints what a competitor's price by week costs over a million answers: from the sums, beside a scan of the JSON.

Run `python tests/bench/answer_counts.py` (a minute, 600 MB), with `--database postgres` there. 3,125 reps in 313 teams
make 500,000 visits in four weeks; each names the prices of two rivals. "scan" reads every answer of the period and adds
up in Python, as one would without tables of its own.
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))  # run as a script, from anywhere
sys.path.insert(0, str(Path(__file__).parents[2]))

import history
from answers import CHECK
from history import Size
from machine import machine
from servers import database_address
from sqlalchemy import text

from bot.domain.answer_counts import Counted, Sum, counted
from storage import answer_facts, people, sops
from storage.answer_facts import Asked
from storage.database import Connection, Database
from storage.migrations.upgrade import upgrade

TODAY = date(2026, 11, 23)
SIZE = Size(reps=3_125, customers=31_250, visits=500_000)
RIVALS = ("Pepsi", "Dr Pepper")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    print(machine())
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="rounds-answers-")))
        url = database_address(stack, options.database, folder, "answers")
        upgrade(url)
        database = Database(url)
        history.fill(database, SIZE, TODAY)
        with database.engine.connect() as connection, connection.begin():
            days = _answer(connection)
        if not database.is_sqlite:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM ANALYZE"))
        with database.reading_engine.connect() as connection:
            _report(connection, days, options.rounds)
        database.engine.dispose()
        database.reading_engine.dispose()


def _answer(connection: Connection) -> tuple[date, date]:
    """Every visit names both prices; what is kept of them is made by the database itself."""
    version = sops.publish(connection, CHECK, history._noon(TODAY))
    connection.execute(text("UPDATE visit SET type = :type, sop_version_id = :version"), _named(version))
    value = "CAST(CAST(2 + visit.id % 300 / 100.0 AS TEXT) AS JSON)"
    if connection.dialect.name == "sqlite":
        value = "CAST(2 + visit.id % 300 / 100.0 AS TEXT)"
    for rival in RIVALS:
        connection.execute(
            text(
                "INSERT INTO visit_answer (visit_id, item, value, answered_at) "
                f"SELECT id, :line, {value}, checked_in_at FROM visit"
            ),
            {"line": f"price@{rival}"},
        )
        connection.execute(
            text(
                "INSERT INTO answer_fact (type, item, on_date, team_id, visit_id, entry) "
                "SELECT visit.type, 'price', visited_on, team_id, visit.id, :entry "
                "FROM visit JOIN person ON person.id = visit.person_id"
            ),
            {"entry": rival},
        )
    connection.execute(
        text(
            "INSERT INTO answer_day (type, item, on_date, team_id, entry, choice, sop_version_id, answers, total, "
            "least, most) SELECT f.type, 'price', on_date, team_id, entry, '', sop_version_id, count(*), "
            "sum(2 + visit.id % 300 / 100.0), min(2 + visit.id % 300 / 100.0), max(2 + visit.id % 300 / 100.0) "
            "FROM answer_fact f JOIN visit ON visit.id = f.visit_id GROUP BY f.type, on_date, team_id, entry, "
            "sop_version_id"
        )
    )
    first, last = connection.execute(text("SELECT min(visited_on), max(visited_on) FROM visit")).one()
    return first, last


def _named(version: int) -> dict[str, object]:
    return {"type": CHECK.type, "version": version}


def _report(connection: Connection, days: tuple[date, date], rounds: int) -> None:
    first, last = (day if isinstance(day, date) else date.fromisoformat(day) for day in days)
    everybody = Asked(CHECK.type, ("price",), first, last)
    path = people.find_team_path(connection, 2)
    team = Asked(CHECK.type, ("price",), first, last, path)
    answers = answer_facts.count_by_item(connection, everybody)["price"]
    print(f"{answers:,} answers, {(last - first) // timedelta(days=1) + 1} days, {SIZE.reps:,} reps")
    assert _by_sums(connection, everybody).whole.answers == _by_scan(connection, everybody).whole.answers == answers
    scan = _median("by week, everybody: scan", lambda: _by_scan(connection, everybody), min(rounds, 2))
    sums = _median("by week, everybody: sums", lambda: _by_sums(connection, everybody), rounds)
    print(f"  the scan takes {scan / sums:,.0f} times as long")
    _median("by week, one team: sums", lambda: _by_sums(connection, team), rounds)
    for at in (0, answers // 2, answers - 8):
        _median(
            f"one by one, from {at:,}", lambda at=at: answer_facts.list_answers(connection, everybody, at, 8), rounds
        )
    _median("how many, by item", lambda: answer_facts.count_by_item(connection, everybody), rounds)


def _by_sums(connection: Connection, asked: Asked) -> Counted:
    rows = answer_facts.list_sums(connection, asked)
    return counted((Sum(r.on_date, r.entry, r.choice, r.answers, r.total, r.least, r.most) for r in rows), {})


def _by_scan(connection: Connection, asked: Asked) -> Counted:
    """Every answer as it was given."""
    visit, answer = answer_facts.VISIT, answer_facts.ANSWER
    rows = connection.execute(
        answer.select()
        .with_only_columns(visit.c.visited_on, answer.c.item, answer.c.value)
        .join(visit, visit.c.id == answer.c.visit_id)
        .where(
            visit.c.type == asked.type,
            visit.c.state == "sent",
            visit.c.visited_on.between(asked.first, asked.last),
            answer.c.item.startswith("price@"),
        )
    )
    return counted((Sum(row.visited_on, row.item[6:], "", 1, row.value, row.value, row.value) for row in rows), {})


def _median(what: str, work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    print(f"{what:40} {statistics.median(took) * 1000:10.1f} ms")
    return statistics.median(took)


if __name__ == "__main__":
    main()
