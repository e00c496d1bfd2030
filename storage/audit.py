"""The audit's entries: added under a lock, so that the chain has one end; read a page or all of it at a time."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select

from bot.domain.audit import START, Entry, Head, seal
from storage import marks
from storage.leadership import one_at_a_time
from storage.tables import AuditRow, CustomerRow, ImportRow, PersonRow, TeamRow, table

AUDIT, PERSON, TEAM, IMPORT = table(AuditRow), table(PersonRow), table(TeamRow), table(ImportRow)
CUSTOMER = table(CustomerRow)
HEAD = "audit"  # the mark that keeps the head beside the entries: without it the last ones could go unnoticed
AT_ONCE = 500  # entries that are read together


def add(
    connection: Connection,
    *,
    at: datetime,
    person_id: int | None,
    area: str,
    what: str,
    subject: str,
    old: Any,
    new: Any,
) -> Head:
    """Add an entry to the chain; returns the new head.

    The lock is held until the transaction ends. Only those wait for it who write down something themselves.
    """
    one_at_a_time(connection, "audit")
    head = find_head(connection) or Head(0, START)
    entry = Entry(head.seq + 1, at, person_id, area, what, subject, old, new)
    head = Head(entry.seq, seal(head.hash, entry))
    values = {"seq": entry.seq, "at": at, "person_id": person_id, "area": area, "what": what, "subject": subject}
    connection.execute(insert(AUDIT).values(**values, old=old, new=new, hash=head.hash))
    marks.put(connection, HEAD, at, {"seq": head.seq, "hash": head.hash})
    return head


def find_head(connection: Connection) -> Head | None:
    """The chain's end as it was noted with the last entry."""
    mark = marks.find(connection, HEAD)
    return Head(mark.note["seq"], mark.note["hash"]) if mark is not None else None


def find_hash(connection: Connection, seq: int) -> str | None:
    """The hash that is kept of an entry."""
    return connection.execute(select(AUDIT.c.hash).where(AUDIT.c.seq == seq)).scalar()


def list_after(connection: Connection, seq: int) -> list[tuple[Entry, str]]:
    """The next entries with their hashes, oldest first."""
    rows = connection.execute(select(AUDIT).where(AUDIT.c.seq > seq).order_by(AUDIT.c.seq).limit(AT_ONCE))
    return [(_entry(row), row.hash) for row in rows]


def list_newest(
    connection: Connection, limit: int, *, before: int | None, area: str | None, person_id: int | None
) -> list[Entry]:
    """Entries older than `before`, newest first; by or about a person, if one is given."""
    statement = select(AUDIT).order_by(AUDIT.c.seq.desc()).limit(limit)
    if before is not None:
        statement = statement.where(AUDIT.c.seq < before)
    if area is not None:
        statement = statement.where(AUDIT.c.area == area)
    if person_id is not None:
        statement = statement.where((AUDIT.c.person_id == person_id) | (AUDIT.c.subject == f"person:{person_id}"))
    return [_entry(row) for row in connection.execute(statement)]


def _entry(row: Row[Any]) -> Entry:
    return Entry(row.seq, row.at, row.person_id, row.area, row.what, row.subject, row.old, row.new)


# --- the names behind the ids, looked up when somebody reads ----------------------------------


def names_of(connection: Connection, entries: Sequence[Entry]) -> dict[str, str]:
    """`person:3`, `team:2`, `import:1` → what it is called now; who or what is gone has no name."""
    wanted: dict[str, set[int]] = {}
    for kind, number in _ids(entries):
        wanted.setdefault(kind, set()).add(number)
    names = {}
    for kind, column, key in (
        ("person", PERSON.c.name, PERSON.c.id),
        ("team", TEAM.c.name, TEAM.c.id),
        ("import", IMPORT.c.file_name, IMPORT.c.id),
        ("customer", CUSTOMER.c.name, CUSTOMER.c.id),
    ):
        found = connection.execute(select(key, column).where(key.in_(wanted.get(kind, ()))))
        names.update({f"{kind}:{number}": name for number, name in found})
    return names


def _ids(entries: Sequence[Entry]) -> Iterator[tuple[str, int]]:
    for entry in entries:
        if entry.person_id is not None:
            yield "person", entry.person_id
        for text in (entry.subject, *references(entry.old), *references(entry.new)):
            kind, _, number = text.rpartition("@")[2].partition(":")
            if number.isdigit():
                yield kind, int(number)


def references(value: Any) -> Iterator[str]:
    """The `kind:id` that a value is made of."""
    parts = value.values() if isinstance(value, dict) else [value]
    for part in parts:
        if isinstance(part, str):
            yield part
        elif isinstance(part, list):
            yield from (each for each in part if isinstance(each, str))


def find_people(connection: Connection, text: str, limit: int) -> list[tuple[int, str]]:
    """People whose name has the text, whatever has become of them."""
    named = PERSON.c.name.icontains(text, autoescape=True)
    rows = connection.execute(select(PERSON.c.id, PERSON.c.name).where(named).order_by(PERSON.c.name).limit(limit))
    return [(row.id, row.name) for row in rows]
