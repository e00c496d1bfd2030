"""Companions and challenges bear witness of a visit"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

WAITS = sa.text("state = 'open' AND kind = 'challenge'")


def upgrade() -> None:
    own = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "visit_witness",
        sa.Column("id", own, primary_key=True, autoincrement=True),
        sa.Column("visit_id", own, sa.ForeignKey("visit.id"), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("person_id", own, sa.ForeignKey("person.id"), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("file_id", sa.String(), nullable=True),
        sa.Column("recording", sa.String(), nullable=True),
        sa.Column("photo_id", own, sa.ForeignKey("photo.id"), nullable=True),
        sa.UniqueConstraint("visit_id", "kind", "person_id"),
    )
    op.create_index("visit_witness_waiting", "visit_witness", ["until"], sqlite_where=WAITS, postgresql_where=WAITS)
    op.create_index("visit_witness_recording", "visit_witness", ["recording"])


def downgrade() -> None:
    op.drop_table("visit_witness")
