"""A flagged visit waits for its manager; what he and the rep say of it is kept"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0019"
branch_labels = None
depends_on = None

WAITS = sa.text("state IN ('waiting', 'appealed')")


def upgrade() -> None:
    own = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "visit_review",
        sa.Column("visit_id", own, sa.ForeignKey("visit.id"), primary_key=True, autoincrement=False),
        sa.Column("person_id", own, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("verdict", sa.String(), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )
    waiting = ["person_id", "visit_id"]
    op.create_index("review_waiting", "visit_review", waiting, sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_table(
        "review_note",
        sa.Column("id", own, primary_key=True, autoincrement=True),
        sa.Column("visit_id", own, sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("person_id", own, sa.ForeignKey("person.id"), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("photo_id", own, sa.ForeignKey("photo.id"), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("review_note_of_visit", "review_note", ["visit_id", "id"])


def downgrade() -> None:
    op.drop_table("review_note")
    op.drop_table("visit_review")
