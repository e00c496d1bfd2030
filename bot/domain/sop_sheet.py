"""A checklist as rows of fields: what a workbook and a YAML document have in common, and where a mistake stands."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.sheet import Cell
from bot.domain.sop import Check, Item, Sop
from bot.domain.sop_cells import choices_written, wording_written
from bot.domain.sop_columns import Field, Table

ROWS_MOST = 2_000  # of a table; a hundred items have not that many checks


@dataclass(frozen=True)
class Told:
    """What stands under a title, in the words that the person used for the title."""

    title: str
    value: Cell
    at: int = 0  # its own line, where it has one


@dataclass(frozen=True)
class Record:
    """A row; `at` is its number in the sheet, or its line in the document."""

    at: int
    cells: Mapping[Field, Told]

    def place_of(self, column: Field | None) -> tuple[int, str]:
        """The row or line of a column, and its title."""
        told = self.cells.get(column) if column is not None else None
        return (told.at or self.at, told.title) if told is not None else (self.at, "")


@dataclass(frozen=True)
class Mistake:
    """What is wrong, and where: the row or line `at` (0: the whole table), under which title of which column.

    `code` and `facts` are those of a `Problem`, or of what cannot be read at all (`sop_file/mistake.html`).
    """

    code: str
    table: Table
    at: int = 0
    column: Field | None = None
    title: str = ""
    item: str = ""
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SopFile:
    """A file as read: the tables that it has, which titles mean nothing here, and what broke the reading."""

    tables: Mapping[Table, tuple[Record, ...]]
    ignored: tuple[str, ...] = ()
    mistakes: tuple[Mistake, ...] = ()
    in_lines: bool = False  # its places are lines of a text, not rows of a sheet


def rows_of(sop: Sop) -> dict[Table, list[dict[Field, Cell]]]:
    """The rows of a checklist. An item's second check, and any further one, has a row of its own below it."""
    rows = []
    for item in sop.items:
        first, *others = item.checks or (None,)
        rows.append({**_item(item), **_check(first)})
        rows += [_check(check) for check in others]
    groups: list[dict[Field, Cell]] = [
        {
            Field.ID: group.id,
            Field.TITLE_EN: group.title.get("en"),
            Field.TITLE_ZH: group.title.get("zh_Hans"),
            Field.ENTRIES: choices_written(group.entries) or None,
            Field.OPEN: group.open,
            Field.REQUIRED: group.required,
        }
        for group in sop.groups
    ]
    checklist: dict[Field, Cell] = {
        Field.TYPE: sop.type,
        Field.TITLE_EN: sop.title.get("en"),
        Field.TITLE_ZH: sop.title.get("zh_Hans"),
        Field.ORDERED: sop.ordered,
    }
    return {Table.CHECKLIST: [checklist], Table.ITEMS: rows, Table.GROUPS: groups}


def _item(item: Item) -> dict[Field, Cell]:
    return {
        Field.KIND: item.kind,
        Field.ID: item.id,
        Field.TITLE_EN: item.title.get("en"),
        Field.TITLE_ZH: item.title.get("zh_Hans"),
        Field.HINT_EN: item.hint.get("en"),
        Field.HINT_ZH: item.hint.get("zh_Hans"),
        Field.REQUIRED: item.required,
        Field.CHOICES: choices_written(item.choices) or None,
        Field.UNIT: wording_written(item.unit) or None,
        Field.LEAST: item.least,
        Field.MOST: item.most,
        Field.MINIMUM: item.minimum if item.minimum != 1 else None,
        Field.WHEN: item.when or None,
        Field.GROUP: item.group or None,
    }


def _check(check: Check | None) -> dict[Field, Cell]:
    if check is None:
        return {}
    return {
        Field.CHECK: check.holds,
        Field.MESSAGE_EN: check.message.get("en"),
        Field.MESSAGE_ZH: check.message.get("zh_Hans"),
        Field.SOFT: check.soft,
    }
