"""Brings a database to the schema of this version, or back."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection

from storage.database import Database


def configured(connection: Connection) -> Config:
    """Alembic's configuration for a connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the database at `url`; returns the revisions before and after (None: empty)."""
    database = Database(url)
    try:
        with database.engine.begin() as connection:
            before = MigrationContext.configure(connection).get_current_revision()
            command.upgrade(configured(connection), revision)
            after = MigrationContext.configure(connection).get_current_revision()
    finally:
        database.engine.dispose()
    return before, after


def downgrade(url: str, revision: str = "base") -> None:
    """Take steps back; `base` empties the database."""
    database = Database(url)
    try:
        with database.engine.begin() as connection:
            command.downgrade(configured(connection), revision)
    finally:
        database.engine.dispose()
