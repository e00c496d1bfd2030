"""Published checklists: a version never changes, so it is read once."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Text, bindparam, cast, func, insert, select

from bot.domain.sop import Check, Choice, Group, Item, Kind, Sop
from storage.leadership import one_at_a_time
from storage.prepared import Prepared
from storage.tables import SopVersionRow, table

SOP = table(SopVersionRow)
_TEXT = Prepared(select(cast(SOP.c.document, Text)).where(SOP.c.id == bindparam("version_id")))


def publish(connection: Connection, sop: Sop, now: datetime) -> int:
    """Store a checklist as the next version of its type; returns the version's id."""
    newest = connection.execute(select(func.max(SOP.c.version)).where(SOP.c.type == sop.type)).scalar() or 0
    values = {"type": sop.type, "version": newest + 1, "document": document_of(sop), "published_at": now}
    return int(connection.execute(insert(SOP).values(values).returning(SOP.c.id)).scalar_one())


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
    """The types of visit with their titles, the oldest first."""
    rows = connection.execute(select(SOP.c.type, SOP.c.document).order_by(SOP.c.version, SOP.c.id)).all()
    return list({row.type: row.document["title"] for row in rows}.items())


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
