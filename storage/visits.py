"""Visits with their answers and photos."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, select, update

from bot.domain.answers import Value
from bot.domain.checklist import Checklist
from bot.domain.effectiveness import Result
from bot.domain.evidence import Arrival, CheckedIn, Fix, Level, Outcome
from bot.domain.flags import Flag, FlagCode
from bot.domain.geography import Point
from bot.domain.visit import NextStep, NoNextStep, Purpose, Visit
from storage import customers, sops
from storage.prepared import Prepared
from storage.tables import AnswerRow, CustomerRow, PhotoRow, VisitRow, table

REMOTE = "remote"  # in the column `arrival`, where nobody arrived
VISIT, ANSWER, PHOTO, CUSTOMER = table(VisitRow), table(AnswerRow), table(PhotoRow), table(CustomerRow)
_VISIT = select(VISIT).where(VISIT.c.id == bindparam("visit_id"))
_BY_ID = Prepared(_VISIT)
_TO_CHANGE = Prepared(_VISIT.with_for_update())  # SQLite has one writer anyway, and leaves it out
_OPEN = select(VISIT.c.id).where(VISIT.c.person_id == bindparam("of_person"), VISIT.c.state == "open")
_ANSWERS = Prepared(select(ANSWER.c.item, ANSWER.c.value).where(ANSWER.c.visit_id == bindparam("visit_id")))
_PHOTOS = Prepared(
    select(PHOTO.c.item, func.count().label("photos"))
    .where(PHOTO.c.visit_id == bindparam("visit_id"), PHOTO.c.state != "broken")
    .group_by(PHOTO.c.item)
)

_ANSWER = Prepared(
    lambda insert: (
        given := insert(ANSWER).values({name: bindparam(name) for name in ("visit_id", "item", "value", "answered_at")})
    ).on_conflict_do_update(
        index_elements=["visit_id", "item"],
        set_={"value": given.excluded.value, "answered_at": given.excluded.answered_at},
    )
)


def add(connection: Connection, visit: Visit, *, sop_version_id: int, visited_on: date, **more: Any) -> int:
    """Store a visit that was just checked in; `more` are further columns of `VisitRow`. Returns its id."""
    values = {
        "person_id": visit.person_id,
        "customer_id": visit.customer.id,
        "type": visit.type,
        "purpose": visit.purpose.value,
        "sop_version_id": sop_version_id,
        "state": "open",
        "checked_in_at": visit.checked_in_at,
        "visited_on": visited_on,
        "arrival": _outcome(visit),
        "distance": visit.arrival.distance if visit.arrival is not None else None,
        "accuracy": visit.arrival.accuracy if visit.arrival is not None else None,
        "flags": flags_json(visit.flags),
        "is_flagged": bool(visit.flags),
        "closed_automatically": False,
        "late": False,
    }
    defaults = {"reason": "", "again_reason": "", "live": False}
    statement = insert(VISIT).values({**defaults, **values, **more}).returning(VISIT.c.id)
    return int(connection.execute(statement).scalar_one())


def save(connection: Connection, visit: Visit, **more: Any) -> None:
    """Store how far the visit has come; answers and photos have functions of their own."""
    step = visit.next_step
    values = {
        "arrival": _outcome(visit),
        "checked_out_at": visit.checked_out_at,
        "covered": int(visit.covered.total_seconds()) if visit.covered is not None else None,
        "closed_automatically": visit.closed_automatically,
        "result": visit.result.value if visit.result is not None else None,
        "words": visit.words,
        "next_what": step.what if isinstance(step, NextStep) else None,
        "next_on": step.due_on if isinstance(step, NextStep) else None,
        "next_time": step.due_time.isoformat("minutes") if isinstance(step, NextStep) and step.due_time else None,
        "no_next_reason": step.reason if isinstance(step, NoNextStep) else None,
        "flags": flags_json(visit.flags),
        "is_flagged": bool(visit.flags),
        "sent_at": visit.sent_at,
        "state": "sent" if visit.sent_at is not None else "open",
    }
    connection.execute(update(VISIT).where(VISIT.c.id == visit.id).values({**values, **more}))


def change(connection: Connection, visit_id: int, **values: Any) -> None:
    """Set columns of a visit."""
    connection.execute(update(VISIT).where(VISIT.c.id == visit_id).values(values))


def cancel(connection: Connection, visit_id: int) -> None:
    """Give a visit up; what was told stays in the store."""
    connection.execute(
        update(VISIT).where(VISIT.c.id == visit_id).values(state="cancelled", closes_at=None, remind_at=None)
    )


def find_open(connection: Connection, person_id: int) -> int | None:
    """The id of the rep's open visit."""
    return connection.execute(_OPEN, {"of_person": person_id}).scalar()


def get(connection: Connection, visit_id: int) -> Visit:
    """A visit with everything told so far."""
    return visit_of(connection, _BY_ID.one(connection, visit_id=visit_id))


def get_to_change(connection: Connection, visit_id: int) -> Visit:
    """The same, held until the transaction ends: a check-out must not cross with the tick that closes the visit."""
    return visit_of(connection, _TO_CHANGE.one(connection, visit_id=visit_id))


def get_row(connection: Connection, visit_id: int) -> Any:
    """All columns of a visit."""
    return _BY_ID.one(connection, visit_id=visit_id)


def visited_on(connection: Connection, person_id: int, customer_id: int, on: date) -> bool:
    """Whether the rep was at this customer on that day already; to have called him is not to have been there."""
    statement = select(VISIT.c.id).where(
        VISIT.c.person_id == person_id,
        VISIT.c.customer_id == customer_id,
        VISIT.c.visited_on == on,
        VISIT.c.state != "cancelled",
        VISIT.c.arrival != REMOTE,
    )
    return connection.execute(statement.limit(1)).first() is not None


def last_type(connection: Connection, person_id: int, *, besides: Collection[str] = ()) -> str | None:
    """The type of the rep's newest visit that is none of `besides`: most likely what he does next."""
    his = select(VISIT.c.type).where(VISIT.c.person_id == person_id, VISIT.c.type.not_in(besides))
    return connection.execute(his.order_by(VISIT.c.checked_in_at.desc()).limit(1)).scalar()


def list_recent_fixes(connection: Connection, person_id: int, limit: int) -> list[CheckedIn]:
    """Where the rep checked in lately, the oldest first."""
    statement = (
        select(VISIT, CUSTOMER.c.latitude.label("at_latitude"), CUSTOMER.c.longitude.label("at_longitude"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(VISIT.c.person_id == person_id, VISIT.c.latitude.is_not(None), VISIT.c.state != "cancelled")
        .order_by(VISIT.c.checked_in_at.desc())
        .limit(limit)
    )
    fixes = []
    for row in connection.execute(statement):
        stands = Point(row.at_latitude, row.at_longitude) if row.at_latitude is not None else None
        at = Point(row.latitude, row.longitude)
        fixes.append(CheckedIn(at, row.checked_in_at, row.accuracy, customer_id=row.customer_id, customer_at=stands))
    return fixes[::-1]


def list_of_day(connection: Connection, person_ids: Sequence[int], on: date) -> list[Row[Any]]:
    """The visits of a day with the customers' names, by rep and time."""
    statement = (
        select(VISIT, CUSTOMER.c.name.label("customer_name"), CUSTOMER.c.grade.label("customer_grade"))
        .join(CUSTOMER, CUSTOMER.c.id == VISIT.c.customer_id)
        .where(VISIT.c.person_id.in_(list(person_ids)), VISIT.c.visited_on == on, VISIT.c.state != "cancelled")
        .order_by(VISIT.c.person_id, VISIT.c.checked_in_at)
    )
    return list(connection.execute(statement))


# --- answers and photos -----------------------------------------------------------------------


def answer(connection: Connection, visit_id: int, item: str, value: Value, now: datetime) -> None:
    """Store an answer; a later one for the same item takes its place."""
    _ANSWER.run(connection, visit_id=visit_id, item=item, value=value, answered_at=now)


def add_photo(connection: Connection, **values: Any) -> int:
    """Store that a photo arrived (columns of `PhotoRow`); its bytes come by a job."""
    statement = insert(PHOTO).values({"state": "waiting", **values}).returning(PHOTO.c.id)
    return int(connection.execute(statement).scalar_one())


def get_photo(connection: Connection, photo_id: int) -> Row[Any]:
    """All columns of a photo."""
    return connection.execute(select(PHOTO).where(PHOTO.c.id == photo_id)).one()


def has_photo(connection: Connection, visit_id: int, unique_id: str) -> bool:
    """Whether this very file was sent for this visit before."""
    statement = select(PHOTO.c.id).where(
        PHOTO.c.visit_id == visit_id, PHOTO.c.unique_id == unique_id, PHOTO.c.state != "broken"
    )
    return connection.execute(statement.limit(1)).first() is not None


def change_photo(connection: Connection, photo_id: int, **values: Any) -> None:
    """Set columns of a photo."""
    connection.execute(update(PHOTO).where(PHOTO.c.id == photo_id).values(values))


def list_album(connection: Connection, visit_id: int, album: str) -> list[Row[Any]]:
    """The photos that were sent together."""
    statement = select(PHOTO).where(PHOTO.c.visit_id == visit_id, PHOTO.c.album == album).order_by(PHOTO.c.id)
    return list(connection.execute(statement))


def list_photos(connection: Connection, visit_id: int) -> list[Row[Any]]:
    """All photos of a visit that are not broken."""
    statement = select(PHOTO).where(PHOTO.c.visit_id == visit_id, PHOTO.c.state != "broken").order_by(PHOTO.c.id)
    return list(connection.execute(statement))


# --- mapping ----------------------------------------------------------------------------------


def visit_of(connection: Connection, row: Row[Any]) -> Visit:
    """The domain's visit of a row, with its customer, checklist, answers and photos."""
    answers: dict[str, Value] = {told.item: told.value for told in _ANSWERS.all(connection, visit_id=row.id)}
    photos: dict[str, int] = {kept.item: kept.photos for kept in _PHOTOS.all(connection, visit_id=row.id)}
    step: NextStep | NoNextStep | None = None
    if row.next_what is not None:
        step = NextStep(row.next_what, row.next_on, time.fromisoformat(row.next_time) if row.next_time else None)
    elif row.no_next_reason is not None:
        step = NoNextStep(row.no_next_reason)
    return Visit(
        id=row.id,
        person_id=row.person_id,
        customer=customers.get(connection, row.customer_id),
        type=row.type,
        purpose=Purpose(row.purpose),
        checklist=Checklist(sops.get(connection, row.sop_version_id), answers, photos),
        arrival=_arrival(row),
        checked_in_at=row.checked_in_at,
        checked_out_at=row.checked_out_at,
        covered=timedelta(seconds=row.covered) if row.covered is not None else None,
        closed_automatically=row.closed_automatically,
        result=Result(row.result) if row.result else None,
        words=row.words,
        next_step=step,
        flags=tuple(Flag(FlagCode(flag["code"]), flag["facts"]) for flag in row.flags),
        sent_at=row.sent_at,
    )


def fix_of(row: Row[Any]) -> Fix:
    """The place of a visit's check-in; it must have one. To the second, as Telegram dates the places that follow."""
    at = row.checked_in_at.replace(microsecond=0)
    return Fix(Point(row.latitude, row.longitude), at, row.accuracy, row.live)


def stay_of(row: Row[Any]) -> timedelta | None:
    """The stay of a visit's row, as `Visit.stay` has it."""
    if row.covered is not None:
        return timedelta(seconds=row.covered)
    return row.checked_out_at - row.checked_in_at if row.checked_out_at is not None else None


def is_remote(row: Row[Any]) -> bool:
    """Whether a visit's row is of a contact by phone, online or from the desk."""
    return bool(row.arrival == REMOTE)


def _outcome(visit: Visit) -> str:
    return visit.arrival.outcome.value if visit.arrival is not None else REMOTE


def _arrival(row: Row[Any]) -> Arrival | None:
    return None if is_remote(row) else Arrival(Outcome(row.arrival), _level(row), row.distance, row.accuracy)


def _level(row: Row[Any]) -> Level:
    if row.latitude is None:
        return Level.NOTHING
    return Level.DEVICE if row.live else Level.POINT


def flags_json(flags: Sequence[Flag]) -> list[dict[str, Any]]:
    """Flags as the column keeps them."""
    return [{**asdict(flag), "code": flag.code.value, "facts": dict(flag.facts)} for flag in flags]
