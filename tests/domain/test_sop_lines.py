"""What an admin types in a line becomes an item, or he is told which part says nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.conversation import Refusal
from bot.domain.sop import Item, Kind, Sop
from bot.domain.sop_editing import with_lines
from bot.domain.sop_lines import lines_of
from bot.domain.sop_words import guessed_kind, id_for, wording_of

EMPTY = Sop("shelf", {"en": "Shelf"}, ())
SOUNDS = {"库": "ku", "存": "cun", "件": "jian", "数": "shu"}


def sounds(text: str) -> list[str]:
    return [SOUNDS.get(letter, "x") for letter in text]


def built(text: str, language: str = "en") -> tuple[Item, ...]:
    return with_lines(EMPTY, lines_of(text, language), sounds).items


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Is the new product listed?", Kind.YES_NO),
        ("新品上架了吗", Kind.YES_NO),
        ("How many facings?", Kind.NUMBER),
        ("库存", Kind.NUMBER),
        ("Rival's price", Kind.MONEY),
        ("竞品售价", Kind.MONEY),
        ("货架照片", Kind.PHOTO),
        ("Bar code of the shelf", Kind.CODE),
        ("Delivery date", Kind.DATE),
        ("Why not?", Kind.TEXT),
        ("Anything else", Kind.TEXT),
    ],
)
def test_a_title_lets_guess_how_it_is_answered(text: str, kind: Kind) -> None:
    assert guessed_kind(text) is kind
    (line,) = lines_of(text, "en")
    assert line.guessed and line.typed.kind is kind


@pytest.mark.parametrize(
    "text",
    [
        "Stock count; number; pieces; 0-999; optional",
        "Stock count; 0 to 999; optional; number; pieces",
        "Stock count ；number； pieces；0～999；not required",
    ],
)
def test_one_line_says_it_all_in_any_order(text: str) -> None:
    (item,) = built(text)
    assert item == Item(
        "stock_count",
        Kind.NUMBER,
        {"en": "Stock count"},
        required=False,
        unit={"en": "pieces"},
        least=0.0,
        most=999.0,
    )


def test_the_same_is_said_in_chinese() -> None:
    (item,) = built("库存；数字；件；0-999；必填；提示：数一数后仓", "zh_Hans")
    assert (item.id, item.kind, item.unit, item.most) == ("kc", Kind.NUMBER, {"zh_Hans": "件"}, 999.0)
    assert item.required and item.hint == {"zh_Hans": "数一数后仓"}


def test_a_title_may_be_told_in_both_languages() -> None:
    assert built("Stock count / 库存")[0].title == {"en": "Stock count", "zh_Hans": "库存"}
    assert wording_of("Yes / No", "en") == {"en": "Yes / No"}, "both sides are English: it is one title"


def test_conditions_call_items_by_number_and_by_title() -> None:
    items = built("Is it listed?\nStock; number; if 1 = yes\nPrice; money; if is it listed = yes and Stock > 0")
    assert [item.when for item in items] == ["", "is_it_listed = yes", "is_it_listed = yes and stock > 0"]


def test_choices_in_conditions_are_called_by_their_labels() -> None:
    items = built("Colour; one of: Light blue, red\nWhy; text; if colour = Light blue".replace("Light blue", "红"))
    assert items[1].when == f"colour = {items[0].choices[0].id}"


def test_a_group_is_made_once_and_shared() -> None:
    sop = with_lines(
        EMPTY, lines_of("Stock; number; per product: Cola, Fanta\nPrice; money; per products", "en"), sounds
    )
    assert {item.group for item in sop.items} == {"product"}
    (group,) = sop.groups
    assert [entry.id for entry in group.entries] == ["cola", "fanta"] and not group.open


def test_without_entries_the_rep_names_them() -> None:
    sop = with_lines(EMPTY, lines_of("Price; money; per rival", "en"), sounds)
    assert sop.groups[0].open


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("Stock; number; pieces; what", 1, "what"),
        ("Fine\nPhoto; photo; 12 apples", 2, "12 apples"),
    ],
)
def test_a_part_that_says_nothing_is_named_with_its_line(text: str, line: int, part: str) -> None:
    with pytest.raises(Refusal) as refused:
        built(text)
    assert (refused.value.message, refused.value.context) == ("sop/what_is", {"line": line, "part": part})


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Stock; number; if 7 = yes", "condition_unknown_item"),
        ("Stock; number; if stock > 1", "condition_itself"),
        ("Stock; number; if listed =", "condition_unreadable"),
    ],
)
def test_a_bad_condition_gets_a_sentence_with_its_place(text: str, code: str) -> None:
    with pytest.raises(Refusal) as refused:
        built(text)
    assert refused.value.context["problem"]["code"] == code


def test_ids_are_nobody_elses() -> None:
    items = built("Stock\nStock\nYes\n42")
    assert [item.id for item in items] == ["stock", "stock_2", "yes_2", "42_2"]
    assert id_for({"zh_Hans": "库存"}, ["kc"], sounds) == "kc_2"


@given(st.text(max_size=200))
def test_whatever_is_typed_is_items_or_a_refusal(text: str) -> None:
    try:
        items = built(text)
    except Refusal as refused:
        assert refused.message.startswith("sop/")
    else:
        assert len({item.id for item in items}) == len(items)
