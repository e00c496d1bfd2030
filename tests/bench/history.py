"""Fills a database with a company and its past, by the database itself: ten million visits are minutes, not a day.

Rep r of n has the ids and customers that a division gives: customer c belongs to rep (c - 1) % reps + 1. The past ends
on the day before `today`; a rep makes eight visits a day, until all are made.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from shelf import SHELF
from sqlalchemy import insert, text

from storage import people, sops
from storage.database import Connection, Database
from storage.tables import ConversationRow, PersonRow, VisitRow, table

A_DAY = 8  # visits of a rep
IN_TEAM = 10  # reps
FIRST_TELEGRAM_ID = 700_000_001
MANAGER_ID = 1_000_000  # beyond every rep's
PLACE = (29.5, 106.5)  # the south-west corner of the company's square
# Dropped while the rows come and built after them: sorted once instead of ten million places found one by one
LATER = {
    "visit": ("visit_of_person", "visit_of_customer", "visit_flagged", "visit_of_day", "ix_visit_closes_at",
              "ix_visit_remind_at"),
    "follow_up": ("follow_up_of_person", "follow_up_due", "ix_follow_up_customer_id", "ix_follow_up_visit_id",
                  "follow_up_wake"),
}  # fmt: skip


@dataclass(frozen=True)
class Size:
    """How large a company and its past are; `square` is the side in kilometres over which its customers lie."""

    reps: int
    customers: int
    visits: int
    square: float = 100.0

    @property
    def days(self) -> int:
        return -(-self.visits // (self.reps * A_DAY))


def fill(database: Database, size: Size, today: date) -> None:
    """Everything but the traffic of messages: people, customers, visits, answers, promises, totals of days."""
    sqlite = database.is_sqlite
    with database.engine.connect() as connection:
        if sqlite:  # half the disk and half the time; whoever is stopped here begins again
            for pragma in ("journal_mode = OFF", "synchronous = OFF", "cache_size = -500000"):
                connection.connection.driver_connection.execute(f"PRAGMA {pragma}")  # type: ignore[union-attr]
        values = {
            "reps": size.reps, "customers": size.customers, "visits": size.visits, "days": size.days,
            "first": today - timedelta(days=size.days), "today": today, "degrees": size.square / 111.0,
        }  # fmt: skip
        with connection.begin():
            _people(connection, size)
        for rows, statement in _statements(sqlite):
            with connection.begin():
                built = [(name, _definition(connection, name)) for name in LATER.get(rows, ())]
                for name, _ in built:
                    connection.execute(text(f"DROP INDEX {name}"))
                named = {name: value for name, value in values.items() if f":{name}" in statement}
                connection.execute(text(statement), named)
                for _, definition in built:
                    connection.execute(text(definition))
        for name in ("person", "customer", "visit") if not sqlite else ():
            count_on = f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"
            with connection.begin():
                connection.execute(text(count_on))
    if sqlite:
        database.engine.dispose()  # the next connection is as the product opens it
    else:
        with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))  # as autovacuum would have, long before


def _definition(connection: Connection, index: str) -> str:
    if connection.dialect.name == "sqlite":
        asked = text("SELECT sql FROM sqlite_master WHERE name = :name")
    else:
        asked = text("SELECT indexdef FROM pg_indexes WHERE indexname = :name")
    return str(connection.execute(asked, {"name": index}).scalar_one())


def _people(connection: Connection, size: Size) -> None:
    people.found_company(connection, "Bench")
    teams = [people.add_team(connection, f"Team {number}", 1) for number in range(-(-size.reps // IN_TEAM))]
    sops.publish(connection, SHELF, _noon(date(2020, 1, 1)))
    told = {"phone": "", "language": "en", "time_zone": "Asia/Shanghai", "team_id": 1, "status": "active",
            "reachable": True, "wrong_tokens": 0}  # fmt: skip
    # everybody has heard what was due today
    far = {"brief_due_at": _noon(date(2030, 1, 1)), "digest_due_at": _noon(date(2030, 1, 1))}
    reps = [
        {
            **told,
            **far,
            "id": i,
            "telegram_id": FIRST_TELEGRAM_ID + i - 1,
            "name": f"Rep {i}",
            "roles": "rep",
            "team_id": teams[(i - 1) // IN_TEAM],
        }
        for i in range(1, size.reps + 1)
    ]
    manager = {**told, **far, "id": MANAGER_ID, "telegram_id": MANAGER_ID, "name": "Chen", "roles": "manager"}
    connection.execute(insert(table(PersonRow)), [*reps, manager])


def _noon(on: date) -> datetime:
    return datetime.combine(on, time(4), UTC)


def _statements(sqlite: bool) -> list[tuple[str, str]]:
    """What each table is filled by. Day d of a rep's visit k is k / A_DAY; its hour k % A_DAY, from 09:00 on."""
    if sqlite:
        hour = (
            "strftime('%Y-%m-%d %H:%M:%S.000000', :first, '+' || ({day}) || ' days', '+' || ({minutes}) || ' minutes')"
        )
        day = "date(:first, '+' || ({day}) || ' days')"
        no = "0"
        text_of = "{}"
    else:
        hour = "(:first ::date + ({day})::int + make_interval(mins => ({minutes})::int)) AT TIME ZONE 'UTC'"
        day = "(:first ::date + ({day})::int)"
        no = "false"
        text_of = "({})::text"
    # visit i (from 0): rep i % reps + 1, his visit number i / reps; customers of the rep in turn
    rep = "(n.i % :reps + 1)"
    number = "(n.i / :reps)"
    the_day = f"{number} / {A_DAY}"
    customer = f"((({rep} - 1) + :reps * (({number}) % (:customers / :reps))) % :customers + 1)"
    minutes = f"60 + ({number} % {A_DAY}) * 60"
    on = day.format(day=the_day)
    numbers = "WITH RECURSIVE n(i) AS (SELECT CAST(0 AS bigint) UNION ALL SELECT i + 1 FROM n WHERE i < :{} - 1)"

    def at(after: int) -> str:
        return hour.format(day=the_day, minutes=f"{minutes} + {after}")

    flagged = """'[{"code": "outside", "facts": {"radius": 200, "distance": 480}}]'"""
    flags = f"CASE WHEN n.i % 20 = 0 THEN {flagged} ELSE '[]' END" if sqlite else (
        f"(CASE WHEN n.i % 20 = 0 THEN {flagged} ELSE '[]' END)::json"
    )  # fmt: skip
    as_json = "{}" if sqlite else "({})::json"
    empty = as_json.format("'[]'")
    # an even spread that looks like chance: the fractional part of a multiple of an irrational number
    scattered = "(:degrees * ((n.i * {}) % 100003) / 100003.0)"
    grade = "substr('ABCD', CAST(n.i % 4 + 1 AS integer), 1)"
    customers = f"""{numbers.format("customers")}
        INSERT INTO customer (id, name, aliases, tags, grade, industry, region, address, latitude, longitude,
            contact_name, phone, note, search_text, owner_id, created_at, is_new, position_from, due_on, last_visit_at)
        SELECT n.i + 1, 'Shop ' || {text_of.format("n.i + 1")}, {empty}, {empty}, {grade},
            '', '', 'Some road', {PLACE[0]} + {scattered.format(61_803)}, {PLACE[1]} + {scattered.format(41_421)},
            '', '', '', '', {rep}, {hour.format(day="0", minutes="0")}, {no}, 'import',
            {day.format(day=":days - 20 + n.i % 100")},
            {hour.format(day=":days - 1", minutes="60")}
        FROM n"""
    visits = f"""{numbers.format("visits")}
        INSERT INTO visit (id, person_id, customer_id, type, purpose, sop_version_id, state, checked_in_at, visited_on,
            latitude, longitude, accuracy, live, arrival, distance, flags, is_flagged, reason, again_reason,
            checked_out_at, closed_automatically, result, words, no_next_reason, effectiveness, late, sent_at)
        SELECT n.i + 1, {rep}, {customer}, 'shelf', 'relationship', 1, 'sent', {at(0)}, {on},
            29.6, 106.6, 15, {no}, 'inside', 20, {flags}, n.i % 20 = 0, '', '',
            {at(25)},
            {no}, 'reached', 'all in order', 'all_done',
            CASE WHEN n.i % 5 = 0 THEN 'not_effective' ELSE 'effective' END,
            {no}, {at(30)}
        FROM n"""
    answers = f"""{numbers.format("visits")}
        INSERT INTO visit_answer (visit_id, item, value, answered_at)
        SELECT n.i + 1, 'count1', {as_json.format("'17'")}, {at(10)} FROM n"""
    # one promise every fourth visit; the last ten of each rep are open and overdue or due
    promises = f"""{numbers.format("visits")}
        INSERT INTO follow_up (person_id, customer_id, visit_id, what, due_on, state, reason, created_at, moves,
            remind_at)
        SELECT {rep}, {customer}, n.i + 1, 'bring the offer', {day.format(day=f"{the_day} + 5")},
            CASE WHEN n.i + :reps * 40 >= :visits THEN 'open' ELSE 'done' END, '', {at(30)}, {empty},
            {hour.format(day=f"{the_day} + 5000", minutes="0")}
        FROM n WHERE {number} % 4 = 0"""
    totals = """INSERT INTO day_total (person_id, on_date, visits, effective, seconds, flagged, late, team_id)
        SELECT person_id, visited_on, count(*), sum(CASE effectiveness WHEN 'effective' THEN 1 ELSE 0 END),
            count(*) * 1500, sum(CASE WHEN is_flagged THEN 1 ELSE 0 END), 0, person.team_id
        FROM visit JOIN person ON person.id = visit.person_id GROUP BY person_id, visited_on, person.team_id"""
    of_teams = """INSERT INTO team_day (team_id, on_date, reps, visits, effective, seconds, flagged, late)
        SELECT team_id, on_date, count(*), sum(visits), sum(effective), sum(seconds), sum(flagged), sum(late)
        FROM day_total GROUP BY team_id, on_date"""
    return [
        ("customer", customers), ("visit", visits), ("visit_answer", answers), ("follow_up", promises),
        ("day_total", totals), ("team_day", of_teams),
    ]  # fmt: skip


def stand_at_shelf(connection: Connection, people_ids: range, customers: int, today: date) -> None:
    """These reps have checked in this morning, and stand at the first item of the checklist."""
    at = datetime.combine(today, time(2), UTC)
    visits = [
        {"person_id": i, "customer_id": (i - 1) % customers + 1, "type": SHELF.type, "purpose": "relationship",
         "sop_version_id": 1, "state": "open", "checked_in_at": at, "visited_on": today, "arrival": "inside",
         "distance": 20.0, "accuracy": 10.0, "flags": [], "closed_automatically": False, "late": False, "reason": "",
         "again_reason": "", "live": False, "closes_at": at + timedelta(hours=8)}
        for i in people_ids
    ]  # fmt: skip
    rows = table(VisitRow)
    ids = [connection.execute(insert(rows).values(visit).returning(rows.c.id)).scalar_one() for visit in visits]
    state = {"focus": None, "pending": None, "draft": None}
    connection.execute(
        insert(table(ConversationRow)),
        [
            {"person_id": i, "flow": "visit", "subject": visit_id, "revision": 1000, "step": "checklist",
             "state": state, "begun_at": at, "turn": 1}
            for i, visit_id in zip(people_ids, ids, strict=True)
        ],
    )  # fmt: skip
