"""Whether a database has the schema of this version, asked without Alembic: that is 4 MB and a quarter of a second."""

from pathlib import Path

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from storage.database import Database

_STEPS = Path(__file__).parent / "migrations" / "versions"


def newest_revision() -> str:
    """The last step's revision, which its file's name begins with."""
    return max(step.name for step in _STEPS.glob("[0-9]*.py")).partition("_")[0]


def is_current(url: str) -> bool:
    """False for any other schema, an empty database, and one that does not answer."""
    engine = Database(url).reading_engine
    try:
        with engine.connect() as connection:
            return connection.execute(text("SELECT version_num FROM alembic_version")).scalar() == newest_revision()
    except SQLAlchemyError:
        return False
    finally:
        engine.dispose()
