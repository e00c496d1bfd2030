"""The SOP checklist of a visit: what is asked, and which item an input belongs to."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from bot.domain import naming
from bot.domain.answers import Value, kind_of, takes, value_of
from bot.domain.condition_text import parse
from bot.domain.conditions import IT, holds
from bot.domain.conversation import Input, Photographed, Refusal, Said
from bot.domain.sop import AMOUNTS, ENTRY, PICTURED, Group, Item, Kind, Sop, Wording


@dataclass(frozen=True)
class Filed:
    """An input found its item."""

    item: Item
    value: Value


@dataclass(frozen=True)
class Unclear:
    """Several items could take it, as `given` by then: the rep is asked which."""

    items: tuple[Item, ...]
    given: Input


@dataclass(frozen=True)
class Checklist:
    """An SOP with the answers given so far; an answer None was skipped; `photos` counts those of each item.

    Answers are kept by the ids of `items`: an item of a group is a line for each entry, `price@coke`. What a rep
    names himself is the answer to `@` and the group's id. An answer whose condition no longer holds is kept, and
    counts no more.
    """

    sop: Sop
    answers: Mapping[str, Value] = field(default_factory=dict)
    photos: Mapping[str, int] = field(default_factory=dict)

    @cached_property
    def items(self) -> tuple[Item, ...]:
        """What is asked by the answers so far, in order."""
        asked: list[Item] = []
        given: dict[str, Value] = {}
        for item in self._lines():
            if not item.when or holds(parse(item.when), _answer_of(item, given)) is True:
                asked.append(item)
                given[item.id] = self._given(item)
        return tuple(asked)

    def item(self, item_id: str) -> Item:
        """The item with this id; refuses one that is not asked."""
        for item in self.items:
            if item.id == item_id:
                return item
        raise Refusal("conversation/changed")

    def title_of(self, item_id: str) -> Wording:
        """What an item is called, whether it is still asked or not."""
        return next((item.title for item in self._lines() if item.id == item_id), {})

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
        return tuple(item for item in self.items if not self.is_settled(item))

    def missing(self) -> tuple[Item, ...]:
        """Required items without an answer."""
        return tuple(item for item in self.open_items() if item.required)

    def skipped(self) -> tuple[Item, ...]:
        """Optional items that the rep left out."""
        without = (item for item in self.items if self.answers.get(item.id, "") is None)
        return tuple(item for item in without if not self.photos.get(item.id))

    def wanted(self, focus: str | None = None) -> Item | None:
        """What is asked now: the item that the rep tapped, else the first open one."""
        if focus is not None:
            return self.item(focus)
        return next(iter(self.open_items()), None)

    def file(self, given: Input, focus: str | None, now: datetime) -> Filed | Unclear:
        """Find the item of a photo, number, text or card: the one it names, else the wanted one, else it is asked.

        `now` is local to the rep. Words that the wanted item cannot take are never slipped into another one unasked:
        only who names an item, a photo, a card and a number say by themselves what they are.
        """
        wanted = self.wanted(focus)
        named = self._named(given, now) if focus is None and not self.sop.ordered else None
        if named is not None:
            return named
        kinds = kind_of(given)
        if wanted is not None and (self.sop.ordered or wanted.kind in kinds or takes(wanted, given, now)):
            return Filed(wanted, value_of(wanted, given, now))
        if (amount := self._amount_named(given)) is not None:
            return Filed(amount, value_of(amount, given, now))  # refuses: it names an amount, and tells none
        others = self._others(given, now)
        if not others and wanted is not None:
            return Filed(wanted, value_of(wanted, given, now))  # refuses, with what is wanted
        if not others:
            raise Refusal("checklist/nothing_wanted")
        if len(others) == 1 and others[0].kind in kinds:
            return Filed(others[0], value_of(others[0], given, now))
        return Unclear(others, given)

    def checked(self, item: Item, value: Value) -> Wording | None:
        """What an answer should be asked about before it is taken, if anything; refuses what a hard check forbids."""
        doubt: Wording | None = None
        given = {line.id: self._given(line) for line in self.items}
        for check in item.checks:
            if value is None or holds(parse(check.holds), _answer_of(item, {**given, IT: value})) is not False:
                continue
            if not check.soft:
                raise Refusal("checklist/checked", item=dict(item.title), words=dict(check.message))
            doubt = doubt or check.message
        return doubt

    def with_answer(self, item: Item, value: Value) -> "Checklist":
        """The checklist with an item answered, or skipped with None; refuses to skip what is required."""
        if value is None and item.required:
            raise Refusal("checklist/required", item=dict(item.title))
        return Checklist(self.sop, {**self.answers, item.id: value}, self.photos)

    def _named(self, given: Input, now: datetime) -> Filed | Unclear | None:
        """Where an input goes that says the item's name; None where it does not."""
        if isinstance(given, Photographed):
            pictured = [item for item in self.items if item.kind in PICTURED]
            items = naming.called(given.caption, pictured) if given.caption else ()
            rest: Input = given
        elif isinstance(given, Said):
            told = naming.named(given.text, self.items)
            if told is None:
                return None
            rest = Said(told[1])
            items = tuple(item for item in told[0] if takes(item, rest, now))
        else:
            return None
        first = tuple(item for item in items if not self.is_settled(item)) or items
        if len(first) == 1:
            return Filed(first[0], value_of(first[0], rest, now))
        return Unclear(first, rest) if first else None

    def _amount_named(self, given: Input) -> Item | None:
        """The open item that words name which should have told a number: "stock a lot"."""
        if not isinstance(given, Said) or any(letter.isdigit() for letter in given.text):
            return None
        amounts = [item for item in self.open_items() if item.kind in AMOUNTS]
        return next(iter(naming.begun_with(given.text, amounts)), None)

    def _others(self, given: Input, now: datetime) -> tuple[Item, ...]:
        """Open items of its very kind, or else that could take it; a photo may be added where there are enough."""
        fitting = tuple(item for item in self.open_items() if takes(item, given, now))
        same = tuple(item for item in fitting if item.kind in kind_of(given))
        if not fitting and isinstance(given, Photographed):
            return tuple(item for item in self.items if item.kind in PICTURED)
        return same or fitting

    def _given(self, item: Item) -> Value:
        """An item's answer as conditions see it: of photos, how many there are."""
        if item.kind is Kind.PHOTO:
            return float(self.photos[item.id]) if self.photos.get(item.id) else None
        return self.answers.get(item.id)

    def _lines(self) -> Iterator[Item]:
        """Every item, those of a group once for each entry; who may name entries is asked for them first."""
        if not self.sop.groups:
            yield from self.sop.items
            return
        at, begun = 0, set()
        items = self.sop.items
        while at < len(items):
            if not items[at].group:
                yield items[at]
                at += 1
                continue
            group = self.sop.group(items[at].group)
            together = [items[at]]
            while at + len(together) < len(items) and items[at + len(together)].group == group.id:
                together.append(items[at + len(together)])
            if group.open and group.id not in begun:
                yield Item(f"{ENTRY}{group.id}", Kind.NAMES, group.title, required=group.required)
            begun.add(group.id)
            for entry_id, label in self._entries(group):
                for item in together:
                    yield _line_of(item, entry_id, label)
            at += len(together)

    def _entries(self, group: Group) -> list[tuple[str, Wording]]:
        known = [(entry.id, entry.label) for entry in group.entries]
        told = self.answers.get(f"{ENTRY}{group.id}")
        taken = {label.casefold() for _, wording in known for label in wording.values()}
        added = [name for name in told if name.casefold() not in taken] if isinstance(told, list) else []
        return [*known, *((name, {"en": name, "zh_Hans": name}) for name in added)]


def _line_of(item: Item, entry_id: str, label: Wording) -> Item:
    title = {language: f"{label.get(language, '')} · {text}" for language, text in item.title.items()}
    return replace(item, id=f"{item.id}{ENTRY}{entry_id}", title=title, entry=label)


def _answer_of(item: Item, given: Mapping[str, Value]) -> Callable[[str], Any]:
    """What a name in an item's condition stands for: in a group, the line of the same entry before all others."""
    _, at, entry = item.id.partition(ENTRY)

    def answer(name: str) -> Value:
        own = f"{name}{at}{entry}"
        return given[own] if at and own in given else given.get(name)

    return answer
