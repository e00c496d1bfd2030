"""Answers add up by product, week and choice, and never two measures at once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.answer_counts import (
    Count,
    Fact,
    Period,
    Sum,
    adds_up,
    counted,
    facts_of,
    is_same_measure,
    span,
    week_of,
)
from bot.domain.checklist import Checklist
from bot.domain.sop import Group, Item, Kind, Sop

MONDAY = date(2026, 11, 23)
YUAN = {"en": "yuan", "zh_Hans": "元"}
PRICE = Item("price", Kind.MONEY, {"en": "Price"}, unit=YUAN, group="rivals")


def one(on: date, entry: str, number: float) -> Sum:
    return Sum(on, entry, "", 1, number, number, number)


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        (Period.WEEK, "2026-12-28", "2027-01-01"),
        (Period.FOUR_WEEKS, "2026-12-07", "2027-01-01"),
        (Period.TWELVE_WEEKS, "2026-10-12", "2027-01-01"),
        (Period.MONTH, "2027-01-01", "2027-01-01"),
        (Period.LAST_MONTH, "2026-12-01", "2026-12-31"),
    ],
)
def test_a_period_begins_on_a_monday_or_on_a_first(period: Period, first: str, last: str) -> None:
    assert span(period, date(2027, 1, 1)) == (date.fromisoformat(first), date.fromisoformat(last))


def test_an_answer_counts_while_it_is_asked() -> None:
    items = (Item("listed", Kind.YES_NO, {"en": "Listed?"}), Item("why", Kind.TEXT, {"en": "Why?"}, when="listed = no"))
    sop = Sop("check", {"en": "Check"}, items)
    assert [fact.item for fact in facts_of(Checklist(sop, {"listed": False, "why": "no room"}))] == ["listed", "why"]
    assert [*facts_of(Checklist(sop, {"listed": True, "why": "no room"}))] == [Fact("listed", "", None, ("yes",))]


def test_a_line_of_a_group_is_about_its_entry() -> None:
    sop = Sop("check", {"en": "Check"}, (PRICE,), groups=(Group("rivals", {"en": "Rivals"}, open=True),))
    answers = {"@rivals": ["Dr Pepper"], "price@Dr Pepper": 4.5}
    assert [*facts_of(Checklist(sop, answers))] == [Fact("price", "Dr Pepper", 4.5, ())]


@pytest.mark.parametrize(
    ("other", "same"),
    [
        (replace(PRICE, title={"en": "What does it cost?"}, required=False), True),
        (replace(PRICE, unit={"en": "yuan", "zh_Hans": "人民币"}), True),
        (replace(PRICE, unit={"en": "yuan a box", "zh_Hans": "元/箱"}), False),
        (replace(PRICE, unit={}), False),
        (replace(PRICE, kind=Kind.NUMBER), False),
    ],
)
def test_another_unit_or_kind_is_another_measure_and_another_wording_is_not(other: Item, same: bool) -> None:
    assert is_same_measure(PRICE, other) is same and is_same_measure(other, PRICE) is same


def test_marks_of_another_scale_are_another_measure() -> None:
    mark = Item("mood", Kind.RATING, {"en": "Mood"})
    assert is_same_measure(mark, replace(mark, most=5)) and not is_same_measure(mark, replace(mark, most=10))


def test_pieces_add_up_and_money_and_marks_do_not() -> None:
    stock = Item("stock", Kind.NUMBER, {"en": "Stock"}, unit={"en": "pieces", "zh_Hans": "件"})
    assert adds_up(stock) and not adds_up(replace(stock, unit=YUAN)) and not adds_up(PRICE)


def test_a_known_entry_bears_its_own_name_and_another_the_usual_spelling() -> None:
    cola = {"en": "Cola", "zh_Hans": "可乐"}
    sums = [one(MONDAY, "cola", 1), one(MONDAY, "Pepsi", 2), one(MONDAY, "pepsi ", 2), one(MONDAY, "Pepsi", 3)]
    entries = counted(sums, {"cola": cola}).entries
    assert [(entry.label["en"], entry.count.answers) for entry in entries] == [("Pepsi", 3), ("Cola", 1)]
    assert entries[1].label == cola


def test_a_choice_has_a_share_of_all_answers() -> None:
    sums = [Sum(MONDAY, "", "", 4), Sum(MONDAY, "", "till", 3), Sum(MONDAY, "", "fridge", 2)]
    whole = counted(sums, {}).whole
    assert (whole.answers, whole.share("till"), whole.share("fridge"), whole.share("window")) == (4, 0.75, 0.5, 0)


def test_nothing_is_nothing() -> None:
    assert counted([], {}).whole == Count(choices={}) and Count().average is None


_ANSWERS = st.lists(
    st.tuples(st.integers(0, 40), st.sampled_from(["Pepsi", "pepsi", "Cola", ""]), st.integers(-50, 50)), max_size=30
)


@settings(max_examples=40, deadline=None)
@given(_ANSWERS)
def test_weeks_and_entries_are_parts_of_the_whole(answers: list[tuple[int, str, int]]) -> None:
    sums = [one(MONDAY - timedelta(days=days), entry, number) for days, entry, number in answers]
    found = counted(sums, {})
    numbers = [number for _, _, number in answers]
    assert found.whole.answers == len(numbers) == sum(week.answers for week in found.weeks.values())
    assert (found.whole.total or 0) == sum(numbers)
    assert (found.whole.least, found.whole.most) == (min(numbers, default=None), max(numbers, default=None))
    named = sum(1 for _, entry, _ in answers if entry)
    assert named == sum(entry.count.answers for entry in found.entries)
    assert all(week_of(week) == week for entry in found.entries for week in entry.weeks)
