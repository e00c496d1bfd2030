"""The minimum stay of grade A was a rule of its own: its history goes on as the value of a grade, there and back."""

from datetime import UTC, datetime

from sqlalchemy import Connection, create_engine, text

from bot.domain.policy_scopes import Level, Scope
from storage import policies
from storage.migrations.upgrade import downgrade, upgrade

BEFORE = "0010"
GRADE_A = Level(Scope.GRADE, "A")
AT = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def history(connection: Connection) -> list[tuple[str, str | None]]:
    rows = connection.execute(text("SELECT key, new FROM policy_change ORDER BY id"))
    return [(key, new) for key, new in rows]


def test_a_rule_of_before_is_the_value_of_a_grade_and_again_on_the_way_back(database_url: str) -> None:
    engine = create_engine(database_url)
    downgrade(database_url, BEFORE)
    person = (
        "INSERT INTO person (telegram_id, name, phone, language, time_zone, roles, status, reachable, wrong_tokens)"
    )
    change = "INSERT INTO policy_change (key, new, changed_by, changed_at)"
    with engine.begin() as connection:
        connection.execute(text(f"{person} VALUES (7, 'Ann', '', 'en', 'UTC', 'admin', 'active', true, 0)"))
        for key, new in (("stay.minimum_a", "15"), ("stay.minimum", "6")):
            values = f"VALUES ('{key}', '{new}', (SELECT id FROM person), '2026-11-23 01:00:00')"
            connection.execute(text(f"{change} {values}"))
    upgrade(database_url)
    with engine.begin() as connection:
        assert policies.in_force(connection) == {"stay.minimum": "6"}
        assert policies.in_force(connection, GRADE_A) == {"stay.minimum": "15"}
        policies.record(connection, key="fence.radius", old=None, new="150", by=1, at=AT, level=Level(Scope.TEAM, "2"))
    downgrade(database_url, BEFORE)
    with engine.begin() as connection:
        assert history(connection) == [("stay.minimum_a", "15"), ("stay.minimum", "6")]
    upgrade(database_url)
    engine.dispose()
