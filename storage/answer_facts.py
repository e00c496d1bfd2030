"""Answers of sent visits, found by what was asked and counted by day: kept by the transaction that sends the visit."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, case, func, insert, literal, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.answer_counts import Fact, facts_of
from bot.domain.sop import ENTRY
from bot.domain.visit import Visit
from storage import visits
from storage.tables import (
    AnswerDayRow,
    AnswerFactRow,
    AnswerRow,
    CustomerRow,
    PersonRow,
    TeamRow,
    VisitRow,
    table,
)

FACT, DAY, ANSWER = table(AnswerFactRow), table(AnswerDayRow), table(AnswerRow)
VISIT, CUSTOMER, PERSON, TEAM = table(VisitRow), table(CustomerRow), table(PersonRow), table(TeamRow)
_KEY = [column.name for column in DAY.primary_key]
EVERY = DAY.c.choice == ""  # the rows that count each answer once


def _adding(dialect: Any) -> Any:
    given = dialect.insert(DAY)
    new = given.excluded
    kept = {
        "answers": DAY.c.answers + new.answers,
        "total": DAY.c.total + new.total,
        "least": case((new.least < DAY.c.least, new.least), else_=DAY.c.least),
        "most": case((new.most > DAY.c.most, new.most), else_=DAY.c.most),
    }
    return given.on_conflict_do_update(index_elements=_KEY, set_=kept)


_ADD = {"sqlite": _adding(sqlite), "postgresql": _adding(postgresql)}
_FOUND = insert(FACT)


def keep(connection: Connection, visit: Visit, team_id: int | None) -> None:
    """Count the answers of a visit that is being sent to the day on which it was made, and to the rep's team."""
    row = visits.get_row(connection, visit.id)
    found = list(facts_of(visit.checklist))
    if not found:
        return
    place = {"type": visit.type, "on_date": row.visited_on, "team_id": team_id or 0}
    connection.execute(
        _FOUND, [{**place, "item": fact.item, "entry": fact.entry, "visit_id": visit.id} for fact in found]
    )
    place["sop_version_id"] = row.sop_version_id
    # one order for everybody: two visits of a team that are sent at once must not wait for each other
    days = sorted((day for fact in found for day in _days(fact)), key=lambda day: (day["item"], day["entry"]))
    connection.execute(_ADD[connection.dialect.name], [{**place, **day} for day in days])


def _days(fact: Fact) -> Iterator[dict[str, Any]]:
    about = {"item": fact.item, "entry": fact.entry, "answers": 1}
    yield {**about, "choice": "", "total": fact.number, "least": fact.number, "most": fact.number}
    for choice in sorted(fact.choices):
        yield {**about, "choice": choice, "total": None, "least": None, "most": None}


# --- reading ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Asked:
    """Whose answers, to what, of when: items of a type of visit, both days counted, the teams of a subtree.

    `team_path` is the subtree's path; an empty one stands for everybody.
    """

    type: str
    items: tuple[str, ...]
    first: date
    last: date
    team_path: str = ""

    def of(self, rows: Any) -> ColumnElement[bool]:
        """What holds for these rows of `answer_fact` or `answer_day`."""
        items = rows.c.item == self.items[0] if len(self.items) == 1 else rows.c.item.in_(self.items)
        # one day is said to be one: an index that is searched in a range keeps no order behind it
        is_one = self.first == self.last
        on = rows.c.on_date == self.first if is_one else rows.c.on_date.between(self.first, self.last)
        those = [rows.c.type == self.type, items, on]
        if self.team_path:
            led = select(TEAM.c.id).where(TEAM.c.path.startswith(self.team_path, autoescape=True))
            those.append(rows.c.team_id.in_(led))
        return and_(*those)


def has_any(connection: Connection, asked: Asked) -> bool:
    """Whether there is an answer at all."""
    return connection.execute(select(DAY.c.type).where(asked.of(DAY)).limit(1)).first() is not None


def count_by_item(connection: Connection, asked: Asked) -> dict[str, int]:
    """How many answers each item has; those without any are missing."""
    counts = select(DAY.c.item, func.sum(DAY.c.answers).label("answers")).where(asked.of(DAY), EVERY)
    return {row.item: int(row.answers) for row in connection.execute(counts.group_by(DAY.c.item))}


def list_sums(connection: Connection, asked: Asked) -> list[Row[Any]]:
    """By item, version, day, entry and choice: answers, total, least, most."""
    by = (DAY.c.item, DAY.c.sop_version_id, DAY.c.on_date, DAY.c.entry, DAY.c.choice)
    added = (
        func.sum(DAY.c.answers).label("answers"),
        func.sum(DAY.c.total).label("total"),
        func.min(DAY.c.least).label("least"),
        func.max(DAY.c.most).label("most"),
    )
    return list(connection.execute(select(*by, *added).where(asked.of(DAY)).group_by(*by)))


def list_answers(connection: Connection, asked: Asked, offset: int, limit: int) -> list[Row[Any]]:
    """One by one, the newest day first and a day by team and visit.

    Columns: item, entry, on_date, value; of the visit visit_id, sop_version_id, person, customer,
    customer_external_id, grade, team.

    How many each day has is known from its sums, so that a page far back costs no more than the first.
    """
    counts = select(DAY.c.on_date, func.sum(DAY.c.answers).label("answers")).where(asked.of(DAY), EVERY)
    found: list[Row[Any]] = []
    for day in connection.execute(counts.group_by(DAY.c.on_date).order_by(DAY.c.on_date.desc())):
        if len(found) == limit:
            break
        if offset < day.answers:
            found += list_of_day(connection, asked, day.on_date, offset, limit - len(found))
        offset = max(0, offset - int(day.answers))
    return found


def list_of_day(connection: Connection, asked: Asked, on: date, offset: int, limit: int) -> list[Row[Any]]:
    """The same of one day, in the order of the index: what stands before the page is passed over, and not looked up."""
    found = select(FACT).where(replace(asked, first=on, last=on).of(FACT))
    page = found.order_by(*_order(FACT)).offset(offset).limit(limit).subquery("page")
    line = case((page.c.entry == "", page.c.item), else_=page.c.item + literal(ENTRY) + page.c.entry)
    told = (
        select(
            page.c.item,
            page.c.entry,
            page.c.on_date,
            ANSWER.c.value,
            VISIT.c.id.label("visit_id"),
            VISIT.c.sop_version_id,
            PERSON.c.name.label("person"),
            CUSTOMER.c.name.label("customer"),
            CUSTOMER.c.external_id.label("customer_external_id"),
            CUSTOMER.c.grade,
            TEAM.c.name.label("team"),
        )
        .select_from(page)
        .join(VISIT, VISIT.c.id == page.c.visit_id)
        .join(ANSWER, (ANSWER.c.visit_id == page.c.visit_id) & (ANSWER.c.item == line))
        .join(PERSON, PERSON.c.id == VISIT.c.person_id)
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .outerjoin(TEAM, TEAM.c.id == page.c.team_id)
        .order_by(*_order(page))
    )
    return list(connection.execute(told))


def _order(rows: Any) -> tuple[Any, ...]:
    return rows.c.item, rows.c.team_id, rows.c.visit_id, rows.c.entry
