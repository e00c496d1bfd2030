"""Answers of sent visits are found by what was asked, and counted by day and team"""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.domain.answer_counts import Fact, facts_of
from bot.domain.checklist import Checklist
from bot.domain.sop import Sop
from storage.sops import sop_of

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

AT_ONCE = 2_000  # visits; their answers are in memory together
VISIT = sa.table(
    "visit",
    *(sa.column(name) for name in ("id", "type", "person_id", "sop_version_id", "state")),
    sa.column("visited_on", sa.Date()),
)
PERSON = sa.table("person", sa.column("id"), sa.column("team_id"))
ANSWER = sa.table("visit_answer", sa.column("visit_id"), sa.column("item"), sa.column("value", sa.JSON()))
PHOTO = sa.table("photo", sa.column("visit_id"), sa.column("item"), sa.column("state"))
SOP = sa.table("sop_version", sa.column("id"), sa.column("document", sa.JSON()))
ADD = sa.text(
    "INSERT INTO answer_day "
    "(type, item, on_date, team_id, entry, choice, sop_version_id, answers, total, least, most) VALUES "
    "(:type, :item, :on_date, :team_id, :entry, :choice, :sop_version_id, :answers, :total, :least, :most) "
    "ON CONFLICT (type, item, on_date, team_id, entry, choice, sop_version_id) DO UPDATE SET "
    "answers = answer_day.answers + excluded.answers, total = answer_day.total + excluded.total, "
    "least = CASE WHEN excluded.least < answer_day.least THEN excluded.least ELSE answer_day.least END, "
    "most = CASE WHEN excluded.most > answer_day.most THEN excluded.most ELSE answer_day.most END"
).bindparams(sa.bindparam("on_date", type_=sa.Date()))


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    place = ("type", "item", "on_date", "team_id")

    def found() -> tuple[sa.Column[Any], ...]:
        return (
            sa.Column("type", sa.String(), nullable=False),
            sa.Column("item", sa.String(), nullable=False),
            sa.Column("on_date", sa.Date(), nullable=False),
            sa.Column("team_id", big, nullable=False, autoincrement=False),
        )

    fact = op.create_table(
        "answer_fact",
        *found(),
        sa.Column("visit_id", big, nullable=False, autoincrement=False),
        sa.Column("entry", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"]),
        sa.PrimaryKeyConstraint(*place, "visit_id", "entry"),
    )
    op.create_table(
        "answer_day",
        *found(),
        sa.Column("entry", sa.String(), nullable=False),
        sa.Column("choice", sa.String(), nullable=False),
        sa.Column("sop_version_id", big, nullable=False, autoincrement=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Float(), nullable=True) for name in ("total", "least", "most")),
        sa.ForeignKeyConstraint(["sop_version_id"], ["sop_version.id"]),
        sa.PrimaryKeyConstraint(*place, "entry", "choice", "sop_version_id"),
    )
    _fill(op.get_bind(), fact)


def downgrade() -> None:
    op.drop_table("answer_day")
    op.drop_table("answer_fact")


def _fill(bind: Any, fact: Any) -> None:
    """The visits that were sent before: what each was asked depends on its answers, so the checklist is walked."""
    sops = {row.id: sop_of(row.document) for row in bind.execute(sa.select(SOP))}
    for visits in _sent(bind):
        last = visits[-1].id
        answers: dict[int, dict[str, Any]] = {}
        for row in bind.execute(sa.select(ANSWER).where(ANSWER.c.visit_id.between(visits[0].id, last))):
            answers.setdefault(row.visit_id, {})[row.item] = row.value
        photos: dict[int, dict[str, int]] = {}
        kept = sa.select(PHOTO).where(PHOTO.c.visit_id.between(visits[0].id, last), PHOTO.c.state != "broken")
        for row in bind.execute(kept):
            counts = photos.setdefault(row.visit_id, {})
            counts[row.item] = counts.get(row.item, 0) + 1
        facts, days = _counted(visits, sops, answers, photos)
        if facts:
            bind.execute(sa.insert(fact), facts)
            bind.execute(ADD, days)


def _sent(bind: Any) -> Iterator[list[Any]]:
    team = sa.func.coalesce(PERSON.c.team_id, 0).label("team_id")
    those = sa.select(VISIT, team).join(PERSON, PERSON.c.id == VISIT.c.person_id).where(VISIT.c.state == "sent")
    after = 0
    while visits := list(bind.execute(those.where(VISIT.c.id > after).order_by(VISIT.c.id).limit(AT_ONCE))):
        yield visits
        after = visits[-1].id


def _counted(
    visits: list[Any], sops: dict[int, Sop], answers: dict[int, dict[str, Any]], photos: dict[int, dict[str, int]]
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of both tables."""
    facts = []
    days: dict[tuple[Any, ...], dict[str, Any]] = {}
    for visit in visits:
        place = {"type": visit.type, "on_date": visit.visited_on, "team_id": visit.team_id}
        checklist = Checklist(sops[visit.sop_version_id], answers.get(visit.id, {}), photos.get(visit.id, {}))
        for one in facts_of(checklist):
            about = {**place, "item": one.item, "entry": one.entry}
            facts.append({**about, "visit_id": visit.id})
            for choice in ("", *one.choices):
                counted = {**about, "choice": choice, "sop_version_id": visit.sop_version_id}
                _add(days.setdefault(tuple(counted.values()), {**counted, "answers": 0}), one, choice)
    return facts, list(days.values())


def _add(day: dict[str, Any], one: Fact, choice: str) -> None:
    number = None if choice else one.number
    day["answers"] += 1
    known = day.get("total") is not None and number is not None
    day["total"] = day["total"] + number if known else number
    day["least"] = min(day["least"], number) if known else number
    day["most"] = max(day["most"], number) if known else number
