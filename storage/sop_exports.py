"""Who waits for a checklist as a file: asked for in the chat, made by a job, sent once."""

from datetime import datetime

from sqlalchemy import Connection, select

from storage import marks
from storage.tables import MarkRow, table

MARK = table(MarkRow)


def want(connection: Connection, person_id: int, sop_type: str, form: str, at: datetime) -> None:
    """Note that a person waits for the file of a type; asked for twice, it comes once."""
    marks.put(connection, f"{_beginning(person_id)}{form}:{sop_type}", at, {"type": sop_type, "form": form})


def list_wanted(connection: Connection, person_id: int) -> list[tuple[str, str]]:
    """The types that a person waits for, each with the form of the file, in the order in which he asked."""
    beginning = _beginning(person_id)
    statement = select(MARK.c.note).where(MARK.c.name.startswith(beginning, autoescape=True)).order_by(MARK.c.at)
    return [(note["type"], note["form"]) for note in connection.execute(statement).scalars()]


def settle(connection: Connection, person_id: int, sop_type: str, form: str) -> bool:
    """He has it; False when he had it already."""
    return marks.drop(connection, f"{_beginning(person_id)}{form}:{sop_type}")


def _beginning(person_id: int) -> str:
    return f"sop_export:{person_id}:"
