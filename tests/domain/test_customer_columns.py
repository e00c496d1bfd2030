"""The header of a list is found wherever it stands and whatever its columns are called."""

import pytest

from bot.domain.customer_columns import Columns, find_columns
from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.sheet import Cell, Row


def sheet(*rows: tuple[Cell, ...]) -> list[Row]:
    return [Row(number, cells) for number, cells in enumerate(rows, start=1)]


def columns_of(*titles: str) -> Columns:
    found = find_columns(sheet(titles))
    assert isinstance(found, Columns), found
    return found


def problem_of(*rows: tuple[Cell, ...]) -> Problem:
    found = find_columns(sheet(*rows))
    assert isinstance(found, Problem), found
    return found


def test_a_chinese_header_is_understood() -> None:
    found = columns_of("编号", "客户名称", "等级", "经度", "纬度", "坐标系", "负责人")
    assert list(found.places) == [
        Field.EXTERNAL_ID,
        Field.NAME,
        Field.GRADE,
        Field.LONGITUDE,
        Field.LATITUDE,
        Field.DATUM,
        Field.OWNER,
    ]
    assert list(found.places.values()) == list(range(7))


def test_an_english_header_is_understood() -> None:
    titles = [
        "External id",
        "Name",
        "Grade",
        "Latitude",
        "Longitude",
        "Owner",
        "Address",
        "Phone",
        "Contact",
        "Tags",
        "Radius",
        "Aliases",
        "Region",
        "Industry",
        "Class",
        "Note",
        "Datum",
    ]
    found = columns_of(*titles)
    assert set(found.places) == set(Field) - {Field.COORDINATES}
    assert found.ignored == ()


@pytest.mark.parametrize(
    "title",
    [
        "客户名称",
        " 客户 名称 ",
        "*客户名称",
        "客户名称（必填）",
        "CUSTOMER NAME",
        "Customer_Name",
        "ｎａｍｅ",
        "Name*",
        "店名",
    ],
)
def test_a_title_is_known_however_it_is_typed(title: str) -> None:
    assert columns_of(title, "Phone").places[Field.NAME] == 0


def test_the_header_may_stand_below_a_title_and_a_note() -> None:
    rows = sheet(
        ("2026年客户清单",),
        ("制表:", "王经理", None, "客户"),
        ("客户编号", "客户名称", "地址", "电话"),
        ("1", "长乐银行", "地址", "电话"),
    )
    found = find_columns(rows)
    assert isinstance(found, Columns)
    assert found.header_row == 3


def test_a_column_that_means_nothing_is_ignored_and_named() -> None:
    assert columns_of("序号", "名称", "主营 业务").ignored == ("序号", "主营 业务")


def test_a_list_without_a_header_is_told_so() -> None:
    assert problem_of(("1001", "长乐银行"), ("1002", "永辉")).reason is Reason.NO_HEADER


def test_a_list_without_names_is_told_so() -> None:
    found = problem_of(("编号", "地址", "电话"))
    assert (found.reason, found.row, found.value) == (Reason.NO_NAME_COLUMN, 1, "编号, 地址, 电话")


def test_two_columns_of_one_meaning_are_told_by_name() -> None:
    found = problem_of(("客户名称", "店名", "电话"))
    assert (found.reason, found.field, found.value) == (Reason.DOUBLE_COLUMN, Field.NAME, "客户名称, 店名")


def test_a_latitude_without_a_longitude_is_told_so() -> None:
    found = problem_of(("Name", "Lat"))
    assert (found.reason, found.field) == (Reason.HALF_POSITION_COLUMNS, Field.LONGITUDE)


def test_positions_in_two_forms_are_told_so() -> None:
    assert problem_of(("Name", "Lat", "Lng", "坐标")).reason is Reason.DOUBLE_COLUMN


@pytest.mark.parametrize(
    ("title", "latitude_first"),
    [
        ("坐标", None),
        ("经纬度", False),
        ("坐标（经度,纬度）", False),
        ("Lat/Lng", True),
        ("Coordinates (lat, lon)", True),
    ],
)
def test_a_title_may_tell_the_order_of_coordinates(title: str, latitude_first: bool | None) -> None:
    assert columns_of("名称", title).latitude_first is latitude_first


@pytest.mark.parametrize(
    ("title", "metres"), [("半径", 1), ("半径（米）", 1), ("半径(公里)", 1000), ("Radius [km]", 1000)]
)
def test_a_unit_in_brackets_counts(title: str, metres: float) -> None:
    assert columns_of("名称", title).radius_unit == metres
