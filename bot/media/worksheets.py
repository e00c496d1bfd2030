"""Read the sheet of an xlsx, xls, xlsb, ods or csv file. Runs in a child process with limits of time and memory."""

import io
import zipfile
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, PasswordError, SheetVisibleEnum

from bot.domain.sheet import Cell, Row, Sheet
from bot.media.broken_sheet import BrokenSheet, SheetFault
from bot.media.delimited import read_delimited

BYTES_LIMIT = 20 * 1024 * 1024  # what a bot may download from Telegram
ROWS_LIMIT = 250_000
COLUMNS_LIMIT = 200

# What a package may unpack to. Real workbooks shrink to a tenth or a twentieth; repeated rows can reach a
# hundredth; a bomb a thousandth. Sizes can be lied about, hence the child's own memory limit.
_UNPACKED_LIMIT = 300 * 1024 * 1024
_RATIO_LIMIT = 250
_PARTS_LIMIT = 5_000

_ZIP = b"PK\x03\x04"
# The stream in which Office keeps a workbook with a password, as the file's directory spells it.
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read_sheet(data: bytes, file_name: str) -> Sheet:
    """The rows that hold something of the first visible sheet that has any. Raises `BrokenSheet`."""
    return read_sheets(data, file_name, 1)[0]


def read_sheets(data: bytes, file_name: str, most: int) -> tuple[Sheet, ...]:
    """Of the first `most` visible sheets that have any, the rows that hold something. Raises `BrokenSheet`.

    The kind of file is told by its content: an xls is often a csv by another name. A cell that is merged over several
    rows counts for each of them. calamine can panic, spin or ask for any amount of memory on a damaged file, so the
    caller must be able to kill this.
    """
    if len(data) > BYTES_LIMIT:
        raise BrokenSheet(SheetFault.TOO_LARGE)
    if not data.strip(b"\0\t\r\n "):
        raise BrokenSheet(SheetFault.EMPTY)
    if data.startswith(_ZIP):
        return _read_workbook(data, _package_kind(data), most)
    if data.startswith(_OLE):
        if _ENCRYPTED in data:
            raise BrokenSheet(SheetFault.PASSWORD)
        return _read_workbook(data, "xls", most)
    rows = _within_limits(enumerate(read_delimited(data), start=1))
    if not rows:
        raise BrokenSheet(SheetFault.EMPTY)
    return (Sheet(PurePath(file_name).stem, rows),)


def _package_kind(data: bytes) -> str:
    """`xlsx`, `xlsb` or `ods`; refused are a zip that is none, and one that would unpack to more than a list needs."""
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
        raise BrokenSheet(SheetFault.DAMAGED) from fault
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > _PARTS_LIMIT or unpacked > _UNPACKED_LIMIT or unpacked > _RATIO_LIMIT * len(data):
        raise BrokenSheet(SheetFault.TOO_LARGE)
    names = {PurePath(part.filename.replace("\\", "/")).name.lower() for part in parts}
    for main_part, kind in (("workbook.xml", "xlsx"), ("workbook.bin", "xlsb"), ("content.xml", "ods")):
        if main_part in names:
            return kind
    raise BrokenSheet(SheetFault.NOT_A_SHEET)


def _read_workbook(data: bytes, kind: str, most: int) -> tuple[Sheet, ...]:
    try:
        # From a file, because calamine hides why it failed when it must guess the kind.
        with TemporaryDirectory() as folder:
            path = Path(folder, f"sheet.{kind}")
            path.write_bytes(data)
            return _filled(CalamineWorkbook.from_path(path), most)
    except PasswordError as fault:
        raise BrokenSheet(SheetFault.PASSWORD) from fault
    except CalamineError as fault:
        too_large = "limit exceeded" in str(fault)
        raise BrokenSheet(SheetFault.TOO_LARGE if too_large else SheetFault.DAMAGED) from fault
    except BaseException as fault:
        # A panic of calamine is no Exception, has no importable type and cannot be pickled back to the parent.
        if type(fault).__name__ != "PanicException":
            raise
        raise BrokenSheet(SheetFault.DAMAGED) from None


def _filled(workbook: CalamineWorkbook, most: int) -> tuple[Sheet, ...]:
    with workbook:
        shown = (sheet.name for sheet in workbook.sheets_metadata if sheet.visible is SheetVisibleEnum.Visible)
        sheets = (Sheet(name, _rows(workbook.get_sheet_by_name(name))) for name in shown)
        found = tuple(islice((sheet for sheet in sheets if sheet.rows), most))
    if not found:
        raise BrokenSheet(SheetFault.EMPTY)
    return found


def _rows(sheet: CalamineSheet) -> tuple[Row, ...]:
    rows = _within_limits((number, _plain(cells)) for number, cells in enumerate(sheet.iter_rows(), start=1))
    return _with_merged(rows, sheet)


def _plain(cells: Iterable[Cell]) -> list[Cell]:
    return [None if cell == "" else cell for cell in cells]


def _within_limits(lines: Iterable[tuple[int, list[Cell]]]) -> tuple[Row, ...]:
    """The lines that hold something, without their empty end."""
    return tuple(_count(_trimmed(lines)))


def _trimmed(lines: Iterable[tuple[int, list[Cell]]]) -> Iterator[Row]:
    for number, cells in lines:
        while cells and (cells[-1] is None or (isinstance(cells[-1], str) and not cells[-1].strip())):
            cells.pop()
        if cells:
            yield Row(number, tuple(cells))


def _count(rows: Iterable[Row]) -> Iterator[Row]:
    for count, row in enumerate(rows, start=1):
        if count > ROWS_LIMIT or len(row.cells) > COLUMNS_LIMIT:
            raise BrokenSheet(SheetFault.TOO_LARGE)
        yield row


def _with_merged(rows: tuple[Row, ...], sheet: CalamineSheet) -> tuple[Row, ...]:
    """Give each row its part of the cells that are merged downwards: a region written once beside its ten shops.

    Only down: a title that is merged across is one title. Rows that hold nothing of their own stay out.
    """
    try:
        ranges = sheet.merged_cell_ranges or []
    except CalamineError:
        ranges = []
    if not ranges or sheet.start is None:
        return rows
    # Positions of ranges count from the sheet's corner, cells from the first column that holds something.
    first_column = sheet.start[1]
    by_number = {row.number: list(row.cells) for row in rows}
    for (top, left), (bottom, _) in ranges:
        column = left - first_column
        above = by_number.get(top + 1, [])
        if bottom == top or not 0 <= column < len(above) or above[column] is None:
            continue
        for number in range(top + 2, min(bottom + 1, rows[-1].number) + 1):
            cells = by_number.get(number)
            if cells is not None:
                cells.extend([None] * (column + 1 - len(cells)))
                cells[column] = above[column]
    return tuple(Row(row.number, tuple(by_number[row.number])) for row in rows)
