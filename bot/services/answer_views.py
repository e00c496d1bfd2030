"""What the pages and files of answers tell: an item as its versions ask it, its counts, and single answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from bot.domain.answer_counts import YES, Count, Counted, Sum, adds_up, asked_as, counted, is_same_measure
from bot.domain.answers import best_mark
from bot.domain.conversation import Refusal
from bot.domain.sop import CHOSEN, Group, Item, Kind, Wording
from bot.services.visit_cards import worded
from storage import answer_facts, sops
from storage.answer_facts import Asked
from storage.database import Connection, Row

ENTRIES_SHOWN, ENTRIES_BY_WEEK, CHOICES_SHOWN = 10, 4, 12


@dataclass(frozen=True)
class Question:
    """An item of a version, and all versions of its type, the newest first."""

    version: sops.Asked
    at: int
    item: Item
    versions: tuple[sops.Asked, ...]

    @property
    def type(self) -> str:
        """The type of visit that asks it."""
        return self.version.type

    def in_version(self, version_id: int) -> Item | None:
        """The item as another version asks it."""
        sop = next((version.sop for version in self.versions if version.id == version_id), None)
        return asked_as(sop, self.item.id) if sop is not None else None

    @property
    def same(self) -> frozenset[int]:
        """The versions whose answers may be added to this one's."""
        asked = ((version.id, self.in_version(version.id)) for version in self.versions)
        return frozenset(id for id, item in asked if item is not None and is_same_measure(item, self.item))

    @property
    def group(self) -> Group | None:
        """What it is asked about."""
        return self.version.sop.group(self.item.group) if self.item.group else None

    @cached_property
    def entries(self) -> dict[str, Wording]:
        """The known entries of its group in all versions, as the newest calls them."""
        labels: dict[str, Wording] = {}
        for version in self.versions:
            item = asked_as(version.sop, self.item.id)
            for entry in version.sop.group(item.group).entries if item is not None and item.group else ():
                labels.setdefault(entry.id, entry.label)
        return labels

    @cached_property
    def choices(self) -> dict[str, Wording]:
        """The choices of all versions, as the newest calls them; of a yes/no none, it has words of its own."""
        labels: dict[str, Wording] = {}
        for version in self.versions:
            item = asked_as(version.sop, self.item.id)
            for choice in item.choices if item is not None else ():
                labels.setdefault(choice.id, choice.label)
        return labels


@dataclass(frozen=True)
class Found:
    """What was counted, and how many answers there are of other measures, by a version that has each."""

    counted: Counted
    others: Mapping[int, int]


def versions_of(connection: Connection, version_id: int) -> tuple[sops.Asked, ...]:
    """All versions of the type that a version is of, the newest first; refuses one that is not there."""
    every = sops.list_asked(connection)
    sop_type = next((version.type for version in every if version.id == version_id), None)
    if sop_type is None:
        raise Refusal("conversation/changed")
    return tuple(version for version in every if version.type == sop_type)


def question(connection: Connection, version_id: int, at: int) -> Question:
    """The item at a place of a version; refuses what is not there."""
    versions = versions_of(connection, version_id)
    version = next(version for version in versions if version.id == version_id)
    if at >= len(version.sop.items):
        raise Refusal("conversation/changed")
    return Question(version, at, version.sop.items[at], versions)


def count(connection: Connection, question: Question, asked: Asked) -> Found:
    """Add up the answers of this measure, and see how many others there are."""
    same, sums = question.same, []
    others: dict[int, int] = {}
    for row in answer_facts.list_sums(connection, asked):
        if row.sop_version_id in same:
            sums.append(Sum(row.on_date, row.entry, row.choice, row.answers, row.total, row.least, row.most))
        elif not row.choice:
            kin = _alike(question, row.sop_version_id)
            others[kin] = others.get(kin, 0) + row.answers
    return Found(counted(sums, question.entries), others)


def _alike(question: Question, version_id: int) -> int:
    """The newest version that measures as this one does: it stands for all that do."""
    item = question.in_version(version_id)
    for version in question.versions:
        other = question.in_version(version.id)
        if item is not None and other is not None and is_same_measure(item, other):
            return version.id
    return version_id


# --- as JSON ----------------------------------------------------------------------------------


def question_json(question: Question) -> dict[str, Any]:
    """An item, with the address of its page."""
    return {"version": question.version.id, "at": question.at, "title": dict(question.item.title)} | measure_json(
        question.item
    )


def measure_json(item: Item) -> dict[str, Any]:
    """How it is answered: its kind, unit and best mark."""
    best = best_mark(item) if item.kind is Kind.RATING else None
    return {"kind": item.kind.value, "unit": dict(item.unit), "best": best}


def counted_json(question: Question, found: Found) -> dict[str, Any]:
    """The page of an item's counts."""
    entries, weeks = found.counted.entries, found.counted.weeks
    by_week = [_weeks_json(question, entry.label, entry.weeks) for entry in entries[:ENTRIES_BY_WEEK]]
    return {
        **question_json(question),
        "whole": _count_json(question, found.counted.whole, len(weeks)),
        "group": dict(question.group.title) if question.group is not None else None,
        "entries": [
            {"label": dict(entry.label), **_count_json(question, entry.count, len(weeks))}
            for entry in entries[:ENTRIES_SHOWN]
        ],
        "more": max(0, len(entries) - ENTRIES_SHOWN),
        "by_week": (by_week or [_weeks_json(question, None, weeks)]) if _is_by_week(question, weeks) else [],
        "others": [_other_json(question, version_id, answers) for version_id, answers in found.others.items()],
    }


def _is_by_week(question: Question, weeks: Mapping[Any, Count]) -> bool:
    """One week is the whole, and several choices are no row of a table."""
    return len(weeks) > 1 and question.item.kind not in CHOSEN


def _count_json(question: Question, count: Count, weeks: int) -> dict[str, Any]:
    """In all. A sum is told of a week only: stock that is counted again next week is the same stock."""
    average = count.average
    return {
        "answers": count.answers,
        "average": round(average, 2) if average is not None else None,
        "least": count.least,
        "most": count.most,
        "total": count.total if weeks == 1 and adds_up(question.item) else None,
        "choices": _choices_json(question, count),
    }


def _choices_json(question: Question, count: Count) -> list[dict[str, Any]]:
    """The most chosen first; `label` is None for yes and no."""
    labels = question.choices
    chosen = sorted((count.choices or {}).items(), key=lambda each: -each[1])[:CHOICES_SHOWN]
    return [
        {
            "label": dict(labels[choice]) if choice in labels else None,
            "choice": choice,
            "answers": answers,
            "share": round(100 * count.share(choice)),
        }
        for choice, answers in chosen
    ]


def _weeks_json(question: Question, label: Wording | None, weeks: Mapping[Any, Count]) -> dict[str, Any]:
    """Rows of a table: how many answered yes, or what the amounts were."""
    return {
        "label": dict(label) if label is not None else None,
        "weeks": [
            {
                "week": week.isoformat(),
                "answers": count.answers,
                "average": round(count.average, 2) if count.average is not None else None,
                "least": count.least,
                "most": count.most,
                "total": count.total if adds_up(question.item) else None,
                "yes": round(100 * count.share(YES)),
            }
            for week, count in weeks.items()
        ],
    }


def _other_json(question: Question, version_id: int, answers: int) -> dict[str, Any]:
    version = next((version for version in question.versions if version.id == version_id), question.version)
    item = asked_as(version.sop, question.item.id) or question.item
    at = version.sop.items.index(item) if item in version.sop.items else 0
    return {"version": version.id, "number": version.number, "at": at, "answers": answers} | measure_json(item)


def answer_json(question: Question, row: Row[Any]) -> dict[str, Any]:
    """One answer, as the version that asked it means it."""
    item = question.in_version(row.sop_version_id) or question.item
    return {
        "on": row.on_date.isoformat(),
        "customer": row.customer,
        "person": row.person,
        "about": dict(entry_label(question, row.entry)) if row.entry else None,
        "value": worded(item, row.value),
    } | measure_json(item)


def entry_label(question: Question, entry: str) -> Wording:
    """What a product or rival is called."""
    return question.entries.get(entry, {"en": entry, "zh_Hans": entry})
