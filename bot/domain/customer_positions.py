"""Read where a customer is from a list, and notice latitudes and longitudes that changed places."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from statistics import median

from bot.domain import customer_cells as cells
from bot.domain.customer_columns import Columns
from bot.domain.customer_problem import BadCell, Field, Problem, Reason
from bot.domain.geography import Point, distance
from bot.domain.sheet import Cell

# Both numbers of a point in Europe or Africa may be a latitude, so only the other rows tell which is which.
# A row is taken for swapped when it lies on another continent and its mirror image lies among the others.
_FAR_METRES = 1_500_000
_AMONG_METRES = 500_000
_ENOUGH_ROWS = 4


@dataclass(frozen=True, slots=True)
class Position:
    """Degrees as they stand in the list, possible ones, in whatever datum."""

    latitude: float
    longitude: float


def read_position(cell: Callable[[Field], Cell], columns: Columns) -> Position | None:
    """The position of a row, None where it has none. Raises `BadCell`."""
    if Field.COORDINATES in columns.places:
        written = cell(Field.COORDINATES)
        if not cells.shown(written):
            return None
        return _possible(*_ordered(cells.pair(written), columns.latitude_first))
    north, east = cell(Field.LATITUDE), cell(Field.LONGITUDE)
    if not cells.shown(north) and not cells.shown(east):
        return None
    if not cells.shown(north) or not cells.shown(east):
        raise BadCell(Reason.HALF_POSITION)
    latitude, longitude = cells.degrees(north), cells.degrees(east)
    if abs(latitude) > 90 >= abs(longitude) and abs(latitude) <= 180:
        raise BadCell(Reason.SWAPPED_COORDINATES)
    return _possible(latitude, longitude)


def _ordered(numbers: tuple[float, float], latitude_first: bool | None) -> tuple[float, float]:
    """Latitude and longitude of a pair: a number beyond 90 tells, else the title, else nobody can."""
    first, second = numbers
    if abs(first) > 90 or abs(second) > 90:
        return (second, first) if abs(first) > 90 else (first, second)
    if latitude_first is None and numbers != (0, 0):
        raise BadCell(Reason.UNCLEAR_ORDER)
    return (first, second) if latitude_first else (second, first)


def _possible(latitude: float, longitude: float) -> Position:
    if abs(latitude) > 90 or abs(longitude) > 180:
        raise BadCell(Reason.IMPOSSIBLE_COORDINATES)
    if latitude == 0 and longitude == 0:
        # What an empty field of a database or a failed geocoder leaves behind; it lies in the Atlantic.
        raise BadCell(Reason.ZERO_COORDINATES)
    return Position(latitude, longitude)


def swapped_among(positions: Iterable[tuple[int, Position | None]]) -> Iterator[Problem]:
    """The rows, by number, whose mirror image lies among the list's other customers while they lie far away."""
    placed = [(row, position) for row, position in positions if position]
    if len(placed) < _ENOUGH_ROWS:
        return
    middle = Point(
        median(position.latitude for _, position in placed), median(position.longitude for _, position in placed)
    )
    for row, position in placed:
        if abs(position.longitude) > 90:
            continue
        here, mirrored = Point(position.latitude, position.longitude), Point(position.longitude, position.latitude)
        if distance(here, middle) > _FAR_METRES and distance(mirrored, middle) < _AMONG_METRES:
            value = f"{position.latitude}, {position.longitude}"
            yield Problem(Reason.SWAPPED_COORDINATES, row, Field.COORDINATES, value)
