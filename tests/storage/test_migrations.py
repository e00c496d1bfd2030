"""The steps of the schema lead to what the tables say, and back, on both databases."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect, text
from sqlmodel import SQLModel

import storage.tables  # noqa: F401 - fills the metadata
from storage.migrations.upgrade import downgrade, upgrade


def test_the_steps_make_exactly_the_tables(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, SQLModel.metadata) == []
    engine.dispose()


def test_a_filled_database_goes_down_and_up_again(database_url: str) -> None:
    engine = create_engine(database_url)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO team (name, path) VALUES ('East', '/1/')"))
    downgrade(database_url)
    assert set(inspect(engine).get_table_names()) <= {"alembic_version", "sqlite_sequence"}
    assert upgrade(database_url)[0] is None
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM team")).scalar() == 0
    engine.dispose()


def test_a_second_upgrade_does_nothing(database_url: str) -> None:
    before, after = upgrade(database_url)
    assert before == after is not None
