"""Write rows into xlsx, csv or GeoJSON files, in a child process: from file to file, never all in memory."""

import csv
import json
import pickle
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import IO, Any

from bot.domain.export import Form, defused
from bot.domain.sheet import Cell
from bot.media import workbooks

Record = Mapping[str, Mapping[str, Cell]]  # tab → column → cell: the rows of one thing, which stay in one file
ROWS_MOST = 1_048_575  # of an Excel sheet, without its titles
WIDEST = 60  # characters


class Look(StrEnum):
    """How a column is shown."""

    PLAIN = "plain"
    LONG = "long"
    TEXT = "text"  # a code: Excel must not make a number of it, whoever edits it
    DAY = "day"
    MOMENT = "moment"


@dataclass(frozen=True)
class Column:
    """A column under its title in the reader's words; `width` in characters."""

    key: str
    title: str
    look: Look = Look.PLAIN
    width: int = 14


@dataclass(frozen=True)
class Tab:
    """A sheet: in a workbook a tab, as csv a file."""

    key: str
    title: str
    columns: Sequence[Column]


@dataclass(frozen=True)
class Layout:
    """How a file is laid out; `point` names the columns of GeoJSON's latitude and longitude on its first tab."""

    tabs: Sequence[Tab]
    point: tuple[str, str] = ("latitude", "longitude")


@dataclass(frozen=True)
class Written:
    """A file that was written: where, of how many things it tells, and how its name should end."""

    path: Path
    records: int
    suffix: str


class TooLarge(Exception):  # noqa: N818 - told to the person
    """Even one thing alone would be larger than a file may be."""


def write_files(
    spool: Path, folder: Path, form: Form, layout: Layout, records: int, largest: int | None
) -> list[Written]:
    """Write what `spooled` has put aside: one file, or as many as it takes for none to be over `largest` bytes.

    Raises TooLarge, and OSError when the disk is full.
    """
    each = records if form is not Form.XLSX else min(records, ROWS_MOST)
    while True:
        written = _attempt(spool, folder, form, layout, max(1, each), largest)
        if written is not None:
            return written
        if each <= 1:
            raise TooLarge
        each = -(-each // 2)


def spool_into(spool: IO[bytes], records: Sequence[Record]) -> None:
    """Put a batch aside; in our own folder, for our own child."""
    pickle.dump(records, spool, pickle.HIGHEST_PROTOCOL)


def spooled(path: Path) -> Iterator[Record]:
    """What was put aside, in order, a batch in memory at a time."""
    with path.open("rb") as file:
        while True:
            try:
                batch = pickle.load(file)  # noqa: S301 - from our own parent
            except EOFError:
                return
            yield from batch


def _attempt(
    spool: Path, folder: Path, form: Form, layout: Layout, each: int, largest: int | None
) -> list[Written] | None:
    """Files of so many things each; None as soon as one is too large."""
    records = spooled(spool)
    written: list[Written] = []
    suffix = "zip" if form is Form.CSV and len(layout.tabs) > 1 else form.value
    while True:
        first = list(islice(records, 1))
        if not first and written:
            return written
        path = folder / f"part-{len(written) + 1}.{form.value}"
        count = _Count(first, islice(records, each - 1))
        _WRITERS[form](path, layout, count)
        if largest is not None and path.stat().st_size > largest:
            return None
        written.append(Written(path, count.number, suffix))


class _Count:
    """Goes through records once, and knows afterwards how many they were."""

    def __init__(self, *records: Iterable[Record]) -> None:
        self._records = records
        self.number = 0

    def __iter__(self) -> Iterator[Record]:
        for some in self._records:
            for record in some:
                self.number += 1
                yield record


def _write_xlsx(path: Path, layout: Layout, records: Iterable[Record]) -> None:
    import xlsxwriter  # here: whoever only lays a file out has no use for it

    # a row is on the disk as soon as the next one begins
    with xlsxwriter.Workbook(str(path), {"constant_memory": True, "tmpdir": str(path.parent)}) as book:
        bold, _, long, text = workbooks.formats(book)
        top = {"valign": "top"}
        looks = {
            Look.PLAIN: book.add_format(top),
            Look.LONG: long,
            Look.TEXT: text,
            Look.DAY: book.add_format({**top, "num_format": "yyyy-mm-dd"}),
            Look.MOMENT: book.add_format({**top, "num_format": "yyyy-mm-dd hh:mm"}),
        }
        sheets: dict[str, _Sheet] = {}
        for tab, name in zip(layout.tabs, _names([tab.title for tab in layout.tabs]), strict=True):
            sheets[tab.key] = _Sheet(book.add_worksheet(name), tab.columns, bold, looks)
        for record in records:
            for key, cells in record.items():
                sheets[key].add(cells)
        for sheet in sheets.values():
            sheet.end()


def _names(titles: Sequence[str]) -> list[str]:
    """Names of tabs as Excel takes them, no two alike."""
    names: list[str] = []
    for title in titles:
        name, number = workbooks.tab(title), 1
        while name.casefold() in (other.casefold() for other in names):
            number += 1
            name = f"{workbooks.tab(title)[: 30 - len(str(number))]} {number}"
        names.append(name)
    return names


class _Sheet:
    """A sheet of a workbook, written from its titles downwards."""

    def __init__(self, sheet: Any, columns: Sequence[Column], bold: Any, looks: Mapping[Look, Any]) -> None:
        self._sheet, self._columns, self._looks = sheet, columns, looks
        self._row = 0
        sheet.freeze_panes(1, 1)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, min(column.width, WIDEST), looks[column.look])
            workbooks.write(sheet, 0, number, column.title, bold)

    def add(self, cells: Mapping[str, Cell]) -> None:
        self._row += 1
        for number, column in enumerate(self._columns):
            cell, look = cells.get(column.key), self._looks[column.look]
            if isinstance(cell, date):
                style = self._looks[Look.MOMENT if isinstance(cell, datetime) else Look.DAY]
                self._sheet.write_datetime(self._row, number, cell, style)
            else:
                workbooks.write(self._sheet, self._row, number, cell, look)

    def end(self) -> None:
        self._sheet.autofilter(0, 0, max(1, self._row), max(0, len(self._columns) - 1))


def _write_csv(path: Path, layout: Layout, records: Iterable[Record]) -> None:
    """One tab is one file; several come together as a zip of as many."""
    with ExitStack() as stack:
        paths = [path.with_name(f"{path.stem}-{number}.tab") for number in range(len(layout.tabs))]
        writers = {}
        for tab, beside in zip(layout.tabs, paths, strict=True):
            # with its mark of utf-8, without which Excel reads Chinese as something else
            file = stack.enter_context(beside.open("w", encoding="utf-8-sig", newline=""))
            writers[tab.key] = tab.columns, csv.writer(file)
            writers[tab.key][1].writerow([defused(column.title) for column in tab.columns])
        for record in records:
            for key, cells in record.items():
                columns, writer = writers[key]
                writer.writerow([_in_csv(cells.get(column.key)) for column in columns])
    if len(paths) == 1:
        paths[0].rename(path)
        return
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, beside in zip(_names([tab.title for tab in layout.tabs]), paths, strict=True):
            archive.write(beside, f"{name}.csv")
            beside.unlink()


def _in_csv(cell: Cell) -> str | int | float | None:
    match cell:
        case str():
            return defused(cell.replace("\r\n", "\n"))
        case datetime():
            return cell.isoformat(" ", "minutes")
        case date():
            return cell.isoformat()
        case float() if cell.is_integer():
            return int(cell)
        case None | int() | float():
            return cell
        case _:
            return str(cell)


def _write_geojson(path: Path, layout: Layout, records: Iterable[Record]) -> None:
    """RFC 7946: longitude first, WGS-84; what has no place is a feature without a geometry."""
    tab, encode = layout.tabs[0], json.JSONEncoder(ensure_ascii=False, default=_in_json).encode
    latitude, longitude = layout.point
    with path.open("w", encoding="utf-8") as file:
        file.write('{"type": "FeatureCollection", "features": [')
        between = "\n"
        for record in records:
            cells = record[tab.key]
            here = cells.get(latitude), cells.get(longitude)
            geometry = {"type": "Point", "coordinates": [here[1], here[0]]} if None not in here else None
            said = {column.key: cells[column.key] for column in tab.columns if cells.get(column.key) is not None}
            told = {name: cell for name, cell in said.items() if name not in layout.point}
            file.write(between + encode({"type": "Feature", "geometry": geometry, "properties": told}))
            between = ",\n"
        file.write("\n]}\n")


def _in_json(cell: date) -> str:
    return cell.isoformat()


_WRITERS = {Form.XLSX: _write_xlsx, Form.CSV: _write_csv, Form.GEOJSON: _write_geojson}
