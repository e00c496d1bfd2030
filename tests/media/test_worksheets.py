"""Any file that a person may send is read, or refused with a reason; none takes the bot with it."""

import io
import zipfile
from collections.abc import AsyncIterator, Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from bot.domain.sheet import Row, Sheet
from bot.media.broken_sheet import BrokenSheet, SheetFault
from bot.media.workers import MediaWorkers, WorkCrashed
from bot.media.worksheets import BYTES_LIMIT, read_sheet

SHEETS = Path(__file__).parents[2] / ".." / "shared" / "data" / "sheets"


def workbook(fill: Callable[[Any], None]) -> bytes:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        fill(book)
    return buffer.getvalue()


def fault_of(data: bytes, name: str = "list.xlsx") -> SheetFault:
    with pytest.raises(BrokenSheet) as caught:
        read_sheet(data, name)
    return caught.value.reason


def package(parts: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_rows_have_the_numbers_that_excel_shows() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet("客户")
        sheet.write_string(3, 2, "名称")
        sheet.write_string(5, 2, "长乐银行")
        sheet.write_number(5, 3, 121.49)

    assert read_sheet(workbook(fill), "x.xlsx") == Sheet("客户", (Row(4, ("名称",)), Row(6, ("长乐银行", 121.49))))


def test_the_first_visible_sheet_that_holds_something_is_read() -> None:
    def fill(book: Any) -> None:
        book.add_worksheet("empty")
        book.add_worksheet("secret").write_string(0, 0, "hidden")
        book.get_worksheet_by_name("secret").hide()
        book.add_worksheet("list").write_string(0, 0, "name")

    assert read_sheet(workbook(fill), "x.xlsx").name == "list"


def test_a_cell_merged_downwards_counts_for_each_row() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.merge_range(0, 1, 0, 2, "客户清单")
        sheet.merge_range(1, 1, 3, 1, "华东")
        for row, name in enumerate(("a", "b", "c"), start=1):
            sheet.write_string(row, 2, name)
        sheet.merge_range(4, 1, 9, 1, "华南")
        sheet.write_string(4, 2, "d")

    rows = read_sheet(workbook(fill), "x.xlsx").rows
    assert [row.cells for row in rows] == [("客户清单",), ("华东", "a"), ("华东", "b"), ("华东", "c"), ("华南", "d")]


def test_a_stray_mark_in_the_last_row_does_not_make_a_list_too_long() -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "name")
        sheet.write_string(1_048_575, 0, ".")

    assert [row.number for row in read_sheet(workbook(fill), "x.xlsx").rows] == [1, 1_048_576]


def test_too_many_columns_are_refused() -> None:
    assert fault_of(b"," * 200 + b"x", "x.csv") is SheetFault.TOO_LARGE
    assert len(read_sheet(b"," * 199 + b"x", "x.csv").rows[0].cells) == 200


def test_too_many_rows_are_refused() -> None:
    assert fault_of(b"name\n" * 250_001, "x.csv") is SheetFault.TOO_LARGE
    assert len(read_sheet(b"name\n" * 250_000, "x.csv").rows) == 250_000


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030"])
def test_a_csv_is_read_in_the_encodings_that_excel_writes(encoding: str) -> None:
    text = "编号,客户名称\r\n001,长乐银行（重庆）\r\n002,㐀𠮷超市\r\n"
    rows = read_sheet(text.encode(encoding), "客户.csv").rows
    assert rows == (Row(1, ("编号", "客户名称")), Row(2, ("001", "长乐银行（重庆）")), Row(3, ("002", "㐀𠮷超市")))


def test_a_western_csv_is_not_read_as_chinese() -> None:
    rows = read_sheet("Name;Ort\nMüller & Söhne;Köln\nCafé Zoë;Zürich\n".encode("cp1252"), "x.csv").rows
    assert rows[1].cells == ("Müller & Söhne", "Köln")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_although_names_hold_others(delimiter: str) -> None:
    lines = [("id", "name", "tags"), ("1", 'Smith, "Sons"; Co', "a"), ("2", "b", "c;d;e"), ("3", "", "x")]
    text = "\n".join(delimiter.join(f'"{each}"'.replace('"Sons"', '""Sons""') for each in line) for line in lines)
    rows = read_sheet(text.encode(), "x.csv").rows
    assert rows[1].cells == ("1", 'Smith, "Sons"; Co', "a")
    assert rows[3].cells == ("3", None, "x")


def test_the_tricks_that_keep_numbers_as_text_are_undone() -> None:
    assert read_sheet(b'sep=;\nid;phone\n="007";\'013800138000\n', "x.csv").rows[1].cells == ("007", "013800138000")


def test_empty_lines_and_lines_within_a_cell_keep_the_row_numbers() -> None:
    rows = read_sheet(b'name,note\r\n\r\na,"one\r\ntwo"\r\nb,\r\n', "x.csv").rows
    assert [(row.number, row.cells[0]) for row in rows] == [(1, "name"), (3, "a"), (4, "b")]


@pytest.mark.parametrize("data", [b"", b"\xef\xbb\xbf", b" \r\n\r\n", b",,,\n,,\n", b"\xff\xfe"])
def test_an_empty_file_is_told_so(data: bytes) -> None:
    assert fault_of(data, "x.csv") is SheetFault.EMPTY


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"%PDF-1.7\n1 0 obj",
        b"<html><table><tr><td>name",
        b"\x00\x01\x02\x03" * 50,
        b"name\n\x81\x20\xff",
        package({"word/document.xml": b"<w/>", "[Content_Types].xml": b"<x/>"}),
    ],
)
def test_what_is_no_sheet_is_told_so(data: bytes) -> None:
    assert fault_of(data, "x.csv") is SheetFault.NOT_A_SHEET


def test_a_quote_that_never_closes_is_told_as_damage() -> None:
    assert fault_of(b'name,note\na,"oops\n' + b"b,c\n" * 20_000, "x.csv") is SheetFault.DAMAGED


def test_a_cut_off_workbook_is_told_as_damage() -> None:
    whole = workbook(lambda book: book.add_worksheet().write_string(0, 0, "name"))
    assert fault_of(whole[: len(whole) // 2]) is SheetFault.DAMAGED


def test_a_bomb_is_refused_before_it_is_opened() -> None:
    bomb = package({"xl/workbook.xml": b"<w/>", "xl/worksheets/sheet1.xml": bytes(30_000_000)})
    assert len(bomb) < 100_000
    assert fault_of(bomb) is SheetFault.TOO_LARGE


def test_a_file_larger_than_telegram_gives_is_refused() -> None:
    assert fault_of(b"name\n" + b"x" * BYTES_LIMIT, "x.csv") is SheetFault.TOO_LARGE


@pytest.fixture
async def workers() -> AsyncIterator[MediaWorkers]:
    pool = MediaWorkers(size=1, time_limit=timedelta(seconds=20))
    yield pool
    await pool.close()


async def test_a_reason_survives_the_way_back_from_the_child(workers: MediaWorkers) -> None:
    with pytest.raises(BrokenSheet) as caught:
        await workers.run(read_sheet, b"%PDF-1.7", "x.csv")
    assert caught.value.reason is SheetFault.NOT_A_SHEET


async def test_a_sheet_that_asks_for_all_memory_ends_its_child_only(workers: MediaWorkers) -> None:
    def fill(book: Any) -> None:
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "name")
        sheet.write_string(1_048_575, 16_383, "far away")

    with pytest.raises(WorkCrashed):
        await workers.run(read_sheet, workbook(fill), "x.xlsx")
    assert (await workers.run(read_sheet, b"name\na\n", "x.csv")).rows == (Row(1, ("name",)), Row(2, ("a",)))


ROWS_OR_FAULT: dict[str, int | SheetFault] = {
    "chinese-provinces.xls": 4,
    "customers_gbk.csv": 121,
    "date_1904.xlsx": 3,
    "empty_sheet.xlsx": SheetFault.EMPTY,
    "errors.xlsx": SheetFault.EMPTY,
    "inventory-table.xlsx": 5,
    "issue_594_dos.ods": SheetFault.TOO_LARGE,
    "issue_666_panic.xlsb": SheetFault.EMPTY,
    "merge_cells.xlsx": 2,
    "minimal_package.xlsx": 195,
    "pass_protected.xlsx": SheetFault.PASSWORD,
    "poc-xmlbomb-empty.xlsx": SheetFault.DAMAGED,
    "poc-xmlbomb.xlsx": SheetFault.DAMAGED,
    "string-ref.xlsx": 2,
    "too_small.xls": 1,  # a mail program's sentence, named like a workbook
    "whitespace_trim.xlsx": 3,
    "xxe_in_schema.xlsx": 2,
}


@pytest.mark.realdata
@pytest.mark.parametrize("name", ROWS_OR_FAULT)
async def test_every_file_of_the_public_sets_is_read_or_refused(name: str, workers: MediaWorkers) -> None:
    path = SHEETS / name
    if not path.exists():
        pytest.skip("the public data sets are not beside the project")
    try:
        outcome: int | SheetFault = len((await workers.run(read_sheet, path.read_bytes(), name)).rows)
    except BrokenSheet as broken:
        outcome = broken.reason
    assert outcome == ROWS_OR_FAULT[name]


@pytest.mark.realdata
def test_dates_that_count_from_1904_are_the_right_ones() -> None:
    path = SHEETS / "date_1904.xlsx"
    if not path.exists():
        pytest.skip("the public data sets are not beside the project")
    assert [row.cells[0] for row in read_sheet(path.read_bytes(), path.name).rows[:2]] == [
        date(2021, 1, 1),
        date(2021, 1, 2),
    ]


@pytest.mark.realdata
def test_no_public_sheet_is_left_untried() -> None:
    if not SHEETS.exists():
        pytest.skip("the public data sets are not beside the project")
    assert {path.name for path in SHEETS.iterdir()} == set(ROWS_OR_FAULT)
