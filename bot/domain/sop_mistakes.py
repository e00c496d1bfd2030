"""Where in a file a problem of its checklist stands: which row, and under which title."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.customer_cells import shown
from bot.domain.sop_columns import Field, Table
from bot.domain.sop_problem import Problem
from bot.domain.sop_sheet import Mistake, Record

_BY_KIND = ("choices_", "choice_", "label_", "bound", "marks_", "unit_", "minimum_")
_FIELDS: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("type_", (Field.TYPE,)),
    ("id_", (Field.ID,)),
    ("kind_", (Field.KIND,)),
    ("title_", (Field.TITLE_EN, Field.TITLE_ZH)),
    ("hint_", (Field.HINT_EN, Field.HINT_ZH)),
    ("choice", (Field.CHOICES,)),
    ("label_", (Field.CHOICES,)),
    ("bounds_inverted", (Field.LEAST,)),
    ("marks_", (Field.MOST,)),
    ("unit_", (Field.UNIT,)),
    ("minimum_", (Field.MINIMUM,)),
    ("check_", (Field.CHECK,)),
    ("message_", (Field.MESSAGE_EN, Field.MESSAGE_ZH)),
    ("condition_", (Field.WHEN,)),
    ("group_unknown", (Field.GROUP,)),
)
_FIELDS_OF_GROUP: tuple[tuple[str, tuple[Field, ...]], ...] = (
    ("group_title", (Field.TITLE_EN, Field.TITLE_ZH)),
    ("group_empty", (Field.ENTRIES,)),
    ("group_", (Field.ID,)),
    ("", (Field.ENTRIES,)),
)


@dataclass(frozen=True)
class ItemPlace:
    """The row of an item, and those of its checks."""

    id: str
    record: Record
    checks: Sequence[Record]

    @property
    def kind_at(self) -> int:
        """Where its kind stands."""
        return self.record.place_of(Field.KIND)[0]


@dataclass
class Places:
    """The rows that the parts of a checklist were read from, in its order."""

    checklist: Record | None = None
    items: list[ItemPlace] = field(default_factory=list)
    groups: list[tuple[str, Record]] = field(default_factory=list)


def placed(problems: Sequence[Problem], places: Places, known: Sequence[Mistake]) -> Iterator[Mistake]:
    """The problems at their places, without those that only follow from `known` mistakes."""
    spoiled = {(one.table, one.at, one.column) for one in known}
    kindless = {one.id for one in places.items if (Table.ITEMS, one.kind_at, Field.KIND) in spoiled}
    for problem in problems:
        mistake = _place(problem, places)
        if (mistake.table, mistake.at, mistake.column) in spoiled:
            continue
        if mistake.table is Table.CHECKLIST and places.checklist is None:
            continue
        if problem.item in kindless and problem.code.startswith(_BY_KIND):
            continue
        if problem.facts.get("about") in kindless:
            continue
        yield mistake


def _place(problem: Problem, places: Places) -> Mistake:
    facts = problem.facts
    if "group" in facts and "number" not in facts:
        record = _group(facts["group"], places)
        return _at(problem, Table.GROUPS, record, _fields(problem.code, _FIELDS_OF_GROUP))
    if "number" not in facts:
        table = Table.ITEMS if "items" in problem.code else Table.CHECKLIST
        return _at(problem, table, places.checklist if table is Table.CHECKLIST else None, _fields(problem.code))
    place = places.items[facts["number"] - 1]
    record = place.record
    names = _fields(problem.code)
    if problem.code == "bound_unwanted":
        names = (Field(facts["bound"]),)
    if "check" in facts:
        record = place.checks[facts["check"] - 1]
        names = (Field.CHECK,) if problem.code.startswith("condition_") else names
    return _at(problem, Table.ITEMS, record, names)


def _fields(code: str, fields: tuple[tuple[str, tuple[Field, ...]], ...] = _FIELDS) -> tuple[Field, ...]:
    return next((names for beginning, names in fields if code.startswith(beginning)), ())


def _group(group_id: str, places: Places) -> Record:
    """The last row with this id: of two, the second is the one too many."""
    return next(record for known, record in reversed(places.groups) if known == group_id)


def _at(problem: Problem, table: Table, record: Record | None, names: tuple[Field, ...]) -> Mistake:
    """Under the title that the person has for it; of two languages, the one that says something."""
    cells = record.cells if record is not None else {}
    there = [name for name in names if name in cells]
    filled = [name for name in there if shown(cells[name].value)]
    name = next(iter((*filled, *there, *names)), None)
    at, title = record.place_of(name) if record is not None else (0, "")
    return Mistake(problem.code, table, at, name, title, problem.item, problem.facts)
