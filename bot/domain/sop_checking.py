"""What is wrong with a checklist, item by item, whoever wrote it: an admin in the chat, or a file that was sent in."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.domain.answers import TEXT_MOST
from bot.domain.sop import (
    AMOUNTS,
    CHOICES_MOST,
    CHOSEN,
    ENTRIES_MOST,
    HINT_MOST,
    ITEMS_MOST,
    LABEL_MOST,
    TITLE_MOST,
    Choice,
    Group,
    Item,
    Kind,
    Sop,
    Wording,
    reading,
)
from bot.domain.sop_conditions import condition_problems, normalised
from bot.domain.sop_problem import Problem

ID_MOST = 24  # characters: an id travels in a button's 64 bytes, beside the flow, the visit and the revision
PHOTOS_MOST = 20  # that an item may ask for
MARKS_LEAST, MARKS_MOST = 2, 10  # a rating's best mark
# What a condition reads as something else, so that no item can be called so
RESERVED = frozenset({"it", "and", "or", "not", "is", "has", "yes", "no", "true", "false"})

_ID = re.compile(rf"[A-Za-z0-9_-]{{1,{ID_MOST}}}")


__all__ = ["ID_MOST", "Problem", "is_id", "normalised", "problems"]


def problems(sop: Sop) -> list[Problem]:
    """Everything that keeps a checklist from being published, the SOP's own first, then by item and group.

    Conditions may call items by their titles and choices by their labels; `normalised` is what must be stored.
    """
    found = [*_of_sop(sop)]
    for number, item in enumerate(sop.items, start=1):
        for problem in (*_of_item(item), *_of_group_name(sop, item), *condition_problems(sop, number - 1)):
            found.append(_numbered(problem, number))
    found += _doubles(sop)
    for number, group in enumerate(sop.groups):
        is_second = group.id in [one.id for one in sop.groups[:number]]
        found += _of_group(sop, group, is_second=is_second)
    return found


def is_id(text: str) -> bool:
    """Whether an item, a choice or a group can have this id."""
    return _ID.fullmatch(text) is not None


def _numbered(problem: Problem, number: int) -> Problem:
    return Problem(problem.code, problem.item, {"number": number, **problem.facts})


def _of_sop(sop: Sop) -> Iterator[Problem]:
    if not is_id(sop.type):
        yield Problem("type_bad", "", {"value": sop.type, "most": ID_MOST})
    yield from _wording("", sop.title, "title", TITLE_MOST)
    if not sop.items:
        yield Problem("no_items", "")
    if len(sop.items) > ITEMS_MOST:
        yield Problem("too_many_items", "", {"count": len(sop.items), "most": ITEMS_MOST})


def _of_item(item: Item) -> Iterator[Problem]:
    if not is_id(item.id):
        yield Problem("id_bad", item.id, {"value": item.id, "most": ID_MOST})
    elif item.id.casefold() in RESERVED:
        yield Problem("id_reserved", item.id, {"value": item.id})
    if item.kind is Kind.NAMES:
        yield Problem("kind_reserved", item.id)
    yield from _wording(item.id, item.title, "title", TITLE_MOST)
    if _longest(item.hint) > HINT_MOST:
        yield Problem("hint_long", item.id, {"length": _longest(item.hint), "most": HINT_MOST})
    yield from _choices_of(item)
    yield from _amounts_of(item)
    yield from _minimum_of(item)
    for number, check in enumerate(item.checks, start=1):
        if not reading(check.message, "en"):
            yield Problem("message_missing", item.id, {"check": number})
        elif _longest(check.message) > HINT_MOST:
            length = _longest(check.message)
            yield Problem("message_long", item.id, {"check": number, "length": length, "most": HINT_MOST})


def _wording(item_id: str, wording: Wording, what: str, most: int) -> Iterator[Problem]:
    if not reading(wording, "en").strip():
        yield Problem(f"{what}_missing", item_id)
    elif _longest(wording) > most:
        yield Problem(f"{what}_long", item_id, {"length": _longest(wording), "most": most})


def _longest(wording: Wording) -> int:
    return max(map(len, wording.values()), default=0)


def _choices_of(item: Item) -> Iterator[Problem]:
    if item.kind not in CHOSEN:
        if item.choices:
            yield Problem("choices_unwanted", item.id, {"kind": item.kind})
        return
    if len(item.choices) < 2:
        yield Problem("choices_missing", item.id, {"count": len(item.choices)})
    if len(item.choices) > CHOICES_MOST:
        yield Problem("choices_many", item.id, {"count": len(item.choices), "most": CHOICES_MOST})
    for problem in _choices(item.choices):
        yield Problem(problem.code, item.id, problem.facts)


def _choices(choices: Sequence[Choice]) -> Iterator[Problem]:
    """What is wrong with choices, or with the entries of a group."""
    for choice in choices:
        if not is_id(choice.id):
            yield Problem("choice_id_bad", "", {"value": choice.id, "most": ID_MOST})
        if not reading(choice.label, "en").strip():
            yield Problem("label_missing", "", {"value": choice.id})
        elif _longest(choice.label) > LABEL_MOST:
            label = max(choice.label.values(), key=len)
            yield Problem("label_long", "", {"value": label, "length": len(label), "most": LABEL_MOST})
    for double in _twice([choice.id for choice in choices]):
        yield Problem("choice_id_double", "", {"value": double})
    for double in _twice([label for choice in choices for label in {_folded(text) for text in choice.label.values()}]):
        yield Problem("label_double", "", {"value": double})


def _amounts_of(item: Item) -> Iterator[Problem]:
    bounded = item.kind in (Kind.NUMBER, Kind.MONEY)
    for name, bound in (("least", item.least), ("most", item.most)):
        if bound is not None and not bounded and not (item.kind is Kind.RATING and name == "most"):
            yield Problem("bound_unwanted", item.id, {"bound": name, "kind": item.kind})
    if bounded and item.least is not None and item.most is not None and item.least > item.most:
        yield Problem("bounds_inverted", item.id, {"least": item.least, "most": item.most})
    marks = item.most
    if item.kind is Kind.RATING and marks is not None and not _is_mark(marks):
        yield Problem("marks_bad", item.id, {"value": marks, "least": MARKS_LEAST, "most": MARKS_MOST})
    if reading(item.unit, "en") and (item.kind not in AMOUNTS or item.kind is Kind.RATING):
        yield Problem("unit_unwanted", item.id, {"kind": item.kind})
    elif _longest(item.unit) > LABEL_MOST:
        yield Problem("unit_long", item.id, {"length": _longest(item.unit), "most": LABEL_MOST})


def _is_mark(value: float) -> bool:
    return float(value).is_integer() and MARKS_LEAST <= value <= MARKS_MOST


_MINIMUM_MOST: Mapping[Kind, Callable[[Item], int]] = {
    Kind.PHOTO: lambda item: PHOTOS_MOST,
    Kind.TEXT: lambda item: TEXT_MOST,
    Kind.SEVERAL_OF: lambda item: len(item.choices),
}


def _minimum_of(item: Item) -> Iterator[Problem]:
    if item.kind not in _MINIMUM_MOST:
        if item.minimum != 1:
            yield Problem("minimum_unwanted", item.id, {"kind": item.kind})
        return
    most = max(_MINIMUM_MOST[item.kind](item), 1)
    if not 1 <= item.minimum <= most:
        yield Problem("minimum_impossible", item.id, {"value": item.minimum, "most": most, "kind": item.kind})


def _doubles(sop: Sop) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, item in enumerate(sop.items, start=1):
        known = first.setdefault(item.id.casefold(), number)
        if known != number:
            yield Problem("id_double", item.id, {"number": number, "first": known})


def _of_group_name(sop: Sop, item: Item) -> Iterator[Problem]:
    if item.group and item.group not in {group.id for group in sop.groups}:
        known = ", ".join(group.id for group in sop.groups)
        yield Problem("group_unknown", item.id, {"value": item.group, "known": known})


def _of_group(sop: Sop, group: Group, *, is_second: bool) -> Iterator[Problem]:
    found: list[Problem] = []
    if not is_id(group.id):
        found.append(Problem("group_id_bad", "", {"value": group.id, "most": ID_MOST}))
    if is_second:
        found.append(Problem("group_double", ""))
    found += [
        Problem(f"group_{problem.code}", "", problem.facts)
        for problem in _wording("", group.title, "title", TITLE_MOST)
    ]
    if not group.entries and not group.open:
        found.append(Problem("group_empty", ""))
    if len(group.entries) > ENTRIES_MOST:
        found.append(Problem("entries_many", "", {"count": len(group.entries), "most": ENTRIES_MOST}))
    found += _choices(group.entries)
    if group.id not in {item.group for item in sop.items}:
        found.append(Problem("group_unused", ""))
    for problem in found:
        yield Problem(problem.code, "", {"group": group.id, "title": dict(group.title), **problem.facts})


def _twice(texts: Sequence[str]) -> list[str]:
    """Those that stand there more than once, however they are written."""
    counts = Counter(map(_folded, texts))
    return [text for text, count in counts.items() if text and count > 1]


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
