"""Customer lists on their way in: what was uploaded, which customers it may mean, and writing many at once."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, func, insert, select, text, update

from bot.domain.customer import Customer, SheetCustomer
from bot.domain.customer_preview import Change
from bot.domain.datum import Datum
from bot.domain.search import name_key
from storage import pins
from storage.customers import CUSTOMER, customer_of
from storage.tables import ImportRow, PersonRow, table

IMPORT, PERSON = table(ImportRow), table(PersonRow)
_AT_ONCE = 1_000  # ids to a statement; SQLite takes no more than 32,766 values
# The same in the record of a customer, in a row of a list and in the table.
_FIELDS = (
    *("external_id", "name", "aliases", "grade", "class_", "tags", "industry", "region", "address", "fence_radius"),
    *("contact_name", "phone", "note", "owner_id"),
)
_PLACE = (
    *("latitude", "longitude", "given_latitude", "given_longitude", "datum", "position_from"),
    *("vouched_latitude", "vouched_longitude"),
)
_FOLLOWED = {"external_id", "name", "aliases", "phone", "tags", "grade"}  # by the search index and the due date
# As they lie in the database: nothing is made of them, which would take five times as long.
_RAW = select(
    CUSTOMER.c.id,
    *(
        cast(CUSTOMER.c[name], Text) if name in ("aliases", "tags") else CUSTOMER.c[name]
        for name in (*_FIELDS, *_PLACE)
    ),
).order_by(CUSTOMER.c.id)


# --- the list and its history -----------------------------------------------------------------


def add(connection: Connection, *, person_id: int, file_id: str, file_name: str, at: datetime) -> int:
    """Note that somebody sent a list; its bytes are still to be fetched."""
    values = {"person_id": person_id, "file_id": file_id, "file_name": file_name, "sha256": "", "created_at": at}
    return int(connection.execute(insert(IMPORT).values(state="reading", **values).returning(IMPORT.c.id)).scalar_one())


def get(connection: Connection, import_id: int) -> Row[Any]:
    """All columns of an import."""
    return connection.execute(select(IMPORT).where(IMPORT.c.id == import_id)).one()


def change(connection: Connection, import_id: int, **values: Any) -> None:
    """Set columns of an import."""
    connection.execute(update(IMPORT).where(IMPORT.c.id == import_id).values(values))


def move_on(connection: Connection, import_id: int, *, state: str, after: str, **values: Any) -> bool:
    """Set the state if it was `after`; False when somebody was faster."""
    statement = update(IMPORT).where(IMPORT.c.id == import_id, IMPORT.c.state == after)
    return connection.execute(statement.values(state=state, **values)).rowcount == 1


def list_applied(connection: Connection, limit: int) -> list[Row[Any]]:
    """The newest imports that were carried out: when, by whom, the file's name and what it brought."""
    statement = select(IMPORT.c.applied_at, IMPORT.c.file_name, IMPORT.c.counts, PERSON.c.name)
    statement = statement.join(PERSON, PERSON.c.id == IMPORT.c.person_id)
    newest_first = statement.where(IMPORT.c.state == "applied").order_by(IMPORT.c.applied_at.desc())
    return list(connection.execute(newest_first.limit(limit)))


def find_last_datum(connection: Connection, person_id: int) -> Datum | None:
    """In which datum the person's last import was, of those where he was asked."""
    asked = select(IMPORT.c.datum).where(IMPORT.c.person_id == person_id, IMPORT.c.state == "applied")
    newest = asked.where(IMPORT.c.datum.is_not(None)).order_by(IMPORT.c.applied_at.desc()).limit(1)
    last = connection.execute(newest).scalar()
    return Datum(last) if last else None


# --- the customers it may mean ----------------------------------------------------------------


@dataclass(frozen=True)
class Known:
    """The customers that the rows of a list may mean, as they are, and `raw` as they lie in the database.

    `newest` is the highest id of all customers.
    """

    customers: tuple[Customer, ...]
    raw: tuple[Any, ...]
    newest: int


def find_known(connection: Connection, rows: Iterable[SheetCustomer]) -> Known:
    """Those with an id of the list, or with a name of it however spelled: 0.7 s among 200,000."""
    ids, names = set(), set()
    for row in rows:
        ids.add(row.external_id)
        names.add(name_key(row.name))
    ids.discard(None)
    every = connection.execute(select(CUSTOMER.c.id, CUSTOMER.c.external_id, CUSTOMER.c.name))
    possible = [id_ for id_, external_id, name in every if external_id in ids or name_key(name) in names]
    # In this order: what changes in between is noticed later, never missed.
    newest, raw = _newest(connection), tuple(_list_by_ids(connection, _RAW, possible))
    return Known(tuple(map(customer_of, _list_by_ids(connection, select(CUSTOMER), possible))), raw, newest)


def is_still_so(connection: Connection, known: Known) -> bool:
    """Whether nothing happened to these customers, and none came, since they were read."""
    if _newest(connection) != known.newest:
        return False
    return tuple(_list_by_ids(connection, _RAW, [row.id for row in known.raw])) == known.raw


def _newest(connection: Connection) -> int:
    return int(connection.execute(select(func.coalesce(func.max(CUSTOMER.c.id), 0))).scalar_one())


def _list_by_ids(connection: Connection, statement: Select[Any], ids: Iterable[int]) -> Iterator[Row[Any]]:
    waiting = iter(sorted(ids))
    while some := list(islice(waiting, _AT_ONCE)):
        yield from connection.execute(statement.where(CUSTOMER.c.id.in_(some)))


# --- writing many at once ---------------------------------------------------------------------


def take_turns(connection: Connection) -> None:
    """Let nobody else write customers until this is committed, or a customer could come in twice."""
    if connection.dialect.name == "postgresql":  # SQLite has one writer anyway
        connection.execute(text(f"LOCK TABLE {CUSTOMER.name} IN SHARE ROW EXCLUSIVE MODE"))


def store(
    connection: Connection, new: Sequence[SheetCustomer], changes: Sequence[Change], *, by: int, at: datetime
) -> list[int]:
    """Write all of a list; `take_turns` comes first.

    Returns the ids of those whose search entries and due dates must follow, which is done afterwards.
    """
    before = _newest(connection)
    if new:
        common = {"search_text": "", "is_new": False, "created_by": by, "created_at": at}
        connection.execute(insert(CUSTOMER), [{**_fields(row), **_place(row), **common} for row in new])
    for names, changed in _by_columns(changes).items():
        values: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        statement = update(CUSTOMER).where(CUSTOMER.c.id == bindparam("of_id")).values(values)
        connection.execute(statement, [_prefixed(customer, names) for customer in changed])
    pins.outdate(
        connection, [one.after.id for one in changes if any(field.field == "position" for field in one.fields)]
    )
    came = connection.execute(select(CUSTOMER.c.id).where(CUSTOMER.c.id > before).order_by(CUSTOMER.c.id)).scalars()
    followed = [one.after.id for one in changes if any(field.field in _FOLLOWED for field in one.fields)]
    return [*followed, *came]


def _by_columns(changes: Sequence[Change]) -> dict[tuple[str, ...], list[Customer]]:
    """Customers as they shall be, together with those of whom the same columns change: what is equal is not written."""
    grouped: dict[tuple[str, ...], list[Customer]] = {}
    for change in changes:
        names = [field.field for field in change.fields if field.field != "position"]
        if len(names) < len(change.fields):
            names += _PLACE
        grouped.setdefault(tuple(names), []).append(change.after)
    return grouped


def _prefixed(customer: Customer, names: tuple[str, ...]) -> dict[str, Any]:
    values = {**_fields(customer), **_place(customer)}
    return {"of_id": customer.id, **{f"new_{name}": values[name] for name in names}}


def _fields(customer: Customer | SheetCustomer) -> dict[str, Any]:
    return {
        **{name: getattr(customer, name) for name in _FIELDS},
        "aliases": list(customer.aliases),
        "tags": list(customer.tags),
        "grade": customer.grade.value if customer.grade else None,
        "class_": customer.class_.value if customer.class_ else None,
    }


def _place(customer: Customer | SheetCustomer) -> dict[str, Any]:
    position = customer.position
    return {
        "latitude": position.latitude if position else None,
        "longitude": position.longitude if position else None,
        "given_latitude": customer.given_latitude,
        "given_longitude": customer.given_longitude,
        "datum": customer.datum.value if customer.datum else None,
        "position_from": "import" if position else None,
        "vouched_latitude": None,
        "vouched_longitude": None,
    }
