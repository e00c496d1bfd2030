"""A large team's digest is read from sums and from indexes: what it costs does not grow with what was ever done"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

IS_OPEN = sa.text("state = 'open'")
IS_FLAGGED = sa.text("is_flagged")
SUMS = ("visits", "effective", "seconds", "flagged", "late")


def upgrade() -> None:
    big = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "team_day",
        sa.Column("team_id", big, nullable=False, autoincrement=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in SUMS),
        sa.PrimaryKeyConstraint("team_id", "on_date"),
    )
    op.add_column("day_total", sa.Column("team_id", big, nullable=False, server_default="0"))
    op.execute(
        "UPDATE day_total SET team_id = coalesce((SELECT team_id FROM person WHERE person.id = day_total.person_id), 0)"
    )
    op.execute(
        "INSERT INTO team_day (team_id, on_date, reps, visits, effective, seconds, flagged, late) "
        "SELECT team_id, on_date, count(*), sum(visits), sum(effective), sum(seconds), sum(flagged), sum(late) "
        "FROM day_total GROUP BY team_id, on_date"
    )
    op.add_column("visit", sa.Column("is_flagged", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute("UPDATE visit SET is_flagged = true WHERE CAST(flags AS TEXT) <> '[]'")
    of_day = ["visited_on", "person_id", "customer_id"]
    op.create_index("visit_flagged", "visit", of_day, sqlite_where=IS_FLAGGED, postgresql_where=IS_FLAGGED)
    op.create_index(
        "follow_up_due", "follow_up", ["due_on", "person_id"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN
    )
    op.create_index("customer_overdue", "customer", ["due_on", "owner_id"])
    op.drop_index("ix_person_team_id", "person")
    op.create_index("person_of_team", "person", ["team_id", "status", "roles", "reachable", "id"])


def downgrade() -> None:
    op.drop_index("person_of_team", "person")
    op.create_index("ix_person_team_id", "person", ["team_id"])
    op.drop_index("customer_overdue", "customer")
    op.drop_index("follow_up_due", "follow_up")
    op.drop_index("visit_flagged", "visit")
    op.drop_column("visit", "is_flagged")
    op.drop_column("day_total", "team_id")
    op.drop_table("team_day")
