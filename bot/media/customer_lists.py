"""Read a file as a customer list, in a child process: what a hostile file does there reaches nobody."""

import pickle
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.customer_columns import Columns, find_columns
from bot.domain.customer_owners import Owners
from bot.domain.customer_sheet import Reading, read_customers
from bot.domain.datum import Datum
from bot.domain.sheet import Cell


@dataclass(frozen=True)
class CustomerList:
    """A file as read: its customers and problems, the titles above its columns, and the cells of each row."""

    reading: Reading
    header: tuple[Cell, ...]
    cells: Mapping[int, tuple[Cell, ...]]


def read_list(data: bytes, file_name: str, owners: Owners, datum: Datum | None) -> bytes:
    """The list, packed: of 20,000 rows the event loop would take half a second to unpack. Raises `BrokenSheet`."""
    from bot.media.worksheets import read_sheet  # here: its libraries are for the worker alone

    sheet = read_sheet(data, file_name)
    columns = find_columns(sheet.rows)
    cells = {row.number: row.cells for row in sheet.rows}
    header = cells[columns.header_row] if isinstance(columns, Columns) else ()
    return pickle.dumps(CustomerList(read_customers(sheet.rows, owners, datum), header, cells))


def unpack(packed: bytes) -> CustomerList:
    """The list again, in a thread that has time for it."""
    unpacked: CustomerList = pickle.loads(packed)  # noqa: S301 - from our own child
    return unpacked
