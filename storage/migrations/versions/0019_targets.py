"""Targets of reps, and new customers among the totals of a day"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0020"
branch_labels = None
depends_on = None

# A customer is new for whoever sent the first visit to him; to have called him is not to have been there
FILL = """
UPDATE day_total SET firsts = (
    SELECT count(*) FROM visit
    WHERE visit.person_id = day_total.person_id AND visit.visited_on = day_total.on_date
    AND visit.state = 'sent' AND visit.arrival <> 'remote'
    AND NOT EXISTS (
        SELECT 1 FROM visit earlier WHERE earlier.customer_id = visit.customer_id
        AND earlier.state = 'sent' AND earlier.arrival <> 'remote'
        AND (earlier.sent_at < visit.sent_at OR (earlier.sent_at = visit.sent_at AND earlier.id < visit.id))
    )
)
"""
FILL_TEAMS = """
UPDATE team_day SET firsts = coalesce((
    SELECT sum(day_total.firsts) FROM day_total
    WHERE day_total.team_id = team_day.team_id AND day_total.on_date = team_day.on_date
), 0)
"""


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "target",
        sa.Column("id", big, nullable=False, autoincrement=True),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("subject", sa.BigInteger(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("value", sa.Integer(), nullable=True),
        sa.Column("set_by", big, nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["set_by"], ["person.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("target_of_level", "target", ["scope", "subject", "from_on"])
    for totals in ("day_total", "team_day"):
        op.add_column(totals, sa.Column("firsts", sa.Integer(), nullable=False, server_default="0"))
    op.execute(FILL)
    op.execute(FILL_TEAMS)


def downgrade() -> None:
    for totals in ("team_day", "day_total"):
        op.drop_column(totals, "firsts")
    op.drop_table("target")
