"""Write a checklist as a workbook that an admin can edit, and read one. Runs in a limited child process."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.customer_cells import shown
from bot.domain.sheet import Cell, Sheet
from bot.domain.sop import ITEMS_MOST, Kind
from bot.domain.sop_columns import COLUMNS, Field, Table, field_called, table_called
from bot.domain.sop_sheet import ROWS_MOST, Mistake, Record, SopFile, Told
from bot.media.workbooks import formats, tab, workbook, write

SHEETS_LIMIT = 20
_ROWS_ABOVE = 10  # of a sheet that was made to be printed
_WIDTHS = {
    **dict.fromkeys((Field.TITLE_EN, Field.TITLE_ZH, Field.HINT_EN, Field.HINT_ZH), 32),
    **dict.fromkeys((Field.CHOICES, Field.ENTRIES, Field.WHEN, Field.CHECK, Field.MESSAGE_EN, Field.MESSAGE_ZH), 30),
    **dict.fromkeys((Field.KIND, Field.ID, Field.TYPE, Field.GROUP, Field.UNIT), 18),
}
_WIDTH = 12
_YES_NO = (Field.REQUIRED, Field.SOFT, Field.OPEN, Field.ORDERED)
_ROWS_OFFERED = ITEMS_MOST * 5  # how far down the lists to choose from reach


@dataclass(frozen=True)
class SopWords:
    """The reader's words: the tabs', the titles', what each column takes, the kinds', and yes and no.

    `explained` has the explanations in each language, and the titles that they speak of.
    """

    tabs: Mapping[str, str]
    titles: Mapping[str, str]
    kinds: Mapping[str, str]
    yes: str
    no: str
    explained: Sequence[tuple[Mapping[str, str], Mapping[str, str]]]


def write_workbook(rows: Mapping[Table, Sequence[Mapping[Field, Cell]]], words: SopWords) -> bytes:
    """An xlsx with a tab for each table, and one that explains every column in all languages."""
    with workbook() as (buffer, book):
        styles = formats(book)
        for table in (Table.ITEMS, Table.GROUPS, Table.CHECKLIST):
            _write_table(book, styles, table, rows.get(table, ()), words)
        _explain(book, styles, words)
    return buffer.getvalue()


def _write_table(book: Any, styles: Any, table: Table, rows: Sequence[Mapping[Field, Cell]], words: SopWords) -> None:
    bold, _, wrapped, _ = styles
    text = book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
    sheet = book.add_worksheet(tab(words.tabs[table]))
    sheet.freeze_panes(1, 2 if table is Table.ITEMS else 0)
    for number, column in enumerate(COLUMNS[table]):
        is_number = column in (Field.LEAST, Field.MOST, Field.MINIMUM)
        sheet.set_column(number, number, _WIDTHS.get(column, _WIDTH), wrapped if is_number else text)
        write(sheet, 0, number, words.titles[column], bold)
        offered = _offered(column, words)
        if offered:
            choices = {"validate": "list", "source": offered, "error_type": "warning"}
            sheet.data_validation(1, number, _ROWS_OFFERED, number, choices)
        for row, cells in enumerate(rows, start=1):
            write(sheet, row, number, _worded(cells.get(column), words), wrapped if is_number else text)


def _offered(column: Field, words: SopWords) -> list[str]:
    if column is Field.KIND:
        return list(words.kinds.values())
    return [words.yes, words.no] if column in _YES_NO else []


def _worded(cell: Cell, words: SopWords) -> Cell:
    if isinstance(cell, bool):
        return words.yes if cell else words.no
    return words.kinds[cell] if isinstance(cell, Kind) else cell


def _explain(book: Any, styles: Any, words: SopWords) -> None:
    bold, grey, wrapped, _ = styles
    sheet = book.add_worksheet(tab(words.tabs["explained"]))
    for number, (titles, explanations) in enumerate(words.explained):
        sheet.set_column(2 * number, 2 * number, 22)
        sheet.set_column(2 * number + 1, 2 * number + 1, 70)
        for row, (name, explanation) in enumerate(explanations.items()):
            write(sheet, row, 2 * number, titles.get(name), bold if name in titles else grey)
            write(sheet, row, 2 * number + 1, explanation, wrapped)


# --- reading ----------------------------------------------------------------------------------


def is_workbook_of_sop(sheets: Sequence[Sheet]) -> bool:
    """Whether these sheets hold items of a checklist, and are no list of customers."""
    return Table.ITEMS in _tables(sheets)


def tables_of(sheets: Sequence[Sheet]) -> SopFile:
    """The tables of a workbook; a title that stands there twice, and one that is missing, is a mistake."""
    mistakes: list[Mistake] = []
    ignored: list[str] = []
    tables: dict[Table, tuple[Record, ...]] = {}
    for table, (sheet, header) in _tables(sheets).items():
        columns: dict[int, tuple[Field, str]] = {}
        for place, title in _titles(sheet, header):
            column = field_called(table, title)
            if column is None:
                ignored.append(title)
            elif column in {known for known, _ in columns.values()}:
                first = next(name for known, name in columns.values() if known is column)
                mistakes.append(_twice(table, sheet, header, column, title, first))
            else:
                columns[place] = (column, title)
        tables[table] = _records(sheet, header, columns)
    return SopFile(tables, tuple(ignored), tuple(mistakes))


def _twice(table: Table, sheet: Sheet, header: int, column: Field, title: str, first: str) -> Mistake:
    return Mistake("column_double", table, sheet.rows[header].number, column, title, facts={"first": first})


def _tables(sheets: Sequence[Sheet]) -> dict[Table, tuple[Sheet, int]]:
    """Each table's sheet and the place of its header. One without a known name is known by its titles."""
    found: dict[Table, tuple[Sheet, int]] = {}
    for sheet in sheets:
        table = table_called(sheet.name)
        if table is not None and table not in found and (header := _header(sheet, table)) is not None:
            found[table] = (sheet, header)
    if Table.ITEMS not in found:
        for sheet in sheets:
            header = _header(sheet, Table.ITEMS)
            if table_called(sheet.name) is None and header is not None and _is_items(sheet, header):
                found[Table.ITEMS] = (sheet, header)
                break
    return found


def _header(sheet: Sheet, table: Table) -> int | None:
    """The place of the row with the most titles of a table, among the first."""
    counts = [
        len({field_called(table, title) for _, title in _titles(sheet, place)} - {None})
        for place in range(min(_ROWS_ABOVE, len(sheet.rows)))
    ]
    best = max(counts, default=0)
    return counts.index(best) if best >= 2 else None


def _is_items(sheet: Sheet, header: int) -> bool:
    columns = {field_called(Table.ITEMS, title) for _, title in _titles(sheet, header)}
    return Field.KIND in columns and bool(columns & {Field.TITLE_EN, Field.TITLE_ZH}) and len(columns - {None}) >= 3


def _titles(sheet: Sheet, place: int) -> list[tuple[int, str]]:
    cells = ((at, shown(cell)) for at, cell in enumerate(sheet.rows[place].cells))
    return [(at, title) for at, title in cells if title]


def _records(sheet: Sheet, header: int, columns: Mapping[int, tuple[Field, str]]) -> tuple[Record, ...]:
    records = []
    for row in sheet.rows[header + 1 : header + ROWS_MOST + 2]:  # one more tells that there are too many
        cells = {
            column: Told(title, row.cells[place] if place < len(row.cells) else None)
            for place, (column, title) in columns.items()
        }
        if any(shown(told.value) for told in cells.values()):
            records.append(Record(row.number, cells))
    return tuple(records)
