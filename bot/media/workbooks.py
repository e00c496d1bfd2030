"""Write xlsx files for people: the template of a customer list, and the rows of a list that need correcting."""

import io
import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.sheet import Cell

# Excel's own limits: characters in a cell, characters in a tab's name, and how far a validation should reach.
_CELL_LIMIT = 32_767
_TAB_LIMIT = 31
_LAST_ROW = 1_048_575
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class TemplateColumn:
    """A column of a template in the person's words; `width` in characters, `choices` is offered as a list.

    `is_text`: Excel must not make a number of what is typed here, as it would of the phone 013800138000.
    """

    title: str
    explanation: str
    examples: tuple[Cell, ...] = ()
    width: int = 16
    choices: tuple[str, ...] = ()
    is_text: bool = False


@dataclass(frozen=True)
class FaultyRow:
    """A row as it stands in the person's file, and in his words what is wrong; `row` is None for the whole list."""

    row: int | None
    what: str
    cells: tuple[Cell, ...] = ()


def customer_template(
    tab_name: str, columns: Sequence[TemplateColumn], notes_tab: str, notes: Sequence[str] = ()
) -> bytes:
    """An xlsx with the titles and the examples on the first tab, and on the second what each column takes."""
    with workbook() as (buffer, book):
        bold, grey, wrapped, text = formats(book)
        sheet = book.add_worksheet(tab(tab_name))
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, column.width, text if column.is_text else None)
            write(sheet, 0, number, column.title, bold)
            for row, example in enumerate(column.examples, start=1):
                write(sheet, row, number, example, text if column.is_text else None)
            if column.choices:
                offered = {"validate": "list", "source": list(column.choices), "error_type": "warning"}
                sheet.data_validation(1, number, _LAST_ROW, number, offered)
        explained = book.add_worksheet(tab(notes_tab))
        explained.set_column(0, 0, 24)
        explained.set_column(1, 1, 90)
        for number, column in enumerate(columns):
            write(explained, number, 0, column.title, bold)
            write(explained, number, 1, column.explanation, wrapped)
        for number, note in enumerate(notes, start=len(columns) + 1):
            write(explained, number, 1, note, grey)
    return buffer.getvalue()


def problem_sheet(
    tab_name: str, row_title: str, what_title: str, header: Sequence[Cell], rows: Sequence[FaultyRow]
) -> bytes:
    """An xlsx of the rows that could not be taken, under their own header, so that it can be corrected and sent back.

    The two titles must mean nothing to the reader of lists: their columns come first and are for the person only.
    """
    with workbook() as (buffer, book):
        bold, grey, wrapped, _ = formats(book)
        sheet = book.add_worksheet(tab(tab_name))
        sheet.freeze_panes(1, 2)
        sheet.set_column(0, 0, 8, grey)
        sheet.set_column(1, 1, 50, wrapped)
        sheet.set_column(2, 1 + max(1, len(header)), 18)
        for column, title in enumerate((row_title, what_title, *header)):
            write(sheet, 0, column, title, bold)
        for number, faulty in enumerate(rows, start=1):
            write(sheet, number, 0, faulty.row, grey)
            write(sheet, number, 1, faulty.what, wrapped)
            for column, cell in enumerate(faulty.cells, start=2):
                write(sheet, number, column, cell)
        sheet.autofilter(0, 0, max(1, len(rows)), 1 + max(1, len(header)))
    return buffer.getvalue()


@contextmanager
def workbook() -> Iterator[tuple[io.BytesIO, Any]]:
    """A book to write, and the buffer that holds its bytes afterwards."""
    buffer = io.BytesIO()
    import xlsxwriter  # here: whoever only names what a book is made of has no use for it

    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        book.set_properties({"created": _CREATED})  # the same sheet is the same bytes, and is kept once
        yield buffer, book


def formats(book: Any) -> tuple[Any, Any, Any, Any]:
    """Of a title, of a remark, of a text that may be long, and of what is text whatever it looks like."""
    return (
        book.add_format({"bold": True, "bg_color": "#E8EEF4", "bottom": 1, "text_wrap": True, "valign": "top"}),
        book.add_format({"font_color": "#707070", "text_wrap": True, "valign": "top"}),
        book.add_format({"text_wrap": True, "valign": "top"}),
        book.add_format({"num_format": "@"}),
    )


def write(sheet: Any, row: int, column: int, cell: Cell, style: Any = None) -> None:
    """Write what the cell says. A text is always text: `=cmd|...` stays a name and is never calculated."""
    if cell is None:
        return
    if isinstance(cell, bool):
        sheet.write_boolean(row, column, cell, style)
    elif isinstance(cell, int | float) and math.isfinite(cell):
        sheet.write_number(row, column, cell, style)
    else:
        text = str(cell).encode("utf-8", "replace").decode("utf-8")
        sheet.write_string(row, column, text[:_CELL_LIMIT], style)


def tab(name: str) -> str:
    """A name that Excel takes: none of `[]:*?/\\`, no apostrophe at its ends, and no longer than it allows."""
    return "".join(" " if each in "[]:*?/\\" else each for each in name).strip("' ")[:_TAB_LIMIT] or "1"
