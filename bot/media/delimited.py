"""Read a text file of values: utf-8, utf-16 or the Chinese encodings; split by comma, semicolon, tab or bar."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from itertools import islice

from bot.domain.export import armed
from bot.domain.sheet import Cell
from bot.media.broken_sheet import BrokenSheet, SheetFault

_DELIMITERS = ",;\t|"
_LINES_TO_SNIFF = 50
# No cell of a list is longer; one that is comes from a quote that was never closed and ate the rest of the file.
_CELL_LIMIT = 32_767
_BOMS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))


def read_delimited(data: bytes) -> Iterator[list[Cell]]:
    """Each record's cells, empty lines included, so that counting them gives Excel's row numbers.

    Raises `BrokenSheet` when the bytes are no text, or the quotes do not close.
    """
    text = _decoded(data)
    if re.match(r"\s*(<!doctype|<html|<\?xml|<table|\{\\rtf|%pdf)", text, re.IGNORECASE):
        raise BrokenSheet(SheetFault.NOT_A_SHEET)
    # Excel's own way of naming the delimiter; it does not show that line as a row.
    if named := re.match(r"sep=(.)\r?\n", text, re.IGNORECASE):
        return _records(text[named.end() :], named[1])
    return _records(text, _sniffed(text))


def _records(text: str, delimiter: str) -> Iterator[list[Cell]]:
    try:
        for record in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            if any(len(value) > _CELL_LIMIT for value in record):
                raise BrokenSheet(SheetFault.DAMAGED)
            yield [_cell(value) for value in record]
    except csv.Error as fault:
        raise BrokenSheet(SheetFault.DAMAGED) from fault


def _cell(value: str) -> Cell:
    """The text, without the tricks that keep Excel from making a number of it: `="007"` and `'007`."""
    if kept := re.fullmatch(r'="([^"]*)"', value):
        return kept[1] or None
    return armed(value) or None


def _decoded(data: bytes) -> str:
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _checked(data[len(bom) :], encoding)
    # Only utf-16 has zero bytes: in commas, digits and line ends, on the side of the high byte.
    head = data[:4_000]
    if 0 in head:
        return _checked(data, "utf-16-be" if head[::2].count(0) > head[1::2].count(0) else "utf-16-le")
    try:
        return _checked(data, "utf-8")
    except BrokenSheet:
        return _checked(data, "gb18030" if _looks_chinese(data) else "cp1252")


def _checked(data: bytes, encoding: str) -> str:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as fault:
        raise BrokenSheet(SheetFault.NOT_A_SHEET) from fault
    # Pictures and programs decode now and then, but never without control characters.
    if re.search(r"[\x00-\x08\x0e-\x19\x1b-\x1f]", text):
        raise BrokenSheet(SheetFault.NOT_A_SHEET)
    return text


def _looks_chinese(data: bytes) -> bool:
    """Whether the bytes above ASCII come in the pairs of GB 2312, as all but rare characters do.

    In Western text they stand alone before a letter: `ü` and `l` of Müller are a valid pair, but not such a one.
    """
    pairs = re.findall(rb"[\x81-\xfe][\x30-\xfe]", data)
    common = sum(1 for pair in pairs if pair[1] >= 0xA1)
    return common * 2 > len(pairs)


def _sniffed(text: str) -> str:
    """The delimiter that splits most of the first lines into the same number of cells, and into the most."""

    def regularity(delimiter: str) -> tuple[int, int]:
        records = csv.reader(io.StringIO(text[:100_000], newline=""), delimiter=delimiter)
        try:
            widths = Counter(len(record) for record in islice(records, _LINES_TO_SNIFF) if len(record) > 1)
        except csv.Error:
            return 0, 0
        width, lines = max(widths.items(), key=lambda item: (item[1], item[0]), default=(0, 0))
        return lines, width

    return max(_DELIMITERS, key=regularity)
