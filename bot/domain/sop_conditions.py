"""What is wrong with the conditions and checks of a checklist, and how they are written with ids instead of words."""

import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from bot.domain.condition_text import BadCondition, parse, said
from bot.domain.conditions import IT, Condition, Every, Not, Some, Test, tests_of
from bot.domain.sop import AMOUNTS, CHOSEN, ENTRY, Choice, Item, Kind, Sop, Wording
from bot.domain.sop_problem import Problem

_IT_TOO = frozenset({"答案", "本项", "它", "answer"})  # how `it` may be called
_EQUAL, _ORDER, _AMONG = ("=", "!="), ("<", "<=", ">", ">="), ("has",)
OPERATORS: Mapping[Kind, tuple[str, ...]] = {
    Kind.YES_NO: _EQUAL,
    Kind.ONE_OF: _EQUAL,
    Kind.SEVERAL_OF: (*_AMONG, *_EQUAL),
    Kind.NUMBER: (*_EQUAL, *_ORDER),
    Kind.MONEY: (*_EQUAL, *_ORDER),
    Kind.RATING: (*_EQUAL, *_ORDER),
    Kind.PHOTO: (*_EQUAL, *_ORDER),
    Kind.DATE: (*_EQUAL, *_ORDER),
    Kind.TEXT: _EQUAL,
    Kind.CODE: _EQUAL,
    Kind.CONTACT: (),
    Kind.NAMES: _AMONG,
}


def condition_problems(sop: Sop, at: int) -> Iterator[Problem]:
    """What is wrong with the condition and the checks of the item at a place, from 0."""
    item = sop.items[at]
    if item.when:
        yield from _problems(sop, at, item.when, {})
    for number, check in enumerate(item.checks, start=1):
        if check.holds.strip():
            yield from _problems(sop, at, check.holds, {"check": number})
        else:
            yield Problem("check_missing", item.id, {"check": number})


def normalised(sop: Sop) -> Sop:
    """The same with ids where conditions and checks call items by their titles, and choices by their labels.

    A condition that is written with ids, or cannot be read, stays as it is.
    """
    items = []
    for item in sop.items:
        when = _with_ids(sop, item, item.when, in_check=False)
        checks = tuple(replace(one, holds=_with_ids(sop, item, one.holds, in_check=True)) for one in item.checks)
        items.append(replace(item, when=when, checks=checks))
    return replace(sop, items=tuple(items))


# --- what is wrong ----------------------------------------------------------------------------


def _problems(sop: Sop, at: int, text: str, facts: dict[str, Any]) -> Iterator[Problem]:
    item = sop.items[at]
    try:
        condition = _changed(sop, item, parse(text), in_check="check" in facts)
    except BadCondition as bad:
        yield Problem("condition_unreadable", item.id, {**facts, "why": bad.why, "near": bad.near})
        return
    told = set()
    for test in tests_of(condition):
        problem = _problem_of(sop, at, test, in_check="check" in facts)
        if problem is not None and (problem.code, test) not in told:
            told.add((problem.code, test))
            yield Problem(problem.code, item.id, {**facts, "name": test.name, **problem.facts})


def _problem_of(sop: Sop, at: int, test: Test, *, in_check: bool) -> Problem | None:
    item = sop.items[at]
    if test.name == IT:
        return _comparison(item, test) if in_check else Problem("condition_itself", item.id)
    base, _, entry = test.name.partition(ENTRY)
    place = next((number for number, one in enumerate(sop.items) if one.id == base), None)
    if place is None:
        near = _like(sop, item, base)
        return Problem("condition_unknown_item", item.id, {"meant": near})
    if place == at:
        return Problem("check_itself" if in_check else "condition_itself", item.id)
    if place > at:
        return Problem("condition_later", item.id, {"other": dict(sop.items[place].title)})
    other = sop.items[place]
    if entry and not _has_entry(sop, other, entry):
        return Problem("condition_unknown_item", item.id, {"meant": ""})
    if other.group and other.group != item.group and not entry:
        return Problem("condition_other_group", item.id, {"other": dict(other.title), "group": other.group})
    return _comparison(other, test)


def _comparison(of: Item, test: Test) -> Problem | None:
    """Whether an item can be compared so."""
    if not test.op:
        return None
    facts = {"about": of.id, "other": dict(of.title), "kind": of.kind, "op": test.op, "value": _value_said(test)}
    if test.op not in OPERATORS[of.kind]:
        return Problem("condition_operator", of.id, {**facts, "known": " ".join(OPERATORS[of.kind])})
    if of.kind in CHOSEN:
        if test.value in [choice.id for choice in of.choices]:
            return None
        labels = [dict(choice.label) for choice in of.choices]
        return Problem("condition_choice", of.id, {**facts, "choices": labels})
    return None if _fits(of, test) else Problem("condition_value", of.id, facts)


def _fits(of: Item, test: Test) -> bool:
    is_number = isinstance(test.value, int | float) and not isinstance(test.value, bool)
    match of.kind:
        case Kind.YES_NO:
            return isinstance(test.value, bool)
        case Kind.DATE:
            return _is_date(test.value)
        case kind if kind in (*AMOUNTS, Kind.PHOTO):
            return is_number
        case _:
            return True


def _is_date(value: object) -> bool:
    try:
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    except ValueError:
        return False


def _value_said(test: Test) -> str:
    return said(test).removeprefix(f"{test.name} {test.op} ").strip('"')


def _has_entry(sop: Sop, item: Item, entry: str) -> bool:
    return any(one.id == entry for group in sop.groups if group.id == item.group for one in group.entries)


def _like(sop: Sop, item: Item, name: str) -> str:
    """The id of another item that may be meant: its beginning or end is the same."""
    folded = _folded(name)
    others = [one.id for one in sop.items if one is not item]
    near = [
        one for one in others if folded and (one.casefold().startswith(folded) or folded.startswith(one.casefold()))
    ]
    return near[0] if len(near) == 1 else ""


# --- ids instead of words ---------------------------------------------------------------------


def _with_ids(sop: Sop, item: Item, text: str, *, in_check: bool) -> str:
    """A text stays as it is where nothing in it changes, and where what is left in it could not be written again."""
    try:
        condition = parse(text)
        changed = _changed(sop, item, condition, in_check=in_check)
        if changed != condition and parse(said(changed)) == changed:
            return said(changed)
    except BadCondition:
        pass
    return text.strip()


def _changed(sop: Sop, item: Item, condition: Condition, *, in_check: bool) -> Condition:
    match condition:
        case Not(of):
            return Not(_changed(sop, item, of, in_check=in_check))
        case Every(of):
            return Every(tuple(_changed(sop, item, one, in_check=in_check) for one in of))
        case Some(of):
            return Some(tuple(_changed(sop, item, one, in_check=in_check) for one in of))
        case Test():
            return _test_changed(sop, item, condition, in_check=in_check)


def _test_changed(sop: Sop, item: Item, test: Test, *, in_check: bool) -> Test:
    called = _item_called(sop, test.name)
    name = called.id + "".join(test.name.partition(ENTRY)[1:]) if called is not None else test.name
    if in_check and called is item and ENTRY not in name:
        name = IT
    elif called is None and _folded(test.name) in _IT_TOO | {IT}:
        name, called = IT, item
    if called is None or called.kind not in CHOSEN or not test.op:
        return replace(test, name=name)
    choice = _choice_called(called, test)
    return replace(test, name=name, value=choice.id if choice is not None else test.value)


def _item_called(sop: Sop, name: str) -> Item | None:
    """The item with this id, else the only one with this title."""
    name = name.partition(ENTRY)[0]
    for one in sop.items:
        if one.id == name:
            return one
    found = [one for one in sop.items if _folded(name) in (_folded(one.id), *_titles(one.title))]
    return found[0] if len(found) == 1 else None


def _choice_called(of: Item, test: Test) -> Choice | None:
    """The choice with this id or label; `yes` and `1` may be labels as well."""
    wanted = {_folded(str(test.value)), _folded(_value_said(test))}
    if isinstance(test.value, bool):
        wanted |= {"yes", "是", "true", "对"} if test.value else {"no", "否", "false"}
    for choice in of.choices:
        if wanted & {_folded(choice.id), *_titles(choice.label)}:
            return choice
    return None


def _titles(wording: Wording) -> set[str]:
    """A title as somebody may write it, who leaves out the question mark."""
    folded = {_folded(text) for text in wording.values() if text}
    return folded | {text.rstrip("?？:： ") for text in folded}


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
