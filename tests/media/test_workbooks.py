"""What the bot writes, it can read again, and Excel never calculates it."""

import io
import json
import zipfile
from pathlib import Path

import pytest

from bot.domain.customer_owners import Owners
from bot.domain.customer_sheet import read_customers
from bot.domain.sheet import Row
from bot.media.workbooks import FaultyRow, TemplateColumn, customer_template, problem_sheet
from bot.media.worksheets import read_sheet

NAUGHTY = Path(__file__).parents[2] / ".." / "shared" / "data" / "strings" / "blns.json"
COLUMNS = [
    TemplateColumn("编号", "您系统里的编号", ("0017",), is_text=True),
    TemplateColumn("客户名称", "必填", ("长乐银行",)),
    TemplateColumn("等级", "A、B、C 或 D", ("A",), choices=("A", "B", "C", "D")),
    TemplateColumn("纬度", "十进制", (31.2305,)),
    TemplateColumn("经度", "十进制", (121.4737,)),
    TemplateColumn("坐标系", "百度、高德或 GPS", ("GPS",)),
]


def test_the_template_is_a_list_that_can_be_imported() -> None:
    sheet = read_sheet(customer_template("客户", COLUMNS, "说明", ("删除示例行",)), "x.xlsx")
    reading = read_customers(sheet.rows, Owners.of([]))
    assert reading.problems == ()
    assert [(customer.external_id, customer.name) for customer in reading.rows] == [("0017", "长乐银行")]


def test_the_template_offers_the_grades() -> None:
    archive = zipfile.ZipFile(io.BytesIO(customer_template("a", COLUMNS, "b")))
    assert '"A,B,C,D"' in archive.read("xl/worksheets/sheet1.xml").decode()


def test_a_tab_takes_any_name() -> None:
    assert read_sheet(customer_template("客户/清单: [2026]?" + "x" * 40, COLUMNS, "''"), "x.xlsx").name.startswith(
        "客户"
    )


def test_faulty_rows_can_be_corrected_and_sent_back() -> None:
    faulty = [FaultyRow(7, "没有名称", (None, "", "A")), FaultyRow(9, "等级不对", ("2", "永辉", "E", 31.2, True))]
    sheet = read_sheet(problem_sheet("问题", "原行号", "问题说明", ("编号", "客户名称", "等级"), faulty), "x.xlsx")
    assert sheet.rows[1:] == (
        Row(2, (7.0, "没有名称", None, None, "A")),
        Row(3, (9.0, "等级不对", "2", "永辉", "E", 31.2, True)),
    )
    reading = read_customers(sheet.rows, Owners.of([]))
    assert reading.ignored == ("原行号", "问题说明")
    assert [problem.row for problem in reading.problems] == [2, 3]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|'/c calc'!A1", "https://example.org", "{=1}"])
def test_no_text_becomes_a_formula_or_a_link(text: str) -> None:
    data = problem_sheet("a", "#", "?", ("Name",), [FaultyRow(1, text, (text,))])
    assert read_sheet(data, "x.xlsx").rows[1].cells == (1.0, text, text)
    sheet = zipfile.ZipFile(io.BytesIO(data)).read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "hyperlink" not in sheet


def test_values_that_excel_cannot_hold_are_written_as_text() -> None:
    cells = (float("nan"), "half \ud800 character", "x" * 40_000)
    row = read_sheet(problem_sheet("a", "#", "?", (), [FaultyRow(None, "", cells)]), "x.xlsx").rows[1]
    assert row.cells[2:4] == ("nan", "half ? character")
    assert row.cells[4] == "x" * 32_767


@pytest.mark.realdata
def test_naughty_strings_come_back_as_they_went() -> None:
    if not NAUGHTY.exists():
        pytest.skip("the public data sets are not beside the project")
    strings = [text for text in json.loads(NAUGHTY.read_text(encoding="utf-8")) if text.strip()]
    rows = [FaultyRow(number, text) for number, text in enumerate(strings, start=1)]
    read = read_sheet(problem_sheet("a", "#", "?", ("Name",), rows), "x.xlsx").rows[1:]
    assert len(read) == len(strings) > 400
    for text, row in zip(strings, read, strict=True):
        if text.isprintable():
            assert row.cells[1] == text
