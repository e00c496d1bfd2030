"""Read a customer list: rows of cells in, customers and everything that is wrong with the list out."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

from bot.domain import customer_cells as cells
from bot.domain.customer import SheetCustomer
from bot.domain.customer_columns import Columns, find_columns
from bot.domain.customer_doubles import find_doubles
from bot.domain.customer_owners import Owners
from bot.domain.customer_positions import Position, read_position, swapped_among
from bot.domain.customer_problem import BadCell, Field, Problem, Reason
from bot.domain.datum import Datum, to_wgs84
from bot.domain.sheet import Cell, Row

NAME_LIMIT = 120  # characters; a name must fit on a button and on a photo's watermark
TEXT_LIMIT = 250
NOTE_LIMIT = 2_000
FENCE_BOUNDS_METRES = (50.0, 5_000.0)

_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Reading:
    """A list as read. `rows` are the sound ones, in order; `ignored` are titles of columns that mean nothing here.

    `needs_datum`: some row has degrees and nobody has said yet in which datum; ask, and read again with the answer.
    """

    rows: tuple[SheetCustomer, ...]
    problems: tuple[Problem, ...]
    needs_datum: bool = False
    ignored: tuple[str, ...] = ()


def read_customers(
    rows: Sequence[Row],
    owners: Owners,
    datum: Datum | None = None,
    fence_bounds: tuple[float, float] = FENCE_BOUNDS_METRES,
) -> Reading:
    """Read a list whose header may stand below a title. `datum` is for the rows that do not name their own.

    A row with a problem is not among the sound ones; all its problems are told at once.
    """
    columns = find_columns(rows)
    if isinstance(columns, Problem):
        return Reading((), (columns,))
    below = [row for row in rows if row.number > columns.header_row]
    readings = [_RowReading(row, columns, owners, datum, fence_bounds) for row in below]
    listed = [reading for reading in readings if not reading.is_blank]
    if not listed:
        return Reading((), (Problem(Reason.NO_ROWS),), ignored=columns.ignored)

    customers = [reading.customer() for reading in listed]
    problems = [problem for reading in listed for problem in reading.problems]
    problems += swapped_among((reading.row.number, reading.position) for reading in listed)
    refused = {problem.row for problem in problems}
    problems += find_doubles([customer for customer in customers if customer.row not in refused])
    refused = {problem.row for problem in problems}
    sound = tuple(customer for customer in customers if customer.row not in refused)
    return Reading(
        sound,
        tuple(sorted(problems, key=lambda problem: problem.row or 0)),
        needs_datum=any(customer.given_latitude is not None and customer.datum is None for customer in sound),
        ignored=columns.ignored,
    )


class _RowReading:
    """One row being read; its problems gather while its cells are."""

    def __init__(
        self, row: Row, columns: Columns, owners: Owners, datum: Datum | None, fence_bounds: tuple[float, float]
    ) -> None:
        self.row = row
        self.problems: list[Problem] = []
        self._columns = columns
        self._owners = owners
        self._datum = datum
        self._fence_bounds = fence_bounds
        self.position: Position | None = None

    @property
    def is_blank(self) -> bool:
        """Nothing stands in a column that we read: a total, a signature, a stray mark."""
        return not any(cells.shown(self._cell(field)) for field in self._columns.places)

    def customer(self) -> SheetCustomer:
        """The customer of the row, of use only if no problem was found."""
        line = partial(cells.text, limit=TEXT_LIMIT)
        fence = partial(cells.radius, metres_per_unit=self._columns.radius_unit, bounds=self._fence_bounds)
        name = self._read(Field.NAME, partial(cells.text, limit=NAME_LIMIT), "")
        if not name and not self.problems:
            self._add(Reason.MISSING_NAME, Field.NAME)
        customer = SheetCustomer(
            self.row.number,
            name,
            external_id=self._read(Field.EXTERNAL_ID, partial(cells.code, limit=TEXT_LIMIT), None),
            aliases=self._read(Field.ALIASES, partial(cells.several, limit=NAME_LIMIT), ()),
            grade=self._read(Field.GRADE, cells.grade, None),
            class_=self._read(Field.CLASS, cells.customer_class, None),
            tags=self._read(Field.TAGS, partial(cells.several, limit=NAME_LIMIT), ()),
            industry=self._read(Field.INDUSTRY, line, ""),
            region=self._read(Field.REGION, line, ""),
            address=self._read(Field.ADDRESS, line, ""),
            fence_radius=self._read(Field.FENCE_RADIUS, fence, None),
            contact_name=self._read(Field.CONTACT_NAME, partial(cells.text, limit=NAME_LIMIT), ""),
            phone=self._read(Field.PHONE, partial(cells.code, limit=TEXT_LIMIT), ""),
            note=self._read(Field.NOTE, partial(cells.note, limit=NOTE_LIMIT), ""),
            owner_id=self._read(Field.OWNER, self._owner, None),
        )
        return self._placed(customer)

    def _placed(self, customer: SheetCustomer) -> SheetCustomer:
        own_datum = self._read(Field.DATUM, cells.datum, None)
        try:
            self.position = read_position(self._cell, self._columns)
        except BadCell as bad:
            self._add(bad.reason, Field.COORDINATES, self._position_shown())
        if self.position is None:
            return customer
        latitude, longitude = self.position.latitude, self.position.longitude
        datum = own_datum or self._datum
        return replace(
            customer,
            given_latitude=latitude,
            given_longitude=longitude,
            datum=datum,
            position=to_wgs84(latitude, longitude, datum) if datum else None,
        )

    def _owner(self, cell: Cell) -> int:
        found = self._owners.named(cells.code(cell, TEXT_LIMIT))
        if len(found) != 1:
            raise BadCell(Reason.AMBIGUOUS_OWNER if found else Reason.UNKNOWN_OWNER)
        return next(iter(found))

    def _cell(self, field: Field) -> Cell:
        place = self._columns.places.get(field)
        return None if place is None or place >= len(self.row.cells) else self.row.cells[place]

    def _read(self, field: Field, read: Callable[[Cell], _Value], empty: Any) -> Any:
        cell = self._cell(field)
        if not cells.shown(cell):
            return empty
        try:
            return read(cell)
        except BadCell as bad:
            self._add(bad.reason, field, cells.shown(cell))
            return empty

    def _position_shown(self) -> str:
        fields = (Field.COORDINATES, Field.LATITUDE, Field.LONGITUDE)
        return ", ".join(cells.shown(self._cell(field)) for field in fields if field in self._columns.places)

    def _add(self, reason: Reason, field: Field, value: str = "") -> None:
        self.problems.append(Problem(reason, self.row.number, field, value[:TEXT_LIMIT]))
