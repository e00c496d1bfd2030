"""The SOP checklist of a visit: what is asked, what an answer may be, and which item an input belongs to."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.domain.conversation import Input, Photographed, Refusal, Said
from bot.domain.numerals import read_number

Wording = Mapping[str, str]  # language → text; an SOP's words are data, not messages
Value = bool | float | str | None
TEXT_MOST = 2000  # characters of one answer


class Kind(StrEnum):
    """How an item is answered."""

    YES_NO = "yes_no"
    ONE_OF = "one_of"
    NUMBER = "number"
    TEXT = "text"
    PHOTO = "photo"


@dataclass(frozen=True)
class Choice:
    """One of the answers of a one-of item."""

    id: str
    label: Wording


@dataclass(frozen=True)
class Item:
    """A line of the checklist; `least` and `most` bound a number, `minimum` counts photos or a text's characters."""

    id: str
    kind: Kind
    title: Wording
    hint: Wording = field(default_factory=dict)
    required: bool = True
    choices: tuple[Choice, ...] = ()
    unit: Wording = field(default_factory=dict)
    least: float | None = None
    most: float | None = None
    minimum: int = 1


@dataclass(frozen=True)
class Sop:
    """A published checklist; `ordered` means that only the next item may be answered."""

    type: str
    title: Wording
    items: tuple[Item, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Filed:
    """An input found its item."""

    item: Item
    value: Value


@dataclass(frozen=True)
class Unclear:
    """Several items could take it: the rep is asked which."""

    items: tuple[Item, ...]


@dataclass(frozen=True)
class Checklist:
    """An SOP with the answers given so far; an answer None was skipped; `photos` counts those of each item."""

    sop: Sop
    answers: Mapping[str, Value] = field(default_factory=dict)
    photos: Mapping[str, int] = field(default_factory=dict)

    def item(self, item_id: str) -> Item:
        """The item with this id; refuses one that is not in this SOP."""
        for item in self.sop.items:
            if item.id == item_id:
                return item
        raise Refusal("conversation/changed")

    def is_settled(self, item: Item) -> bool:
        """Answered enough, or skipped."""
        if item.kind is Kind.PHOTO and self.photos.get(item.id, 0) >= item.minimum:
            return True
        if item.id not in self.answers:
            return False
        return self.answers[item.id] is not None or not item.required

    def open_items(self) -> tuple[Item, ...]:
        """What is still to be answered or skipped, in order."""
        return self._open

    @cached_property
    def _open(self) -> tuple[Item, ...]:
        """Asked for a dozen times in a step."""
        return tuple(item for item in self.sop.items if not self.is_settled(item))

    def missing(self) -> tuple[Item, ...]:
        """Required items without an answer."""
        return tuple(item for item in self.open_items() if item.required)

    def wanted(self, focus: str | None = None) -> Item | None:
        """What is asked now: the item that the rep tapped, else the first open one."""
        if focus is not None:
            return self.item(focus)
        return next(iter(self.open_items()), None)

    def file(self, given: Input, focus: str | None) -> Filed | Unclear:
        """Find the item of a photo, number or text: the wanted one, else the only open one, else it is asked.

        Words that the wanted item cannot take are never slipped into another one unasked: only a photo
        and a number say by themselves what they are.
        """
        wanted = self.wanted(focus)
        if wanted is not None and (self.sop.ordered or wanted.kind is _kind_of(given) or _takes(wanted, given)):
            return Filed(wanted, value_of(wanted, given))
        others = self._others(given)
        if not others and wanted is not None:
            return Filed(wanted, value_of(wanted, given))  # refuses, with what is wanted
        if not others:
            raise Refusal("checklist/nothing_wanted")
        if len(others) == 1 and others[0].kind is _kind_of(given):
            return Filed(others[0], value_of(others[0], given))
        return Unclear(others)

    def _others(self, given: Input) -> tuple[Item, ...]:
        """Open items of its very kind, or else that could take it; a photo may be added where there are enough."""
        fitting = tuple(item for item in self.open_items() if _takes(item, given))
        same = tuple(item for item in fitting if item.kind is _kind_of(given))
        if not fitting and isinstance(given, Photographed):
            return tuple(item for item in self.sop.items if item.kind is Kind.PHOTO)
        return same or fitting

    def with_answer(self, item: Item, value: Value) -> "Checklist":
        """The checklist with an item answered, or skipped with None; refuses to skip what is required."""
        if value is None and item.required:
            raise Refusal("checklist/required", item=dict(item.title))
        return Checklist(self.sop, {**self.answers, item.id: value}, self.photos)


def value_of(item: Item, given: Input) -> Value:
    """What an input means as the answer to an item; refuses with what the item takes."""
    match item.kind, given:
        case Kind.PHOTO, Photographed():
            return None
        case Kind.TEXT, Said(text):
            return _text(item, text)
        case Kind.NUMBER, Said(text):
            return _number(item, text)
        case ((Kind.YES_NO | Kind.ONE_OF), Said(text)):
            return choice_of(item, text.strip().casefold())
        case _:
            raise Refusal(f"checklist/wants_{item.kind}", **_facts(item))


def _kind_of(given: Input) -> Kind | None:
    """What an input says that it is: a photo, or a number; words may be anything."""
    if isinstance(given, Photographed):
        return Kind.PHOTO
    return Kind.NUMBER if isinstance(given, Said) and read_number(given.text) is not None else None


def _takes(item: Item, given: Input) -> bool:
    try:
        value_of(item, given)
    except Refusal:
        return False
    return True


def choice_of(item: Item, choice: str) -> Value:
    """A tapped choice or its typed wording, in any language."""
    if item.kind is Kind.YES_NO:
        if choice in ("yes", "y", "是", "有", "对", "好", "ok"):
            return True
        if choice in ("no", "n", "否", "没有", "没", "不", "无", "不是"):
            return False
    for known in item.choices:
        if choice in (known.id, *(label.casefold() for label in known.label.values())):
            return known.id
    raise Refusal(f"checklist/wants_{item.kind}", **_facts(item))


def _text(item: Item, text: str) -> str:
    text = text.strip()
    if len(text) < item.minimum:
        raise Refusal("checklist/too_short", **_facts(item))
    if len(text) > TEXT_MOST:
        raise Refusal("checklist/too_long", most=TEXT_MOST, length=len(text))
    return text


def _number(item: Item, text: str) -> float:
    number = read_number(text)
    if number is None:
        raise Refusal("checklist/wants_number", **_facts(item))
    if (item.least is not None and number < item.least) or (item.most is not None and number > item.most):
        raise Refusal("checklist/out_of_bounds", number=number, **_facts(item))
    return number


def _facts(item: Item) -> dict[str, Any]:
    return {
        "item": dict(item.title),
        "unit": dict(item.unit),
        "least": item.least,
        "most": item.most,
        "minimum": item.minimum,
    }
