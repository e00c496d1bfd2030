"""A list becomes customers, and every row that cannot is named with its reason."""

import csv
import io
import json
from pathlib import Path

import pytest

from bot.domain.customer import CustomerClass, Grade
from bot.domain.customer_owners import Owner, Owners
from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.customer_sheet import Reading, read_customers
from bot.domain.datum import Datum
from bot.domain.geography import Point, distance
from bot.domain.sheet import Cell, Row

DATA = Path(__file__).parents[2] / ".." / "shared" / "data"
OWNERS = Owners.of([Owner(7, "王芳"), Owner(8, "李强"), Owner(9, "李强")])
HEADER = ("编号", "名称", "等级", "经度", "纬度", "负责人")


def read(*rows: tuple[Cell, ...], datum: Datum | None = Datum.WGS84) -> Reading:
    return read_customers([Row(number, cells) for number, cells in enumerate(rows, start=1)], OWNERS, datum)


def reasons(reading: Reading) -> list[tuple[int | None, Reason]]:
    return [(problem.row, problem.reason) for problem in reading.problems]


def test_a_full_row_becomes_a_customer() -> None:
    reading = read(
        ("ID", "Name", "Aliases", "Grade", "Class", "Tags", "Coordinates", "Radius", "Owner", "Phone", "Contact"),
        (1001.0, "长乐银行", "长乐;CL", "a", "重点", "VIP", "31.2305, 121.4737", 150, "王芳", 13800138000.0, "张总"),
    )
    assert reading.problems == ()
    (customer,) = reading.rows
    assert (customer.row, customer.external_id, customer.name) == (2, "1001", "长乐银行")
    assert (customer.aliases, customer.tags) == (("长乐", "CL"), ("VIP",))
    assert (customer.grade, customer.class_) == (Grade.A, CustomerClass.KEY)
    assert customer.position == Point(31.2305, 121.4737)
    assert (customer.fence_radius, customer.owner_id) == (150, 7)
    assert (customer.phone, customer.contact_name) == ("13800138000", "张总")


def test_an_empty_cell_says_nothing() -> None:
    (customer,) = read(HEADER, ("", "长乐银行", None, None, "", " ")).rows
    assert (customer.external_id, customer.grade, customer.position, customer.owner_id) == (None, None, None, None)


def test_a_short_row_has_empty_cells() -> None:
    (customer,) = read(HEADER, ("1", "长乐银行")).rows
    assert customer.position is None


def test_every_problem_of_a_row_is_told_at_once() -> None:
    reading = read(HEADER, ("1", "", "E", "200", "31.2", "张三"))
    assert reading.rows == ()
    assert set(reading.problems) == {
        Problem(Reason.MISSING_NAME, 2, Field.NAME),
        Problem(Reason.UNKNOWN_GRADE, 2, Field.GRADE, "E"),
        Problem(Reason.IMPOSSIBLE_COORDINATES, 2, Field.COORDINATES, "31.2, 200"),
        Problem(Reason.UNKNOWN_OWNER, 2, Field.OWNER, "张三"),
    }


def test_a_bad_row_does_not_keep_the_others_out() -> None:
    reading = read(HEADER, ("1", "长乐银行"), ("2", "", "A"), ("3", "永辉"))
    assert [customer.row for customer in reading.rows] == [2, 4]
    assert reasons(reading) == [(3, Reason.MISSING_NAME)]


@pytest.mark.parametrize(
    ("longitude", "latitude", "reason"),
    [
        ("31.23", "121.47", Reason.SWAPPED_COORDINATES),
        ("0", "0", Reason.ZERO_COORDINATES),
        ("121.47", "", Reason.HALF_POSITION),
        ("121.47", "abc", Reason.UNREADABLE_COORDINATES),
        ("121.47", "95", Reason.IMPOSSIBLE_COORDINATES),
        ("12147000", "3123000", Reason.IMPOSSIBLE_COORDINATES),
    ],
)
def test_a_position_that_cannot_be_is_told_why(longitude: str, latitude: str, reason: Reason) -> None:
    assert reasons(read(HEADER, ("1", "长乐银行", "", longitude, latitude))) == [(2, reason)]


def test_one_swapped_row_in_a_european_list_is_noticed() -> None:
    paris = [(str(number), f"Café {number}", "", 2.3 + number / 100, 48.8) for number in range(5)]
    reading = read(HEADER, *paris, ("9", "Chez Paul", "", 48.85, 2.35))
    assert reasons(reading) == [(7, Reason.SWAPPED_COORDINATES)]
    assert len(reading.rows) == 5


def test_a_far_customer_is_not_taken_for_swapped() -> None:
    paris = [(str(number), f"Café {number}", "", 2.3 + number / 100, 48.8) for number in range(5)]
    assert read(HEADER, *paris, ("9", "Nouméa", "", 166.45, -22.27), ("10", "Cayenne", "", -52.3, 4.9)).problems == ()


@pytest.mark.parametrize("cell", ["121.47,31.23", "31.23,121.47", "121.47 31.23"])
def test_a_single_column_of_coordinates_needs_no_order_in_china(cell: str) -> None:
    (customer,) = read(("名称", "坐标"), ("长乐银行", cell)).rows
    assert customer.position == Point(31.23, 121.47)


def test_a_single_column_that_could_be_either_way_is_asked_about() -> None:
    assert reasons(read(("Name", "Coordinates"), ("Café", "48.8, 2.3"))) == [(2, Reason.UNCLEAR_ORDER)]
    (customer,) = read(("Name", "Lat, Lng"), ("Café", "48.8, 2.3")).rows
    assert customer.position == Point(48.8, 2.3)


def test_the_later_of_two_rows_with_one_id_is_refused() -> None:
    reading = read(HEADER, ("7", "长乐银行"), ("8", "永辉"), (7.0, "联华"))
    assert reading.problems == (Problem(Reason.DOUBLE_ID, 4, Field.EXTERNAL_ID, "7", other_row=2),)
    assert [customer.name for customer in reading.rows] == ["长乐银行", "永辉"]


def test_one_name_at_one_place_is_one_customer() -> None:
    reading = read(
        ("名称", "经度", "纬度"),
        ("乐购", 121.4737, 31.2305),
        ("乐购 ", 121.4738, 31.2305),
        ("乐购", 121.4837, 31.2305),
    )
    assert reading.problems == (Problem(Reason.DOUBLE_CUSTOMER, 3, Field.NAME, "乐购", other_row=2),)
    assert [customer.row for customer in reading.rows] == [2, 4]


def test_one_name_without_places_is_told_apart_by_id_or_address() -> None:
    header = ("编号", "名称", "地址")
    assert read(header, ("1", "乐购", ""), ("2", "乐购", "")).problems == ()
    assert read(header, ("", "乐购", "人民路1号"), ("", "乐购", "人民路2号")).problems == ()
    assert reasons(read(header, ("", "乐购", "人民路1号"), ("", "乐购", ""))) == [(3, Reason.DOUBLE_CUSTOMER)]
    assert reasons(read(header, ("1", "乐购", ""), ("", "乐购", ""))) == [(3, Reason.DOUBLE_CUSTOMER)]


def test_a_chain_of_one_name_is_read_in_no_time() -> None:
    chain = [(str(number), "乐购", "", 100 + number % 100 / 10, 20 + number / 500) for number in range(4_000)]
    assert len(read(HEADER, *chain).rows) == 4_000


def test_an_owner_that_two_share_is_asked_about() -> None:
    assert reasons(read(HEADER, ("1", "长乐银行", "", "", "", "李强"))) == [(2, Reason.AMBIGUOUS_OWNER)]


def test_the_datum_is_asked_for_when_the_list_does_not_say() -> None:
    reading = read(HEADER, ("1", "长乐银行", "", 121.4737, 31.2305), datum=None)
    assert reading.needs_datum
    assert reading.rows[0].position is None
    assert not read(HEADER, ("1", "长乐银行"), datum=None).needs_datum


def test_a_row_that_names_its_datum_is_read_in_it() -> None:
    header = ("名称", "经度", "纬度", "坐标系")
    reading = read(header, ("a", 121.4737, 31.2305, "百度"), ("b", 121.4737, 31.2305, "GPS"), datum=None)
    assert not reading.needs_datum
    baidu, gps = reading.rows
    assert baidu.position and gps.position
    assert distance(baidu.position, gps.position) == pytest.approx(1_100, abs=200)
    assert (baidu.given_latitude, baidu.given_longitude, baidu.datum) == (31.2305, 121.4737, Datum.BD09)
    assert reasons(read(header, ("a", 121.4737, 31.2305, "?"))) == [(2, Reason.UNKNOWN_DATUM)]


def test_a_total_below_the_list_is_no_customer() -> None:
    reading = read(("序号", "名称", "电话"), (1, "长乐银行", "1"), ("合计: 1", "", ""))
    assert (len(reading.rows), reading.problems, reading.ignored) == (1, (), ("序号",))


def test_a_header_alone_is_told_so() -> None:
    assert reasons(read(HEADER)) == [(None, Reason.NO_ROWS)]
    assert reasons(read()) == [(None, Reason.NO_HEADER)]


@pytest.mark.realdata
def test_the_gbk_list_of_shops_is_read_with_baidu_positions_converted() -> None:
    path = DATA / "sheets" / "customers_gbk.csv"
    if not path.exists():
        pytest.skip("the public data sets are not beside the project")
    lines = csv.reader(io.StringIO(path.read_bytes().decode("gb18030")))
    reading = read(*(tuple(line) for line in lines), datum=None)
    assert (len(reading.rows), reading.problems, reading.needs_datum) == (120, (), False)
    for customer in reading.rows:
        assert customer.position and customer.given_latitude and customer.given_longitude
        moved = distance(Point(customer.given_latitude, customer.given_longitude), customer.position)
        assert 500 < moved < 1_500


@pytest.mark.realdata
def test_a_naughty_name_comes_through_as_it_was_typed() -> None:
    path = DATA / "strings" / "blns.json"
    if not path.exists():
        pytest.skip("the public data sets are not beside the project")
    strings = [text for text in json.loads(path.read_text(encoding="utf-8")) if text.strip()]
    assert len(strings) > 400
    for text in strings:
        reading = read(("Name", "Address"), (text, "x"))
        if reading.rows and text.isprintable():
            assert reading.rows[0].name == " ".join(text.split())
        else:
            assert reading.rows or reading.problems
