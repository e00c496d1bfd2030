"""Brings a database to the schema of this version, or back."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Connection, Database, as_ours


def configured(connection: Connection) -> Config:
    """Alembic's configuration for a connection."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Upgrade the database at `url`; returns the revisions before and after (None: empty). Raises DatabaseAway."""
    with _alone(url) as connection:
        before = MigrationContext.configure(connection).get_current_revision()
        command.upgrade(configured(connection), revision)
        after = MigrationContext.configure(connection).get_current_revision()
    return before, after


def downgrade(url: str, revision: str = "base") -> None:
    """Take steps back; `base` empties the database."""
    with _alone(url) as connection:
        command.downgrade(configured(connection), revision)


def revisions(connection: Connection) -> tuple[str | None, str | None]:
    """The database's revision (None: empty), and the one that this version needs."""
    here = MigrationContext.configure(connection).get_current_revision()
    return here, ScriptDirectory.from_config(configured(connection)).get_current_head()


@contextmanager
def _alone(url: str) -> Iterator[Connection]:
    database = Database(url)
    try:
        with database.engine.begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise as_ours(error) from error
    finally:
        database.engine.dispose()
