"""What an admin writes as a condition, and what it says about the answers so far."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from bot.domain.condition_text import BadCondition, parse, said
from bot.domain.conditions import Condition, Every, Not, Some, Test, holds, names

NAMES = some.sampled_from(["listed", "stock", "新品", "price-2", "it"])
VALUES = some.one_of(
    some.booleans(),
    some.integers(-99_999, 99_999).map(float),
    some.decimals(-999, 999, places=2).map(float),
    some.text(some.characters(exclude_characters='"“”', exclude_categories=["C", "Z"]), min_size=1, max_size=12),
)
COMPARISONS = some.builds(Test, NAMES, some.sampled_from(["=", "!=", "<", "<=", ">", ">=", "has"]), VALUES)


def joined(tests: some.SearchStrategy[Test]) -> some.SearchStrategy[Condition]:
    """Trees of such tests."""
    return some.recursive(
        tests,
        lambda inner: some.one_of(
            some.builds(Not, inner),
            some.builds(Every, some.lists(inner, min_size=2, max_size=3).map(tuple)),
            some.builds(Some, some.lists(inner, min_size=2, max_size=3).map(tuple)),
        ),
        max_leaves=8,
    )


CONDITIONS, COMPARING = joined(some.builds(Test, NAMES) | COMPARISONS), joined(COMPARISONS)


@given(CONDITIONS)
def test_a_condition_reads_back_as_it_was_said(condition: Condition) -> None:
    assert parse(said(condition)) == condition


@given(some.text(max_size=60))
def test_any_text_is_a_condition_or_is_refused_with_the_place(text: str) -> None:
    try:
        condition = parse(text)
    except BadCondition as refused:
        assert refused.why
    else:
        assert names(condition)


@given(COMPARING)
def test_what_compares_unanswered_items_is_neither_true_nor_false(condition: Condition) -> None:
    assert holds(condition, lambda name: None) is None


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("listed = no", {"listed": False}, True),
        ("listed 是 否", {"listed": False}, True),
        ("listed = no", {"listed": True}, False),
        ("listed = no", {}, None),
        ("listed", {"listed": True}, True),
        ("listed", {"listed": False}, False),
        ("not listed", {}, True),
        ("stock < 10 and price > 3", {"stock": 4.0, "price": 3.5}, True),
        ("stock < 10 and price > 3", {"stock": 40.0}, False),
        ("stock < 10 or price > 3", {"stock": 40.0}, None),
        ("库存 小于 10 或 新品 = 否", {"库存": 12.0, "新品": False}, True),
        ("not (stock >= 10)", {"stock": 4.0}, True),
        ("brands has coke", {"brands": ["pepsi", "Coke"]}, True),
        ("brands != coke", {"brands": ["pepsi"]}, True),
        ("due <= 2026-12-01", {"due": "2026-11-30"}, True),
        ('state = "as agreed"', {"state": "As agreed"}, True),
        ("stock < ten", {"stock": 4.0}, None),
    ],
)
def test_a_condition_says_of_answers(text: str, answers: dict[str, Any], expected: bool | None) -> None:
    assert holds(parse(text), answers.get) is expected


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "ends"),
        ("stock <", "ends"),
        ("= 3", "name_wanted"),
        ("stock < (3)", "value_wanted"),
        ("(stock < 3", "bracket"),
        ("stock 3", "unexpected"),
        ("(" * 30 + "a" + ")" * 30, "too_deep"),
    ],
)
def test_what_is_no_condition_says_why(text: str, why: str) -> None:
    with pytest.raises(BadCondition) as refused:
        parse(text)
    assert refused.value.why == why
