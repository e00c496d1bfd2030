"""One visit as a digest tells it: from the store, and for a template."""

from typing import Any

from bot.domain.digest import VisitLine
from bot.domain.effectiveness import Verdict
from storage.database import Row
from storage.visits import is_remote, stay_of


def line_of(row: Row[Any]) -> VisitLine:
    """From a visit's row with customer_name and customer_grade."""
    sent = row.state == "sent"
    return VisitLine(
        id=row.id,
        person_id=row.person_id,
        customer=row.customer_name,
        grade=row.customer_grade,
        on=row.visited_on,
        checked_in_at=row.checked_in_at,
        stay=stay_of(row),
        result=row.result,
        verdict=Verdict(row.effectiveness or Verdict.NOT_EFFECTIVE) if sent else None,
        flags=tuple(row.flags),
        remote=is_remote(row),
    )


def visit_json(visit: VisitLine, names: dict[int, str]) -> dict[str, Any]:
    """`names` are the reps' by id."""
    return {
        "id": visit.id,
        "rep": names[visit.person_id],
        "customer": visit.customer,
        "grade": visit.grade,
        "on": visit.on.isoformat(),
        "at": visit.checked_in_at.isoformat(),
        "stay": visit.stay.total_seconds() if visit.stay is not None else None,
        "result": visit.result,
        "verdict": visit.verdict.value if visit.verdict is not None else None,
        "remote": visit.remote,
        "flags": [dict(flag) for flag in visit.flags],
    }
