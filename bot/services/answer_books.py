"""What the workbook of an item's answers holds, in the reader's language."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from bot.domain.answer_counts import COUNTED, Count, adds_up
from bot.domain.sop import AMOUNTS, Item, Kind, Wording, reading
from bot.media.answer_sheets import AmountLine, AnswerBook, AnswerLine, ChoiceLine, Week, WeekColumn, Words
from bot.services import answer_views
from bot.services.answer_views import Question, entry_label
from bot.services.visit_cards import worded
from storage import answer_facts
from storage.answer_facts import Asked
from storage.database import Connection, Row

ROWS_MOST = 20_000  # answers of a workbook: 3 s in the worker, and some megabytes here meanwhile
COLUMNS_MOST = 12  # products, rivals or choices beside each other by week


@dataclass(frozen=True)
class Order:
    """The answers that somebody wants: to the item at a place of a version, both days counted."""

    version: int
    at: int
    first: date
    last: date

    def json(self) -> dict[str, Any]:
        """As the store keeps it."""
        return {**asdict(self), "first": self.first.isoformat(), "last": self.last.isoformat()}

    @staticmethod
    def of(kept: Mapping[str, Any]) -> "Order":
        """From `json`."""
        first, last = date.fromisoformat(kept["first"]), date.fromisoformat(kept["last"])
        return Order(kept["version"], kept["at"], first, last)


@dataclass(frozen=True)
class Gathered:
    """The book, and what is said of it: how many answers it has, and how many did not fit."""

    book: AnswerBook
    question: Question
    left_out: int

    def json(self) -> dict[str, Any]:
        """As the message tells it."""
        return {
            "title": dict(self.question.item.title),
            "type": self.question.type,
            "item": self.question.item.id,
            "answers": len(self.book.answers),
            "left_out": self.left_out,
        }


def gather(connection: Connection, *, order: Order, path: str, language: str, words: Words) -> Gathered:
    """Read what was asked for, of the teams below a path (empty: of everybody); `words` are those of the sheets."""
    question = answer_views.question(connection, order.version, order.at)
    asked = Asked(question.type, (question.item.id,), order.first, order.last, path)
    rows = answer_facts.list_answers(connection, asked, 0, ROWS_MOST)
    total = answer_facts.count_by_item(connection, asked).get(question.item.id, 0)
    reader = _Reader(question, language, words)
    lines = [reader.line(row) for row in rows]
    book = AnswerBook(lines, title=reader.said(question.item.title))
    if question.item.kind in COUNTED:
        found = answer_views.count(connection, question, asked).counted
        every = [(words["every"], found.whole), *((reader.said(entry.label), entry.count) for entry in found.entries)]
        book = AnswerBook(
            lines,
            [AmountLine(about, of.answers, of.average, of.least, of.most) for about, of in every]
            if question.item.kind in AMOUNTS
            else (),
            [line for about, count in every for line in reader.choices(about, count)],
            reader.weeks([(reader.said(e.label), e.weeks) for e in found.entries], found.weeks),
            _told(question.item),
            book.title,
        )
    return Gathered(book, question, total - len(rows))


def _told(item: Item) -> tuple[str, ...]:
    """The columns of a week."""
    if item.kind not in AMOUNTS:
        return ("share", "number")
    return ("average", "least", "most", *(("total",) if adds_up(item) else ()), "number")


def _week(of: Count) -> Week:
    return Week(of.answers, of.average, of.least, of.most, of.total)


@dataclass(frozen=True)
class _Reader:
    """Puts everything into one language."""

    question: Question
    language: str
    words: Words

    def said(self, wording: Wording) -> str:
        return reading(wording, self.language)

    def line(self, row: Row[Any]) -> AnswerLine:
        """One answer; numbers and days stay what they are."""
        item = self.question.in_version(row.sop_version_id) or self.question.item
        number = next((each.number for each in self.question.versions if each.id == row.sop_version_id), 0)
        answer = worded(item, row.value)
        if item.kind is Kind.DATE:
            answer = date.fromisoformat(answer)
        return AnswerLine(
            on=row.on_date,
            customer=row.customer,
            customer_id=row.customer_external_id,
            grade=row.grade,
            person=row.person,
            team=row.team,
            visit=row.visit_id,
            version=number,
            item=self.said(item.title),
            about=self.said(entry_label(self.question, row.entry)) if row.entry else None,
            answer=self.said(answer) if isinstance(answer, dict) else answer,
            unit=self.said(item.unit) or None,
        )

    def choices(self, about: str, count: Count) -> list[ChoiceLine]:
        """How often each was made, the most chosen first."""
        chosen = sorted((count.choices or {}).items(), key=lambda each: -each[1])
        return [ChoiceLine(about, self._choice(choice), made, count.share(choice)) for choice, made in chosen]

    def weeks(self, entries: list[tuple[str, Mapping[date, Count]]], every: Mapping[date, Count]) -> list[WeekColumn]:
        """Amounts by what they are about, or in all; of choices the part that made each."""
        if self.question.item.kind in AMOUNTS:
            beside = entries[:COLUMNS_MOST] or [(self.said(self.question.item.title), every)]
            return [WeekColumn(label, {week: _week(of) for week, of in weeks.items()}) for label, weeks in beside]
        choices = dict.fromkeys(choice for count in every.values() for choice in count.choices or {})
        return [
            WeekColumn(
                self._choice(choice),
                {week: Week((of.choices or {}).get(choice, 0), share=of.share(choice)) for week, of in every.items()},
            )
            for choice in list(choices)[:COLUMNS_MOST]
        ]

    def _choice(self, choice: str) -> str:
        if self.question.item.kind is Kind.YES_NO:
            return self.words[choice]
        return self.said(self.question.choices.get(choice, {"en": choice}))
