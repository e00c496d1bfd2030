"""The checklist of a visit: what is asked by the answers so far, and where what a rep sends lands."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.domain.answers import Value, several_of, value_of
from bot.domain.checklist import Checklist, Filed, Unclear
from bot.domain.conversation import ContactShared, Photographed, Refusal, Said
from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday


def item(item_id: str, kind: Kind, zh: str = "", **more: Any) -> Item:
    return Item(item_id, kind, {"en": item_id.replace("_", " ").capitalize(), "zh_Hans": zh or item_id}, **more)


def choice(choice_id: str, zh: str) -> Choice:
    return Choice(choice_id, {"en": choice_id.capitalize(), "zh_Hans": zh})


COLOURS = (choice("red", "红"), choice("blue", "蓝"), choice("green", "绿"))
RIVALS = Group("rivals", {"en": "Rivals seen", "zh_Hans": "看到的竞品"}, open=True)
PRODUCTS = Group("products", {"en": "Products", "zh_Hans": "产品"}, (choice("coke", "可乐"), choice("sprite", "雪碧")))
SHOP = Sop(
    "store_check",
    {"en": "Store check"},
    (
        item("listed", Kind.YES_NO, "新品上架"),
        item("why_not", Kind.TEXT, "为什么没有", when="listed = no", minimum=2),
        item("display", Kind.PHOTO, "陈列照片"),
        item("sign", Kind.PHOTO, "招牌", required=False),
        item("stock", Kind.NUMBER, "库存", group="products", least=0, most=999),
        item("price", Kind.MONEY, "售价", group="products", when="stock > 0", required=False),
        item("rival_price", Kind.MONEY, "竞品价", group="rivals"),
        item("delivery", Kind.DATE, "送货日", required=False),
    ),
    groups=(PRODUCTS, RIVALS),
)


def asked(checklist: Checklist) -> list[str]:
    return [one.id for one in checklist.items]


def told(checklist: Checklist, **answers: Value) -> Checklist:
    return Checklist(checklist.sop, {**checklist.answers, **answers}, checklist.photos)


def filed(checklist: Checklist, text: str, focus: str | None = None) -> tuple[str, Value]:
    found = checklist.file(Said(text), focus, NOW)
    assert isinstance(found, Filed), found
    return found.item.id, found.value


def test_an_item_is_asked_when_its_condition_holds_and_not_before() -> None:
    begun = Checklist(SHOP)
    assert "why_not" not in asked(begun)
    assert "why_not" in asked(told(begun, listed=False))
    corrected = told(begun, listed=False, why_not="no room")
    assert "why_not" not in asked(told(corrected, listed=True)), "what is no longer asked counts no more"
    assert corrected.answers["why_not"] == "no room"


def test_a_group_is_asked_for_each_entry_and_its_conditions_look_at_the_same_entry() -> None:
    checklist = told(Checklist(SHOP), **{"stock@coke": 4.0, "stock@sprite": 0.0})
    assert [one for one in asked(checklist) if "@" in one] == ["stock@coke", "price@coke", "stock@sprite", "@rivals"]
    assert checklist.item("stock@coke").title == {"en": "Coke · Stock", "zh_Hans": "可乐 · 库存"}


def test_rivals_are_those_that_the_rep_names() -> None:
    checklist = told(Checklist(SHOP), **{"@rivals": ["百事", "Dr Pepper"]})
    assert [one for one in asked(checklist) if one.startswith("rival")] == ["rival_price@百事", "rival_price@Dr Pepper"]
    assert told(checklist, **{"@rivals": None}).skipped()[-1].id == "@rivals"


def test_the_answer_to_an_outer_item_counts_inside_a_group() -> None:
    sop = Sop("t", {}, (item("open", Kind.YES_NO), item("stock", Kind.NUMBER, group="products", when="open")),
              groups=(PRODUCTS,))  # fmt: skip
    assert asked(Checklist(sop, {"open": True})) == ["open", "stock@coke", "stock@sprite"]
    assert asked(Checklist(sop, {"open": False})) == ["open"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("库存 可乐 24", ("stock@coke", 24.0)),
        ("可乐库存 24", ("stock@coke", 24.0)),
        ("stock sprite 7", ("stock@sprite", 7.0)),
        ("24 coke stock", ("stock@coke", 24.0)),
        ("delivery: 27 November", ("delivery", "2026-11-27")),
        ("送货日：周五", ("delivery", "2026-11-27")),
        ("#1: no", ("listed", False)),
        ("1、没有", ("listed", False)),
    ],
)
def test_an_answer_that_names_its_item_lands_there(text: str, expected: tuple[str, Value]) -> None:
    assert filed(Checklist(SHOP), text) == expected


def test_a_name_that_fits_several_open_items_is_asked_about_with_what_was_said_of_it() -> None:
    found = told(Checklist(SHOP), **{"stock@coke": 5.0}).file(Said("coke 3.5"), None, NOW)
    assert found == Filed(found.item, 3.5) and found.item.id == "price@coke", "the stock is told already"  # type: ignore[union-attr]
    unclear = Checklist(SHOP).file(Said("stock 3"), None, NOW)
    assert isinstance(unclear, Unclear)
    assert ([one.id for one in unclear.items], unclear.given) == (["stock@coke", "stock@sprite"], Said("3"))


@pytest.mark.parametrize("text", ["stock coke a lot", "可乐库存很多", "Coke · Stock: plenty", "库存 可乐 很多"])
def test_an_amount_that_is_named_without_a_number_is_said_to_need_one(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        Checklist(SHOP).file(Said(text), None, NOW)
    assert refused.value.message == "checklist/wants_number"
    assert refused.value.context["item"]["en"] == "Coke · Stock"


def test_words_about_something_else_are_not_taken_for_an_amount() -> None:
    unclear = Checklist(SHOP).file(Said("in the back there is more"), None, NOW)
    assert isinstance(unclear, Unclear) and [one.id for one in unclear.items] == ["@rivals"]


def test_a_caption_names_the_item_of_a_photo() -> None:
    photo = Photographed("f", "u", 10, caption="招牌")
    found = Checklist(SHOP).file(photo, None, NOW)
    assert isinstance(found, Filed) and found.item.id == "sign"
    plain = Checklist(SHOP).file(Photographed("f", "u", 10, caption="rainy today"), None, NOW)
    assert isinstance(plain, Filed | Unclear)


def test_an_ordered_checklist_takes_nothing_out_of_turn() -> None:
    ordered = Checklist(Sop("t", {}, (item("a", Kind.TEXT, minimum=1), item("stock", Kind.NUMBER)), ordered=True))
    assert filed(ordered, "stock 24") == ("a", "stock 24")


def test_a_hard_check_refuses_with_its_words_and_a_soft_one_asks() -> None:
    low = {"en": "Fewer than the shelf holds?", "zh_Hans": "比排面还少？"}
    never = {"en": "A shelf has room for 500.", "zh_Hans": "货架最多放500。"}
    stock = item("stock", Kind.NUMBER, checks=(Check("it <= 500", never), Check("it >= 5", low, soft=True)))
    checklist = Checklist(Sop("t", {}, (stock,)))
    assert checklist.checked(stock, 24.0) is None
    assert checklist.checked(stock, 3.0) == low
    with pytest.raises(Refusal) as refused:
        checklist.checked(stock, 600.0)
    assert refused.value.context["words"] == never
    assert checklist.checked(stock, None) is None, "what is skipped is not checked"


def test_a_check_may_compare_with_another_answer_of_the_same_entry() -> None:
    words = {"en": "Below cost"}
    sop = Sop("t", {}, (item("promo", Kind.YES_NO, group="products"),
                        item("price", Kind.MONEY, group="products", checks=(Check("promo or it >= 3", words),))),
              groups=(PRODUCTS,))  # fmt: skip
    on_offer = Checklist(sop, {"promo@coke": True, "promo@sprite": False})
    assert on_offer.checked(on_offer.item("price@coke"), 2.0) is None
    with pytest.raises(Refusal):
        on_offer.checked(on_offer.item("price@sprite"), 2.0)


@pytest.mark.parametrize(
    ("kind", "more", "text", "expected"),
    [
        (Kind.MONEY, {}, "¥12.50", 12.5),
        (Kind.MONEY, {}, "12.5元", 12.5),
        (Kind.MONEY, {}, "1,299", 1299.0),
        (Kind.RATING, {}, "4", 4.0),
        (Kind.RATING, {}, "4.5", "wants_rating"),
        (Kind.RATING, {"most": 3}, "4", "out_of_bounds"),
        (Kind.SEVERAL_OF, {"choices": COLOURS}, "red、绿", ["red", "green"]),
        (Kind.SEVERAL_OF, {"choices": COLOURS}, "3,1", ["red", "green"]),
        (Kind.SEVERAL_OF, {"choices": COLOURS}, "red, pink", "wants_several_of"),
        (Kind.SEVERAL_OF, {"choices": COLOURS, "minimum": 2}, "red", "wants_several_of"),
        (Kind.DATE, {}, "下周五", "2026-12-04"),
        (Kind.DATE, {}, "2026-11-01", "2026-11-01"),
        (Kind.DATE, {}, "soon", "wants_date"),
        (Kind.CONTACT, {}, "李姐 138 0000 0001 店长", {"name": "李姐 店长", "phone": "13800000001"}),
        (Kind.CONTACT, {}, "+49 30 1234567, Ann Lee", {"name": "Ann Lee", "phone": "+49301234567"}),
        (Kind.CONTACT, {}, "李姐", "wants_contact"),
        (Kind.CODE, {}, "６９０１２３４５６７８９２", "6901234567892"),
        (Kind.CODE, {}, "条码", "wants_code"),
        (Kind.NAMES, {}, "百事， 百事、Dr  Pepper", ["百事", "Dr Pepper"]),
        (Kind.NAMES, {}, "x" * 41, "wants_names"),
    ],
)
def test_words_are_read_by_the_kind_of_the_item(kind: Kind, more: dict[str, Any], text: str, expected: Any) -> None:
    one = item("asked", kind, **more)
    if isinstance(expected, str) and (expected.startswith("wants_") or expected == "out_of_bounds"):
        with pytest.raises(Refusal) as refused:
            value_of(one, Said(text), NOW)
        assert refused.value.message == f"checklist/{expected}"
    else:
        assert value_of(one, Said(text), NOW) == expected


def test_a_contact_card_answers_a_contact_wherever_it_is_asked() -> None:
    checklist = Checklist(Sop("t", {}, (item("note", Kind.TEXT), item("who", Kind.CONTACT))))
    found = checklist.file(ContactShared("13800000001", False, "李姐"), None, NOW)
    assert found == Filed(checklist.item("who"), {"name": "李姐", "phone": "13800000001"})


def test_ticks_are_an_answer_in_the_order_of_the_choices() -> None:
    assert several_of(item("c", Kind.SEVERAL_OF, choices=COLOURS), {"green", "red", "gone"}) == ["red", "green"]


ANSWERS: dict[Kind, some.SearchStrategy[Any]] = {
    Kind.YES_NO: some.booleans(),
    Kind.TEXT: some.just("told"),
    Kind.NUMBER: some.integers(0, 5).map(float),
    Kind.MONEY: some.integers(0, 5).map(float),
    Kind.DATE: some.just("2026-11-27"),
    Kind.NAMES: some.lists(some.sampled_from(["百事", "Coke", "x"]), min_size=1, max_size=3, unique=True),
}


@given(some.data())
@settings(max_examples=150)
def test_whoever_answers_whatever_is_open_comes_to_an_end(data: some.DataObject) -> None:
    checklist = Checklist(SHOP)
    for _ in range(60):
        if not checklist.open_items():
            break
        one = data.draw(some.sampled_from(checklist.open_items()))
        if one.kind is Kind.PHOTO:
            checklist = Checklist(SHOP, checklist.answers, {**checklist.photos, one.id: 1})
        else:
            value = None if not one.required and data.draw(some.booleans()) else data.draw(ANSWERS[one.kind])
            checklist = checklist.with_answer(one, value)
        assert len(set(asked(checklist))) == len(asked(checklist)), "a line is there once"
        assert checklist.is_settled(one) or one.id not in asked(checklist)
    assert not checklist.open_items() and not checklist.missing()
