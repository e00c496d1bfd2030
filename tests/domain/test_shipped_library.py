"""The checklists that Rounds brings along: they keep every checklist's rules, and whoever answers comes to an end."""

import re
from collections.abc import Iterator
from datetime import datetime
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from bot.domain.checklist import Checklist, Filed
from bot.domain.condition_text import parse
from bot.domain.conditions import IT, holds, names
from bot.domain.conversation import ContactShared, Input, Photographed, Said
from bot.domain.shipped import CUSTOMER_VISIT, FORMS, SHIPPED, STORE_CHECK, VISITS
from bot.domain.sop import Item, Kind, Sop, Wording
from bot.domain.sop_checking import ID_MOST, normalised, problems
from bot.rendering import LANGUAGES

NOW = datetime(2026, 11, 23, 10, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
each_form = pytest.mark.parametrize("sop", SHIPPED, ids=lambda sop: sop.type)
CHINESE = re.compile("[\u4e00-\u9fff]")


def wordings(sop: Sop) -> Iterator[Wording]:
    """Every wording of a checklist that is there at all."""
    yield sop.title
    for item in sop.items:
        yield item.title
        yield from (one for one in (item.hint, item.unit) if one)
        yield from (choice.label for choice in item.choices)
        yield from (check.message for check in item.checks)
    for group in sop.groups:
        yield group.title
        yield from (entry.label for entry in group.entries)


def test_five_types_of_visit_and_the_eleven_forms_of_a_sales_process_are_there() -> None:
    assert [sop.type for sop in VISITS] == [
        "customer_visit", "store_check", "inspection", "channel_visit", "remote_contact",
    ]  # fmt: skip
    assert [sop.title["en"] for sop in FORMS] == [
        "Target profile", "Screening score", "Grading", "Need statement", "Proposal feedback", "Letter of intent",
        "Negotiation record", "Delivery plan", "Delivery progress", "Satisfaction survey", "Further need",
    ]  # fmt: skip
    assert len({sop.type for sop in SHIPPED}) == len(SHIPPED) == 16


def test_what_visits_were_reported_by_before_is_still_asked_in_its_old_order() -> None:
    asked = [item.id for item in Checklist(STORE_CHECK).items]
    assert asked == ["listed", "display", "stock", "price", "own_display", "replenishment"]
    asked = [item.id for item in Checklist(CUSTOMER_VISIT).items]
    assert asked == ["opening", "needs", "value", "objections", "closing", "photo"]


@each_form
def test_nothing_is_wrong_with_a_shipped_form(sop: Sop) -> None:
    assert problems(sop) == []
    assert normalised(sop) == sop, "its conditions are written with ids already"


@each_form
def test_every_wording_speaks_both_languages(sop: Sop) -> None:
    for wording in wordings(sop):
        assert set(wording) == set(LANGUAGES) and all(text.strip() for text in wording.values()), wording
        assert not CHINESE.search(wording["en"]), wording
        assert CHINESE.search(wording["zh_Hans"]) or wording["zh_Hans"] in ("%", "A", "B", "C", "D"), wording


@each_form
def test_ids_are_short_enough_to_travel_in_a_button(sop: Sop) -> None:
    ids = [sop.type, *(item.id for item in sop.items), *(choice.id for item in sop.items for choice in item.choices)]
    assert max(map(len, ids)) <= ID_MOST


@each_form
def test_a_number_to_be_typed_has_bounds_and_a_unit(sop: Sop) -> None:
    for item in sop.items:
        if item.kind in (Kind.NUMBER, Kind.MONEY):
            assert item.least is not None and item.most is not None and item.unit, item.id


@each_form
def test_a_button_of_an_answer_is_read_in_one_glance(sop: Sop) -> None:
    for item in sop.items:
        for choice in item.choices:
            assert len(choice.label["en"]) <= 20 and len(choice.label["zh_Hans"]) <= 12, choice
        assert len(item.title["en"]) <= 60 and len(item.title["zh_Hans"]) <= 30, item.title


def answers_to(item: Item) -> some.SearchStrategy[Input]:
    """What a rep may send when he is asked this."""
    if item.kind is Kind.PHOTO:
        return some.just(Photographed("f", "u", 10))
    if item.kind is Kind.CONTACT:
        return some.sampled_from([ContactShared("13800000001", False, "李姐"), Said("Ann Lee +49 30 1234567")])
    said: dict[Kind, some.SearchStrategy[Any]] = {
        Kind.YES_NO: some.sampled_from(["yes", "没有"]),
        Kind.ONE_OF: some.sampled_from([choice.id for choice in item.choices] or [""]),
        Kind.SEVERAL_OF: some.lists(
            some.sampled_from([choice.label["zh_Hans"] for choice in item.choices] or [""]), min_size=1, unique=True
        ).map("、".join),
        Kind.NUMBER: some.integers(int(item.least or 0), int(item.most or 0)).map(str),
        Kind.MONEY: some.integers(int(item.least or 0), int(item.most or 0)).map("{}元".format),
        Kind.RATING: some.integers(1, int(item.most or 5)).map(str),
        Kind.TEXT: some.sampled_from(["下周先送两箱样品", "He wants a trial first"]),
        Kind.DATE: some.sampled_from(["下周五", "27 November"]),
        Kind.CODE: some.just("6901234567892"),
        Kind.NAMES: some.lists(some.sampled_from(["可乐", "Pepsi", "送货"]), min_size=1, max_size=3, unique=True).map(
            "，".join
        ),
    }
    return said[item.kind].map(Said)


@each_form
@given(data=some.data())
@settings(max_examples=25, deadline=None)
def test_whoever_answers_a_shipped_form_in_whatever_order_comes_to_its_end(sop: Sop, data: some.DataObject) -> None:
    checklist = Checklist(sop)
    for _ in range(100):
        if not checklist.open_items():
            break
        item = data.draw(some.sampled_from(checklist.open_items()))
        if not item.required and data.draw(some.booleans()):
            checklist = checklist.with_answer(item, None)
            continue
        filed = checklist.file(data.draw(answers_to(item)), item.id, NOW)
        assert isinstance(filed, Filed) and filed.item == item, "what is asked takes what answers it"
        if item.kind is Kind.PHOTO:
            checklist = Checklist(sop, checklist.answers, {**checklist.photos, item.id: item.minimum})
            continue
        checklist.checked(item, filed.value)  # a shipped check may doubt; it forbids nothing that the bounds allow
        checklist = checklist.with_answer(item, filed.value)
    assert not checklist.open_items() and not checklist.missing()


def possible(item: Item) -> list[Any]:
    """Enough answers to an item that whatever a condition asks of it is among them, and the opposite."""
    match item.kind:
        case Kind.YES_NO:
            return [True, False]
        case Kind.ONE_OF:
            return [choice.id for choice in item.choices]
        case Kind.SEVERAL_OF:
            return [[choice.id] for choice in item.choices]
        case Kind.RATING:
            return [float(mark) for mark in range(1, int(item.most or 5) + 1)]
        case _:
            assert item.least is not None and item.most is not None, "conditions ask what is counted or chosen"
            return [item.least, item.most, *(float(at) for at in range(1, 101) if item.least < at < item.most)]


@each_form
def test_every_condition_and_check_can_come_true_and_can_fail(sop: Sop) -> None:
    """A line that nobody is ever asked, or that is asked whatever was said, is a mistake in the form."""
    by_id = {item.id: item for item in sop.items}
    for item in sop.items:
        for text in (item.when, *(check.holds for check in item.checks)):
            if not text:
                continue
            condition = parse(text)
            spoken_of = sorted(names(condition))
            answers = product(*(possible(item if name == IT else by_id[name]) for name in spoken_of))
            outcomes = {holds(condition, dict(zip(spoken_of, given, strict=True)).get) for given in answers}
            assert outcomes == {True, False}, f"{item.id}: {text}"
