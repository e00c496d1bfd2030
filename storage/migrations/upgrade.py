"""Brings a database to the schema of this version, or back: a step is made whole, or was never begun."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Connection, Database, as_ours

log = logging.getLogger(__name__)

# Of processes that start together, one makes the steps and the others wait; any number that nobody else locks
POSTGRES_LOCK = 7_766_386_001


class UnknownSchema(Exception):  # noqa: N818 - a sentence for the operator
    """A newer version of Rounds has made the database."""


def upgrade(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the database at `url`; returns the revisions before and after (None: empty).

    All steps are one transaction: a process that dies in the middle leaves what was there before. Raises
    DatabaseAway and UnknownSchema.
    """
    with alone(url) as connection:
        before = revisions(connection)[0]
        after = upgrade_on(connection, revision)
    if before != after:
        log.info("the database's schema was %s and is %s now", before or "empty", after)
    return before, after


def upgrade_on(connection: Connection, revision: str) -> str:
    """The same on a connection from `alone`; returns the revision after."""
    before = revisions(connection)[0]
    if before is not None and before not in known_revisions():
        raise UnknownSchema(f"the database has schema {before}, of a newer version of Rounds: install that one")
    command.upgrade(_configured(connection), revision)
    after = revisions(connection)[0]
    assert after is not None, "an upgrade leads somewhere"
    if before != after:
        check_references(connection)
    return after


def downgrade(url: str, revision: str = "base") -> None:
    """Take steps back; `base` empties the database."""
    with alone(url) as connection:
        command.downgrade(_configured(connection), revision)
        check_references(connection)


def revisions(connection: Connection) -> tuple[str | None, str | None]:
    """The database's revision (None: empty), and the one that this version needs."""
    here = MigrationContext.configure(connection).get_current_revision()
    return here, _steps().get_current_head()


def known_revisions() -> set[str]:
    """Every revision that this version can start from."""
    return {step.revision for step in _steps().walk_revisions()}


@contextmanager
def alone(url: str) -> Iterator[Connection]:
    """A transaction in which nobody else changes the schema. Raises DatabaseAway."""
    database = Database(url)
    try:
        with database.engine.connect() as connection:
            if database.is_sqlite:
                # A step that makes a table anew drops the old one, and every row that refers to it would be in the
                # way. Only outside of a transaction can this be said; the references are checked before the COMMIT.
                driver: Any = connection.connection.driver_connection
                driver.execute("PRAGMA foreign_keys=OFF")
            with connection.begin():
                if not database.is_sqlite:
                    connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": POSTGRES_LOCK})
                yield connection
    except SQLAlchemyError as error:
        raise as_ours(error) from error
    finally:
        database.engine.dispose()


def check_references(connection: Connection) -> None:
    """SQLite: every reference leads to a row, as PostgreSQL sees to by itself."""
    if connection.dialect.name == "sqlite":
        broken = connection.execute(text("PRAGMA foreign_key_check")).first()
        if broken is not None:
            raise RuntimeError(f"table {broken[0]} refers to rows of {broken[2]} that are not there")


def _configured(connection: Connection) -> Config:
    config = _config()
    config.attributes["connection"] = connection
    return config


def _steps() -> ScriptDirectory:
    return ScriptDirectory.from_config(_config())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    return config
