"""How a checklist is changed while it is drafted: items added by words, changed, moved, removed and put back."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.condition_text import BadCondition, parse, said
from bot.domain.conditions import names, renamed
from bot.domain.conversation import Refusal
from bot.domain.sop import AMOUNTS, CHOSEN, ITEMS_MOST, TITLE_MOST, Check, Choice, Group, Item, Kind, Sop, Wording
from bot.domain.sop_conditions import condition_problems, normalised
from bot.domain.sop_lines import Line, Typed
from bot.domain.sop_problem import Problem
from bot.domain.sop_telling import problem_told
from bot.domain.sop_words import folded, id_for, wording_of

Sounds = Callable[[str], list[str]]  # the sound of each Chinese character of a text
COUNTED = (Kind.PHOTO, Kind.TEXT, Kind.SEVERAL_OF)
_COMPARED = re.compile(r"[=＝<>＜＞≤≥≠]\s*$")


def item_of(sop: Sop, item_id: str) -> Item:
    """The item with this id; refuses one that is gone."""
    for item in sop.items:
        if item.id == item_id:
            return item
    raise Refusal("conversation/changed")


def number_of(sop: Sop, item_id: str) -> int:
    """Where an item stands, from 1."""
    return sop.items.index(item_of(sop, item_id)) + 1


def with_item(sop: Sop, item: Item) -> Sop:
    """The item with this id is changed; a group that nobody is asked about any more goes."""
    return _tidied(replace(sop, items=tuple(item if known.id == item.id else known for known in sop.items)))


def removed(sop: Sop, item_id: str) -> Sop:
    """Without an item."""
    return _tidied(replace(sop, items=tuple(item for item in sop.items if item.id != item_id)))


def put_back(sop: Sop, item: Item, at: int, group: Group | None) -> Sop:
    """A removed item stands at its place from 0 again, with its group if that went with it."""
    if any(known.id == item.id for known in sop.items):
        raise Refusal("conversation/changed")
    if group is not None and all(known.id != group.id for known in sop.groups):
        sop = replace(sop, groups=(*sop.groups, group))
    return replace(sop, items=(*sop.items[:at], item, *sop.items[at:]))


def moved(sop: Sop, item_id: str, number: int) -> Sop:
    """An item stands at this number, from 1; the others make room."""
    if not 1 <= number <= len(sop.items):
        raise Refusal("sop/no_such_number", most=len(sop.items))
    item = item_of(sop, item_id)
    others = [known for known in sop.items if known.id != item_id]
    return replace(sop, items=(*others[: number - 1], item, *others[number - 1 :]))


def with_lines(sop: Sop, lines: Sequence[Line], sounds: Sounds) -> Sop:
    """New items at the end; what a line says may speak of the lines before it."""
    if len(sop.items) + len(lines) > ITEMS_MOST:
        raise Refusal("sop/too_many", most=ITEMS_MOST)
    for line in lines:
        if any(len(text) > TITLE_MOST for text in line.title.values()):
            raise Refusal("sop/title_long", most=TITLE_MOST)
        item_id = id_for(line.title, [item.id for item in sop.items], sounds)
        item = Item(item_id, line.typed.kind or Kind.TEXT, line.title)
        sop = with_typed(replace(sop, items=(*sop.items, item)), item_id, line.typed, sounds)
    return sop


def with_typed(sop: Sop, item_id: str, typed: Typed, sounds: Sounds) -> Sop:
    """An item with what was typed about it."""
    item = item_of(sop, item_id)
    if typed.kind is not None:
        item = with_kind(item, typed.kind)
    told: dict[str, Any] = {
        "required": typed.required,
        "least": typed.least,
        "most": typed.most,
        "minimum": typed.minimum,
        "unit": typed.unit or None,
        "hint": {**item.hint, **typed.hint} if typed.hint else None,
        "choices": choices_of(typed.choices, item.choices, sounds) if typed.choices else None,
    }
    item = replace(item, **{name: value for name, value in told.items() if value is not None})
    sop = with_item(sop, item)
    if typed.group:
        sop = with_group(sop, item_id, typed.group, typed.entries, sounds)
    if typed.when:
        sop = with_condition(sop, item_id, typed.when)
    for holds, message, soft in typed.checks:
        sop = with_check(sop, item_id, holds, message, soft=soft)
    return sop


def with_kind(item: Item, kind: Kind) -> Item:
    """Another kind; what only the old one had goes."""
    if kind is item.kind:
        return item
    return replace(
        item,
        kind=kind,
        choices=item.choices if kind in CHOSEN else (),
        unit=item.unit if kind in (Kind.NUMBER, Kind.MONEY) else {},
        least=item.least if kind in AMOUNTS and kind is not Kind.RATING else None,
        most=item.most if kind in AMOUNTS and item.kind is not Kind.RATING and kind is not Kind.RATING else None,
        minimum=item.minimum if kind in COUNTED and item.kind in COUNTED else 1,
    )


def choices_of(labels: Sequence[str], known: Sequence[Choice], sounds: Sounds) -> tuple[Choice, ...]:
    """Choices with these labels; one that is known by its wording keeps its id and its other language."""
    made: list[Choice] = []
    for label in labels:
        wording = wording_of(label, "en")
        same = next((one for one in known if {folded(text) for text in wording.values()} & _wordings(one.label)), None)
        taken = [choice.id for choice in (*known, *made)]
        fresh = Choice(id_for(wording, taken, sounds), wording)
        made.append(replace(same, label={**same.label, **wording}) if same is not None else fresh)
    return tuple(made)


def with_group(sop: Sop, item_id: str, name: str, entries: Sequence[str], sounds: Sounds) -> Sop:
    """The item is asked once for each of a group, old or new; of a new one without entries the rep names them."""
    group = next((one for one in sop.groups if _same_group(one, name)), None)
    if group is None:
        title = {language: text[:1].upper() + text[1:] for language, text in wording_of(name, "en").items()}
        group = Group(id_for(title, [one.id for one in sop.groups], sounds), title, open=not entries)
        sop = replace(sop, groups=(*sop.groups, group))
    if entries:
        added = choices_of(entries, group.entries, sounds)
        kept = [one for one in group.entries if one.id not in {entry.id for entry in added}]
        sop = with_group_changed(sop, replace(group, entries=(*kept, *added)))
    return with_item(sop, replace(item_of(sop, item_id), group=group.id))


def with_group_changed(sop: Sop, group: Group) -> Sop:
    """The group with this id is changed."""
    return replace(sop, groups=tuple(group if known.id == group.id else known for known in sop.groups))


def with_condition(sop: Sop, item_id: str, text: str) -> Sop:
    """The item is asked under this condition, stored by ids; refuses with what is wrong with it."""
    return _stored(sop, replace(item_of(sop, item_id), when=_with_numbers(sop, text)))


def with_check(sop: Sop, item_id: str, holds: str, message: Wording, *, soft: bool) -> Sop:
    """Its answer must meet one check more, or is asked about where that is `soft`."""
    item = item_of(sop, item_id)
    check = Check(_with_numbers(sop, holds), message, soft)
    return _stored(sop, replace(item, checks=(*item.checks, check)))


def _stored(sop: Sop, item: Item) -> Sop:
    """The changed item with conditions by ids; refuses with the first thing that is wrong with them."""
    changed = normalised(with_item(sop, item))
    at = number_of(changed, item.id) - 1
    problem = next(condition_problems(changed, at), None)
    if problem is not None:
        raise Refusal("sop/not_so", problem=problem_told(problem, at + 1))
    return changed


def _with_numbers(sop: Sop, text: str) -> str:
    """Titles of several words need no quotation marks, and an item may be called by its number."""
    try:
        condition = parse(_quoted(sop, text))
    except BadCondition as bad:
        problem = Problem("condition_unreadable", "", {"why": bad.why, "near": bad.near})
        raise Refusal("sop/not_so", problem=problem_told(problem)) from None
    called = {name.lstrip("#"): name for name in names(condition)}
    numbered = {
        name: sop.items[int(digits) - 1].id
        for digits, name in called.items()
        if digits.isdecimal() and 0 < int(digits) <= len(sop.items)
    }
    return said(renamed(condition, numbered))


def _quoted(sop: Sop, text: str) -> str:
    """Put the id for each title that stands where a name can."""
    titles: Mapping[str, str] = {title: item.id for item in sop.items for title in item.title.values() if title}
    for title in sorted(titles, key=len, reverse=True):
        words = re.escape(title.rstrip("?？:： "))
        pattern = re.compile(rf"(?<![\w\"“]){words}[?？]?(?![\"”a-zA-Z0-9_])", re.IGNORECASE)
        text = pattern.sub(lambda found, item_id=titles[title]: _named(found, item_id), text)  # type: ignore[misc]
    return text


def _named(found: re.Match[str], item_id: str) -> str:
    behind = found.string[: found.start()]
    return found[0] if _COMPARED.search(behind) else f" {item_id} "


def _same_group(group: Group, name: str) -> bool:
    wanted = folded(name).removesuffix("s")
    return wanted in {text.removesuffix("s") for text in (folded(group.id), *_wordings(group.title))}


def _wordings(wording: Wording) -> set[str]:
    return {folded(text) for text in wording.values()}


def _tidied(sop: Sop) -> Sop:
    used = {item.group for item in sop.items}
    return replace(sop, groups=tuple(group for group in sop.groups if group.id in used))
