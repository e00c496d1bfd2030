"""A checklist as a file, bytes in and out: xlsx or YAML. Runs in a limited child process."""

from dataclasses import dataclass
from pathlib import PurePath

from bot.domain.sop import Sop
from bot.domain.sop_sheet import rows_of
from bot.domain.sop_sheet_reading import SopReading, read_sop
from bot.media.sop_workbook import SHEETS_LIMIT, SopWords, is_workbook_of_sop, tables_of, write_workbook
from bot.media.sop_yaml import write_yaml
from bot.media.sop_yaml_reading import read_yaml

YAML_SUFFIXES = frozenset({".yaml", ".yml"})


@dataclass(frozen=True)
class NoSop:
    """The file can be read, and is no checklist: most likely a list of customers."""


def write_sop(sop: Sop, form: str, words: SopWords) -> bytes:
    """The file; `form` is "xlsx" or "yaml"."""
    return write_yaml(sop) if form == "yaml" else write_workbook(rows_of(sop), words)


def read_sop_file(data: bytes, file_name: str) -> SopReading | NoSop:
    """The checklist of a file, or everything that is wrong with it. Raises `BrokenSheet`."""
    if PurePath(file_name).suffix.lower() in YAML_SUFFIXES:
        return read_sop(read_yaml(data))
    from bot.media.worksheets import read_sheets  # here: its libraries are for the worker alone

    sheets = read_sheets(data, file_name, SHEETS_LIMIT)
    return read_sop(tables_of(sheets)) if is_workbook_of_sop(sheets) else NoSop()
