"""Makes a checklist of the rows of a file, with every mistake of it where it stands."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.customer_cells import shown
from bot.domain.numerals import read_number
from bot.domain.sop import Check, Group, Item, Kind, Sop
from bot.domain.sop_cells import choices_read, id_of, language_of, wording_read
from bot.domain.sop_checking import normalised, problems
from bot.domain.sop_columns import Field, Table, kind_called, yes_or_no
from bot.domain.sop_mistakes import ItemPlace, Places, placed
from bot.domain.sop_sheet import ROWS_MOST, Mistake, Record, SopFile

_ERRORS = ("#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!")
_OF_CHECK = (Field.CHECK, Field.MESSAGE_EN, Field.MESSAGE_ZH)


@dataclass(frozen=True)
class SopReading:
    """The checklist that a file means, None where it has mistakes; they are in the order of the file."""

    sop: Sop | None
    mistakes: tuple[Mistake, ...] = ()
    ignored: tuple[str, ...] = ()
    in_lines: bool = False


def read_sop(file: SopFile) -> SopReading:
    """The checklist with ids in its conditions, or all that keeps it from being published."""
    reader = _Reader(file)
    sop = reader.sop()
    found = [*file.mistakes, *reader.mistakes]
    if not file.mistakes:
        found += placed(problems(sop), reader.places, found)
    order = list(Table)
    found.sort(key=lambda one: (order.index(one.table) if not file.in_lines else 0, one.at))
    return SopReading(None if found else normalised(sop), tuple(found), file.ignored, file.in_lines)


@dataclass
class _Reader:
    """Reads the tables of one file; what it cannot read is a mistake, and is left out."""

    file: SopFile
    mistakes: list[Mistake] = field(default_factory=list)
    places: Places = field(default_factory=Places)
    groups: tuple[Group, ...] = ()

    def sop(self) -> Sop:
        groups = self.groups = tuple(self._group(record) for record in self._records(Table.GROUPS))
        items = self._items()
        heads = self._records(Table.CHECKLIST)
        if not heads:
            self._wrong("type_missing", Table.CHECKLIST, None, Field.TYPE)
            return Sop("", {}, items, groups=groups)
        for extra in heads[1:]:
            self._wrong("second_checklist", Table.CHECKLIST, extra, Field.TYPE)
        head = self.places.checklist = heads[0]
        sop_type = self._text(head, Field.TYPE)
        if not sop_type:
            self._wrong("type_missing", Table.CHECKLIST, head, Field.TYPE)
        title = self._wording(head, Field.TITLE_EN, Field.TITLE_ZH)
        ordered = self._flag(Table.CHECKLIST, head, Field.ORDERED, otherwise=False)
        return Sop(sop_type, title, items, ordered, groups)

    def _records(self, table: Table) -> Sequence[Record]:
        records = self.file.tables.get(table, ())
        if len(records) > ROWS_MOST:
            self._wrong("too_many_rows", table, records[ROWS_MOST], None, most=ROWS_MOST)
        return records[:ROWS_MOST]

    def _items(self) -> tuple[Item, ...]:
        items: list[Item] = []
        for record, checks in self._with_checks():
            taken = [one.id for one in items]
            items.append(self._item(record, checks, taken))
        return tuple(items)

    def _with_checks(self) -> Iterator[tuple[Record, list[Record]]]:
        """Each item's row with the rows that say something of a check of it: its own, and those below it."""
        together: list[tuple[Record, list[Record]]] = []
        for record in self._records(Table.ITEMS):
            says = {name for name, told in record.cells.items() if shown(told.value)} - {Field.SOFT}
            if not says:
                continue
            if not says <= set(_OF_CHECK):
                together.append((record, []))
            elif not together:
                self._wrong("check_without_item", Table.ITEMS, record, Field.CHECK)
                continue
            if says & set(_OF_CHECK):
                together[-1][1].append(record)
        yield from together

    def _item(self, record: Record, checks: list[Record], taken: list[str]) -> Item:
        title = self._wording(record, Field.TITLE_EN, Field.TITLE_ZH)
        item_id = self._text(record, Field.ID) or id_of(title, taken, "q")
        self.places.items.append(ItemPlace(item_id, record, checks))
        return Item(
            item_id,
            self._kind(record),
            title,
            self._wording(record, Field.HINT_EN, Field.HINT_ZH),
            required=self._flag(Table.ITEMS, record, Field.REQUIRED, otherwise=True),
            choices=choices_read(self._text(record, Field.CHOICES)),
            unit=wording_read(self._text(record, Field.UNIT)),
            least=self._number(record, Field.LEAST),
            most=self._number(record, Field.MOST),
            minimum=self._whole(record, Field.MINIMUM),
            when=self._text(record, Field.WHEN),
            checks=tuple(self._check(one) for one in checks),
            group=self._group_named(self._text(record, Field.GROUP)),
        )

    def _check(self, record: Record) -> Check:
        message = self._wording(record, Field.MESSAGE_EN, Field.MESSAGE_ZH)
        soft = self._flag(Table.ITEMS, record, Field.SOFT, otherwise=False)
        return Check(self._text(record, Field.CHECK), message, soft)

    def _group(self, record: Record) -> Group:
        title = self._wording(record, Field.TITLE_EN, Field.TITLE_ZH)
        group_id = self._text(record, Field.ID) or id_of(title, [known for known, _ in self.places.groups], "g")
        self.places.groups.append((group_id, record))
        return Group(
            group_id,
            title,
            choices_read(self._text(record, Field.ENTRIES)),
            self._flag(Table.GROUPS, record, Field.OPEN, otherwise=False),
            self._flag(Table.GROUPS, record, Field.REQUIRED, otherwise=False),
        )

    def _group_named(self, name: str) -> str:
        """The id of the group with this id or title; a name that no group has stays, to be told."""
        for group in self.groups:
            if name in (group.id, *group.title.values()):
                return group.id
        return name

    def _kind(self, record: Record) -> Kind:
        word = self._text(record, Field.KIND)
        kind = kind_called(word)
        if kind is not None:
            return kind
        self._wrong("kind_unknown" if word else "kind_missing", Table.ITEMS, record, Field.KIND, value=word)
        return Kind.TEXT

    def _flag(self, table: Table, record: Record, name: Field, *, otherwise: bool) -> bool:
        cell = record.cells[name].value if name in record.cells else None
        word = self._text(record, name)
        if not word:
            return otherwise
        answer = cell if isinstance(cell, bool) else yes_or_no(word)
        if answer is None:
            self._wrong("yes_no_wanted", table, record, name, value=word)
            return otherwise
        return answer

    def _number(self, record: Record, name: Field) -> float | None:
        cell = record.cells[name].value if name in record.cells else None
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return float(cell)
        word = self._text(record, name)
        number = read_number(word) if word else None
        if word and number is None:
            self._wrong("number_wanted", Table.ITEMS, record, name, value=word)
        return number

    def _whole(self, record: Record, name: Field) -> int:
        number = self._number(record, name)
        if number is None:
            return 1
        if not number.is_integer() or abs(number) > 1e6:
            self._wrong("whole_wanted", Table.ITEMS, record, name, value=shown(record.cells[name].value))
            return 1
        return int(number)

    def _wording(self, record: Record, en: Field, zh: Field) -> dict[str, str]:
        """Both languages; where there is a column for one alone, each text is of the language of its letters."""
        texts = {"en": self._text(record, en), "zh_Hans": self._text(record, zh)}
        columns = [one for one in (en, zh) if one in record.cells]
        if len(columns) == 1:
            text = texts["en"] or texts["zh_Hans"]
            texts = {language_of(text): text}
        return {language: text for language, text in texts.items() if text}

    def _text(self, record: Record, name: Field) -> str:
        if name not in record.cells:
            return ""
        text = shown(record.cells[name].value)
        if text in _ERRORS:
            table = next(table for table, records in self.file.tables.items() if record in records)
            self._wrong("error_cell", table, record, name, value=text)
            return ""
        return text

    def _wrong(self, code: str, table: Table, record: Record | None, name: Field | None, **facts: Any) -> None:
        at, title = record.place_of(name) if record is not None else (0, "")
        mistake = Mistake(code, table, at, name, title, facts=facts)
        if mistake not in self.mistakes:
            self.mistakes.append(mistake)
