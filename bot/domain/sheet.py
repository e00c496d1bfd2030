"""A sheet of cells as the person sees it, whatever file it came from."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

Cell = str | int | float | bool | date | datetime | time | timedelta | None


@dataclass(frozen=True, slots=True)
class Row:
    """A row that has at least one cell filled; `number` is the one that Excel shows beside it, from 1."""

    number: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """The rows that hold something, top to bottom. `name` is the tab's, or the file's where there are no tabs."""

    name: str
    rows: tuple[Row, ...]
