"""What is wrong with a checklist is found, all of it at once, and has a sentence in both languages."""

import ast
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.domain.conditions import IT
from bot.domain.shipped import SHIPPED
from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop
from bot.domain.sop_checking import Problem, normalised, problems
from bot.rendering import Renderer

ROOT = Path(__file__).resolve().parents[2]
RENDERER = Renderer()


def words(en: str, zh: str = "") -> dict[str, str]:
    return {"en": en, "zh_Hans": zh or en}


def item(item_id: str, kind: Kind = Kind.TEXT, en: str = "", zh: str = "", **more: Any) -> Item:
    return Item(item_id, kind, words(en or item_id.capitalize(), zh), **more)


LOOKS = (Choice("good", words("As agreed", "符合约定")), Choice("poor", words("Poor", "较差")))
ENTRY = (Choice("cola", words("Cola", "可乐")),)
LISTED = item("listed", Kind.YES_NO, "Is it listed?", "新品上架了吗？")
LOOK = item("look", Kind.ONE_OF, "How does it look?", "陈列如何？", choices=LOOKS)
STOCK = item("stock", Kind.NUMBER, "Stock", "库存")
DAY = item("day", Kind.DATE)
WHO = item("who", Kind.CONTACT)
COLA = Group("cola", words("Colas", "可乐类"), ENTRY)
PRICE = item("price", Kind.MONEY, group="cola")


def sop(*items: Item, **more: Any) -> Sop:
    return Sop("check", words("Check"), items, **more)


def when(condition: str, *before: Item) -> Sop:
    """An item with a condition behind others."""
    return sop(*(before or (LISTED, LOOK, STOCK, DAY, WHO)), item("last", when=condition), item("later", Kind.NUMBER))


def checked(holds: str, message: str = "No") -> Sop:
    return sop(LISTED, replace(STOCK, checks=(Check(holds, words(message) if message else {}),)))


def grouped(group: Group, *items: Item) -> Sop:
    return sop(*(items or (PRICE,)), groups=(group,))


WRONG: dict[str, Sop] = {
    "type_bad": Sop("my type", words("Check"), (LISTED,)),
    "title_missing": sop(Item("a", Kind.TEXT, {"en": " "})),
    "title_long": sop(item("a", en="x" * 121)),
    "no_items": sop(),
    "too_many_items": sop(*(item(f"a{n}") for n in range(101))),
    "id_bad": sop(item("a@b")),
    "id_reserved": sop(item("Yes")),
    "id_double": sop(item("a"), item("A")),
    "kind_reserved": sop(item("a", Kind.NAMES)),
    "hint_long": sop(item("a", hint=words("x" * 301))),
    "choices_unwanted": sop(item("a", choices=LOOKS)),
    "choices_missing": sop(item("a", Kind.ONE_OF, choices=LOOKS[:1])),
    "choices_many": sop(item("a", Kind.ONE_OF, choices=tuple(Choice(f"c{n}", words(f"C{n}")) for n in range(31)))),
    "choice_id_bad": sop(item("a", Kind.ONE_OF, choices=(*LOOKS, Choice("so so", words("So"))))),
    "label_missing": sop(item("a", Kind.ONE_OF, choices=(*LOOKS, Choice("so", {})))),
    "label_long": sop(item("a", Kind.ONE_OF, choices=(*LOOKS, Choice("so", words("x" * 41))))),
    "choice_id_double": sop(item("a", Kind.ONE_OF, choices=(*LOOKS, Choice("GOOD", words("So"))))),
    "label_double": sop(item("a", Kind.ONE_OF, choices=(*LOOKS, Choice("so", {"en": "poor"})))),
    "bound_unwanted": sop(item("a", least=1)),
    "bounds_inverted": sop(item("a", Kind.NUMBER, least=2, most=1)),
    "marks_bad": sop(item("a", Kind.RATING, most=2.5)),
    "unit_unwanted": sop(item("a", unit=words("cm"))),
    "unit_long": sop(item("a", Kind.NUMBER, unit=words("x" * 41))),
    "minimum_unwanted": sop(item("a", Kind.DATE, minimum=2)),
    "minimum_impossible": sop(item("a", Kind.SEVERAL_OF, choices=LOOKS, minimum=3)),
    "check_missing": checked(" "),
    "message_missing": checked("it > 1", ""),
    "message_long": checked("it > 1", "x" * 301),
    "condition_unreadable": when("listed = ("),
    "condition_unknown_item": when("lister = yes"),
    "condition_itself": when("last = 1"),
    "check_itself": sop(LISTED, replace(PRICE, checks=(Check("price@cola > 1", words("No")),)), groups=(COLA,)),
    "condition_later": when("later = 1"),
    "condition_other_group": sop(PRICE, item("last", when="price > 1"), groups=(COLA,)),
    "condition_choice": when("look = fine"),
    "condition_operator": when("look < good"),
    "condition_value": when("listed = 3"),
    "group_unknown": sop(item("a", group="b")),
    "group_id_bad": grouped(replace(COLA, id="co la"), replace(PRICE, group="co la")),
    "group_double": sop(PRICE, groups=(COLA, COLA)),
    "group_title_missing": grouped(replace(COLA, title={})),
    "group_title_long": grouped(replace(COLA, title=words("x" * 121))),
    "group_empty": grouped(replace(COLA, entries=())),
    "entries_many": grouped(replace(COLA, entries=tuple(Choice(f"c{n}", words(f"C{n}")) for n in range(31)))),
    "group_unused": grouped(COLA, LISTED),
}


def codes(of: Sop) -> list[str]:
    return [problem.code for problem in problems(of)]


@pytest.mark.parametrize("code", WRONG)
def test_each_mistake_is_found_and_nothing_else(code: str) -> None:
    assert codes(WRONG[code]) == [code]


def test_every_mistake_that_the_checking_knows_is_tried_here() -> None:
    known = set()
    for name in ("sop_checking.py", "sop_conditions.py"):
        for node in ast.walk(ast.parse((ROOT / "bot/domain" / name).read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Problem":
                said_as = [one for one in ast.walk(node.args[0]) if isinstance(one, ast.Constant)]
                known |= {one.value for one in said_as if re.fullmatch(r"[a-z]+(_[a-z]+)+", str(one.value))}
    assert len(known) > 35
    assert known - set(WRONG) == set()


@pytest.mark.parametrize("language", ["en", "zh_Hans"])
@pytest.mark.parametrize("code", WRONG)
def test_each_mistake_has_a_sentence_that_says_what_to_do(code: str, language: str) -> None:
    (problem,) = problems(WRONG[code])
    sentence = said(problem, language)
    assert sentence.endswith(("。", ".", "?", "？")) or "use one of" in sentence or "可以用" in sentence, sentence
    assert len(sentence) > 8
    assert "None" not in sentence


def said(problem: Problem, language: str) -> str:
    shown = {"code": problem.code, "item": problem.item, "facts": problem.facts}
    now = datetime(2026, 11, 23, tzinfo=UTC)
    context = {"problem": shown}
    return RENDERER.render("sop_file/problem", context, language=language, zone="Asia/Shanghai", now=now).text


def test_what_rounds_brings_along_has_no_mistakes_and_is_written_with_ids() -> None:
    for shipped in SHIPPED:
        assert problems(shipped) == []
        assert normalised(shipped) == shipped


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("新品上架了吗 = 否", "listed = no"),
        ('"Is it listed?" = yes and look = 符合约定', "listed = yes and look = good"),
        ('陈列如何 = "As agreed" or stock < 10', "look = good or stock < 10"),
        ("listed = no", "listed = no"),
        ("库存 至少 10", "stock >= 10"),
        ("库存 >= ", "库存 >="),
    ],
)
def test_conditions_may_use_the_words_that_an_admin_sees(written: str, stored: str) -> None:
    assert normalised(when(written)).items[-2].when == stored


@pytest.mark.parametrize("own", ["stock", "库存", "答案", "It", "it"])
def test_a_check_may_call_its_answer_by_the_item_s_name(own: str) -> None:
    plain = normalised(checked(f"{own} >= 5"))
    assert plain.items[-1].checks[0].holds == f"{IT} >= 5"
    assert problems(checked(f"{own} >= 5")) == []


def test_a_choice_may_be_called_yes_or_one() -> None:
    stated = item("so", Kind.ONE_OF, choices=(Choice("1", words("Yes", "是")), Choice("2", words("No", "否"))))
    stored = normalised(sop(stated, item("b", when="so = 是"), item("c", when="so = 2")))
    assert [one.when for one in stored.items] == ["", 'so = "1"', 'so = "2"']
    assert problems(stored) == []


def test_an_item_of_a_group_may_ask_for_the_same_entry_and_others_name_the_entry() -> None:
    again = item("why", when="price > 5", group="cola")
    assert codes(sop(PRICE, again, item("x", when="price@cola > 5"), groups=(COLA,))) == []
    assert codes(sop(PRICE, item("x", when="price@fanta > 5"), groups=(COLA,))) == ["condition_unknown_item"]


def test_all_mistakes_are_told_at_once() -> None:
    wrong = sop(item("a b", least=1), item("c", Kind.ONE_OF, when="d = 1"), item("d", when="zz"))
    assert codes(wrong) == ["id_bad", "bound_unwanted", "choices_missing", "condition_later", "condition_unknown_item"]
    assert [problem.facts["number"] for problem in problems(wrong)] == [1, 1, 2, 2, 3]
