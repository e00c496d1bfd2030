"""Who was asked to bear witness of a visit, and what came of it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint, text
from sqlmodel import SQLModel

from storage.tables.columns import instant, json, own_id, ref

WAITS = "state = 'open' AND kind = 'challenge'"  # for its time to run out; no answer of a companion means nothing


class VisitWitnessRow(SQLModel, table=True):
    """A witness of a visit (`bot.domain.evidence.Witness`) and who was asked: a companion, or the rep for a challenge.

    `state` is open, answered, over (its time ran out) or withdrawn. `answer` is yes or no, or what met the challenge:
    voice, round (a round video) or photo. `facts` are what was asked for and what the answer shows. A recording has
    Telegram's `file_id`, and the blob `recording` as soon as it is kept.
    """

    __tablename__ = "visit_witness"
    __table_args__ = (
        UniqueConstraint("visit_id", "kind", "person_id"),
        Index("visit_witness_waiting", "until", sqlite_where=text(WAITS), postgresql_where=text(WAITS)),
        Index("visit_witness_recording", "recording"),
    )
    id: int = own_id()
    visit_id: int = ref("visit")
    kind: str
    person_id: int = ref("person")
    facts: dict[str, Any] = json()
    asked_at: datetime = instant()
    until: datetime = instant()
    state: str = "open"
    answered_at: datetime | None = instant(null=True)
    answer: str | None = None
    file_id: str | None = None
    recording: str | None = None
    photo_id: int | None = ref("photo", null=True)
