"""What an admin confirms when he imports a list: its numbers, and a mark that changes with anything it would do."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median

from bot.domain.customer import SheetCustomer
from bot.domain.customer_preview import Change, Preview
from bot.domain.customer_problem import Problem, Reason
from bot.domain.datum import Datum, to_wgs84
from bot.domain.geography import Point, distance

# Enough to tell how far a datum moves places: the shift changes slowly across a city.
_SAMPLED = 200
# What is wrong with a whole list is no bad row of it.
_OF_THE_LIST = {
    *(Reason.NO_HEADER, Reason.NO_NAME_COLUMN, Reason.DOUBLE_COLUMN, Reason.HALF_POSITION_COLUMNS, Reason.NO_ROWS),
}


class State(StrEnum):
    """How far a list has come; the last four are its ends, but a refused one waits to be sent again."""

    READING = "reading"
    DATUM = "datum"
    PREVIEW = "preview"
    APPLYING = "applying"
    APPLIED = "applied"
    UNCHANGED = "unchanged"
    REFUSED = "refused"
    DROPPED = "dropped"


@dataclass(frozen=True)
class Counts:
    """How many rows of a list are what; `bad` are those with mistakes, which are left out."""

    new: int
    changed: int
    unchanged: int
    bad: int

    @property
    def writes(self) -> int:
        """How many customers an import would write."""
        return self.new + self.changed


@dataclass(frozen=True)
class Plan:
    """What a list would do to the customers as they are: `new` rows, `changes` and all that is wrong."""

    new: tuple[SheetCustomer, ...]
    changes: tuple[Change, ...]
    problems: tuple[Problem, ...]
    counts: Counts
    fingerprint: str


def plan_of(problems: Sequence[Problem], preview: Preview) -> Plan:
    """Put together what reading the list and comparing it brought."""
    every = tuple(sorted((*problems, *preview.problems), key=lambda problem: problem.row or 0))
    bad = len({problem.row for problem in every if problem.reason not in _OF_THE_LIST})
    counts = Counts(len(preview.new), len(preview.changed), len(preview.unchanged), bad)
    return Plan(preview.new, preview.changed, every, counts, _fingerprint(preview, every))


def _fingerprint(preview: Preview, problems: Iterable[Problem]) -> str:
    """Equal for equal effects of one file: the same rows new, the same values replaced, the same rows left out."""
    seen = hashlib.sha256()
    for row in preview.new:
        seen.update(f"new {row!r}\n".encode())
    for change in preview.changed:
        seen.update(f"changed {change.row.row} {change.before.id} {change.fields!r}\n".encode())
    for problem in problems:
        seen.update(f"bad {problem!r}\n".encode())
    return seen.hexdigest()


@dataclass(frozen=True)
class DatumQuestion:
    """What helps to tell in which datum a list is: an example, and how far each datum would move the places.

    `moves` are metres, by the datum's name: the median over the list's places. `last` is the person's answer for the
    list before: a hint, for his next list may be from elsewhere.
    """

    places: int
    name: str
    latitude: float
    longitude: float
    moves: dict[str, float]
    last: Datum | None


def datum_question(rows: Iterable[SheetCustomer], last: Datum | None) -> DatumQuestion:
    """Of the rows that have degrees without a datum; there must be one."""
    open_rows = [
        (row.name, row.given_latitude, row.given_longitude)
        for row in rows
        if row.datum is None and row.given_latitude is not None and row.given_longitude is not None
    ]
    name, latitude, longitude = open_rows[0]
    sample = open_rows[:: max(1, len(open_rows) // _SAMPLED)]
    moves = {
        datum.value: median(distance(Point(north, east), to_wgs84(north, east, datum)) for _, north, east in sample)
        for datum in Datum
    }
    return DatumQuestion(len(open_rows), name, latitude, longitude, moves, last)
