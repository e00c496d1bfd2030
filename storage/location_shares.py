"""Who shares his live location, what he has agreed to, and the days that reps began."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, insert, select, update

from bot.domain.evidence import Fence
from storage.prepared import Prepared
from storage.tables import LocationConsentRow, LocationShareRow, WorkingDayRow, table

SHARE, CONSENT, DAY = table(LocationShareRow), table(LocationConsentRow), table(WorkingDayRow)
_HIS = select(SHARE).where(
    SHARE.c.person_id == bindparam("of_person"), SHARE.c.until > bindparam("now"), SHARE.c.stopped_at.is_(None)
)
_NEWEST = Prepared(_HIS.order_by(SHARE.c.id.desc()).limit(1))
_KEPT_OF = Prepared(
    select(SHARE)
    .where(SHARE.c.person_id == bindparam("of_person"), SHARE.c.kept_until.is_not(None))
    .order_by(SHARE.c.id)
)
_OF_MESSAGE = Prepared(
    select(SHARE).where(SHARE.c.chat_id == bindparam("in_chat"), SHARE.c.message_id == bindparam("of_message"))
)
_CONSENT = Prepared(
    select(CONSENT.c.given)
    .where(CONSENT.c.person_id == bindparam("of_person"))
    .order_by(CONSENT.c.answered_at.desc())
    .limit(1)
)
_ANSWER = Prepared(
    lambda insert: (
        insert(CONSENT)
        .values(person_id=bindparam("of_person"), answered_at=bindparam("now"), given=bindparam("answered"))
        .on_conflict_do_update(index_elements=["person_id", "answered_at"], set_={"given": bindparam("answered")})
    )
)
_DAY = Prepared(select(DAY).where(DAY.c.person_id == bindparam("of_person"), DAY.c.on_date == bindparam("of_date")))
NOTHING_KEPT: dict[str, Any] = {
    "kept_until": None,
    "visit_id": None,
    "fence_latitude": None,
    "fence_longitude": None,
    "fence_radius": None,
    "fence_allowed": None,
    "left_at": None,
    "asked": False,
}


def begin(
    connection: Connection, person_id: int, chat_id: int, message_id: int, began_at: datetime, until: datetime
) -> Row[Any]:
    """A person shares his live location from now on; nothing of it is kept yet."""
    values = {"person_id": person_id, "chat_id": chat_id, "message_id": message_id}
    times = {"began_at": began_at, "until": until, "awaited": False, "asked": False}
    return connection.execute(insert(SHARE).values({**values, **times}).returning(*SHARE.c)).one()


def find(connection: Connection, chat_id: int, message_id: int) -> Row[Any] | None:
    """The share that a message of a chat began."""
    return _OF_MESSAGE.first(connection, in_chat=chat_id, of_message=message_id)


def find_running(connection: Connection, person_id: int, now: datetime) -> Row[Any] | None:
    """The share that a person began last and that is not over, whether it is kept or not."""
    return _NEWEST.first(connection, of_person=person_id, now=now)


def change(connection: Connection, share_id: int, **values: Any) -> Row[Any]:
    """Set columns of a share."""
    changed = update(SHARE).where(SHARE.c.id == share_id).values(values).returning(*SHARE.c)
    return connection.execute(changed).one()


def fence_values(fence: Fence | None) -> dict[str, Any]:
    """A fence as columns of a share."""
    if fence is None:
        return dict.fromkeys(("fence_latitude", "fence_longitude", "fence_radius", "fence_allowed"))
    place = {"fence_latitude": fence.centre.latitude, "fence_longitude": fence.centre.longitude}
    return {**place, "fence_radius": fence.radius, "fence_allowed": fence.allowed}


def list_kept_of(connection: Connection, person_id: int) -> list[Row[Any]]:
    """The shares of a person of which something is kept now."""
    return _KEPT_OF.all(connection, of_person=person_id)


def list_ended(connection: Connection, now: datetime, limit: int) -> list[Row[Any]]:
    """Shares of which nothing is kept from now on."""
    return list(connection.execute(select(SHARE).where(SHARE.c.kept_until <= now).limit(limit)))


def list_left(connection: Connection, before: datetime, limit: int) -> list[Row[Any]]:
    """Shares that show a rep outside of his customer's fence since before then, and who was not asked about it."""
    left = select(SHARE).where(SHARE.c.left_at <= before, SHARE.c.asked.is_(False))
    return list(connection.execute(left.limit(limit)))


# --- consent and days ---------------------------------------------------------------------------


def has_agreed(connection: Connection, person_id: int) -> bool | None:
    """What he answered last to whether his live location may be kept; None where he was not asked yet."""
    given = _CONSENT.scalar(connection, of_person=person_id)
    return bool(given) if given is not None else None


def answer(connection: Connection, person_id: int, *, given: bool, now: datetime) -> None:
    """Keep what he answered, beside what he answered before."""
    if has_agreed(connection, person_id) is not given:
        _ANSWER.run(connection, of_person=person_id, now=now, answered=given)


def find_day(connection: Connection, person_id: int, on: date) -> Row[Any] | None:
    """The day that a person began."""
    return _DAY.first(connection, of_person=person_id, of_date=on)


def begin_day(connection: Connection, person_id: int, on: date, now: datetime, until: datetime) -> None:
    """He begins his day, or goes on with one that he had ended."""
    if find_day(connection, person_id, on) is None:
        connection.execute(insert(DAY).values(person_id=person_id, on_date=on, began_at=now, until=until))
    else:
        _change_day(connection, person_id, on, ended_at=None, until=until)


def end_day(connection: Connection, person_id: int, on: date, now: datetime) -> None:
    """He ends his day before his working hours do."""
    _change_day(connection, person_id, on, ended_at=now)


def _change_day(connection: Connection, person_id: int, on: date, **values: Any) -> None:
    connection.execute(update(DAY).where(DAY.c.person_id == person_id, DAY.c.on_date == on).values(values))
