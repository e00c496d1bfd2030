"""Before a list is applied it is known what it would change, and the same list twice changes nothing."""

from dataclasses import replace

import pytest

from bot.domain.customer import Customer, Grade, SheetCustomer
from bot.domain.customer_preview import FieldChange, Preview, compare, created
from bot.domain.customer_problem import Field, Problem, Reason
from bot.domain.datum import Datum
from bot.domain.geography import Point

SQUARE = Point(31.2305, 121.4737)


def listed(
    row: int, name: str, external_id: str | None = None, at: Point | None = None, **more: object
) -> SheetCustomer:
    customer = SheetCustomer(row, name, external_id, **more)  # type: ignore[arg-type]
    if at is None:
        return customer
    return replace(customer, position=at, given_latitude=at.latitude, given_longitude=at.longitude, datum=Datum.WGS84)


def east(metres: float) -> Point:
    return Point(SQUARE.latitude, SQUARE.longitude + metres / 95_086)


def applied(preview: Preview) -> list[Customer]:
    changed = [change.after for change in preview.changed]
    return [created(row, number) for number, row in enumerate(preview.new, start=100)] + changed


LIST = (
    listed(2, "长乐银行", "C1", SQUARE, grade=Grade.A, tags=("VIP", "新")),
    listed(3, "永辉", at=east(300)),
    listed(4, "永辉", at=east(700)),
    listed(5, "联华", address="人民路"),
    listed(6, "!!!", at=SQUARE),
)


def test_a_first_list_is_all_new() -> None:
    assert compare(LIST, []) == Preview(LIST, (), (), ())


def test_the_same_list_twice_changes_nothing() -> None:
    assert compare(LIST, applied(compare(LIST, []))) == Preview((), (), LIST, ())


def test_a_change_is_told_field_by_field() -> None:
    before = created(LIST[0], 1)
    row = replace(LIST[0], grade=Grade.B, address="中山路 1")
    (change,) = compare([row], [before]).changed
    assert change.fields == (FieldChange("grade", Grade.A, Grade.B), FieldChange("address", "", "中山路 1"))
    assert change.after == replace(before, grade=Grade.B, address="中山路 1")


def test_an_empty_cell_erases_nothing() -> None:
    before = created(LIST[0], 1)
    assert compare([SheetCustomer(2, "长乐银行", "C1")], [before]).unchanged


def test_tags_in_another_order_are_no_change() -> None:
    before = created(LIST[0], 1)
    assert compare([replace(LIST[0], tags=("新", "VIP"))], [before]).unchanged


def test_a_position_that_visits_have_refined_is_kept_when_the_list_says_the_same_again() -> None:
    refined = replace(created(LIST[0], 1), position=east(40))
    assert compare([LIST[0]], [refined]).unchanged


def test_a_position_that_the_list_has_moved_is_taken_over() -> None:
    before = created(LIST[0], 1)
    row = listed(2, "长乐银行", "C1", east(90))
    (change,) = compare([row], [before]).changed
    assert change.fields == (FieldChange("position", SQUARE, east(90)),)
    assert (change.after.position, change.after.given_longitude) == (east(90), east(90).longitude)


def test_the_same_degrees_in_another_datum_are_another_position() -> None:
    before = replace(created(LIST[0], 1), datum=Datum.GCJ02)
    (change,) = compare([LIST[0]], [before]).changed
    assert change.after.datum is Datum.WGS84


def test_a_customer_from_the_street_gets_his_id_from_the_list() -> None:
    street = Customer(5, "长乐 银行", position=east(100))
    (change,) = compare([LIST[0]], [street]).changed
    assert change.before is street
    assert FieldChange("external_id", None, "C1") in change.fields


def test_a_namesake_with_another_id_is_another_customer() -> None:
    other = Customer(5, "长乐银行", external_id="C9", position=SQUARE)
    assert compare([LIST[0]], [other]).new == (LIST[0],)


def test_a_namesake_too_far_away_is_another_customer() -> None:
    far = Customer(5, "永辉", position=east(5_000))
    assert compare([LIST[1]], [far]).new == (LIST[1],)


def test_of_two_namesakes_each_row_means_the_nearer_one() -> None:
    shops = [Customer(1, "永辉", position=east(310)), Customer(2, "永辉", position=east(690))]
    changes = compare([LIST[2], LIST[1]], shops).changed
    assert {(change.row.row, change.before.id) for change in changes} == {(3, 1), (4, 2)}


def test_a_second_row_does_not_take_a_customer_that_is_taken() -> None:
    preview = compare([LIST[1], LIST[2]], [created(LIST[1], 1)])
    assert (preview.unchanged, preview.new) == ((LIST[1],), (LIST[2],))


def test_a_bare_name_that_may_mean_two_is_asked_about() -> None:
    shops = [Customer(1, "联华", address="一"), Customer(2, "联华", address="二")]
    preview = compare([LIST[3]], shops)
    assert preview.problems == (Problem(Reason.AMBIGUOUS_CUSTOMER, 5, Field.NAME, "联华"),)
    assert not preview.new


def test_degrees_without_a_datum_cannot_be_compared() -> None:
    with pytest.raises(ValueError, match="datum"):
        compare([SheetCustomer(2, "长乐", given_latitude=31.2, given_longitude=121.4)], [])
