"""The numbers that a database counts up: a restored one must not give a number of an update or a job again."""

from sqlalchemy import Connection, inspect, text


def read(connection: Connection) -> dict[str, int]:
    """The last number given, by table; tables that only count on from their highest row are left out."""
    if connection.dialect.name == "sqlite":
        kept = connection.execute(text("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'")).first()
        rows = connection.execute(text("SELECT name, seq FROM sqlite_sequence")) if kept else ()
        return {row.name: int(row.seq) for row in rows}
    counters = {}
    for table, (sequence, _) in _sequences(connection).items():
        row = connection.execute(text(f"SELECT last_value, is_called FROM {sequence}")).one()  # noqa: S608 - its own name
        counters[table] = int(row.last_value) if row.is_called else 0
    return counters


def write(connection: Connection, counters: dict[str, int]) -> None:
    """Count on from there, or from the highest row."""
    if connection.dialect.name == "sqlite":
        counting = text("SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'")
        for name in connection.execute(counting).scalars().all():
            connection.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
            values = {"name": name, "seq": max(counters.get(name, 0), _highest(connection, name))}
            connection.execute(text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), values)
        return
    for table, (sequence, column) in _sequences(connection).items():
        last = max(counters.get(table, 0), _highest(connection, table, column))
        if last > 0:
            connection.execute(text("SELECT setval(:sequence, :last)"), {"sequence": sequence, "last": last})


def _highest(connection: Connection, table: str, column: str = "rowid") -> int:
    return int(connection.execute(text(f'SELECT coalesce(max({column}), 0) FROM "{table}"')).scalar_one())  # noqa: S608


def _sequences(connection: Connection) -> dict[str, tuple[str, str]]:
    """PostgreSQL: the sequence and the column that it numbers, by table."""
    found = {}
    there = inspect(connection)
    for table in there.get_table_names():
        for column in there.get_pk_constraint(table)["constrained_columns"]:
            query = text("SELECT pg_get_serial_sequence(quote_ident(:table), :column)")
            sequence = connection.execute(query, {"table": table, "column": column}).scalar()
            if sequence is not None:
                found[table] = (str(sequence), str(column))
    return found
