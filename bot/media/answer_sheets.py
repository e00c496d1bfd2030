"""Writes the workbook of answers: one a row, and counted by product, by choice and by week, with a chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from bot.media.workbooks import formats, tab, workbook, write

Cell = str | float | bool | date | None
Words = Mapping[str, str]  # a sheet's or column's name → its title in the reader's language
CHART_SERIES = 8  # more lines than that are a tangle
_WIDTHS = {"on": 12, "week": 12, "customer": 30, "item": 36, "answer": 30, "about": 22, "choice": 26, "person": 16}


@dataclass(frozen=True)
class AnswerLine:
    """An answer. Numbers are numbers, days are days; every text is in the reader's language."""

    on: date
    customer: str
    customer_id: str | None
    grade: str | None
    person: str
    team: str | None
    visit: int
    version: int
    item: str
    about: str | None
    answer: Cell
    unit: str | None


@dataclass(frozen=True)
class AmountLine:
    """What the amounts about something come to. There is no sum: stock of two weeks is the same stock."""

    about: str
    number: int
    average: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True)
class ChoiceLine:
    """How many chose something, of all that answered about it; `share` from 0 to 1."""

    about: str
    choice: str
    number: int
    share: float


@dataclass(frozen=True)
class Week:
    """A week's answers: how many, their average, lowest, highest and, where it says something, sum; or a share."""

    number: int
    average: float | None = None
    least: float | None = None
    most: float | None = None
    total: float | None = None
    share: float | None = None


@dataclass(frozen=True)
class WeekColumn:
    """A line of the chart: what there is of each week, by its Monday."""

    label: str
    weeks: Mapping[date, Week]


@dataclass(frozen=True)
class AnswerBook:
    """What a workbook of answers holds; a sheet without rows is left out.

    `told` names the columns of each week, as in `Week`; the first of them is what the chart shows.
    """

    answers: Sequence[AnswerLine]
    amounts: Sequence[AmountLine] = ()
    choices: Sequence[ChoiceLine] = ()
    weeks: Sequence[WeekColumn] = ()
    told: Sequence[str] = ()
    title: str = ""


def write_answers(book: AnswerBook, words: Words) -> bytes:
    """An xlsx. Texts are never formulas; `words` titles the sheets and columns."""
    with workbook() as (buffer, xlsx):
        sheets = _Sheets(xlsx, words)
        sheets.lines("answers", AnswerLine, book.answers)
        if book.amounts:
            sheets.lines("entries", AmountLine, book.amounts)
        if book.choices:
            sheets.lines("choices", ChoiceLine, book.choices)
        if book.weeks:
            sheets.weeks(book)
    return buffer.getvalue()


class _Sheets:
    """The sheets of one workbook, with its formats."""

    def __init__(self, xlsx: Any, words: Words) -> None:
        self._xlsx, self._words = xlsx, words
        self._bold = formats(xlsx)[0]
        self._day = xlsx.add_format({"num_format": "yyyy-mm-dd", "align": "left"})
        self._amount = xlsx.add_format({"num_format": "#,##0.##"})
        self._average = xlsx.add_format({"num_format": "#,##0.00"})
        self._share = xlsx.add_format({"num_format": "0 %"})

    def lines(self, name: str, of: type, lines: Sequence[Any]) -> None:
        """A sheet with a row for each line, under one header."""
        columns = [field.name for field in fields(of)]
        sheet = self._xlsx.add_worksheet(tab(self._words[name]))
        sheet.freeze_panes(1, 0)
        for number, column in enumerate(columns):
            sheet.set_column(number, number, _WIDTHS.get(column, 12))
            write(sheet, 0, number, self._words[column], self._bold)
        for row, line in enumerate(lines, start=1):
            for number, column in enumerate(columns):
                self._write(sheet, row, number, getattr(line, column), column)
        sheet.autofilter(0, 0, max(1, len(lines)), len(columns) - 1)

    def weeks(self, book: AnswerBook) -> None:
        """A row a week, with the columns of each label beside each other.

        A week without answers is an empty cell, over which the chart's line goes on.
        """
        sheet = self._xlsx.add_worksheet(tab(self._words["weeks"]))
        sheet.freeze_panes(1, 1)
        weeks = sorted({week for column in book.weeks for week in column.weeks})
        write(sheet, 0, 0, self._words["week"], self._bold)
        sheet.set_column(0, 0, _WIDTHS["week"])
        for row, week in enumerate(weeks, start=1):
            sheet.write_datetime(row, 0, week, self._day)
        for place, column in enumerate(book.weeks):
            at = 1 + place * len(book.told)
            sheet.set_column(at, at + len(book.told) - 1, 14)
            for offset, name in enumerate(book.told):
                write(sheet, 0, at + offset, f"{column.label} · {self._words[name]}", self._bold)
            for row, week in enumerate(weeks, start=1):
                if week in column.weeks:
                    for offset, name in enumerate(book.told):
                        self._write(sheet, row, at + offset, getattr(column.weeks[week], name), name)
        if len(weeks) > 1:
            self._chart(sheet, book, len(weeks))

    def _chart(self, sheet: Any, book: AnswerBook, weeks: int) -> None:
        name = sheet.get_name()
        chart = self._xlsx.add_chart({"type": "line"})
        for place, column in enumerate(book.weeks[:CHART_SERIES]):
            at = 1 + place * len(book.told)
            chart.add_series(
                {
                    "name": column.label,
                    "categories": [name, 1, 0, weeks, 0],
                    "values": [name, 1, at, weeks, at],
                    "marker": {"type": "circle"},
                }
            )
        chart.set_title({"name": book.title, "name_font": {"size": 12}, "overlay": False})
        chart.set_x_axis({"text_axis": True, "num_format": "mm-dd"})
        chart.set_y_axis(
            {"num_format": "0 %" if book.told[0] == "share" else "#,##0.##", "major_gridlines": {"visible": True}}
        )
        chart.set_legend({"position": "bottom"})
        chart.show_blanks_as("span")
        chart.set_size({"width": 720, "height": 360})
        sheet.insert_chart(weeks + 2, 1, chart)

    def _write(self, sheet: Any, row: int, column: int, cell: Cell, name: str) -> None:
        if isinstance(cell, bool):
            write(sheet, row, column, self._words["yes" if cell else "no"])
        elif isinstance(cell, date):
            sheet.write_datetime(row, column, cell, self._day)
        elif name == "share":
            write(sheet, row, column, cell, self._share)
        elif name == "average":
            write(sheet, row, column, cell, self._average)
        elif isinstance(cell, float) and not cell.is_integer():
            write(sheet, row, column, cell, self._amount)
        else:
            write(sheet, row, column, cell)
