"""A checklist is changed item by item, and in what two differ is told."""

import pytest

from bot.domain.condition_text import parse
from bot.domain.conversation import Refusal
from bot.domain.sop import Choice, Group, Item, Kind, Sop
from bot.domain.sop_editing import choices_of, moved, put_back, removed, with_check, with_condition, with_kind
from bot.domain.sop_telling import differences, told

ITEMS = tuple(Item(name, Kind.NUMBER, {"en": name.title()}) for name in ("one", "two", "three", "four"))
SOP = Sop("shelf", {"en": "Shelf"}, ITEMS)


def ids(sop: Sop) -> list[str]:
    return [item.id for item in sop.items]


@pytest.mark.parametrize(
    ("item", "number", "order"),
    [
        ("one", 4, ["two", "three", "four", "one"]),
        ("four", 1, ["four", "one", "two", "three"]),
        ("two", 2, ["one", "two", "three", "four"]),
    ],
)
def test_an_item_moves_to_a_number(item: str, number: int, order: list[str]) -> None:
    assert ids(moved(SOP, item, number)) == order


@pytest.mark.parametrize("number", [0, 5])
def test_there_is_no_place_outside_the_list(number: int) -> None:
    with pytest.raises(Refusal) as refused:
        moved(SOP, "one", number)
    assert refused.value.context == {"most": 4}


def test_a_deleted_item_is_put_back_with_its_group() -> None:
    group = Group("product", {"en": "Product"}, (Choice("cola", {"en": "Cola"}),))
    item = Item("stock", Kind.NUMBER, {"en": "Stock"}, group="product")
    sop = Sop("shelf", {"en": "Shelf"}, (ITEMS[0], item, ITEMS[1]), groups=(group,))
    without = removed(sop, "stock")
    assert without.groups == (), "nobody is asked about it any more"
    assert put_back(without, item, 1, group) == sop
    with pytest.raises(Refusal):
        put_back(sop, item, 1, group)


def test_another_kind_leaves_what_only_the_old_one_had() -> None:
    item = Item("colour", Kind.ONE_OF, {"en": "Colour"}, choices=(Choice("red", {"en": "Red"}),))
    assert with_kind(item, Kind.SEVERAL_OF).choices == item.choices
    assert with_kind(item, Kind.TEXT).choices == ()
    number = Item("n", Kind.NUMBER, {"en": "N"}, unit={"en": "pieces"}, least=0, most=9)
    assert with_kind(number, Kind.MONEY).most == 9
    rating = with_kind(number, Kind.RATING)
    assert (rating.most, rating.unit) == (None, {})


def test_a_choice_that_is_known_keeps_its_id_and_its_other_language() -> None:
    known = (Choice("a", {"en": "Red", "zh_Hans": "红"}),)
    red, blue = choices_of(["red", "Blue"], known, lambda text: [text])
    assert red == Choice("a", {"en": "red", "zh_Hans": "红"})
    assert blue == Choice("blue", {"en": "Blue"})


def test_a_check_may_call_the_answer_by_any_of_its_names() -> None:
    for text in ("it <= 500", "答案 <= 500", "Two <= 500"):
        assert with_check(SOP, "two", text, {"en": "Much"}, soft=True).items[1].checks[0].holds == "it <= 500"


def test_a_condition_is_told_with_numbers_and_titles() -> None:
    sop = with_condition(SOP, "three", "1 > 2 or not (two = 3)")
    assert parse(sop.items[2].when) == parse("one > 2 or not two = 3")
    assert told(sop, sop.items[2].when, sop.items[2])[:3] == [
        {"kind": "item", "number": 1, "title": {"en": "One"}},
        {"kind": "op", "is": ">"},
        {"kind": "value", "is": 2},
    ]


def test_a_condition_may_not_speak_of_what_is_asked_later() -> None:
    with pytest.raises(Refusal) as refused:
        with_condition(SOP, "two", "4 > 1")
    assert refused.value.context["problem"]["code"] == "condition_later"


def test_what_made_room_has_not_moved() -> None:
    found = differences(SOP, moved(SOP, "four", 1))
    assert [item.id for item in found.moved] == ["four"]
    assert not (found.added or found.removed or found.changed)


def test_differences_name_what_was_added_changed_and_removed() -> None:
    new = removed(with_condition(SOP, "three", "one > 1"), "two")
    new = Sop(new.type, new.title, (*new.items, Item("five", Kind.TEXT, {"en": "Five"})), ordered=True)
    found = differences(SOP, new)
    assert [item.id for item in found.added] == ["five"]
    assert [(item.id, what) for item, what in found.changed] == [("three", ("when",))]
    assert [item.id for item in found.removed] == ["two"]
    assert found.ordered and not found.title
    assert not differences(SOP, SOP)
