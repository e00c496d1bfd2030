"""Checklists that are being written: one draft a type, shared by the admins, none of whom overwrites another unseen."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.domain.sop import Sop
from storage import sops
from storage.tables import PersonRow, SopDraftRow, table

DRAFT, PERSON = table(SopDraftRow), table(PersonRow)


@dataclass(frozen=True)
class Draft:
    """A checklist that is being written, and who changed it last."""

    id: int
    sop: Sop
    revision: int
    changed_by: int
    changed_by_name: str
    changed_at: datetime


def find(connection: Connection, sop_type: str) -> Draft | None:
    """The draft of a type."""
    return _draft(connection.execute(_drafts().where(DRAFT.c.type == sop_type)).first())


def find_by_id(connection: Connection, draft_id: int) -> Draft | None:
    """A draft by its id."""
    return _draft(connection.execute(_drafts().where(DRAFT.c.id == draft_id)).first())


def list_all(connection: Connection) -> list[Draft]:
    """Every draft, the oldest first."""
    return [draft for row in connection.execute(_drafts().order_by(DRAFT.c.id)) if (draft := _draft(row)) is not None]


def begin(connection: Connection, sop: Sop, by: int, now: datetime) -> bool:
    """Keep the draft of a type that has none; False when another admin was faster."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    values = {"document": sops.document_of(sop), "revision": 1, "changed_by": by, "changed_at": now}
    statement = dialect.insert(DRAFT).values(type=sop.type, **values).on_conflict_do_nothing()
    return connection.execute(statement.returning(DRAFT.c.id)).first() is not None


def save(connection: Connection, sop: Sop, seen: int, by: int, now: datetime) -> bool:
    """Keep a change of the draft that was `seen` at this revision; False when it has changed since."""
    values = {"document": sops.document_of(sop), "revision": seen + 1, "changed_by": by, "changed_at": now}
    statement = update(DRAFT).where(DRAFT.c.type == sop.type, DRAFT.c.revision == seen).values(values)
    return connection.execute(statement).rowcount == 1


def replace(connection: Connection, sop: Sop, by: int, now: datetime) -> None:
    """Let this be the draft of its type, whatever was drafted before: a file was imported, an old version taken up."""
    draft = connection.execute(select(DRAFT.c.revision).where(DRAFT.c.type == sop.type).with_for_update()).first()
    revision = draft.revision + 1 if draft is not None else 1
    connection.execute(delete(DRAFT).where(DRAFT.c.type == sop.type))
    values = {"document": sops.document_of(sop), "revision": revision, "changed_by": by, "changed_at": now}
    connection.execute(insert(DRAFT).values(type=sop.type, **values))


def drop(connection: Connection, sop_type: str, seen: int) -> bool:
    """Forget the draft that was `seen` at this revision; False when it has changed since, or is gone."""
    gone = connection.execute(delete(DRAFT).where(DRAFT.c.type == sop_type, DRAFT.c.revision == seen))
    return gone.rowcount == 1


def _drafts() -> Select[Any]:
    return select(DRAFT, PERSON.c.name).join(PERSON, PERSON.c.id == DRAFT.c.changed_by)


def _draft(row: Row[Any] | None) -> Draft | None:
    if row is None:
        return None
    return Draft(row.id, sops.sop_of(row.document), row.revision, row.changed_by, row.name, row.changed_at)
