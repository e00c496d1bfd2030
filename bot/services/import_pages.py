"""What an admin is told of a list: the rows with mistakes in his words, and examples of what would change."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from html import unescape
from itertools import groupby
from typing import Any

from bot.domain.customer_import import Plan
from bot.domain.customer_preview import Change, FieldChange
from bot.domain.customer_problem import Problem
from bot.domain.geography import Point, distance
from bot.domain.people import Person
from bot.media.customer_lists import CustomerList
from bot.media.workbooks import FaultyRow
from bot.rendering import Renderer

PROBLEMS_SHOWN = 10  # more do not fit on a screen: all of them then come as a file
CHANGES_SHOWN = 5
FIELDS_SHOWN = 5  # of one customer, or five of them would not fit into one message
# Attributes of a customer whose column has another name
_COLUMN_OF = {"class_": "class", "owner_id": "owner"}


def shown(plan: Plan, ignored: Sequence[str], names: Mapping[int, str]) -> dict[str, Any]:
    """The preview's context; `names` are the colleagues' by their ids."""
    problems = plan.problems
    return {
        "problems": [problem_facts(problem) for problem in problems[:PROBLEMS_SHOWN]],
        "more": max(0, len(problems) - PROBLEMS_SHOWN),
        "changes": [_change_facts(change, names) for change in plan.changes[:CHANGES_SHOWN]],
        "ignored": list(ignored),
        "fault": None,
    }


def problem_facts(problem: Problem) -> dict[str, Any]:
    """A problem as its template takes it; always of one line."""
    return {
        "reason": problem.reason.value,
        "row": problem.row,
        "field": problem.field.value if problem.field else None,
        "value": " ".join(problem.value.split()),
        "other_row": problem.other_row,
    }


def _change_facts(change: Change, names: Mapping[int, str]) -> dict[str, Any]:
    fields = [_field_facts(field, names) for field in change.fields[:FIELDS_SHOWN]]
    more = len(change.fields) - len(fields)
    return {"row": change.row.row, "name": change.before.name, "fields": fields, "more": more}


def _field_facts(field: FieldChange, names: Mapping[int, str]) -> dict[str, Any]:
    if field.field == "position":
        known = isinstance(field.old, Point)
        return {"name": "position", "metres": distance(field.old, field.new) if known else None}
    name = _COLUMN_OF.get(field.field, field.field)
    if name == "fence_radius":
        return {"name": name, "old": field.old, "new": field.new}
    old, new = (_as_text(name, value, names) for value in (field.old, field.new))
    return {"name": name, "old": old, "new": new}


def _as_text(name: str, value: Any, names: Mapping[int, str]) -> str:
    if value is None:
        return ""
    if name == "owner":
        return names.get(value, "?")
    return ", ".join(value) if isinstance(value, tuple) else str(value)


def faulty_rows(
    renderer: Renderer, reader: Person, now: datetime, problems: Sequence[Problem], listed: CustomerList
) -> list[FaultyRow]:
    """The rows to correct, each with everything that is wrong with it; 1 s for 20,000, so not on the event loop."""
    context = {"problems": [problem_facts(problem) for problem in problems]}
    text = renderer.render(
        "import/problem_lines", context, language=reader.language, zone=reader.time_zone, now=now
    ).text
    told = zip(problems, unescape(text).split("\n"), strict=True)
    rows = []
    for row, of_row in groupby(told, key=lambda pair: pair[0].row):
        cells = listed.cells.get(row, ()) if row is not None else ()
        rows.append(FaultyRow(row, "\n".join(sentence for _, sentence in of_row), cells))
    return rows
