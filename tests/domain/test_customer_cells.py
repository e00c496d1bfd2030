"""A cell is read as what the person meant, or refused with the reason."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import customer_cells as cells
from bot.domain.customer import CustomerClass, Grade
from bot.domain.customer_problem import BadCell, Reason
from bot.domain.datum import Datum
from bot.domain.sheet import Cell


def reason_of(read: object, *arguments: object) -> Reason:
    assert callable(read)
    with pytest.raises(BadCell) as caught:
        read(*arguments)
    return caught.value.reason


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (1001.0, "1001"),
        (1001, "1001"),
        ("1001.0", "1001"),
        ("00042", "00042"),
        ("Ｃ００１", "C001"),
        (" K-7 ", "K-7"),
        (13800138000.0, "13800138000"),
        ("1.3800138E+10", "13800138000"),
        ("+86 138 0013 8000", "+86 138 0013 8000"),
        (date(2026, 1, 2), "2026-01-02"),
    ],
)
def test_an_id_is_text_as_it_was_typed(cell: Cell, code: str) -> None:
    assert cells.code(cell, 50) == code


@pytest.mark.parametrize("cell", ["1.38001E+10", "1.38E+10", "6.2284E+18", 6.228480402564891e18, 10**16])
def test_a_number_that_excel_has_rounded_is_refused(cell: Cell) -> None:
    assert reason_of(cells.code, cell, 50) is Reason.ROUNDED_NUMBER


def test_an_error_of_excel_is_no_text() -> None:
    assert reason_of(cells.text, "#N/A", 50) is Reason.ERROR_CELL


def test_a_text_loses_what_cannot_be_seen() -> None:
    assert cells.text(" 长乐\x00银行\ud800\r\n二楼\t", 50) == "长乐银行 二楼"
    assert cells.note("one\r\ntwo\x07 ", 50) == "one\ntwo"
    assert cells.shown(datetime(2026, 1, 2, 9, 30)) == "2026-01-02 09:30:00"  # noqa: DTZ001 - Excel has no zones


def test_a_text_may_not_be_longer_than_its_place() -> None:
    assert cells.text("长" * 120, 120) == "长" * 120
    assert reason_of(cells.text, "长" * 121, 120) is Reason.TOO_LONG


@pytest.mark.parametrize("cell", ["A", " a ", "Ａ", "A级", "A类客户", "Grade A", "a等"])
def test_a_grade_is_known_however_it_is_typed(cell: str) -> None:
    assert cells.grade(cell) is Grade.A


@pytest.mark.parametrize("cell", ["E", "1", "重点", "AB", 3.0, True])
def test_another_grade_is_refused(cell: Cell) -> None:
    assert reason_of(cells.grade, cell) is Reason.UNKNOWN_GRADE


@pytest.mark.parametrize(
    ("cell", "found"),
    [("潜在客户", CustomerClass.POTENTIAL), ("意向", CustomerClass.INTERESTED), ("Key", CustomerClass.KEY)],
)
def test_a_class_is_known_in_both_languages(cell: str, found: CustomerClass) -> None:
    assert cells.customer_class(cell) is found
    assert reason_of(cells.customer_class, "Supermarket") is Reason.UNKNOWN_CLASS


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("BD09", Datum.BD09),
        ("bd-09ll", Datum.BD09),
        ("百度", Datum.BD09),
        ("百度地图", Datum.BD09),
        ("GCJ02", Datum.GCJ02),
        ("高德", Datum.GCJ02),
        ("腾讯地图", Datum.GCJ02),
        ("火星坐标系", Datum.GCJ02),
        ("WGS-84", Datum.WGS84),
        ("GPS", Datum.WGS84),
    ],
)
def test_a_datum_is_known_by_its_name_or_its_map(cell: str, found: Datum) -> None:
    assert cells.datum(cell) is found


@pytest.mark.parametrize("cell", ["Google", "BD09MC", "CGCS2000", "?"])
def test_a_datum_is_not_guessed(cell: str) -> None:
    assert reason_of(cells.datum, cell) is Reason.UNKNOWN_DATUM


@pytest.mark.parametrize(
    ("cell", "unit", "metres"),
    [
        (200.0, 1, 200),
        ("２００", 1, 200),
        ("150m", 1, 150),
        ("0.5", 1000, 500),
        ("300 米", 1000, 300),
        ("1公里", 1, 1000),
    ],
)
def test_a_radius_is_in_metres(cell: Cell, unit: float, metres: float) -> None:
    assert cells.radius(cell, unit, (50, 5000)) == metres


@pytest.mark.parametrize("cell", ["big", "-200", "49", 5001.0, "1e3", "200 ft", ""])
def test_a_radius_outside_its_bounds_is_refused(cell: Cell) -> None:
    assert reason_of(cells.radius, cell, 1, (50, 5000)) is Reason.BAD_RADIUS


@pytest.mark.parametrize(
    ("cell", "degrees"),
    [
        (121.49, 121.49),
        (121, 121.0),
        ("121.49", 121.49),
        (" １２１．４９ ", 121.49),
        ("121,49", 121.49),
        ("121.49°", 121.49),
        ("东经121.49°", 121.49),
        ("121.49E", 121.49),
        ("W 70.5", -70.5),
        ("33.45S", -33.45),
        ("31°13'44.4\"N", 31.229),
        ("31°13′44.4″", 31.229),
        ("31度13分44.4秒", 31.229),
        ("-0°30'", -0.5),
    ],
)
def test_degrees_are_read_as_people_write_them(cell: Cell, degrees: float) -> None:
    assert cells.degrees(cell) == pytest.approx(degrees, abs=1e-9)


@pytest.mark.parametrize("cell", ["north", "12l.4", "121.49.1", float("nan"), float("inf"), True, "31°99"])
def test_what_is_no_number_of_degrees_is_refused(cell: Cell) -> None:
    assert reason_of(cells.degrees, cell) is Reason.UNREADABLE_COORDINATES


@pytest.mark.parametrize(
    "cell", ["121.49,31.22", "121.49，31.22", "121.49 31.22", "(121.49, 31.22)", "121.49;31.22", "121.49E/31.22N"]
)
def test_a_pair_of_coordinates_is_split(cell: str) -> None:
    assert cells.pair(cell) == (121.49, 31.22)


@pytest.mark.parametrize("cell", ["121.49", "121.49,31.22,5", "人民路 12"])
def test_what_is_no_pair_is_refused(cell: str) -> None:
    assert reason_of(cells.pair, cell) is Reason.UNREADABLE_COORDINATES


def test_several_entries_are_split_and_their_doubles_dropped() -> None:
    assert cells.several("#火锅、学校旁； VIP,火锅\n新", 20) == ("火锅", "学校旁", "VIP", "新")


@given(st.one_of(st.none(), st.text(), st.floats(), st.integers(), st.booleans(), st.datetimes(), st.timedeltas()))
def test_no_cell_breaks_a_reader(cell: Cell) -> None:
    for read in (cells.grade, cells.customer_class, cells.datum, cells.degrees, cells.pair):
        try:
            read(cell)
        except BadCell as bad:
            assert bad.reason in Reason
    for limited in (cells.text, cells.note, cells.code, cells.several):
        try:
            limited(cell, 40)
        except BadCell as bad:
            assert bad.reason in Reason
