"""The live locations of sent visits as a few numbers each, to find two visits with one stream."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, func, insert, select

from bot.domain.evidence import Match
from storage.tables import StreamPrintRow, VisitStreamRow, table

LIKEST = 20  # streams that are looked at: of a crowd in one place, the first are as good as all
STREAM, PRINT = table(VisitStreamRow), table(StreamPrintRow)


@dataclass(frozen=True)
class Found:
    """An earlier visit whose stream has something in common with another."""

    visit_id: int
    person_id: int
    match: Match


def keep(
    connection: Connection, visit_id: int, person_id: int, prints: Sequence[int], began_at: datetime, ended_at: datetime
) -> None:
    """Store what stands for the stream of a visit."""
    values = {"visit_id": visit_id, "person_id": person_id, "began_at": began_at, "ended_at": ended_at}
    connection.execute(insert(STREAM).values({**values, "prints": len(prints)}))
    connection.execute(insert(PRINT), [{"value": value, "visit_id": visit_id} for value in prints])


def like(prints: Sequence[int]) -> Select[Any]:
    """The streams that have some of these prints, with how many they share."""
    shared = func.count().label("shared")
    return (
        select(STREAM, shared)
        .join(PRINT, PRINT.c.visit_id == STREAM.c.visit_id)
        .where(PRINT.c.value.in_(list(prints)))
        .group_by(*STREAM.c)
        .order_by(shared.desc(), STREAM.c.visit_id)
        .limit(LIKEST)
    )


def find_like(connection: Connection, prints: Sequence[int], person_id: int) -> list[Found]:
    """Visits whose streams share some of these prints, the likest first; `person_id` is whose prints they are."""
    return [
        Found(
            row.visit_id,
            row.person_id,
            Match(row.shared, row.prints, row.began_at, row.ended_at, same_person=row.person_id == person_id),
        )
        for row in connection.execute(like(prints))
    ]
