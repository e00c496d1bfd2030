"""Published checklists: a version never changes, so it is read once."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Text, bindparam, cast, func, insert, select, update

from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop
from storage.leadership import one_at_a_time
from storage.prepared import Prepared
from storage.tables import PersonRow, SopVersionRow, VisitRow, table

SOP, PERSON, VISIT = table(SopVersionRow), table(PersonRow), table(VisitRow)
# no more of the documents than their titles: this is asked for at the begin of every visit
_TITLES = select(SOP.c.type, SOP.c.document["title"].label("title"), SOP.c.withdrawn_at).order_by(
    SOP.c.version, SOP.c.id
)
_TEXTS = select(SOP.c.id, SOP.c.type, SOP.c.version, cast(SOP.c.document, Text).label("document")).order_by(
    SOP.c.version.desc(), SOP.c.id
)
_TEXT = Prepared(select(cast(SOP.c.document, Text)).where(SOP.c.id == bindparam("version_id")))


def publish(connection: Connection, sop: Sop, now: datetime, by: int | None = None) -> int:
    """Store a checklist as the next version of its type, `by` a person or by Rounds; returns the version's id."""
    newest = connection.execute(select(func.max(SOP.c.version)).where(SOP.c.type == sop.type)).scalar() or 0
    values = {"type": sop.type, "version": newest + 1, "document": document_of(sop), "published_at": now}
    statement = insert(SOP).values(**values, published_by=by).returning(SOP.c.id)
    return int(connection.execute(statement).scalar_one())


def publish_missing(connection: Connection, shipped: Sequence[Sop], now: datetime) -> None:
    """Publish those whose type the company does not have yet."""
    one_at_a_time(connection, "preparing")
    known = set(connection.execute(select(SOP.c.type)).scalars())
    for sop in shipped:
        if sop.type not in known:
            publish(connection, sop, now)


def newest(connection: Connection, sop_type: str) -> tuple[int, Sop] | None:
    """The version in force of a type, with its id."""
    statement = select(SOP.c.id, SOP.c.document).where(SOP.c.type == sop_type).order_by(SOP.c.version.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return (row.id, sop_of(row.document)) if row is not None else None


def list_types(connection: Connection) -> list[tuple[str, dict[str, str]]]:
    """The types of visit that may begin, with their titles, the oldest first."""
    newest = {row.type: row for row in connection.execute(_TITLES)}
    return [(row.type, row.title) for row in newest.values() if row.withdrawn_at is None]


@dataclass(frozen=True)
class Asked:
    """A version as it asks: no more than is read once and for all."""

    id: int
    type: str
    number: int
    sop: Sop


def list_asked(connection: Connection) -> list[Asked]:
    """Every version of every type, the newest first."""
    rows = connection.execute(_TEXTS)
    return [Asked(row.id, row.type, row.version, _read(row.document)) for row in rows]


@dataclass(frozen=True)
class Version:
    """A published version and its fate; `by` is the name of who published it, None for Rounds itself."""

    id: int
    type: str
    number: int
    sop: Sop
    published_at: datetime
    by: str | None
    withdrawn_at: datetime | None


_VERSIONS = select(SOP, PERSON.c.name.label("by")).outerjoin(PERSON, PERSON.c.id == SOP.c.published_by)


def list_versions(connection: Connection, sop_type: str) -> list[Version]:
    """Every version of a type, the newest first."""
    rows = connection.execute(_VERSIONS.where(SOP.c.type == sop_type).order_by(SOP.c.version.desc()))
    return [_version(row) for row in rows]


def list_newest(connection: Connection) -> list[Version]:
    """The newest version of every type, withdrawn or in force, the oldest type first."""
    newest = {row.type: row for row in connection.execute(_VERSIONS.order_by(SOP.c.version, SOP.c.id))}
    return [_version(row) for row in newest.values()]


def find_newest(connection: Connection, sop_type: str) -> Version | None:
    """The newest version of a type, withdrawn or in force."""
    row = connection.execute(_VERSIONS.where(SOP.c.type == sop_type).order_by(SOP.c.version.desc()).limit(1)).first()
    return _version(row) if row is not None else None


def withdraw(connection: Connection, version_id: int, by: int, now: datetime) -> bool:
    """No visit of this type begins any more, until a next version is published; False when that was so already."""
    statement = update(SOP).where(SOP.c.id == version_id, SOP.c.withdrawn_at.is_(None))
    return connection.execute(statement.values(withdrawn_at=now, withdrawn_by=by)).rowcount == 1


def offer_again(connection: Connection, version_id: int) -> None:
    """Visits of a withdrawn type may begin again."""
    connection.execute(update(SOP).where(SOP.c.id == version_id).values(withdrawn_at=None, withdrawn_by=None))


def list_open_visits(connection: Connection, sop_type: str) -> list[int]:
    """The ids of the visits of a type that are under way now."""
    statement = select(VISIT.c.id).where(VISIT.c.type == sop_type, VISIT.c.state == "open").order_by(VISIT.c.id)
    return list(connection.execute(statement).scalars())


def _version(row: Row[Any]) -> Version:
    sop = sop_of(row.document)
    return Version(row.id, row.type, row.version, sop, row.published_at, row.by, row.withdrawn_at)


def get(connection: Connection, version_id: int) -> Sop:
    """A version by its id."""
    return _read(_TEXT.scalar(connection, version_id=version_id))


@lru_cache(maxsize=256)
def _read(text: str) -> Sop:
    """A pure function of the stored text, which never changes: so it is worked out once."""
    return sop_of(json.loads(text))


def document_of(sop: Sop) -> dict[str, Any]:
    """An SOP as JSON."""
    return asdict(sop)


def sop_of(document: dict[str, Any]) -> Sop:
    """An SOP from JSON, also of a version before there were checks and groups."""
    items = []
    for raw in document["items"]:
        choices = tuple(Choice(**choice) for choice in raw["choices"])
        checks = tuple(Check(**check) for check in raw.get("checks", ()))
        items.append(Item(**{**raw, "kind": Kind(raw["kind"]), "choices": choices, "checks": checks}))
    groups = tuple(
        Group(**{**raw, "entries": tuple(Choice(**entry) for entry in raw["entries"])})
        for raw in document.get("groups", ())
    )
    return Sop(document["type"], document["title"], tuple(items), document["ordered"], groups)
