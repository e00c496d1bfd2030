"""A checklist's conditions as they are told to who writes them, and in what two checklists differ."""

from dataclasses import dataclass, fields
from typing import Any

from bot.domain.condition_text import BadCondition, parse
from bot.domain.conditions import IT, Condition, Every, Not, Some, Test
from bot.domain.sop import CHOSEN, ENTRY, Item, Sop
from bot.domain.sop_problem import Problem

Part = dict[str, Any]  # `kind`: item (with number and title), op, value (a wording, text, number, boolean) or word


def told(sop: Sop, text: str, of: Item) -> list[Part]:
    """A condition or check of an item in parts that a reader's language puts together: names by number and title."""
    if not text:
        return []
    try:
        return _told(sop, parse(text), of)
    except BadCondition:
        return [_part("value", text)]


def _told(sop: Sop, condition: Condition, of: Item) -> list[Part]:
    match condition:
        case Not(inner):
            return [_part("word", "not"), *_bracketed(sop, inner, of)]
        case Every(many) | Some(many):
            word = "and" if isinstance(condition, Every) else "or"
            parts: list[Part] = []
            for one in many:
                parts += [*([_part("word", word)] if parts else []), *_bracketed(sop, one, of)]
            return parts
        case Test():
            return _test_told(sop, condition, of)


def _bracketed(sop: Sop, condition: Condition, of: Item) -> list[Part]:
    inner = _told(sop, condition, of)
    return inner if isinstance(condition, Test) else [_part("word", "("), *inner, _part("word", ")")]


def _test_told(sop: Sop, test: Test, of: Item) -> list[Part]:
    base = test.name.partition(ENTRY)[0]
    at = next((at for at, item in enumerate(sop.items) if item.id == base), None)
    item = of if test.name == IT else sop.items[at] if at is not None else None
    if test.name == IT:
        name = _part("word", "it")
    elif item is None or at is None:
        name = _part("value", test.name)
    else:
        name = {"kind": "item", "number": at + 1, "title": dict(item.title)}
    if not test.op:
        return [name]
    value: Any = int(test.value) if isinstance(test.value, float) and test.value.is_integer() else test.value
    if item is not None and item.kind in CHOSEN:
        value = next((dict(choice.label) for choice in item.choices if choice.id == test.value), value)
    return [name, _part("op", test.op), _part("value", value)]


def _part(kind: str, what: Any) -> Part:
    return {"kind": kind, "is": what}


def problem_told(problem: Problem, number: int = 0) -> dict[str, Any]:
    """A mistake as JSON, with everything that a sentence may ask for; `number` 0: it is about no single item."""
    nothing = {"number": number, "name": "", "other": {}, "kind": "", "title": {}, "group": "", "value": ""}
    return {"code": problem.code, "item": problem.item, "facts": {**nothing, **problem.facts}}


@dataclass(frozen=True)
class Differences:
    """In what a checklist differs from an older one: items by their ids, and what else was changed."""

    added: tuple[Item, ...] = ()
    changed: tuple[tuple[Item, tuple[str, ...]], ...] = ()
    moved: tuple[Item, ...] = ()
    removed: tuple[Item, ...] = ()
    title: bool = False
    ordered: bool = False
    groups: bool = False

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def differences(old: Sop, new: Sop) -> Differences:
    """What became of the old items; an item that only made room for another has not moved."""
    before = {item.id: item for item in old.items}
    after = {item.id: item for item in new.items}
    return Differences(
        added=tuple(item for item in new.items if item.id not in before),
        changed=tuple(
            (item, _changed(before[item.id], item))
            for item in new.items
            if item.id in before and before[item.id] != item
        ),
        moved=_moved([one for one in before if one in after], [one for one in after if one in before], after),
        removed=tuple(item for item in old.items if item.id not in after),
        title=dict(old.title) != dict(new.title),
        ordered=old.ordered != new.ordered,
        groups=old.groups != new.groups,
    )


def _changed(old: Item, new: Item) -> tuple[str, ...]:
    return tuple(field.name for field in fields(Item) if getattr(old, field.name) != getattr(new, field.name))


def _moved(old: list[str], new: list[str], items: dict[str, Item]) -> tuple[Item, ...]:
    """All but a longest run of items that kept their order among themselves."""
    place = {one: at for at, one in enumerate(old)}
    best: list[list[str]] = []
    for at, one in enumerate(new):
        before = [best[earlier] for earlier in range(at) if place[new[earlier]] < place[one]]
        best.append([*_longest(before), one])
    kept = set(_longest(best))
    return tuple(items[one] for one in new if one not in kept)


def _longest(runs: list[list[str]]) -> list[str]:
    return max(runs, key=len) if runs else []
