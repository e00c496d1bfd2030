"""Visits as cells: one tab for all of them, and one for each type of visit with its answers, an item a column."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.domain.answers import Value
from bot.domain.checklist import Checklist
from bot.domain.export import Days, Form
from bot.domain.sheet import Cell
from bot.domain.sop import CHOSEN, Item, Kind, reading
from bot.domain.transition import is_held_back
from bot.media.export_files import Column, Layout, Look, Record, Tab
from bot.services.export_rows import BETWEEN, Asker, last_of, of_customer
from storage import export_rows as stored
from storage import sops
from storage.database import Connection, Row
from storage.visits import stay_of

KEYS = (
    *("visit", "day", "customer", "customer_id", "grade", "rep", "team", "type", "purpose", "arrived", "left", "stay"),
    *("where", "metres", "accuracy", "flags", "reason", "result", "words", "next_what", "next_on", "no_next"),
    *("counts_as", "late", "sent", "photos"),
)
HEAD = ("visit", "day", "customer", "customer_id", "rep")  # of a type's tab: which visit it was
ITEM = "item:"
_LOOKS = {Kind.DATE: Look.DAY, Kind.CODE: Look.TEXT, Kind.TEXT: Look.LONG, Kind.CONTACT: Look.LONG}


@dataclass
class _Type:
    """The answers of a type of visit: the columns in the order of its checklists, whatever version a visit had."""

    title: str
    order: list[str] = field(default_factory=list)
    columns: dict[str, Column] = field(default_factory=dict)

    def learn(self, asked: tuple[Item, ...], language: str) -> None:
        """Take in what a visit was asked; an item that is new stands behind the one that it followed."""
        before = -1
        for item in asked:
            if item.id not in self.columns:
                self.order.insert(before + 1, item.id)
                look = _LOOKS.get(item.kind, Look.PLAIN)
                unit = reading(item.unit, language)
                title = reading(item.title, language) + (f" ({unit})" if unit else "")
                self.columns[item.id] = Column(ITEM + item.id, title, look, 30 if look is Look.LONG else 18)
            before = self.order.index(item.id)


@dataclass
class Visits:
    """The visits of some days, and what was answered in them."""

    asker: Asker
    days: Days | None
    types: dict[str, _Type] = field(default_factory=dict, init=False)

    def batch(self, connection: Connection, after: int) -> tuple[list[Record], int | None]:
        """See Source."""
        rows = stored.list_visits(connection, self.asker.reach, self.days, after)
        ids = [row.id for row in rows]
        answers, photos = stored.answers_of(connection, ids), stored.photos_of(connection, ids)
        records = []
        for row in rows:
            sop = sops.get(connection, row.sop_version_id)
            records.append(self._record(row, Checklist(sop, answers.get(row.id, {}), photos.get(row.id, {}))))
        return records, last_of(rows)

    def layout(self, form: Form) -> Layout:
        """See Source; a map has the visits alone."""
        every = Tab("visits", self.asker.words("export/files")["visits"], [self.asker.column(key) for key in KEYS])
        if form is Form.GEOJSON:
            return Layout([every])
        head = [self.asker.column(key) for key in HEAD]
        tabs = [
            Tab(name, found.title, [*head, *(found.columns[item] for item in found.order)])
            for name, found in self.types.items()
        ]
        return Layout([every, *tabs])

    def _record(self, row: Row[Any], checklist: Checklist) -> Record:
        language, sop = self.asker.language, checklist.sop
        asked = checklist.items
        # a type's name may be any word: the tab of all visits has its own
        found = self.types.setdefault(f"of:{sop.type}", _Type(reading(sop.title, language)))
        found.title = reading(sop.title, language)
        found.learn(asked, language)
        cells = self._cells(row, checklist)
        answered = {ITEM + item.id: self._answer(item, checklist) for item in asked}
        return {"visits": cells, f"of:{sop.type}": {**{key: cells[key] for key in HEAD}, **answered}}

    def _cells(self, row: Row[Any], checklist: Checklist) -> dict[str, Cell]:
        asker = self.asker
        stay = stay_of(row) if not row.closed_automatically else None
        return {
            **of_customer(asker, row),
            "visit": row.id,
            "day": row.visited_on,
            "type": reading(checklist.sop.title, asker.language),
            "purpose": asker.words("purposes").get(row.purpose, row.purpose),
            "arrived": asker.local(row.checked_in_at),
            "left": asker.local(row.checked_out_at),
            "stay": round(stay.total_seconds() / 60) if stay is not None else None,
            "where": asker.value(row.arrival),
            "metres": math.ceil(row.distance) if row.distance is not None else None,  # as it is told
            "accuracy": round(row.accuracy) if row.accuracy is not None else None,
            "flags": self._flags(row),
            "reason": asker.words("reasons").get(row.reason, row.reason) or None,
            "result": asker.words("results").get(row.result, row.result),
            "words": row.words,
            "next_what": row.next_what,
            "next_on": row.next_on,
            "no_next": asker.words("reasons").get(row.no_next_reason, row.no_next_reason),
            "counts_as": asker.words("verdicts").get(row.effectiveness, row.effectiveness),
            "late": asker.value("yes" if row.late else "no"),
            "sent": asker.local(row.sent_at),
            "photos": sum(checklist.photos.values()),
            "latitude": row.latitude,
            "longitude": row.longitude,
        }

    def _flags(self, row: Row[Any]) -> str | None:
        if is_held_back(row.visited_on, self.asker.flags_from):
            return None
        return "\n".join(self.asker.sentence("flag", flag=flag) for flag in row.flags) or None

    def _answer(self, item: Item, checklist: Checklist) -> Cell:
        """An answer as a value that can be counted; None where there is none, or it was skipped."""
        if item.kind is Kind.PHOTO:
            return checklist.photos.get(item.id)
        return self._said(item, checklist.answers.get(item.id))

    def _said(self, item: Item, value: Value) -> Cell:
        match value:
            case bool():
                return self.asker.value("yes" if value else "no")
            case float() if value.is_integer():
                return int(value)
            case str() if item.kind is Kind.DATE:
                return date.fromisoformat(value)
            case Mapping():
                return f"{value['name']} {value['phone']}"
            case list() | str() if item.kind in CHOSEN:
                chosen = value if isinstance(value, list) else [value]
                labels = {choice.id: reading(choice.label, self.asker.language) for choice in item.choices}
                return BETWEEN.join(labels.get(one, one) for one in chosen)
            case list():
                return BETWEEN.join(value)
            case _:
                return value
